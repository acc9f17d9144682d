//! The site around a page: its name, who publishes it, and where it leads.

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::config::NavigationItem;
use crate::delivery::scene::Scene;
use crate::store::around::AroundRow;
use crate::store::directory::KnownRegion;

/// What stands in the head and foot of every page.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Site {
    /// Its name.
    #[schema(example = "The Example Times", max_length = 200)]
    pub name: String,
    /// Who publishes it.
    #[schema(example = "Example Press", max_length = 200)]
    pub publisher: String,
    /// Where the publisher lives.
    #[schema(example = "1 Example Street, Exampleton", max_length = 500)]
    pub address: Option<String>,
    /// Its address on the web.
    #[schema(example = "https://news.example.org/", max_length = 2000)]
    pub url: String,
    /// Where it leads: what the settings say, or else its sections.
    #[schema(max_items = 300)]
    pub navigation: Vec<SiteLink>,
    /// Pages of the site itself: about, privacy, ... the newest first.
    #[schema(max_items = 20)]
    pub pages: Vec<SiteLink>,
}

/// A place on the site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SiteLink {
    /// The words to show.
    #[schema(example = "North Asia", max_length = 300)]
    pub name: String,
    /// Its slug, for addresses; `null` where it is neither a section nor an article.
    #[schema(example = "north-asia", max_length = 120)]
    pub slug: Option<String>,
    /// Its path on the site, or a URL elsewhere.
    #[schema(example = "/north-asia", max_length = 2000)]
    pub path: String,
}

impl Site {
    /// The site with what leads on from every page.
    pub fn of(around: &[AroundRow], scene: &Scene<'_>) -> Self {
        let set: Vec<SiteLink> = scene.settings.site_navigation.iter().map(SiteLink::from).collect();
        let pages = around.iter().filter(|row| row.part == "site").map(|row| SiteLink {
            name: row.card.headline.clone(),
            slug: Some(row.card.slug.clone()),
            path: scene.article_path(row.card.primary_region, &row.card.slug),
        });
        Self {
            name: scene.settings.site_name.clone(),
            publisher: scene.settings.site_publisher.clone(),
            address: scene.settings.site_address.clone(),
            url: scene.url("/"),
            navigation: if set.is_empty() { Self::sections(scene) } else { set },
            pages: pages.collect(),
        }
    }

    /// The editorial regions at the top of the tree or right under the world, or, where there are none, all that stand
    /// there.
    fn sections(scene: &Scene<'_>) -> Vec<SiteLink> {
        let mut top: Vec<&KnownRegion> = Vec::new();
        for root in scene.directory.roots() {
            if root.kind == "world" {
                top.extend(root.children.iter().filter_map(|id| scene.directory.region(*id)));
            } else {
                top.push(root);
            }
        }
        let editorial: Vec<&KnownRegion> = top.iter().copied().filter(|region| region.kind == "editorial").collect();
        let sections = if editorial.is_empty() { top } else { editorial };
        sections.into_iter().map(SiteLink::from).collect()
    }
}

impl From<&NavigationItem> for SiteLink {
    fn from(item: &NavigationItem) -> Self {
        Self { name: item.label.clone(), slug: None, path: item.target.clone() }
    }
}

impl From<&KnownRegion> for SiteLink {
    fn from(region: &KnownRegion) -> Self {
        Self { name: region.name.clone(), slug: Some(region.slug.clone()), path: Scene::region_path(region) }
    }
}

impl SiteLink {
    /// Links from names and paths.
    pub fn trail(trail: &[(String, String)]) -> Vec<Self> {
        let link = |(name, path): &(String, String)| Self {
            name: name.clone(),
            slug: Some(path.trim_start_matches('/').to_owned()),
            path: path.clone(),
        };
        trail.iter().map(link).collect()
    }
}
