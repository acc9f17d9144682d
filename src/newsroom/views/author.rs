//! An author as the newsroom sees it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::StaffMedia;
use crate::base::clock::Timestamp;
use crate::http::cursor::PageMeta;
use crate::rules::author::AuthorLink;
use crate::store::authors::Profile;

/// An author as the newsroom sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffAuthor {
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
    pub avatar: Option<StaffMedia>,
    /// Private to the newsroom.
    #[schema(example = "sean@example.org", max_length = 254)]
    pub email: Option<String>,
    /// Goes up with every write; also the `ETag`.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was written last.
    pub updated_at: Timestamp,
}

impl From<Profile> for StaffAuthor {
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
            email: author.email,
            version: author.version,
            created_at: author.created_at.into(),
            updated_at: author.updated_at.into(),
        }
    }
}

/// One page of authors, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffAuthorList {
    /// The authors of this page.
    #[schema(max_items = 100)]
    pub data: Vec<StaffAuthor>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
