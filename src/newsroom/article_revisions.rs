//! The history of an article: every write, and the whole as it stood after each.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::articles::shown;
use super::views::{StaffPerson, StaffRevision, StaffRevisionList, StaffRevisionSummary};
use crate::base::error::Error;
use crate::desk::articles::seen_by;
use crate::http::actor::Read;
use crate::http::cursor::{Paging, around, identity};
use crate::http::query::{FromParams, Params};
use crate::http::{Actor, App, Path, Query, Reply, Tagged};
use crate::rules::reference::IdOrSlug;
use crate::store::{articles, lookup};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_revisions).service(get_revision);
}

/// Parameters of a list that is only paged.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters; PageOnly reads them")]
pub(super) struct PageParams {
    /// Items per page.
    #[param(required = false, example = 20, minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// From `meta` of another page of this list.
    #[param(required = false, example = "AXsiayI6", min_length = 1, max_length = 2000)]
    cursor: Option<String>,
}

/// Which page; these lists are not counted.
#[derive(Debug)]
pub(super) struct PageOnly(pub Paging);

impl FromParams for PageOnly {
    fn from_params(params: &mut Params) -> Self {
        Self(Paging::page_only(params))
    }
}

/// List the revisions of an article
///
/// Every write made one; the newest comes first.
#[utoipa::path(tag = "Newsroom: articles", params(PageParams), responses((status = 200, description = "One page", body = StaffRevisionList)))]
#[get("/articles/{id}/revisions")]
async fn list_revisions(by: Actor<Read>, id: Path<Uuid>, query: Query<PageOnly>, app: App) -> Reply<StaffRevisionList> {
    let paging = query.0.0;
    let list = identity(&format!("revisions of {}", id.0), app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let window = app
        .read(async |tx| {
            articles::read(tx, &IdOrSlug::Id(id.0), seen_by(&by)).await?.ok_or_else(Error::not_found)?;
            articles::revisions(tx, id.0, &seek).await
        })
        .await?;
    let (meta, links) = around(&app, &list, &paging, &window, None);
    let data = window.rows.into_iter().map(|(head, name)| StaffRevisionSummary::of(head, name.as_ref())).collect();
    Ok(Tagged::plain(StaffRevisionList { data, meta }).links(&links))
}

/// Read one revision of an article
///
/// The whole as it stood then. Authors and topics that were merged since appear as those that took them in.
#[utoipa::path(tag = "Newsroom: articles", responses((status = 200, description = "The revision", body = StaffRevision)))]
#[get("/articles/{id}/revisions/{number}")]
async fn get_revision(by: Actor<Read>, path: Path<(Uuid, i32)>, _query: Query<()>, app: App) -> Reply<StaffRevision> {
    let (id, number) = path.0;
    let now = app.now();
    app.read(async |tx| {
        let found = articles::read(tx, &IdOrSlug::Id(id), seen_by(&by)).await?;
        let (mut article, _) = found.ok_or_else(Error::not_found)?;
        let (head, content) = articles::revision(tx, id, number).await?.ok_or_else(Error::not_found)?;
        article.version = head.number;
        article.updated_by = head.created_by;
        article.updated_at = head.created_at;
        let names = lookup::user_names(tx, head.created_by.as_slice()).await?;
        let created_by = StaffPerson::of(head.created_by, head.created_by.and_then(|id| names.get(&id)));
        let article = shown(tx, &by, article, content, now).await?;
        let created_at = head.created_at.into();
        Ok(Tagged::of(StaffRevision { number, verb: head.verb, created_by, created_at, article }, number))
    })
    .await
}
