//! An author as the public sees it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Media;
use crate::http::cursor::PageMeta;
use crate::rules::author::AuthorLink;
use crate::store::authors::Profile;

/// An author.
#[derive(Debug, Serialize, ToSchema)]
pub struct Author {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000101")]
    pub id: Uuid,
    /// Its slug; former ones go on resolving.
    #[schema(example = "sean-o-mara", max_length = 120)]
    pub slug: String,
    /// As it is shown.
    #[schema(example = "Sean O’Mara", max_length = 200)]
    pub name: String,
    /// What the author does here.
    #[schema(example = "Asia correspondent", max_length = 200)]
    pub job_title: Option<String>,
    /// Who the author is, in plain text.
    #[schema(example = "Sean O’Mara writes about metals and those who dig for them.", max_length = 5000)]
    pub bio: Option<String>,
    /// Where the author works.
    #[schema(example = "Sapporo", max_length = 200)]
    pub location: Option<String>,
    /// Where else the author can be found, in order.
    #[schema(max_items = 20)]
    pub links: Vec<AuthorLink>,
    /// The picture.
    pub avatar: Option<Media>,
}

impl From<Profile> for Author {
    fn from((author, avatar): Profile) -> Self {
        Self {
            id: author.id,
            slug: author.slug,
            name: author.name,
            job_title: author.job_title,
            bio: author.bio,
            location: author.location,
            links: author.links.0,
            avatar: avatar.map(Into::into),
        }
    }
}

/// One page of authors, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorList {
    /// The authors of this page.
    #[schema(max_items = 100)]
    pub data: Vec<Author>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
