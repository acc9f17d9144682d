//! The picture over an article.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::rules::article::HeroUse;
use crate::rules::media::{FocalPoint, Rendition};
use crate::rules::published::says_file_photo;
use crate::store::directory::Asset;

/// The picture over an article. What is said of it here stands over what the asset says of itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Hero {
    /// The asset.
    #[schema(example = "0198c0de-7000-7000-8000-000000000401")]
    pub id: Uuid,
    /// Where its bytes are.
    #[schema(example = "https://media.example.org/mine-worker.jpg", max_length = 2000)]
    pub url: String,
    /// In pixels.
    #[schema(example = 2400, minimum = 1)]
    pub width: Option<i32>,
    /// In pixels.
    #[schema(example = 1600, minimum = 1)]
    pub height: Option<i32>,
    /// What it shows, for those who do not see it.
    #[schema(example = "A person in an orange suit walks towards a mine entrance in snow", max_length = 1000)]
    pub alt: String,
    /// What is written under it.
    #[schema(example = "A worker near the entrance of a Canadian nickel mine.", max_length = 2000)]
    pub caption: String,
    /// Who is owed the credit.
    #[schema(example = "File photo: Example Wire", max_length = 500)]
    pub credit_line: String,
    /// Whether it is a picture from the archive and not of this event.
    #[schema(example = true)]
    pub file_photo: bool,
    /// What must stay in view when it is cropped.
    pub focal_point: Option<FocalPoint>,
    /// The same picture in other sizes.
    #[schema(max_items = 30)]
    pub renditions: Vec<Rendition>,
}

impl Hero {
    /// The asset as this article uses it.
    pub fn of(asset: &Asset, used: &HeroUse, file_photo: bool) -> Self {
        let over = |here: &Option<String>, own: &String| here.as_ref().unwrap_or(own).clone();
        let credit_line = over(&used.credit_line, &asset.credit_line);
        Self {
            id: asset.id,
            url: asset.url.clone(),
            width: asset.width,
            height: asset.height,
            alt: over(&used.alt, &asset.alt),
            caption: over(&used.caption, &asset.caption),
            file_photo: file_photo || says_file_photo(&credit_line),
            credit_line,
            focal_point: asset.focal_x.zip(asset.focal_y).map(|(x, y)| FocalPoint { x, y }),
            renditions: asset.renditions.0.clone(),
        }
    }
}
