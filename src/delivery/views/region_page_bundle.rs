//! Everything that the front of a section is drawn from.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::article_card::ArticleCard;
use super::region_card::{RegionCard, SectionCard, cards};
use super::site::{Site, SiteLink};
use crate::base::error::Result;
use crate::delivery::json_ld;
use crate::delivery::scene::Scene;
use crate::http::cursor::PageMeta;
use crate::store::around::AroundRow;
use crate::store::directory::KnownRegion;

/// Everything that the front of a section is drawn from: one request draws it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionPageBundle {
    /// The region with everything above it.
    pub region: SectionCard,
    /// What it is about, in plain text.
    #[schema(example = "Japan, the Koreas, Mongolia and China’s north.", max_length = 2000)]
    pub description: Option<String>,
    /// What stands right below it, in order.
    #[schema(max_items = 300)]
    pub children: Vec<RegionCard>,
    /// Its newest article; `null` on further pages, and where there is none.
    #[schema(value_type = Option<ArticleCard>)]
    pub lead: Option<Box<RawValue>>,
    /// The next newest of it and of what lies below.
    #[schema(max_items = 100, value_type = Vec<ArticleCard>)]
    pub articles: Vec<Box<RawValue>>,
    /// Where the list goes on.
    pub meta: PageMeta,
    /// From the top of the tree down to it.
    #[schema(max_items = 20)]
    pub breadcrumbs: Vec<SiteLink>,
    /// A schema.org `BreadcrumbList`. It has no `<`.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>, example = json!({ "@context": "https://schema.org", "@type": "BreadcrumbList" }))]
    pub json_ld: Box<RawValue>,
    /// Its address on the site.
    #[schema(example = "https://news.example.org/north-asia", max_length = 2300)]
    pub canonical_url: String,
    /// The site around it.
    pub site: Site,
}

impl RegionPageBundle {
    /// The section with a page of its articles; `is_first` if it is the first page.
    ///
    /// # Errors
    /// 500 when something was not rendered by this program.
    pub fn of(
        region: &KnownRegion,
        mut articles: Vec<Box<RawValue>>,
        is_first: bool,
        meta: PageMeta,
        around: &[AroundRow],
        scene: &Scene<'_>,
    ) -> Result<Self> {
        let lead = if is_first && !articles.is_empty() { Some(articles.remove(0)) } else { None };
        let trail = json_ld::trail(region, scene);
        Ok(Self {
            region: SectionCard::of(region, scene.directory),
            description: region.description.clone(),
            children: cards(&region.children, scene.directory),
            lead,
            articles,
            meta,
            breadcrumbs: SiteLink::trail(&trail),
            json_ld: json_ld::breadcrumbs(&trail, scene)?,
            canonical_url: scene.url(&Scene::region_path(region)),
            site: Site::of(around, scene),
        })
    }
}
