//! What is sent to keep an author. The bounds in the schemas are the bounds that are enforced.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::rules::author::AuthorLink;
use crate::rules::change::Change;

/// A new author.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorCreate {
    /// As it is shown. Two authors may share a name; a credit line then means the older one.
    #[schema(example = "Sean O’Mara", min_length = 1, max_length = 200, pattern = "\\S")]
    pub name: String,
    /// Made from the name when absent, numbered where it is taken.
    #[serde(default)]
    #[schema(
        example = "sean-o-mara",
        min_length = 1,
        max_length = 120,
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        nullable = false
    )]
    pub slug: Option<String>,
    /// What the author does here.
    #[serde(default)]
    #[schema(example = "Asia correspondent", min_length = 1, max_length = 200)]
    pub job_title: Option<String>,
    /// Who the author is, in plain text.
    #[serde(default)]
    #[schema(
        example = "Sean O’Mara writes about metals and those who dig for them.",
        min_length = 1,
        max_length = 5000
    )]
    pub bio: Option<String>,
    /// Where the author works.
    #[serde(default)]
    #[schema(example = "Sapporo", min_length = 1, max_length = 200)]
    pub location: Option<String>,
    /// Where else the author can be found, in order.
    #[serde(default)]
    #[schema(max_items = 20, nullable = false)]
    pub links: Option<Vec<AuthorLink>>,
    /// Id or slug of the picture: an asset of the kind `image`.
    #[serde(default)]
    #[schema(example = "sean-o-mara-portrait", min_length = 1, max_length = 200)]
    pub avatar: Option<String>,
    /// Private to the newsroom.
    #[serde(default)]
    #[schema(example = "sean@example.org", format = Email, min_length = 3, max_length = 254)]
    pub email: Option<String>,
}

/// What changes of an author: a merge-patch. Arrays replace whole.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorPatch {
    /// As it is shown; the slug stays.
    #[serde(default)]
    #[schema(example = "Sean O’Mara", min_length = 1, max_length = 200, pattern = "\\S", nullable = false)]
    pub name: Option<String>,
    /// A new slug; the old one goes on resolving.
    #[serde(default)]
    #[schema(
        example = "sean-o-mara",
        min_length = 1,
        max_length = 120,
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        nullable = false
    )]
    pub slug: Option<String>,
    /// What the author does here.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Asia correspondent", min_length = 1, max_length = 200)]
    pub job_title: Change<String>,
    /// Who the author is, in plain text.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Writes about metals.", min_length = 1, max_length = 5000)]
    pub bio: Change<String>,
    /// Where the author works.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Sapporo", min_length = 1, max_length = 200)]
    pub location: Change<String>,
    /// Where else the author can be found, in order; `null` removes all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<AuthorLink>>, max_items = 20)]
    pub links: Change<Vec<AuthorLink>>,
    /// Id or slug of the picture: an asset of the kind `image`.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "sean-o-mara-portrait", min_length = 1, max_length = 200)]
    pub avatar: Change<String>,
    /// Private to the newsroom.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "sean@example.org", format = Email, min_length = 3, max_length = 254)]
    pub email: Change<String>,
}

/// Which author is taken in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorMerge {
    /// Id or slug of the author that ends; its id and slugs lead to the other one from then on.
    #[schema(example = "s-o-mara", min_length = 1, max_length = 200)]
    pub absorb: String,
}
