//! What stands at a path of the site.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What stands at a path of the site.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    /// `article` or `region`; more may be added.
    #[schema(example = "article", max_length = 40)]
    pub kind: String,
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
