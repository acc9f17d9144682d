//! What a public profile of an author is made of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where else an author can be found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorLink {
    /// What is there: `website`, `mastodon`, `linkedin`, ... An open list.
    #[schema(example = "website", min_length = 1, max_length = 40, pattern = "^[a-z0-9]+([_-][a-z0-9]+)*$")]
    pub kind: String,
    /// The words to show; the kind says enough without.
    #[serde(default)]
    #[schema(example = "Notes on mining", min_length = 1, max_length = 100)]
    pub label: Option<String>,
    /// An absolute http or https address.
    #[schema(example = "https://example.org/sean", min_length = 1, max_length = 2000)]
    pub url: String,
}
