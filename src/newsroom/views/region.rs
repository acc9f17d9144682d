//! A region as the newsroom sees it: in a list, alone with all around it, and in the tree.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::Timestamp;
use crate::http::cursor::{PageMeta, WholeListMeta};
use crate::rules::region::{RegionKind, RegionName};
use crate::store::region_tree::Branch;
use crate::store::regions::{Region, Relative, Relatives};

/// A region as other things name it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRegionCard {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000201")]
    pub id: Uuid,
    /// Its slug; former ones go on resolving.
    #[schema(example = "north-asia", max_length = 120)]
    pub slug: String,
    /// As it is shown.
    #[schema(example = "North Asia", max_length = 200)]
    pub name: String,
    /// What kind of region it is.
    #[schema(value_type = RegionKind, example = "editorial")]
    pub kind: String,
}

/// A region in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRegionEntry {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000201")]
    pub id: Uuid,
    /// Its slug; former ones go on resolving.
    #[schema(example = "north-asia", max_length = 120)]
    pub slug: String,
    /// As it is shown.
    #[schema(example = "North Asia", max_length = 200)]
    pub name: String,
    /// What kind of region it is.
    #[schema(value_type = RegionKind, example = "editorial")]
    pub kind: String,
    /// The region that it is a part of; `null` for a root.
    #[schema(example = "0198c0de-7000-7000-8000-000000000202")]
    pub parent_id: Option<Uuid>,
    /// Its place among those that have the same parent, from 0.
    #[schema(example = 0, minimum = 0)]
    pub position: i32,
    /// Names in other languages.
    #[schema(max_items = 100)]
    pub names: Vec<RegionName>,
    /// What it is, in plain text.
    #[schema(example = "Japan, China, Korea and Taiwan.", max_length = 2000)]
    pub description: Option<String>,
    /// Its ISO 3166-1 code of two letters.
    #[schema(example = json!(null), max_length = 2)]
    pub iso2: Option<String>,
    /// Its ISO 3166-1 code of three letters.
    #[schema(example = json!(null), max_length = 3)]
    pub iso3: Option<String>,
    /// Its UN M49 code.
    #[schema(example = json!(null), max_length = 3)]
    pub m49: Option<String>,
    /// The chain of its parents from the root down, the nearest last: breadcrumbs.
    #[schema(max_items = 20)]
    pub ancestors: Vec<StaffRegionCard>,
    /// Goes up with every write; also the `ETag`.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was written last.
    pub updated_at: Timestamp,
}

/// A region with all that stands around it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRegion {
    /// The region as lists show it.
    #[serde(flatten)]
    pub entry: StaffRegionEntry,
    /// The regions directly under it, in order.
    #[schema(max_items = 10_000)]
    pub children: Vec<StaffRegionCard>,
    /// Its members, in order: what is listed under them is listed under it too.
    #[schema(max_items = 1000)]
    pub members: Vec<StaffRegionCard>,
    /// The regions that it is a member of, by name.
    #[schema(max_items = 10_000)]
    pub member_of: Vec<StaffRegionCard>,
}

/// A region with all that hangs from it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRegionBranch {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000201")]
    pub id: Uuid,
    /// Its slug; former ones go on resolving.
    #[schema(example = "north-asia", max_length = 120)]
    pub slug: String,
    /// As it is shown.
    #[schema(example = "North Asia", max_length = 200)]
    pub name: String,
    /// What kind of region it is.
    #[schema(value_type = RegionKind, example = "editorial")]
    pub kind: String,
    /// Its members, in order.
    #[schema(max_items = 1000)]
    pub members: Vec<StaffRegionCard>,
    /// The branches directly under it, in order.
    #[schema(no_recursion, max_items = 10_000)]
    pub children: Vec<StaffRegionBranch>,
}

/// The whole tree of regions.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRegionTree {
    /// Its roots, in order.
    #[schema(max_items = 10_000)]
    pub data: Vec<StaffRegionBranch>,
    /// How many roots there are.
    pub meta: WholeListMeta,
}

impl From<Relative> for StaffRegionCard {
    fn from(region: Relative) -> Self {
        Self { id: region.id, slug: region.slug, name: region.name, kind: region.kind }
    }
}

impl From<(Region, Vec<Relative>)> for StaffRegionEntry {
    fn from((region, ancestors): (Region, Vec<Relative>)) -> Self {
        Self {
            id: region.id,
            slug: region.slug,
            name: region.name,
            kind: region.kind,
            parent_id: region.parent_id,
            position: region.position,
            names: region.names.0,
            description: region.description,
            iso2: region.iso2,
            iso3: region.iso3,
            m49: region.m49,
            ancestors: cards(ancestors),
            version: region.version,
            created_at: region.created_at.into(),
            updated_at: region.updated_at.into(),
        }
    }
}

impl From<(Region, Relatives)> for StaffRegion {
    fn from((region, around): (Region, Relatives)) -> Self {
        Self {
            entry: (region, around.ancestors).into(),
            children: cards(around.children),
            members: cards(around.members),
            member_of: cards(around.member_of),
        }
    }
}

impl From<Branch> for StaffRegionBranch {
    fn from(Branch { region, members, children }: Branch) -> Self {
        Self {
            id: region.id,
            slug: region.slug,
            name: region.name,
            kind: region.kind,
            members: cards(members),
            children: children.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Vec<Branch>> for StaffRegionTree {
    fn from(roots: Vec<Branch>) -> Self {
        Self { meta: WholeListMeta::of(&roots), data: roots.into_iter().map(Into::into).collect() }
    }
}

fn cards(relatives: Vec<Relative>) -> Vec<StaffRegionCard> {
    relatives.into_iter().map(Into::into).collect()
}

/// One page of regions, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRegionList {
    /// The regions of this page.
    #[schema(max_items = 100)]
    pub data: Vec<StaffRegionEntry>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
