//! What an article leads to.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::article_card::ArticleCard;
use crate::delivery::scene::Scene;
use crate::http::cursor::WholeListMeta;
use crate::rules::article::LinkKind;
use crate::store::pages::LinkRow;

/// A link of an article. One to an article that is not live now is absent, and leaves no gap.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RelatedLink {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000501")]
    pub id: Uuid,
    /// Why it is there.
    #[schema(value_type = LinkKind, example = "read_more")]
    pub kind: String,
    /// The words to show.
    #[schema(example = "China ‘May Lift Retirement Age’ to Ease Pension Strain", max_length = 300)]
    pub title: String,
    /// Where it leads.
    #[schema(example = "https://news.example.org/north-asia/china-may-lift-retirement-age", max_length = 2300)]
    pub url: String,
    /// The block of the body that an inline link stands in.
    #[schema(example = "p4xv2k9q1m", max_length = 40)]
    pub block_id: Option<String>,
    /// The article that it leads to; `null` for a link elsewhere.
    pub article: Option<ArticleCard>,
}

/// The links of an article, all of them, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelatedLinkList {
    /// The links, those in the body first.
    #[schema(max_items = 2100)]
    pub data: Vec<RelatedLink>,
    /// How many they are.
    pub meta: WholeListMeta,
}

impl From<Vec<RelatedLink>> for RelatedLinkList {
    fn from(data: Vec<RelatedLink>) -> Self {
        Self { meta: WholeListMeta::of(&data), data }
    }
}

impl RelatedLink {
    /// The link, unless it leads to what is not live.
    pub fn of(row: &LinkRow, scene: &Scene<'_>) -> Option<Self> {
        let id = row.id?;
        let article = row.card.as_ref().map(|card| ArticleCard::of(card, scene));
        let (title, url) = match (&article, &row.url) {
            (Some(article), _) => (row.title.as_ref().unwrap_or(&article.headline).clone(), article.url.clone()),
            (None, Some(url)) => (row.title.as_ref().unwrap_or(url).clone(), url.clone()),
            (None, None) => return None,
        };
        Some(Self { id, kind: row.kind.clone(), title, url, block_id: row.block_id.clone(), article })
    }

    /// All links that may be shown, in order.
    pub fn all(rows: &[LinkRow], scene: &Scene<'_>) -> Vec<Self> {
        rows.iter().filter_map(|row| Self::of(row, scene)).collect()
    }
}
