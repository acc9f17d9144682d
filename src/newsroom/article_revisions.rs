//! The history of an article: every write, the whole as it stood after each, what changed between two, and the way back.

use actix_web::{get, post};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::articles::{answered, doable, told};
use super::views::{
    StaffArticle, StaffPerson, StaffRevision, StaffRevisionDiff, StaffRevisionList, StaffRevisionSummary,
};
use crate::base::error::{Error, Result};
use crate::desk;
use crate::desk::articles::seen_by;
use crate::http::actor::{Articles, Read};
use crate::http::cursor::{around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{AgeParams, ByAge, FieldsParams, PageParams};
use crate::http::{Actor, App, IfMatch, OptionalBody, Path, Query, Reply, Tagged};
use crate::rules::article::Content;
use crate::rules::fields::ArticleField;
use crate::rules::permission::Principal;
use crate::rules::reference::IdOrSlug;
use crate::store::articles::Article;
use crate::store::{Tx, articles, lookup, surroundings};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_revisions).service(get_revision).service(diff_revisions).service(restore_revision);
}

/// List the revisions of an article
///
/// Every write made one; the newest comes first.
#[utoipa::path(tag = "Newsroom: history", params(AgeParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = StaffRevisionList)))]
#[get("/articles/{id}/revisions")]
async fn list_revisions(by: Actor<Read>, id: Path<Uuid>, query: Query<ByAge>, app: App) -> Reply<StaffRevisionList> {
    let ByAge { paging, fields } = query.0;
    let fields = Fields::among::<StaffRevisionSummary>(&app, fields)?;
    let list = identity(&format!("revisions of {}", id.0), app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let (window, total) = app
        .read(async |tx| {
            articles::seen(tx, id.0, seen_by(&by)).await?;
            let window = articles::revisions(tx, id.0, &seek).await?;
            let total = paging.total(async || articles::count_revisions(tx, id.0).await).await?;
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
#[utoipa::path(tag = "Newsroom: history", responses((status = 200, description = "The revision", body = StaffRevision)))]
#[get("/articles/{id}/revisions/{number}")]
async fn get_revision(by: Actor<Read>, path: Path<(Uuid, i32)>, app: App) -> Reply<StaffRevision> {
    let (id, number) = path.0;
    let now = app.now();
    app.read(async |tx| {
        let found = articles::read(tx, &IdOrSlug::Id(id), seen_by(&by)).await?;
        let present = found.ok_or_else(Error::not_found)?;
        Ok(Tagged::of(revision(tx, &by, &present, number, now).await?.0, number))
    })
    .await
}

/// One revision as the caller is shown it, and its content. What can be done is done to the article as it is.
async fn revision(
    tx: &mut Tx,
    by: &Principal,
    present: &(Article, Content),
    number: i32,
    now: DateTime<Utc>,
) -> Result<(StaffRevision, Content)> {
    let mut article = present.0.clone();
    let (head, content) = articles::revision(tx, article.id, number).await?.ok_or_else(Error::not_found)?;
    article.version = head.number;
    article.updated_by = head.created_by;
    article.updated_at = head.created_at;
    let names = lookup::user_names(tx, head.created_by.as_slice()).await?;
    let created_by = StaffPerson::of(head.created_by, head.created_by.and_then(|id| names.get(&id)));
    let around = surroundings::of(tx, &article, &content, seen_by(by), now).await?;
    let actions = doable(tx, by, (&present.0, &present.1), &around, now).await?;
    let article = told((article, content.clone()), actions, &around, now);
    let (created_at, restored_from) = (head.created_at.into(), head.restored_from);
    Ok((StaffRevision { number, verb: head.verb, created_by, created_at, restored_from, article }, content))
}

/// Compare two revisions of an article
///
/// As a JSON Patch that makes the one of the other, and as the words that were taken out and put in. Either may be the
/// older one.
#[utoipa::path(tag = "Newsroom: history", responses((status = 200, description = "What changed", body = StaffRevisionDiff)))]
#[get("/articles/{id}/revisions/{number}/diff/{other}")]
async fn diff_revisions(by: Actor<Read>, path: Path<(Uuid, i32, i32)>, app: App) -> Reply<StaffRevisionDiff> {
    let (id, number, other) = path.0;
    let now = app.now();
    let (from, to) = app
        .read(async |tx| {
            let found = articles::read(tx, &IdOrSlug::Id(id), seen_by(&by)).await?;
            let present = found.ok_or_else(Error::not_found)?;
            let from = revision(tx, &by, &present, number, now).await?;
            Ok((from, revision(tx, &by, &present, other, now).await?))
        })
        .await?;
    let changed = ArticleField::between(&from.1, &to.1);
    // Long texts take a while, in which this worker answers others.
    let compared = tokio::task::spawn_blocking(move || StaffRevisionDiff::between(from.0, to.0, changed)).await;
    compared.map_err(Error::internal)?.map(Tagged::plain)
}

/// How an earlier revision is brought back; without anything, whole or not at all.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestorePlan {
    /// Leaves out what is gone since, such as a link to an article that was purged, and lists it in `warnings`, instead of
    /// refusing.
    #[serde(default)]
    #[schema(example = false, default = false)]
    pub partial: bool,
}

/// Bring back an earlier revision of an article
///
/// Writes the article as it stood then as a new revision, its slug included: the slugs that it had since redirect. What
/// is live stays as it is. People, topics, regions and assets that it names are there, for they cannot be deleted. An article
/// that it names and that was purged is told as 422, an external id that another article has by now as 409; `partial`
/// leaves both out.
#[utoipa::path(tag = "Newsroom: history", request_body = Option<RestorePlan>, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/revisions/{number}/restore")]
async fn restore_revision(
    by: Actor<Articles>,
    path: Path<(Uuid, i32)>,
    seen: IfMatch,
    plan: OptionalBody<RestorePlan>,
    app: App,
) -> Reply<StaffArticle> {
    let now = app.now();
    app.write(async move |tx| {
        let done = desk::articles::restore_revision(tx, &by, path.0, &seen.0, plan.0.partial, now).await?;
        answered(tx, &by, done, now).await
    })
    .await
}
