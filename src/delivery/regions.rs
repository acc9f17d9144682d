//! Regions in public: the flat list, the tree, and one by id or slug with all around it.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::articles::present;
use super::as_of::{AsOf, AsOfParams, lasting};
use super::views::{Region, RegionBranch, RegionEntry, RegionList, RegionTree};
use crate::base::error::{Error, Fault, Result};
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::{Fields, Freshness};
use crate::http::listing::{FieldsParams, NameParams, Only, PageParams};
use crate::http::query::{FromParams, Params};
use crate::http::{App, Delivered, Path, Query};
use crate::rules::reference::IdOrSlug;
use crate::rules::region::RegionKind;
use crate::rules::tag::tag;
use crate::store;
use crate::store::Reader;
use crate::store::regions::Filter;

/// Mounts the operations. The tree comes before what takes any slug.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_regions).service(get_region_tree).service(get_region);
}

/// Parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RegionFilter {
    /// Only regions of these kinds, comma-separated.
    #[param(required = false, example = "country,editorial", min_length = 1, max_length = 100)]
    pub kind: Option<String>,
    /// Only the regions directly under this one: its id or slug.
    #[param(required = false, example = "asia", min_length = 1, max_length = 200)]
    pub parent: Option<String>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct RegionQuery {
    as_of: AsOf,
    words: Option<String>,
    kinds: Vec<RegionKind>,
    parent: Option<IdOrSlug>,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for RegionQuery {
    fn from_params(params: &mut Params) -> Self {
        Self {
            as_of: AsOf::from_params(params),
            words: params.words("q", 100),
            kinds: params.list("kind", RegionKind::ALL.len()).unwrap_or_default(),
            parent: params.take("parent"),
            paging: Paging::by_name(params),
            fields: Only::from_params(params).fields,
        }
    }
}

impl RegionQuery {
    async fn filter(&self, reader: &Reader) -> Result<Filter> {
        let parent = match &self.parent {
            None => None,
            Some(key) => Some(store::regions::find(reader, key).await?.ok_or_else(|| {
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
#[utoipa::path(tag = "Delivery: regions", params(AsOfParams, NameParams, RegionFilter, PageParams, FieldsParams), responses((status = 200, description = "One page", body = RegionList)))]
#[get("/regions")]
async fn list_regions(query: Query<RegionQuery>, app: App) -> Result<Delivered> {
    let (moment, reader) = query.0.as_of.reader(&app)?;
    let filter = query.0.filter(&reader).await?;
    let RegionQuery { paging, fields, .. } = query.0;
    let fields = Fields::among::<RegionEntry>(&app, fields)?;
    let list = identity("regions", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let window = store::regions::list(&reader, &filter, &seek).await?;
    let total = paging.total(async || store::regions::count(&reader, &filter).await).await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let ids: Vec<Uuid> = window.rows.iter().map(|region| region.id).collect();
    let mut chains = store::regions::chains(&reader, &ids).await?;
    let with_chain = |region: store::regions::Region| {
        let chain = chains.remove(&region.id).unwrap_or_default();
        RegionEntry::from((region, chain))
    };
    let fresh = Freshness { last_modified: window.rows.iter().map(|region| region.updated_at).max(), ..of_all() };
    let data = window.rows.into_iter().map(with_chain).collect();
    let fresh = lasting(moment, fresh);
    Ok(Delivered::json(&RegionList { data, meta }, fields.as_ref(), fresh, app.now())?.links(links))
}

/// Read the tree of regions
///
/// Whole, from its roots, siblings in their order.
#[utoipa::path(tag = "Delivery: regions", params(AsOfParams, FieldsParams), responses((status = 200, description = "The tree", body = RegionTree)))]
#[get("/regions/tree")]
async fn get_region_tree(query: Query<(Only, AsOf)>, app: App) -> Result<Delivered> {
    let (only, as_of) = query.0;
    let (moment, reader) = as_of.reader(&app)?;
    let fields = Fields::among::<RegionBranch>(&app, only.fields)?;
    let roots = store::region_tree::tree(&reader).await?;
    Delivered::json(&RegionTree::from(roots), fields.as_ref(), lasting(moment, of_all()), app.now())
}

/// Read a region
///
/// With the chain of its parents, its children, its members and the regions that it is a member of. A former slug
/// answers 301 to the present one.
#[utoipa::path(tag = "Delivery: regions", params(("id_or_slug" = String, Path, description = "Id or slug, present or former", example = "north-asia"), AsOfParams, FieldsParams), responses((status = 200, description = "The region", body = Region)))]
#[get("/regions/{id_or_slug}")]
async fn get_region(key: Path<IdOrSlug>, query: Query<(Only, AsOf)>, app: App) -> Result<Delivered> {
    let (only, as_of) = query.0;
    let (moment, reader) = as_of.reader(&app)?;
    let fields = Fields::among::<Region>(&app, only.fields)?;
    let region = store::regions::find(&reader, &key).await?.ok_or_else(Error::not_found)?;
    if let Some(slug) = key.moved_to(region.id, &region.slug) {
        let fresh = Freshness { tags: vec![tag("region", region.id)], ..Freshness::default() };
        return Ok(Delivered::moved(present(&app, "/v1/regions", &slug, ""), fresh, app.now()));
    }
    let around = store::regions::relatives(&reader, region.id).await?;
    // The answer names its relatives, so it changes with them.
    let tags = vec![tag("region", region.id), "list:regions".to_owned()];
    let fresh = Freshness { tags, last_modified: Some(region.updated_at), ..Freshness::default() };
    let fresh = lasting(moment, fresh);
    Delivered::json(&Region::from((region, around)), fields.as_ref(), fresh, app.now())
}

fn of_all() -> Freshness {
    Freshness { tags: vec!["list:regions".to_owned()], ..Freshness::default() }
}
