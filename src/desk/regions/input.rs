//! What is sent to keep a region. The bounds in the schemas are the bounds that are enforced.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::rules::change::Change;
use crate::rules::region::{RegionKind, RegionName};

/// A new region.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionCreate {
    /// As it is shown.
    #[schema(example = "North Asia", min_length = 1, max_length = 200, pattern = "\\S")]
    pub name: String,
    /// Made from the name when absent, numbered where it is taken.
    #[serde(default)]
    #[schema(
        example = "north-asia",
        min_length = 1,
        max_length = 120,
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        nullable = false
    )]
    pub slug: Option<String>,
    /// What kind of region it is.
    #[schema(example = "editorial")]
    pub kind: RegionKind,
    /// Id or slug of the region that it is a part of; a root without.
    #[serde(default)]
    #[schema(example = "asia", min_length = 1, max_length = 200)]
    pub parent: Option<String>,
    /// Its place among those that have the same parent, from 0; the last one when absent or beyond the end.
    #[serde(default)]
    #[schema(example = 0, minimum = 0, maximum = 10_000, nullable = false)]
    pub position: Option<i32>,
    /// Ids or slugs of its members, in order. What is listed under a member is listed under the region too.
    #[serde(default)]
    #[schema(example = json!(["japan", "china", "south-korea", "taiwan"]), max_items = 1000, nullable = false)]
    pub members: Option<Vec<String>>,
    /// Names in other languages.
    #[serde(default)]
    #[schema(max_items = 100, nullable = false)]
    pub names: Option<Vec<RegionName>>,
    /// What it is, in plain text.
    #[serde(default)]
    #[schema(example = "Japan, China, Korea and Taiwan.", min_length = 1, max_length = 2000)]
    pub description: Option<String>,
    /// Its ISO 3166-1 code of two letters.
    #[serde(default)]
    #[schema(example = json!(null), min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub iso2: Option<String>,
    /// Its ISO 3166-1 code of three letters.
    #[serde(default)]
    #[schema(example = json!(null), min_length = 3, max_length = 3, pattern = "^[A-Z]{3}$")]
    pub iso3: Option<String>,
    /// Its UN M49 code.
    #[serde(default)]
    #[schema(example = json!(null), min_length = 3, max_length = 3, pattern = "^[0-9]{3}$")]
    pub m49: Option<String>,
}

/// What changes of a region: a merge-patch. Arrays replace whole.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionPatch {
    /// As it is shown; the slug stays.
    #[serde(default)]
    #[schema(example = "North Asia", min_length = 1, max_length = 200, pattern = "\\S", nullable = false)]
    pub name: Option<String>,
    /// A new slug; the old one goes on resolving.
    #[serde(default)]
    #[schema(
        example = "north-asia",
        min_length = 1,
        max_length = 120,
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        nullable = false
    )]
    pub slug: Option<String>,
    /// What kind of region it is.
    #[serde(default)]
    #[schema(example = "editorial", nullable = false)]
    pub kind: Option<RegionKind>,
    /// Id or slug of another parent: the region moves there with all that is under it. `null` makes it a root.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "asia", min_length = 1, max_length = 200)]
    pub parent: Change<String>,
    /// Its place among those that have the same parent, from 0; beyond the end it is the last one. The others make
    /// room without a new version. A region that moves without a place becomes the last one.
    #[serde(default)]
    #[schema(example = 0, minimum = 0, maximum = 10_000, nullable = false)]
    pub position: Option<i32>,
    /// Names in other languages; `null` removes all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<RegionName>>, max_items = 100)]
    pub names: Change<Vec<RegionName>>,
    /// What it is, in plain text.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Japan, China, Korea and Taiwan.", min_length = 1, max_length = 2000)]
    pub description: Change<String>,
    /// Its ISO 3166-1 code of two letters.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "JP", min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub iso2: Change<String>,
    /// Its ISO 3166-1 code of three letters.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "JPN", min_length = 3, max_length = 3, pattern = "^[A-Z]{3}$")]
    pub iso3: Change<String>,
    /// Its UN M49 code.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "392", min_length = 3, max_length = 3, pattern = "^[0-9]{3}$")]
    pub m49: Change<String>,
}

/// The members of a region, whole and in order.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionMembers {
    /// Ids or slugs; an empty list removes all.
    #[schema(example = json!(["japan", "china", "south-korea", "taiwan"]), max_items = 1000)]
    pub members: Vec<String>,
}
