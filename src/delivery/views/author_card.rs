//! An author as an article shows them.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::rules::article::BylineRole;
use crate::store::directory::{Asset, KnownAuthor};

/// An author, as the box under an article shows them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthorCard {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000101")]
    pub id: Uuid,
    /// Its slug, for addresses.
    #[schema(example = "sean-o-mara", max_length = 120)]
    pub slug: String,
    /// As it is shown.
    #[schema(example = "Sean O’Mara", max_length = 200)]
    pub name: String,
    /// What the author does.
    #[schema(example = "Senior editor", max_length = 200)]
    pub job_title: Option<String>,
    /// Who the author is, in plain text.
    #[schema(example = "Sean edits the business pages.", max_length = 5000)]
    pub bio: Option<String>,
    /// Where the author works.
    #[schema(example = "Hong Kong", max_length = 200)]
    pub location: Option<String>,
    /// The picture.
    pub avatar: Option<Avatar>,
    /// Where else the author is found.
    #[schema(value_type = Vec<crate::rules::author::AuthorLink>, example = json!([{ "kind": "website", "url": "https://example.org/sean" }]), max_items = 20)]
    pub links: Value,
}

/// The picture of an author.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Avatar {
    /// Where its bytes are.
    #[schema(example = "https://media.example.org/sean.jpg", max_length = 2000)]
    pub url: String,
    /// What it shows.
    #[schema(example = "Sean O’Mara", max_length = 1000)]
    pub alt: String,
    /// In pixels.
    #[schema(example = 400, minimum = 1)]
    pub width: Option<i32>,
    /// In pixels.
    #[schema(example = 400, minimum = 1)]
    pub height: Option<i32>,
}

/// Who did what for an article, as its card shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CardAuthor {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000101")]
    pub id: Uuid,
    /// Its slug, for addresses.
    #[schema(example = "sean-o-mara", max_length = 120)]
    pub slug: String,
    /// As it is shown.
    #[schema(example = "Sean O’Mara", max_length = 200)]
    pub name: String,
    /// What the person did.
    #[schema(example = "additional_editing")]
    pub role: BylineRole,
}

impl From<&KnownAuthor> for AuthorCard {
    fn from(author: &KnownAuthor) -> Self {
        Self {
            id: author.id,
            slug: author.slug.clone(),
            name: author.name.clone(),
            job_title: author.job_title.clone(),
            bio: author.bio.clone(),
            location: author.location.clone(),
            avatar: author.avatar.as_ref().map(Avatar::from),
            links: author.links.clone(),
        }
    }
}

impl From<&Asset> for Avatar {
    fn from(asset: &Asset) -> Self {
        Self { url: asset.url.clone(), alt: asset.alt.clone(), width: asset.width, height: asset.height }
    }
}

impl CardAuthor {
    /// The author in a role.
    pub fn of(author: &KnownAuthor, role: BylineRole) -> Self {
        Self { id: author.id, slug: author.slug.clone(), name: author.name.clone(), role }
    }
}
