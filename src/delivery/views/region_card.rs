//! Regions and topics as articles show them.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::delivery::scene::Scene;
use crate::rules::region::RegionKind;
use crate::store::directory::{Directory, KnownRegion, KnownTopic};

/// A region in a few words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegionCard {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000201")]
    pub id: Uuid,
    /// Its slug, for addresses.
    #[schema(example = "north-asia", max_length = 120)]
    pub slug: String,
    /// As it is shown.
    #[schema(example = "North Asia", max_length = 200)]
    pub name: String,
    /// What kind of region it is.
    #[schema(value_type = RegionKind, example = "editorial")]
    pub kind: String,
    /// Its path on the site.
    #[schema(example = "/north-asia", max_length = 200)]
    pub path: String,
}

/// The section that an article stands in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SectionCard {
    /// The region itself.
    #[serde(flatten)]
    pub region: RegionCard,
    /// Everything above it, by tree or membership, from the top down: the nearest last, of equally near ones its parent.
    #[schema(max_items = 100)]
    pub ancestors: Vec<RegionCard>,
}

/// A topic in a few words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TopicCard {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000301")]
    pub id: Uuid,
    /// Its slug, for addresses.
    #[schema(example = "critical-minerals", max_length = 120)]
    pub slug: String,
    /// As it is shown.
    #[schema(example = "Critical minerals", max_length = 120)]
    pub name: String,
}

impl From<&KnownRegion> for RegionCard {
    fn from(region: &KnownRegion) -> Self {
        Self {
            id: region.id,
            slug: region.slug.clone(),
            name: region.name.clone(),
            kind: region.kind.clone(),
            path: Scene::region_path(region),
        }
    }
}

impl From<&KnownTopic> for TopicCard {
    fn from(topic: &KnownTopic) -> Self {
        Self { id: topic.id, slug: topic.slug.clone(), name: topic.name.clone() }
    }
}

impl SectionCard {
    /// The region with what is above it.
    pub fn of(region: &KnownRegion, directory: &Directory) -> Self {
        let mut ancestors = cards(&region.ancestors, directory);
        ancestors.reverse();
        Self { region: region.into(), ancestors }
    }
}

/// Cards of these regions, in order.
pub fn cards(ids: &[Uuid], directory: &Directory) -> Vec<RegionCard> {
    ids.iter().filter_map(|id| directory.region(*id)).map(RegionCard::from).collect()
}
