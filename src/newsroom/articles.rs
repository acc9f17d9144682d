//! Articles: list, create, read, change, to the trash and back.

use std::collections::HashMap;

use actix_web::{delete, get, patch, post};
use chrono::{DateTime, Utc};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::article_filter::{ArticleQuery, StaffArticleParams};
use super::views::{StaffArticle, StaffArticleCard, StaffArticleList, StaffReference};
use crate::base::clock::Timestamp;
use crate::base::error::{Error, Result};
use crate::desk::articles::input::{ArticleCreate, ArticlePatch};
use crate::desk::articles::moves::actions;
use crate::desk::articles::{self, Written, seen_by};
use crate::http::actor::{Articles, Read};
use crate::http::cursor::{around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{FieldsParams, Only, PageParams};
use crate::http::{Actor, App, IfMatch, Path, Query, Reply, Sent, Tagged};
use crate::rules::article::Content;
use crate::rules::page::Window;
use crate::rules::permission::Principal;
use crate::rules::reference::IdOrSlug;
use crate::rules::workflow::Verb;
use crate::store::article_lists::{self, ListedArticle};
use crate::store::articles::Article;
use crate::store::corrections::Correction;
use crate::store::surroundings::{self, Surroundings};
use crate::store::{self, Tx};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config
        .service(list_staff_articles)
        .service(create_article)
        .service(get_staff_article)
        .service(patch_article)
        .service(delete_article)
        .service(restore_article);
}

/// The article as its writer is shown it, with what cleaning took out.
pub(super) async fn written(tx: &mut Tx, by: &Principal, done: Written, now: DateTime<Utc>) -> Result<StaffArticle> {
    let shown = shown(tx, by, done.article, done.content, now).await?;
    Ok(shown.warning(done.warnings))
}

/// The article as the caller is shown it.
pub(super) async fn shown(
    tx: &mut Tx,
    by: &Principal,
    article: Article,
    content: Content,
    now: DateTime<Utc>,
) -> Result<StaffArticle> {
    let around = surroundings::of(tx, &article, &content, seen_by(by), now).await?;
    let actions = doable(tx, by, (&article, &content), &around, now).await?;
    Ok(told((article, content), actions, &around, now))
}

/// The same of what was made live or planned, whose corrections were read on the way.
pub(super) async fn released(
    tx: &mut Tx,
    by: &Principal,
    (done, corrections): (Written, Vec<Correction>),
    now: DateTime<Utc>,
) -> Reply<StaffArticle> {
    let Written { article, content, warnings } = done;
    let version = article.at();
    let around = surroundings::beside(tx, &article, &content, corrections, seen_by(by), now).await?;
    let actions = doable(tx, by, (&article, &content), &around, now).await?;
    Ok(Tagged::of(told((article, content), actions, &around, now).warning(warnings), version))
}

/// What the caller can do with the article as it is.
pub(super) async fn doable(
    tx: &mut Tx,
    by: &Principal,
    (article, content): (&Article, &Content),
    around: &Surroundings,
    now: DateTime<Utc>,
) -> Result<Vec<Verb>> {
    actions(tx, by, &surroundings::standing(article, &around.periods, now), content, around).await
}

/// The article as it is shown to who can do this with it.
pub(super) fn told(
    (article, content): (Article, Content),
    actions: Vec<Verb>,
    around: &Surroundings,
    now: DateTime<Utc>,
) -> StaffArticle {
    let standing = surroundings::standing(&article, &around.periods, now);
    StaffArticle::of(&article, content, around, (&standing, actions))
}

/// The answer of a verb that writes no content.
pub(super) async fn moved(
    tx: &mut Tx,
    by: &Principal,
    (article, content): (Article, Content),
    now: DateTime<Utc>,
) -> Reply<StaffArticle> {
    answered(tx, by, Written { article, content, warnings: Vec::new() }, now).await
}

/// The same of one that has something to warn of.
pub(super) async fn answered(tx: &mut Tx, by: &Principal, done: Written, now: DateTime<Utc>) -> Reply<StaffArticle> {
    let version = done.article.at();
    Ok(Tagged::of(written(tx, by, done, now).await?, version))
}

/// The place of an article.
pub(super) fn place(id: Uuid) -> String {
    format!("/v1/newsroom/articles/{id}")
}

/// List articles
///
/// Everything but the trash and the archive, last written first, unless you ask for something else. Contributors and authors see their own.
#[utoipa::path(tag = "Newsroom: articles", params(StaffArticleParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = StaffArticleList)))]
#[get("/articles")]
async fn list_staff_articles(by: Actor<Read>, query: Query<ArticleQuery>, app: App) -> Reply<StaffArticleList> {
    let query = query.0;
    let fields = Fields::among::<StaffArticleCard>(&app, query.fields.clone())?;
    let list = identity("staff_articles", app.request().query_string());
    let seek = query.paging.seek(&app.cursor_key, &list)?;
    let now = app.now();
    let (window, total) = app
        .read(async |tx| {
            let filter = query.filter(tx, &by, now).await?;
            let window = article_lists::list(tx, &filter, &seek).await?;
            let total = query.paging.total(async || article_lists::count(tx, &filter).await).await?;
            Ok((cards(tx, window, now).await?, total))
        })
        .await?;
    let (meta, links) = around(&app, &list, &query.paging, &window, total);
    Ok(Tagged::plain(StaffArticleList { data: window.rows, meta }).links(&links).only(fields))
}

