//! What is known of an asset beside its words: its kind, its focal point, its renditions.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::article::words;

words! {
    /// What kind of asset it is. More kinds may be added.
    MediaKind {
        /// A picture.
        Image = "image",
        /// A film.
        Video = "video",
        /// Sound.
        Audio = "audio",
        /// Anything to download.
        Document = "document",
    }
}

impl MediaKind {
    /// What a media type says of the kind.
    pub fn of_type(mime_type: &str) -> Self {
        match mime_type.split_once('/').map(|(top, _)| top) {
            Some("image") => Self::Image,
            Some("video") => Self::Video,
            Some("audio") => Self::Audio,
            _ => Self::Document,
        }
    }
}

/// The point of a picture that every crop must keep, in parts of its width and height from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FocalPoint {
    /// From the left edge, 0, to the right one, 1.
    #[schema(example = 0.5, minimum = 0, maximum = 1)]
    pub x: f64,
    /// From the upper edge, 0, to the lower one, 1.
    #[schema(example = 0.25, minimum = 0, maximum = 1)]
    pub y: f64,
}

/// The asset in another size or format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rendition {
    /// What it is for; each name stands once.
    #[schema(example = "wide", min_length = 1, max_length = 60, pattern = "^[a-z0-9]+([_-][a-z0-9]+)*$")]
    pub name: String,
    /// An absolute http or https address.
    #[schema(example = "https://media.example.org/mine-worker-1200.webp", min_length = 1, max_length = 2000)]
    pub url: String,
    /// In pixels.
    #[serde(default)]
    #[schema(example = 1200, minimum = 1, maximum = 100_000)]
    pub width: Option<i32>,
    /// In pixels.
    #[serde(default)]
    #[schema(example = 675, minimum = 1, maximum = 100_000)]
    pub height: Option<i32>,
    /// Its media type, if it is not the asset's own.
    #[serde(default)]
    #[schema(example = "image/webp", max_length = 100, pattern = "^[a-z]+/[a-z0-9][a-z0-9.+-]*$")]
    pub mime_type: Option<String>,
}
