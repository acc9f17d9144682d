//! A correction in the list of all.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::Timestamp;
use crate::delivery::scene::Scene;
use crate::http::cursor::PageMeta;
use crate::store::corrections::CorrectionRow;

/// What an article got wrong and put right.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Correction {
    /// Its id.
    #[schema(example = "0198c0de-7000-7000-8000-000000000601")]
    pub id: Uuid,
    /// What was wrong, as text.
    #[schema(example = "An earlier version named the wrong city.", max_length = 2000)]
    pub note: String,
    /// When it was put right.
    pub corrected_at: Timestamp,
    /// The article, as it is live now.
    pub article: CorrectedArticle,
}

/// An article that was corrected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CorrectedArticle {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000001")]
    pub id: Uuid,
    /// Its slug, for addresses.
    #[schema(example = "china-may-lift-retirement-age", max_length = 120)]
    pub slug: String,
    /// Text.
    #[schema(example = "China May Lift Retirement Age", max_length = 300)]
    pub headline: String,
    /// Its path on the site.
    #[schema(example = "/north-asia/china-may-lift-retirement-age", max_length = 300)]
    pub path: String,
    /// Its address on the site.
    #[schema(example = "https://news.example.org/north-asia/china-may-lift-retirement-age", max_length = 2300)]
    pub url: String,
}

/// One page of corrections.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectionList {
    /// The newest first.
    #[schema(max_items = 100)]
    pub data: Vec<Correction>,
    /// About the page.
    pub meta: PageMeta,
}

impl Correction {
    /// A row of the list.
    pub fn of(row: &CorrectionRow, scene: &Scene<'_>) -> Self {
        let path = scene.article_path(row.primary_region, &row.slug);
        Self {
            id: row.id,
            note: row.note.clone(),
            corrected_at: row.corrected_at.into(),
            article: CorrectedArticle {
                id: row.article,
                slug: row.slug.clone(),
                headline: row.headline.clone(),
                url: scene.url(&path),
                path,
            },
        }
    }
}
