//! What is there before any article: people, sections, topics and pictures.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::base::error::{Error, Result};
use crate::desk::authors::{self, AuthorCreate};
use crate::desk::media::{self, MediaCreate};
use crate::desk::people::{self, NewUser};
use crate::desk::regions::{self, RegionCreate, RegionPatch};
use crate::desk::topics::{self, TopicCreate};
use crate::rules::change::Change;
use crate::rules::media::{FocalPoint, Rendition};
use crate::rules::permission::{Principal, Role};
use crate::rules::reference::IdOrSlug;
use crate::rules::version::Expected;
use crate::store::records::Doer;
use crate::store::{Tx, lookup};

const FILE: &str = include_str!("newsroom.json");
/// How long before the instant of loading the newsroom was set up: before its oldest article.
const SET_UP_AGO: TimeDelta = TimeDelta::days(31);
/// Where the pictures are said to be.
const PICTURES: &str = "https://images.dateline.example";
/// Name and width of the sizes in which every larger picture is there.
const SIZES: [(&str, i32); 3] = [("small", 480), ("medium", 960), ("large", 1600)];

/// The file. Authors and sections of its own have the form in which the API takes them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Newsroom {
    users: Vec<User>,
    authors: Vec<AuthorCreate>,
    sections: Vec<Section>,
    topics: Vec<Topic>,
    media: Vec<Picture>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    /// The name in timelines.
    key: String,
    email: String,
    name: String,
    role: Role,
    author: Option<String>,
    /// Whether it acts by API tokens only.
    #[serde(default)]
    service: bool,
}

/// A section of the newsroom's own, or one that the world's tree has.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Section {
    Own(Box<RegionCreate>),
    World { region: String, description: String },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    name: String,
    description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Picture {
    slug: String,
    /// Who added it, and so may put it over a draft; the administrator without.
    by: Option<String>,
    width: i32,
    height: i32,
    alt: String,
    caption: Option<String>,
    credit_line: String,
    focal_point: FocalPoint,
}

/// Who acts in timelines.
pub(super) struct People(HashMap<String, Principal>);

impl Newsroom {
    /// Reads the file.
    ///
    /// # Errors
    /// 500 when it is not written as it should be.
    pub(super) fn read() -> Result<Self> {
        serde_json::from_str(FILE).map_err(|error| Error::internal(format!("demo/newsroom.json: {error}")))
    }

    /// Makes everybody and everything; answers who can act.
    ///
    /// # Errors
    /// 409 where something of the same name is there already.
    pub(super) async fn settle(self, tx: &mut Tx, password_hash: &str, loaded_at: DateTime<Utc>) -> Result<People> {
        let at = loaded_at - SET_UP_AGO;
        // Users name authors, and authors are made by somebody: the administrators come first.
        let (first, others): (Vec<User>, Vec<User>) = self.users.into_iter().partition(|user| user.role == Role::Admin);
        let mut people = People(HashMap::new());
        for user in first {
            people.add(tx, user, password_hash, at).await?;
        }
        let admin = people.get("admin")?.clone();
        let (own, of_all): (Vec<Picture>, Vec<Picture>) = self.media.into_iter().partition(|one| one.by.is_some());
        for picture in of_all {
            media::create(tx, &admin, picture.into(), at).await?;
        }
        for author in self.authors {
            authors::create(tx, &admin, author, at).await?;
        }
        for user in others {
            people.add(tx, user, password_hash, at).await?;
        }
        for picture in own {
            let by = people.get(picture.by.as_deref().unwrap_or("admin"))?;
            media::create(tx, by, picture.into(), at).await?;
        }
        regions::load_world(tx, &Doer::default(), at, &|_| ()).await?;
        for section in self.sections {
            section.settle(tx, &admin, at).await?;
        }
        for Topic { name, description } in self.topics {
            let new = TopicCreate { name, slug: None, description: Some(description) };
            topics::create(tx, &admin, new, at).await?;
        }
        Ok(people)
    }
}

impl People {
    /// The person of this key.
    ///
    /// # Errors
    /// 500 when there is none.
    pub(super) fn get(&self, key: &str) -> Result<&Principal> {
        self.0.get(key).ok_or_else(|| Error::internal(format!("demo/newsroom.json has no user {key:?}")))
    }

    async fn add(&mut self, tx: &mut Tx, user: User, password_hash: &str, at: DateTime<Utc>) -> Result<()> {
        let User { key, email, name, role, author, service } = user;
        let hash = (!service).then(|| password_hash.to_owned());
        let new = NewUser { email, name, role, regions: Vec::new(), author };
        let user_id = people::create_user(tx, &Doer::default(), new, hash, at).await?.user.id;
        let principal = Principal {
            user_id,
            role,
            token_id: None,
            session_id: None,
            scopes: None,
            regions: Vec::new(),
            address: None,
        };
        self.0.insert(key, principal);
        Ok(())
    }
}

impl Section {
    async fn settle(self, tx: &mut Tx, admin: &Principal, at: DateTime<Utc>) -> Result<()> {
        match self {
            Self::Own(new) => regions::create(tx, admin, *new, at).await.map(|_| ()),
            Self::World { region, description } => {
                let key = IdOrSlug::Slug(region);
                let found = lookup::regions(tx, std::slice::from_ref(&key)).await?;
                let id = found.get(&key).copied().ok_or_else(|| Error::internal(format!("{key} is no region")))?;
                let patch = RegionPatch { description: Change::Set(description), ..RegionPatch::default() };
                regions::patch(tx, admin, id, &Expected::Any, patch, at).await.map(|_| ())
            }
        }
    }
}

impl From<Picture> for MediaCreate {
    fn from(picture: Picture) -> Self {
        let Picture { slug, by: _, width, height, alt, caption, credit_line, focal_point } = picture;
        let rendition = |(name, wide): (&str, i32)| Rendition {
            name: name.to_owned(),
            url: format!("{PICTURES}/{slug}/{name}.webp"),
            width: Some(wide),
            height: Some(wide * height / width),
            mime_type: None,
        };
        let renditions = SIZES.into_iter().filter(|(_, wide)| *wide < width).map(rendition).collect();
        Self {
            url: format!("{PICTURES}/{slug}/original.webp"),
            slug: Some(slug),
            kind: None,
            mime_type: "image/webp".to_owned(),
            width: Some(width),
            height: Some(height),
            bytes: None,
            sha256: None,
            alt: Some(alt),
            caption,
            credit_line: Some(credit_line),
            licence: Some("Invented for the demo".to_owned()),
            focal_point: Some(focal_point),
            renditions: Some(renditions),
        }
    }
}