/// What articles name, by article.
type References = HashMap<Uuid, Vec<StaffReference>>;

/// The rows of a page with their authors, their regions and what is live of them: two statements, whatever the size of
/// the page.
async fn cards(tx: &mut Tx, window: Window<ListedArticle>, now: DateTime<Utc>) -> Result<Window<StaffArticleCard>> {
    let ids: Vec<Uuid> = window.rows.iter().map(|row| row.article.id).collect();
    let periods = surroundings::showings(tx, &ids, now).await?;
    let (mut authors, mut regions) = (References::new(), References::new());
    for (article, is_author, one) in surroundings::named_in(tx, &ids).await? {
        let named = if is_author { &mut authors } else { &mut regions }.entry(article).or_default();
        if !named.iter().any(|earlier| earlier.id == one.id) {
            named.push(one.into());
        }
    }
    window.try_map(|row| {
        let id = row.article.id;
        let own = || periods.iter().filter(move |period| period.article_id == id);
        let standing = surroundings::standing(&row.article, own(), now);
        let live_from = own().next().map(|period| Timestamp(period.live_from));
        let around = (authors.remove(&id).unwrap_or_default(), regions.remove(&id).unwrap_or_default());
        StaffArticleCard::of(row, around, standing.live, live_from)
    })
}

/// Create an article
///
/// A draft that only the newsroom sees. `warnings` says what cleaning took out of the body.
#[utoipa::path(tag = "Newsroom: articles", request_body = ArticleCreate, responses((status = 201, description = "The article", body = StaffArticle)))]
#[post("/articles")]
async fn create_article(by: Actor<Articles>, new: Sent<ArticleCreate>, app: App) -> Reply<StaffArticle> {
    let (now, site) = (app.now(), app.settings.site_url.to_string());
    app.write(async move |tx| {
        let done = new.0.write(tx, async |tx, new| articles::create(tx, &by, &site, new, now).await).await?;
        let location = place(done.article.id);
        Ok(Tagged::created(written(tx, &by, done, now).await?, 1, location))
    })
    .await
}

/// Read an article
///
/// The working copy, by id or by any slug that it ever had.
#[utoipa::path(tag = "Newsroom: articles", params(("id" = String, Path, description = "Id or slug, present or former", example = "tokyo-and-ottawa-team-up-on-a-battery-metals-backbone"), FieldsParams), responses((status = 200, description = "The article", body = StaffArticle)))]
#[get("/articles/{id}")]
async fn get_staff_article(by: Actor<Read>, key: Path<IdOrSlug>, query: Query<Only>, app: App) -> Reply<StaffArticle> {
    let now = app.now();
    let fields = Fields::among::<StaffArticle>(&app, query.0.fields)?;
    app.read(async |tx| {
        let found = store::articles::read(tx, &key, seen_by(&by)).await?;
        let (article, content) = found.ok_or_else(Error::not_found)?;
        let version = article.at();
        Ok(Tagged::of(shown(tx, &by, article, content, now).await?, version).only(fields))
    })
    .await
}

/// Change an article
///
/// A merge-patch: `null` clears, an absent key keeps, arrays replace whole. What is live stays as it is until you publish.
/// What changes nothing writes no revision, and leaves an approval as it is.
/// Whoever began with an older version gets 412 with the `current` one, the `changes` since, the `changed_fields`, which of
/// these clash with the patch (`conflicting_fields`), and whether it is `mergeable`: then `/merge` takes it.
#[utoipa::path(tag = "Newsroom: articles", request_body = ArticlePatch, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[patch("/articles/{id}")]
async fn patch_article(
    by: Actor<Articles>,
    id: Path<Uuid>,
    seen: IfMatch,
    patch: Sent<ArticlePatch>,
    app: App,
) -> Reply<StaffArticle> {
    let (now, site) = (app.now(), app.settings.site_url.to_string());
    app.write(async move |tx| {
        let change = async |tx: &mut Tx, patch| articles::patch(tx, &by, &site, id.0, &seen.0, patch, now).await;
        let done = patch.0.write(tx, change).await?;
        answered(tx, &by, done, now).await
    })
    .await
}

/// Put an article into the trash
///
/// What is live or planned of it ends. It can be restored for 30 days, or as long as the server is set to, and its slug
/// stays its own until then; after that it is gone for good. Under a legal hold it stays.
#[utoipa::path(tag = "Newsroom: articles", responses((status = 204, description = "It is in the trash")))]
#[delete("/articles/{id}")]
async fn delete_article(by: Actor<Articles>, id: Path<Uuid>, seen: IfMatch, app: App) -> Reply<()> {
    let clock = app.clock.clone();
    app.write(async move |tx| {
        articles::trash(tx, &by, id.0, &seen.0, &clock).await?;
        Ok(Tagged::nothing())
    })
    .await
}

/// Take an article out of the trash or the archive
///
/// What was live of it stays withdrawn.
#[utoipa::path(tag = "Newsroom: articles", responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/restore")]
async fn restore_article(by: Actor<Articles>, id: Path<Uuid>, seen: IfMatch, app: App) -> Reply<StaffArticle> {
    let now = app.now();
    app.write(async move |tx| {
        let done = articles::restore(tx, &by, id.0, &seen.0, now).await?;
        answered(tx, &by, done, now).await
    })
    .await
}
