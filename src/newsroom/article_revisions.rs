//! The history of an article: every write, and the whole as it stood after each.

use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::articles::shown;
use super::views::{StaffPerson, StaffRevision, StaffRevisionList, StaffRevisionSummary};
use crate::base::error::Error;
use crate::desk::articles::seen_by;
use crate::http::actor::Read;
use crate::http::cursor::{around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{AgeParams, ByAge, FieldsParams, PageParams};
use crate::http::{Actor, App, Path, Query, Reply, Tagged};
use crate::rules::reference::IdOrSlug;
use crate::store::{articles, lookup};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_revisions).service(get_revision);
}

/// List the revisions of an article
///
/// Every write made one; the newest comes first.
#[utoipa::path(tag = "Newsroom: articles", params(AgeParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = StaffRevisionList)))]
#[get("/articles/{id}/revisions")]
async fn list_revisions(by: Actor<Read>, id: Path<Uuid>, query: Query<ByAge>, app: App) -> Reply<StaffRevisionList> {
    let ByAge { paging, fields } = query.0;
    let fields = Fields::among::<StaffRevisionSummary>(&app, fields)?;
    let list = identity(&format!("revisions of {}", id.0), app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let (window, total) = app
        .read(async |tx| {
            articles::read(tx, &IdOrSlug::Id(id.0), seen_by(&by)).await?.ok_or_else(Error::not_found)?;
            let window = articles::revisions(tx, id.0, &seek).await?;
            let total = if paging.include_total { Some(articles::count_revisions(tx, id.0).await?) } else { None };
            Ok((window, total))
        })
        .await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let data = window.rows.into_iter().map(|(head, name)| StaffRevisionSummary::of(head, name.as_ref())).collect();
    Ok(Tagged::plain(StaffRevisionList { data, meta }).links(&links).only(fields))
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
