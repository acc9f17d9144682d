//! Regions: list, tree, create, read, change and move, members, remove.

use actix_web::{delete, get, patch, post, put};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::views::{StaffRegion, StaffRegionEntry, StaffRegionList, StaffRegionTree};
use crate::base::error::{Error, Fault, Result};
use crate::desk::regions::{self, Placed, RegionCreate, RegionMembers, RegionPatch};
use crate::http::actor::{Read, Regions};
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{FieldsParams, NameParams, Only, PageParams};
use crate::http::query::{FromParams, Params};
use crate::http::{Actor, App, IfMatch, Path, Query, Reply, Sent, Tagged};
use crate::rules::reference::IdOrSlug;
use crate::rules::region::RegionKind;
use crate::store::regions::Filter;
use crate::store::{self, Tx};

/// Mounts the operations. The tree comes before what takes any slug.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config
        .service(list_staff_regions)
        .service(get_staff_region_tree)
        .service(create_region)
        .service(get_staff_region)
        .service(patch_region)
        .service(delete_region)
        .service(put_region_members);
}

/// Parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StaffRegionFilter {
    /// Only regions of these kinds, comma-separated.
    #[param(required = false, example = "country,editorial", min_length = 1, max_length = 100)]
    pub kind: Option<String>,
    /// Only the regions directly under this one: its id or slug.
    #[param(required = false, example = "asia", min_length = 1, max_length = 200)]
    pub parent: Option<String>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct StaffRegionQuery {
    words: Option<String>,
    kinds: Vec<RegionKind>,
    parent: Option<IdOrSlug>,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for StaffRegionQuery {
    fn from_params(params: &mut Params) -> Self {
        Self {
            words: params.words("q", 100),
            kinds: params.list("kind", RegionKind::ALL.len()).unwrap_or_default(),
            parent: params.take("parent"),
            paging: Paging::by_name(params),
            fields: Only::from_params(params).fields,
        }
    }
}

impl StaffRegionQuery {
    async fn filter(&self, tx: &mut Tx) -> Result<Filter> {
        let parent = match &self.parent {
            None => None,
            Some(key) => Some(store::regions::find_in(tx, key).await?.ok_or_else(|| {
                Error::parameters(vec![Fault::of("parent", "unknown_region", format!("\"{key}\" is no region"))])
            })?),
        };
        let (words, kinds) = (self.words.clone(), self.kinds.clone());
        Ok(Filter { words, kinds, parent: parent.map(|region| region.id) })
    }
}

/// List regions
///
/// Flat, by name. `q` finds the names in other languages too.
#[utoipa::path(tag = "Newsroom: regions", params(NameParams, StaffRegionFilter, PageParams, FieldsParams), responses((status = 200, description = "One page", body = StaffRegionList)))]
#[get("/regions")]
async fn list_staff_regions(_by: Actor<Read>, query: Query<StaffRegionQuery>, app: App) -> Reply<StaffRegionList> {
    let fields = Fields::among::<StaffRegionEntry>(&app, query.0.fields.clone())?;
    let list = identity("staff_regions", app.request().query_string());
    let seek = query.0.paging.seek(&app.cursor_key, &list)?;
    let read = async |tx: &mut Tx| {
        let filter = query.0.filter(tx).await?;
        let window = store::regions::list_in(tx, &filter, &seek).await?;
        let total = query.0.paging.total(async || store::regions::count_in(tx, &filter).await).await?;
        let ids: Vec<Uuid> = window.rows.iter().map(|region| region.id).collect();
        Ok((window, store::regions::chains_in(tx, &ids).await?, total))
    };
    let (window, mut chains, total) = app.read(read).await?;
    let (meta, links) = around(&app, &list, &query.0.paging, &window, total);
    let with_chain = |region: store::regions::Region| {
        let chain = chains.remove(&region.id).unwrap_or_default();
        StaffRegionEntry::from((region, chain))
    };
    let data = window.rows.into_iter().map(with_chain).collect();
    Ok(Tagged::plain(StaffRegionList { data, meta }).links(&links).only(fields))
}

/// Read the tree of regions
///
/// Whole, from its roots, siblings in their order.
#[utoipa::path(tag = "Newsroom: regions", responses((status = 200, description = "The tree", body = StaffRegionTree)))]
#[get("/regions/tree")]
async fn get_staff_region_tree(_by: Actor<Read>, app: App) -> Reply<StaffRegionTree> {
    let roots = app.read(async |tx| store::region_tree::tree_in(tx).await).await?;
    Ok(Tagged::plain(roots.into()))
}

/// Create a region
///
/// A part of its parent, or a root; an editorial one may have members from anywhere in the tree.
#[utoipa::path(tag = "Newsroom: regions", request_body = RegionCreate, responses((status = 201, description = "The region", body = StaffRegion)))]
#[post("/regions")]
async fn create_region(by: Actor<Regions>, new: Sent<RegionCreate>, app: App) -> Reply<StaffRegion> {
    let now = app.now();
    app.write(async move |tx| {
        let placed = new.0.write(tx, async |tx, new| regions::create(tx, &by, new, now).await).await?;
        let location = format!("/v1/newsroom/regions/{}", placed.0.id);
        Ok(Tagged::created(placed.into(), 1, location))
    })
    .await
}

/// Read a region
///
/// With the chain of its parents, its children, its members and the regions that it is a member of.
#[utoipa::path(tag = "Newsroom: regions", params(("id" = String, Path, description = "Id or slug, present or former", example = "north-asia"), FieldsParams), responses((status = 200, description = "The region", body = StaffRegion)))]
#[get("/regions/{id}")]
async fn get_staff_region(_by: Actor<Read>, key: Path<IdOrSlug>, query: Query<Only>, app: App) -> Reply<StaffRegion> {
    let fields = Fields::among::<StaffRegion>(&app, query.0.fields)?;
    let read = async |tx: &mut Tx| {
        let region = store::regions::find_in(tx, &key).await?.ok_or_else(Error::not_found)?;
        let around = store::regions::relatives_in(tx, region.id).await?;
        Ok((region, around))
    };
    Ok(tagged(app.read(read).await?).only(fields))
}

/// Change or move a region
///
/// With another `parent` it moves there with all that is under it, and everything published in it is listed under its
/// new ancestors at once. With `position` it takes another place among its siblings.
#[utoipa::path(tag = "Newsroom: regions", request_body = RegionPatch, responses((status = 200, description = "The region as it is now", body = StaffRegion)))]
#[patch("/regions/{id}")]
async fn patch_region(
    by: Actor<Regions>,
    id: Path<Uuid>,
    seen: IfMatch,
    patch: Sent<RegionPatch>,
    app: App,
) -> Reply<StaffRegion> {
    let now = app.now();
    app.write(async move |tx| {
        let change = async |tx: &mut Tx, patch| regions::patch(tx, &by, id.0, &seen.0, patch, now).await;
        Ok(tagged(patch.0.write(tx, change).await?))
    })
    .await
}

/// Remove a region
///
/// Only while it has no children and no article names it. Its members stay, out of it.
#[utoipa::path(tag = "Newsroom: regions", responses((status = 204, description = "It is gone")))]
#[delete("/regions/{id}")]
async fn delete_region(by: Actor<Regions>, id: Path<Uuid>, seen: IfMatch, app: App) -> Reply<()> {
    let now = app.now();
    app.write(async move |tx| {
        regions::delete(tx, &by, id.0, &seen.0, now).await?;
        Ok(Tagged::nothing())
    })
    .await
}

/// Set the members of a region
///
/// The whole list, in order. What is published in a member is listed under the region at once.
#[utoipa::path(tag = "Newsroom: regions", request_body = RegionMembers, responses((status = 200, description = "The region as it is now", body = StaffRegion)))]
#[put("/regions/{id}/members")]
async fn put_region_members(
    by: Actor<Regions>,
    id: Path<Uuid>,
    seen: IfMatch,
    members: Sent<RegionMembers>,
    app: App,
) -> Reply<StaffRegion> {
    let now = app.now();
    app.write(async move |tx| {
        let set = async |tx: &mut Tx, members| regions::set_members(tx, &by, id.0, &seen.0, &members, now).await;
        Ok(tagged(members.0.write(tx, set).await?))
    })
    .await
}

fn tagged(placed: Placed) -> Tagged<StaffRegion> {
    let version = placed.0.version;
    Tagged::of(placed.into(), version)
}
