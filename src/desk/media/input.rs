//! What is sent to keep an asset. The bounds in the schemas are the bounds that are enforced.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::base::error::Fault;
use crate::rules::change::Change;
use crate::rules::media::{FocalPoint, MediaKind, Rendition};

/// A new asset: where its bytes are, and what is known of them.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaCreate {
    /// Made from the last word of the URL when absent, numbered where it is taken.
    #[serde(default)]
    #[schema(
        example = "mine-worker",
        min_length = 1,
        max_length = 120,
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        nullable = false
    )]
    pub slug: Option<String>,
    /// Where its bytes are: an absolute http or https address.
    #[schema(example = "https://media.example.org/mine-worker.jpg", min_length = 1, max_length = 2000)]
    pub url: String,
    /// What kind of asset it is; read from the media type when absent.
    #[serde(default)]
    #[schema(example = "image", nullable = false)]
    pub kind: Option<MediaKind>,
    /// Its media type.
    #[schema(example = "image/jpeg", max_length = 100, pattern = "^[a-z]+/[a-z0-9][a-z0-9.+-]*$")]
    pub mime_type: String,
    /// In pixels.
    #[serde(default)]
    #[schema(example = 2400, minimum = 1, maximum = 100_000)]
    pub width: Option<i32>,
    /// In pixels.
    #[serde(default)]
    #[schema(example = 1350, minimum = 1, maximum = 100_000)]
    pub height: Option<i32>,
    /// Size of the file.
    #[serde(default)]
    #[schema(example = 481_516, minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub bytes: Option<i64>,
    /// SHA-256 of the file, in lower-case hexadecimal.
    #[serde(default)]
    #[schema(
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        min_length = 64,
        max_length = 64,
        pattern = "^[0-9a-f]{64}$"
    )]
    pub sha256: Option<String>,
    /// What it shows, for those who do not see it.
    #[serde(default)]
    #[schema(
        example = "A person in an orange suit and helmet walks towards a mine entrance in snow",
        max_length = 1000,
        nullable = false
    )]
    pub alt: Option<String>,
    /// What is written under it, unless an article says otherwise.
    #[serde(default)]
    #[schema(example = "A worker near the entrance of a Canadian nickel mine.", max_length = 2000, nullable = false)]
    pub caption: Option<String>,
    /// Who is owed the credit.
    #[serde(default)]
    #[schema(example = "Example Wire", max_length = 500, nullable = false)]
    pub credit_line: Option<String>,
    /// On what terms it may be shown.
    #[serde(default)]
    #[schema(example = "CC-BY-4.0", min_length = 1, max_length = 200)]
    pub licence: Option<String>,
    /// The point that every crop must keep.
    #[serde(default)]
    pub focal_point: Option<FocalPoint>,
    /// Other sizes and formats.
    #[serde(default)]
    #[schema(max_items = 30, nullable = false)]
    pub renditions: Option<Vec<Rendition>>,
}

/// What changes of an asset: a merge-patch. Arrays replace whole.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaPatch {
    /// A new slug; the old one goes on resolving.
    #[serde(default)]
    #[schema(
        example = "mine-worker",
        min_length = 1,
        max_length = 120,
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        nullable = false
    )]
    pub slug: Option<String>,
    /// Where its bytes are: an absolute http or https address.
    #[serde(default)]
    #[schema(
        example = "https://media.example.org/mine-worker.jpg",
        min_length = 1,
        max_length = 2000,
        nullable = false
    )]
    pub url: Option<String>,
    /// What kind of asset it is.
    #[serde(default)]
    #[schema(example = "image", nullable = false)]
    pub kind: Option<MediaKind>,
    /// Its media type.
    #[serde(default)]
    #[schema(example = "image/jpeg", max_length = 100, pattern = "^[a-z]+/[a-z0-9][a-z0-9.+-]*$", nullable = false)]
    pub mime_type: Option<String>,
    /// In pixels.
    #[serde(default)]
    #[schema(value_type = Option<i32>, example = 2400, minimum = 1, maximum = 100_000)]
    pub width: Change<i32>,
    /// In pixels.
    #[serde(default)]
    #[schema(value_type = Option<i32>, example = 1350, minimum = 1, maximum = 100_000)]
    pub height: Change<i32>,
    /// Size of the file.
    #[serde(default)]
    #[schema(value_type = Option<i64>, example = 481_516, minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub bytes: Change<i64>,
    /// SHA-256 of the file, in lower-case hexadecimal.
    #[serde(default)]
    #[schema(
        value_type = Option<String>,
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        min_length = 64,
        max_length = 64,
        pattern = "^[0-9a-f]{64}$"
    )]
    pub sha256: Change<String>,
    /// What it shows, for those who do not see it; `null` empties it.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "A person walks towards a mine entrance in snow", max_length = 1000)]
    pub alt: Change<String>,
    /// What is written under it, unless an article says otherwise; `null` empties it.
    #[serde(default)]
    #[schema(
        value_type = Option<String>,
        example = "A worker near the entrance of a Canadian nickel mine.",
        max_length = 2000
    )]
    pub caption: Change<String>,
    /// Who is owed the credit; `null` empties it.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Example Wire", max_length = 500)]
    pub credit_line: Change<String>,
    /// On what terms it may be shown.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "CC-BY-4.0", min_length = 1, max_length = 200)]
    pub licence: Change<String>,
    /// The point that every crop must keep: what is not named of it stays, `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<FocalPointPatch>)]
    pub focal_point: Change<FocalPointPatch>,
    /// Other sizes and formats; `null` removes all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Rendition>>, max_items = 30)]
    pub renditions: Change<Vec<Rendition>>,
}

/// What changes of the point that every crop must keep: a merge-patch. Both are required where there is none yet.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FocalPointPatch {
    /// From the left edge, 0, to the right one, 1.
    #[serde(default)]
    #[schema(example = 0.5, minimum = 0, maximum = 1, nullable = false)]
    pub x: Option<f64>,
    /// From the upper edge, 0, to the lower one, 1.
    #[serde(default)]
    #[schema(example = 0.25, minimum = 0, maximum = 1, nullable = false)]
    pub y: Option<f64>,
}

impl FocalPointPatch {
    /// The point after the patch.
    ///
    /// # Errors
    /// What is missing, where there was no point.
    pub fn over(self, old: Option<FocalPoint>) -> Result<FocalPoint, Vec<Fault>> {
        match (self.x.or(old.map(|point| point.x)), self.y.or(old.map(|point| point.y))) {
            (Some(x), Some(y)) => Ok(FocalPoint { x, y }),
            (x, y) => {
                let missing = [("x", x), ("y", y)].into_iter().filter(|(_, part)| part.is_none());
                let fault = |(name, _)| {
                    Fault::at(format!("/focal_point/{name}"), "required", "is required: there is no point yet")
                };
                Err(missing.map(fault).collect())
            }
        }
    }
}
