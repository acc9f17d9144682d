//! An asset as the newsroom sees it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::Timestamp;
use crate::http::cursor::PageMeta;
use crate::rules::media::{FocalPoint, MediaKind, Rendition};
use crate::store::media::Media;

/// An asset as the newsroom sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffMedia {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000401")]
    pub id: Uuid,
    /// Its slug; former ones go on resolving.
    #[schema(example = "mine-worker", max_length = 120)]
    pub slug: String,
    /// Where its bytes are.
    #[schema(example = "https://media.example.org/mine-worker.jpg", max_length = 2000)]
    pub url: String,
    /// What kind of asset it is.
    #[schema(value_type = MediaKind, example = "image")]
    pub kind: String,
    /// Its media type.
    #[schema(example = "image/jpeg", max_length = 100)]
    pub mime_type: String,
    /// In pixels.
    #[schema(example = 2400, minimum = 1, maximum = 100_000)]
    pub width: Option<i32>,
    /// In pixels.
    #[schema(example = 1350, minimum = 1, maximum = 100_000)]
    pub height: Option<i32>,
    /// Size of the file.
    #[schema(example = 481_516, minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub bytes: Option<i64>,
    /// SHA-256 of the file, in lower-case hexadecimal.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", max_length = 64)]
    pub sha256: Option<String>,
    /// What it shows, for those who do not see it.
    #[schema(
        example = "A person in an orange suit and helmet walks towards a mine entrance in snow",
        max_length = 1000
    )]
    pub alt: String,
    /// What is written under it, unless an article says otherwise.
    #[schema(example = "A worker near the entrance of a Canadian nickel mine.", max_length = 2000)]
    pub caption: String,
    /// Who is owed the credit.
    #[schema(example = "Example Wire", max_length = 500)]
    pub credit_line: String,
    /// On what terms it may be shown.
    #[schema(example = "CC-BY-4.0", max_length = 200)]
    pub licence: Option<String>,
    /// The point that every crop must keep.
    pub focal_point: Option<FocalPoint>,
    /// Other sizes and formats.
    #[schema(max_items = 30)]
    pub renditions: Vec<Rendition>,
    /// Goes up with every write; also the `ETag`.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    /// Who added it and may change it beside editors; `null` once that user is gone.
    #[schema(example = "0198c0de-7000-7000-8000-000000000501")]
    pub created_by_id: Option<Uuid>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was written last.
    pub updated_at: Timestamp,
}

impl From<Media> for StaffMedia {
    fn from(asset: Media) -> Self {
        Self {
            id: asset.id,
            slug: asset.slug,
            url: asset.url,
            kind: asset.kind,
            mime_type: asset.mime_type,
            width: asset.width,
            height: asset.height,
            bytes: asset.bytes,
            sha256: asset.sha256,
            alt: asset.alt,
            caption: asset.caption,
            credit_line: asset.credit_line,
            licence: asset.licence,
            focal_point: asset.focal_x.zip(asset.focal_y).map(|(x, y)| FocalPoint { x, y }),
            renditions: asset.renditions.0,
            version: asset.version,
            created_by_id: asset.created_by,
            created_at: asset.created_at.into(),
            updated_at: asset.updated_at.into(),
        }
    }
}

/// One page of assets, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffMediaList {
    /// The assets of this page.
    #[schema(max_items = 100)]
    pub data: Vec<StaffMedia>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
