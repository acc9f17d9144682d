//! Related links of an article, one by one and as a whole ordered list, and the links that lead to it.

use actix_web::{delete, get, patch, post, put};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::articles::place;
use super::views::{ArticleMention, Backlink, BacklinkList, StaffLink, StaffLinkList};
use crate::base::error::{Error, Result};
use crate::desk::articles::input::{LinkInput, TargetInput};
use crate::desk::articles::{self, Written, seen_by};
use crate::http::actor::{Articles, Read};
use crate::http::cursor::{around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{AgeParams, ByAge, FieldsParams, PageParams};
use crate::http::{Actor, App, IfMatch, Path, Query, Reply, Sent, Tagged};
use crate::rules::article::{Content, LinkKind};
use crate::rules::change::Change;
use crate::rules::permission::Principal;
use crate::rules::reference::IdOrSlug;
use crate::store::articles::{Article, read, seen};
use crate::store::{Tx, article_lists, surroundings};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config
        .service(list_links)
        .service(create_link)
        .service(replace_links)
        .service(get_link)
        .service(patch_link)
        .service(delete_link)
        .service(list_backlinks);
}

/// A new link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkCreate {
    /// Why it is there. `inline` links are made from the body and cannot be sent.
    #[schema(example = "read_more")]
    pub kind: LinkKind,
    /// Where it leads.
    pub target: TargetInput,
    /// Its place among the links that are not inline, from 0; at the end without.
    #[serde(default)]
    #[schema(example = 0, minimum = 0, maximum = 100, nullable = false)]
    pub position: Option<usize>,
}

/// What changes of a link: a merge-patch. Where it leads stays: make another link instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkPatch {
    /// Another kind.
    #[serde(default)]
    #[schema(example = "related", nullable = false)]
    pub kind: Option<LinkKind>,
    /// Other words; `null` shows the headline.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Why carmakers worry", min_length = 1, max_length = 300)]
    pub title: Change<String>,
    /// Another place among the links that are not inline, from 0.
    #[serde(default)]
    #[schema(example = 0, minimum = 0, maximum = 100, nullable = false)]
    pub position: Option<usize>,
}

/// The whole ordered list, without the inline links, which stay with the body.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkReplacement {
    /// In order. A link that was there before keeps its id.
    #[schema(max_items = 100)]
    pub related: Vec<LinkInput>,
}

async fn links_of(tx: &mut Tx, by: &Principal, done: &(Article, Content), now: Now) -> Result<StaffLinkList> {
    let (article, content) = done;
    let around = surroundings::of(tx, article, content, seen_by(by), now).await?;
    Ok(StaffLinkList::of(content, &around))
}

type Now = chrono::DateTime<chrono::Utc>;

async fn one_link(tx: &mut Tx, by: &Principal, done: &(Article, Content), id: Uuid, now: Now) -> Result<StaffLink> {
    let all = links_of(tx, by, done, now).await?;
    all.data.into_iter().find(|link| link.id == id).ok_or_else(Error::not_found)
}

/// List the links of an article
///
/// The inline ones as they stand in the body, then the others in their order. The `ETag` is the article's.
#[utoipa::path(tag = "Newsroom: related links", responses((status = 200, description = "All links", body = StaffLinkList)))]
#[get("/articles/{id}/related")]
async fn list_links(by: Actor<Read>, id: Path<Uuid>, app: App) -> Reply<StaffLinkList> {
    let now = app.now();
    app.read(async |tx| {
        let found = read(tx, &IdOrSlug::Id(id.0), seen_by(&by)).await?.ok_or_else(Error::not_found)?;
        Ok(Tagged::of(links_of(tx, &by, &found, now).await?, found.0.at()))
    })
    .await
}

/// Add a link to an article
///
/// At `position` among those that are not inline, or after them. What is live shows it when the article is published again.
#[utoipa::path(tag = "Newsroom: related links", request_body = LinkCreate, responses((status = 201, description = "The link; the `ETag` is the article's", body = StaffLink)))]
#[post("/articles/{id}/related")]
async fn create_link(
    by: Actor<Articles>,
    id: Path<Uuid>,
    seen: IfMatch,
    new: Sent<LinkCreate>,
    app: App,
) -> Reply<StaffLink> {
    let (now, site) = (app.now(), app.settings.site_url.to_string());
    app.write(async move |tx| {
        let post = async |tx: &mut Tx, LinkCreate { kind, target, position }| {
            let sent = LinkInput { kind, target };
            articles::post_link(tx, &by, &site, id.0, &seen.0, (sent, position), now).await
        };
        let (done, link_id) = new.0.write(tx, post).await?;
        let Written { article, content, .. } = done;
        let (version, location) = (article.at(), format!("{}/related/{link_id}", place(id.0)));
        Ok(Tagged::created(one_link(tx, &by, &(article, content), link_id, now).await?, version, location))
    })
    .await
}

