//! Everything that the page of an article is drawn from.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::article_card::ArticleCard;
use super::article_page::ArticlePage;
use super::related_link::RelatedLink;
use super::site::{Site, SiteLink};
use crate::base::error::Result;
use crate::delivery::json_ld;
use crate::delivery::scene::Scene;
use crate::rules::body::Format;
use crate::store::around::AroundRow;
use crate::store::pages::Whole;

/// Everything that the page of an article is drawn from: one request draws it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticlePageBundle {
    /// The article, complete.
    pub article: ArticlePage,
    /// Its list "read more", in order.
    #[schema(max_items = 100)]
    pub read_more: Vec<RelatedLink>,
    /// Articles that have something in common with it, the newest first: none twice, and none that it links to.
    #[schema(max_items = 6)]
    pub you_might_like: Vec<Suggestion>,
    /// The newest of its section and of what lies below, without the article itself.
    #[schema(max_items = 8)]
    pub section_rail: Vec<ArticleCard>,
    /// What is read most. Empty as long as nobody counts.
    #[schema(max_items = 20)]
    pub most_read: Vec<ArticleCard>,
    /// From the top of the tree down to its section.
    #[schema(max_items = 20)]
    pub breadcrumbs: Vec<SiteLink>,
    /// A schema.org `BreadcrumbList`; the article's own is in `article`. It has no `<`.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>, example = json!({ "@context": "https://schema.org", "@type": "BreadcrumbList" }))]
    pub json_ld: Box<RawValue>,
    /// The site around it.
    pub site: Site,
}

/// An article that might be liked, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestion {
    /// What it has in common with the article.
    pub reason: SuggestionReason,
    /// The article.
    pub article: ArticleCard,
}

/// What sort of thing two articles have in common.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// A topic.
    Topic,
    /// Somebody of the byline.
    Author,
    /// The section.
    Region,
}

/// What two articles have in common.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionReason {
    /// What sort of thing.
    pub kind: SuggestionKind,
    /// Which one.
    #[schema(example = "0198c0de-7000-7000-8000-000000000301")]
    pub id: Uuid,
    /// Its name.
    #[schema(example = "Critical minerals", max_length = 200)]
    pub name: String,
}

impl ArticlePageBundle {
    /// The article with what stands around it.
    ///
    /// # Errors
    /// 500 when something was not rendered by this program.
    pub fn of(whole: &Whole, around: &[AroundRow], forms: &[Format], scene: &Scene<'_>) -> Result<Self> {
        let article = ArticlePage::of(whole, forms, scene)?;
        let section = whole.article.card.primary_region.and_then(|id| scene.directory.region(id));
        let mut trail = section.map(|region| json_ld::trail(region, scene)).unwrap_or_default();
        let breadcrumbs = SiteLink::trail(&trail);
        trail.push((article.headline.clone(), article.path.clone()));
        let rail = around.iter().filter(|row| row.part == "rail");
        Ok(Self {
            read_more: article.related.iter().filter(|link| link.kind == "read_more").cloned().collect(),
            you_might_like: Suggestion::all(around, scene),
            section_rail: rail.map(|row| ArticleCard::of(&row.card, scene)).collect(),
            most_read: Vec::new(),
            breadcrumbs,
            json_ld: json_ld::breadcrumbs(&trail, scene)?,
            site: Site::of(around, scene),
            article,
        })
    }
}

impl Suggestion {
    fn all(around: &[AroundRow], scene: &Scene<'_>) -> Vec<Self> {
        let mut all = Vec::new();
        for row in around.iter().filter(|row| row.part == "alike") {
            let Some(reason) = SuggestionReason::of(row, scene) else { continue };
            all.push(Self { reason, article: ArticleCard::of(&row.card, scene) });
        }
        all
    }
}

impl SuggestionReason {
    fn of(row: &AroundRow, scene: &Scene<'_>) -> Option<Self> {
        let id = row.shared?;
        match row.reason.as_deref()? {
            "topic" => scene.directory.topic(id).map(|topic| Self {
                kind: SuggestionKind::Topic,
                id: topic.id,
                name: topic.name.clone(),
            }),
            "author" => scene.directory.author(id).map(|author| Self {
                kind: SuggestionKind::Author,
                id: author.id,
                name: author.name.clone(),
            }),
            _ => scene.directory.region(id).map(|region| Self {
                kind: SuggestionKind::Region,
                id: region.id,
                name: region.name.clone(),
            }),
        }
    }
}
