//! What stands at a path of the site.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What sort of thing stands at a path of the site.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// An article's page.
    Article,
    /// A section's front.
    Region,
}

/// What stands at a path of the site.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    /// What sort of thing.
    pub kind: PlaceKind,
    /// Which one.
    #[schema(example = "0198c0de-7000-7000-8000-000000000001")]
    pub id: Uuid,
    /// Its present slug.
    #[schema(example = "china-may-lift-retirement-age", max_length = 120)]
    pub slug: String,
    /// Its present path.
    #[schema(example = "/north-asia/china-may-lift-retirement-age", max_length = 300)]
    pub path: String,
    /// Its present path, if it is another than the one that was asked for: redirect there.
    #[schema(example = json!(null), max_length = 300)]
    pub redirect_to: Option<String>,
}
