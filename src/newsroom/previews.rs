//! Links that show a draft to somebody without an account: make, list, read, revoke.

use actix_web::{delete, get, post};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::views::{StaffPreview, StaffPreviewCreated, StaffPreviewList};
use crate::base::clock::Timestamp;
use crate::base::error::Error;
use crate::desk::articles::previews::{self as desk, NewPreview};
use crate::http::actor::{Articles, Read};
use crate::http::cursor::{around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{AgeParams, ByAge, FieldsParams, PageParams};
use crate::http::{Actor, App, OptionalBody, Path, Query, Reply, Tagged};
use crate::store::{lookup, previews};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_previews).service(create_preview).service(get_preview_link).service(revoke_preview);
}

/// What a new link shows, and until when; without anything, the newest draft for seven days.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewCreate {
    /// The revision to show for good; always the newest when absent.
    #[serde(default)]
    #[schema(example = 3, minimum = 1, nullable = false)]
    pub revision: Option<i32>,
    /// When it ends: within 90 days; seven days from now when absent.
    #[serde(default)]
    #[schema(example = "2026-01-12T09:00:00Z", nullable = false)]
    pub expires_at: Option<Timestamp>,
    /// For whom it is.
    #[serde(default)]
    #[schema(example = "For the lawyers", min_length = 1, max_length = 300, nullable = false)]
    pub note: Option<String>,
}

/// List the links to a draft
///
/// The newest first, revoked and expired ones too, without what opens them.
#[utoipa::path(tag = "Newsroom: previews", params(AgeParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = StaffPreviewList)))]
#[get("/articles/{id}/previews")]
async fn list_previews(by: Actor<Read>, id: Path<Uuid>, query: Query<ByAge>, app: App) -> Reply<StaffPreviewList> {
    let ByAge { paging, fields } = query.0;
    let fields = Fields::among::<StaffPreview>(&app, fields)?;
    let list = identity(&format!("previews of {}", id.0), app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let (window, total) = app
        .read(async |tx| {
            desk::visible(tx, &by, id.0).await?;
            let window = previews::list_in(tx, id.0, &seek).await?;
            let total = paging.total(async || previews::count_in(tx, id.0).await).await?;
            Ok((window, total))
        })
        .await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let data = window.rows.into_iter().map(|(preview, name)| StaffPreview::of(preview, name.as_ref())).collect();
    Ok(Tagged::plain(StaffPreviewList { data, meta }).links(&links).only(fields))
}

/// Make a link to a draft
///
/// Whoever holds it may read the draft at `/v1/preview/{token}`, and all of its page at `/v1/preview/{token}/page`, until it
/// ends or is revoked, the article goes into the trash, or whoever made the link may no longer see the article. There is
/// none to what is taken down, and those that there were show the reason until it is reinstated. The token is in this
/// answer and in no other.
#[utoipa::path(tag = "Newsroom: previews", request_body = Option<PreviewCreate>, responses((status = 201, description = "The link", body = StaffPreviewCreated)))]
#[post("/articles/{id}/previews")]
async fn create_preview(
    by: Actor<Articles>,
    id: Path<Uuid>,
    new: OptionalBody<PreviewCreate>,
    app: App,
) -> Reply<StaffPreviewCreated> {
    let (now, shared) = (app.now(), app.clone());
    let PreviewCreate { revision, expires_at, note } = new.0;
    let new = NewPreview { revision, expires_at: expires_at.map(|at| at.0), note };
    app.write(async move |tx| {
        let preview = desk::create(tx, &by, id.0, new, now).await?;
        let names = lookup::user_names(tx, &[by.user_id]).await?;
        let token = shared.previews.sign(preview.id, preview.expires_at);
        let token = token.ok_or_else(|| Error::internal("a preview cannot be signed"))?;
        let url = format!("{}/v1/preview/{token}", shared.settings.public_url.as_str().trim_end_matches('/'));
        let location = format!("/v1/newsroom/articles/{}/previews/{}", id.0, preview.id);
        let shown = StaffPreview::of(preview, names.get(&by.user_id));
        Ok(Tagged::created(StaffPreviewCreated { token, url, shown }, 1, location))
    })
    .await
}

/// Read a link to a draft
///
/// What it shows and until when, without what opens it.
#[utoipa::path(tag = "Newsroom: previews", responses((status = 200, description = "The link", body = StaffPreview)))]
#[get("/articles/{id}/previews/{preview_id}")]
async fn get_preview_link(by: Actor<Read>, path: Path<(Uuid, Uuid)>, app: App) -> Reply<StaffPreview> {
    let (preview, name) = app.read(async |tx| desk::find(tx, &by, path.0.0, path.0.1).await).await?;
    let preview = StaffPreview::of(preview, name.as_ref());
    let version = preview.version();
    Ok(Tagged::of(preview, version))
}

/// Revoke a link to a draft
///
/// It shows nothing from then on; its record stays for 30 days after it would have ended.
#[utoipa::path(tag = "Newsroom: previews", responses((status = 204, description = "It is revoked")))]
#[delete("/articles/{id}/previews/{preview_id}")]
async fn revoke_preview(by: Actor<Articles>, path: Path<(Uuid, Uuid)>, app: App) -> Reply<()> {
    let now = app.now();
    let (id, preview_id) = path.0;
    app.write(async move |tx| {
        desk::revoke(tx, &by, id, preview_id, now).await?;
        Ok(Tagged::nothing())
    })
    .await
}