/// Replace the links of an article
///
/// The whole ordered list at once. Inline links are made from the body and stay.
#[utoipa::path(tag = "Newsroom: related links", request_body = LinkReplacement, responses((status = 200, description = "All links as they are now; the `ETag` is the article's", body = StaffLinkList)))]
#[put("/articles/{id}/related")]
async fn replace_links(
    by: Actor<Articles>,
    id: Path<Uuid>,
    seen: IfMatch,
    list: Sent<LinkReplacement>,
    app: App,
) -> Reply<StaffLinkList> {
    let (now, site) = (app.now(), app.settings.site_url.to_string());
    app.write(async move |tx| {
        let put = async |tx: &mut Tx, LinkReplacement { related }| {
            articles::put_links(tx, &by, &site, id.0, &seen.0, related, now).await
        };
        let done = list.0.write(tx, put).await?;
        let done = (done.article, done.content);
        Ok(Tagged::of(links_of(tx, &by, &done, now).await?, done.0.at()))
    })
    .await
}

/// Read one link of an article
///
/// Links keep their ids as long as they lead to the same place.
#[utoipa::path(tag = "Newsroom: related links", responses((status = 200, description = "The link; the `ETag` is the article's", body = StaffLink)))]
#[get("/articles/{id}/related/{link_id}")]
async fn get_link(by: Actor<Read>, path: Path<(Uuid, Uuid)>, app: App) -> Reply<StaffLink> {
    let ((id, link_id), now) = (path.0, app.now());
    app.read(async |tx| {
        let found = read(tx, &IdOrSlug::Id(id), seen_by(&by)).await?.ok_or_else(Error::not_found)?;
        Ok(Tagged::of(one_link(tx, &by, &found, link_id, now).await?, found.0.at()))
    })
    .await
}

/// Change a link of an article
///
/// Merge-patch: what is not named stays. What is live shows it when the article is published again.
#[utoipa::path(tag = "Newsroom: related links", request_body = LinkPatch, responses((status = 200, description = "The link as it is now; the `ETag` is the article's", body = StaffLink)))]
#[patch("/articles/{id}/related/{link_id}")]
async fn patch_link(
    by: Actor<Articles>,
    path: Path<(Uuid, Uuid)>,
    seen: IfMatch,
    sent: Sent<LinkPatch>,
    app: App,
) -> Reply<StaffLink> {
    let (now, site) = (app.now(), app.settings.site_url.to_string());
    let (link, link_id) = (path.0, path.0.1);
    app.write(async move |tx| {
        let patch = async |tx: &mut Tx, LinkPatch { kind, title, position }| {
            let change = articles::LinkPatch { kind, title, position };
            articles::patch_link(tx, &by, &site, link, &seen.0, change, now).await
        };
        let done = sent.0.write(tx, patch).await?;
        let version = done.article.at();
        Ok(Tagged::of(one_link(tx, &by, &(done.article, done.content), link_id, now).await?, version))
    })
    .await
}

/// Take a link out of an article
///
/// The `ETag` of the answer is the article's as it is then.
#[utoipa::path(tag = "Newsroom: related links", responses((status = 204, description = "It is gone")))]
#[delete("/articles/{id}/related/{link_id}")]
async fn delete_link(by: Actor<Articles>, path: Path<(Uuid, Uuid)>, seen: IfMatch, app: App) -> Reply<()> {
    let (now, site) = (app.now(), app.settings.site_url.to_string());
    app.write(async move |tx| {
        let done = articles::delete_link(tx, &by, &site, path.0, &seen.0, now).await?;
        Ok(Tagged::nothing().version(done.article.at()))
    })
    .await
}

/// List what links to an article
///
/// The articles whose working copies link here and that you may edit, the newest link first; none in the trash.
#[utoipa::path(tag = "Newsroom: related links", params(AgeParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = BacklinkList)))]
#[get("/articles/{id}/backlinks")]
async fn list_backlinks(by: Actor<Read>, id: Path<Uuid>, query: Query<ByAge>, app: App) -> Reply<BacklinkList> {
    let (ByAge { paging, fields }, now) = (query.0, app.now());
    let fields = Fields::among::<Backlink>(&app, fields)?;
    let list = identity(&format!("backlinks of {}", id.0), app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let (window, found, total) = app
        .read(async |tx| {
            seen(tx, id.0, seen_by(&by)).await?;
            let window = article_lists::backlinks(tx, id.0, seen_by(&by), &seek).await?;
            let ids: Vec<Uuid> = window.rows.iter().map(|link| link.from).collect();
            let found = surroundings::mentioned(tx, &ids, seen_by(&by), now).await?;
            let total = paging.total(async || article_lists::count_backlinks(tx, id.0, seen_by(&by)).await).await?;
            Ok((window, found, total))
        })
        .await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let shown = |link: article_lists::Backlink| {
        let article = ArticleMention::of(link.from, found.get(&link.from)?);
        let (link_id, title, block_id) = (link.link_id, link.title, link.block_id);
        let kind = link.kind.parse::<LinkKind>().map_err(Error::internal);
        Some(kind.map(|kind| Backlink { link_id, kind, title, block_id, article }))
    };
    let data = window.rows.into_iter().filter_map(shown).collect::<Result<_>>()?;
    Ok(Tagged::plain(BacklinkList { data, meta }).links(&links).only(fields))
}
