//! Keeping authors: add, change, merge, remove.

mod input;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

pub use input::{AuthorCreate, AuthorMerge, AuthorPatch};

use super::announce::announce;
use super::counted::places;
use super::slugs;
use super::stale::unless_stale;
use super::unknown::unknown;
use crate::base::error::{Code, Error, Fault, Result, faultless};
use crate::base::id::new_id;
use crate::rules::address::{NO_ADDRESS, is_web};
use crate::rules::author::AuthorLink;
use crate::rules::change::Change;
use crate::rules::name;
use crate::rules::permission::Principal;
use crate::rules::reference::IdOrSlug;
use crate::rules::tag::tag;
use crate::rules::version::Expected;
use crate::store::authors::{self, Author, Profile};
use crate::store::media::{self, Media};
use crate::store::records::Event;
use crate::store::retired::Owner;
use crate::store::{Stored, Tx};

/// Adds an author. The name may be one that another author has.
///
/// # Errors
/// 409 when the slug is taken, 422 for a slug, an address or a picture that cannot be one.
pub async fn create(tx: &mut Tx, by: &Principal, new: AuthorCreate, now: DateTime<Utc>) -> Result<Profile> {
    let id = new_id();
    let links = new.links.unwrap_or_default();
    let avatar = picture(tx, new.avatar.as_deref(), check_links(&links)).await?;
    let slug = slugs::choose(tx, new.slug.as_deref(), &new.name, Owner::Author(id), now).await?;
    let author = Author {
        id,
        slug,
        name_key: name::key(&new.name),
        name: new.name,
        job_title: new.job_title,
        bio: new.bio,
        location: new.location,
        links: Stored(links),
        avatar_id: avatar.as_ref().map(|asset| asset.id),
        email: new.email,
        merged_into: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    authors::insert(tx, &author).await?;
    announce(tx, by, told("author.created", &author), now).await?;
    Ok((author, avatar))
}

/// Changes an author; what changes nothing writes nothing.
///
/// # Errors
/// 404, 409 when the slug is taken, 412 when it changed since it was read, 422.
pub async fn patch(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    patch: AuthorPatch,
    now: DateTime<Utc>,
) -> Result<Profile> {
    let old = held(tx, id, seen).await?;
    let mut author = old.clone();
    let faults = check_links(patch.links.value().map(Vec::as_slice).unwrap_or_default());
    let sent = picture(tx, patch.avatar.value().map(String::as_str), faults).await?;
    match &patch.avatar {
        Change::Keep => {}
        Change::Clear => author.avatar_id = None,
        Change::Set(_) => author.avatar_id = sent.as_ref().map(|asset| asset.id),
    }
    if let Some(slug) = patch.slug.filter(|slug| *slug != author.slug) {
        author.slug = slugs::rename(tx, &author.slug, slug, Owner::Author(id), now).await?;
    }
    if let Some(new_name) = patch.name {
        author.name_key = name::key(&new_name);
        author.name = new_name;
    }
    author.job_title = patch.job_title.over(author.job_title);
    author.bio = patch.bio.over(author.bio);
    author.location = patch.location.over(author.location);
    author.email = patch.email.over(author.email);
    author.links = Stored(patch.links.over(Some(author.links.0)).unwrap_or_default());
    if author == old {
        return whole(tx, author).await;
    }
    author.version += 1;
    author.updated_at = now;
    authors::update(tx, &author).await?;
    let mut event = told("author.changed", &author);
    event.tags.extend(media_tags(old.avatar_id));
    announce(tx, by, event, now).await?;
    whole(tx, author).await
}

/// Takes `absorbed` into the author: every byline that named it names the author, and its id and slugs lead here.
///
/// # Errors
/// 404, 412, 422 when the absorbed author does not exist or is this one.
pub async fn merge(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    absorb: &str,
    now: DateTime<Utc>,
) -> Result<Profile> {
    let refuse = |detail: &str| Error::invalid(vec![Fault::at("/absorb", "unknown_author", detail)]);
    let mut author = held(tx, id, seen).await?;
    let unknown = || refuse(&format!("{absorb:?} is no author"));
    let key: IdOrSlug = absorb.parse().map_err(|_| unknown())?;
    let found = authors::find_in(tx, &key).await?.ok_or_else(unknown)?.0;
    if found.id == id {
        return Err(refuse("is this author itself"));
    }
    let mut absorbed = authors::lock(tx, found.id).await?.ok_or_else(unknown)?;
    authors::redirect(tx, absorbed.id, author.id).await?;
    let old_avatar = absorbed.avatar_id.take();
    absorbed.merged_into = Some(author.id);
    absorbed.version += 1;
    absorbed.updated_at = now;
    authors::update(tx, &absorbed).await?;
    author.version += 1;
    author.updated_at = now;
    authors::update(tx, &author).await?;
    let mut event = told("author.merged", &author);
    event.tags.push(tag("author", absorbed.id));
    event.tags.push(tag("list:author", author.id));
    event.tags.push(tag("list:author", absorbed.id));
    event.tags.extend(media_tags(old_avatar));
    event.details = json!({ "slug": author.slug, "absorbed": absorbed.id, "absorbed_slug": absorbed.slug });
    announce(tx, by, event, now).await?;
    whole(tx, author).await
}

/// Removes an author that no byline and no user names.
///
/// # Errors
/// 404, 412, 409 while one does.
pub async fn delete(tx: &mut Tx, by: &Principal, id: Uuid, seen: &Expected, now: DateTime<Utc>) -> Result<()> {
    let author = held(tx, id, seen).await?;
    let uses = authors::uses(tx, id).await?;
    if uses > 0 {
        let detail = format!(
            "Bylines, also of earlier versions, or users name this author in {}. Merge it into another author instead.",
            places(uses)
        );
        return Err(Error::new(Code::InUse, detail));
    }
    authors::delete(tx, id).await?;
    announce(tx, by, told("author.deleted", &author), now).await
}

async fn held(tx: &mut Tx, id: Uuid, seen: &Expected) -> Result<Author> {
    let author = authors::lock(tx, id).await?.ok_or_else(Error::not_found)?;
    unless_stale(tx, seen, id, author.version, author.updated_at).await?;
    Ok(author)
}

async fn whole(tx: &mut Tx, author: Author) -> Result<Profile> {
    let avatar = match author.avatar_id {
        Some(id) => media::find_in(tx, &IdOrSlug::Id(id)).await?,
        None => None,
    };
    Ok((author, avatar))
}

/// The asset that was named as the picture, unless that or anything before it was wrong.
async fn picture(tx: &mut Tx, sent: Option<&str>, mut faults: Vec<Fault>) -> Result<Option<Media>> {
    let mut found = None;
    if let Some(text) = sent {
        found = match text.parse::<IdOrSlug>() {
            Ok(key) => media::find_in(tx, &key).await?,
            Err(_) => None,
        };
        match &found {
            None => faults.push(unknown("/avatar", "asset", text)),
            Some(asset) if asset.kind != "image" => faults.push(Fault::at("/avatar", "not_an_image", "is no image")),
            Some(_) => {}
        }
    }
    faultless(faults)?;
    Ok(found)
}

fn check_links(links: &[AuthorLink]) -> Vec<Fault> {
    let wrong = links.iter().enumerate().filter(|(_, link)| !is_web(&link.url));
    wrong.map(|(index, _)| Fault::at(format!("/links/{index}/url"), "url", NO_ADDRESS)).collect()
}

fn media_tags(asset: Option<Uuid>) -> impl Iterator<Item = String> {
    asset.map(|_| "list:media".to_owned()).into_iter()
}

fn told<'a>(name: &'a str, author: &Author) -> Event<'a> {
    let mut tags = vec![tag("author", author.id), "list:authors".to_owned()];
    // The public may see an asset for as long as a profile shows it.
    tags.extend(media_tags(author.avatar_id));
    Event { name, subject_id: author.id, tags, details: json!({ "slug": author.slug, "name": author.name }) }
}
