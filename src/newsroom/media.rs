//! Media: list, create, read, change, remove.

use actix_web::{delete, get, patch, post};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::views::{StaffMedia, StaffMediaList};
use crate::base::error::Error;
use crate::desk::articles::seen_by;
use crate::desk::media::{self, MediaCreate, MediaPatch};
use crate::http::actor::{Media, Read};
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{AgeParams, FieldsParams, Only, PageParams};
use crate::http::query::{FromParams, Params};
use crate::http::{Actor, App, IfMatch, Path, Query, Reply, Sent, Tagged};
use crate::rules::media::MediaKind;
use crate::rules::reference::IdOrSlug;
use crate::store::media::Filter;
use crate::store::{self, Tx};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config
        .service(list_staff_media)
        .service(create_media)
        .service(get_staff_media)
        .service(patch_media)
        .service(delete_media);
}

/// Parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StaffMediaFilter {
    /// Only assets with these words in slug, alternative text, caption or credit, as the search of articles finds them.
    #[param(required = false, example = "mine", min_length = 1, max_length = 100)]
    pub q: Option<String>,
    /// Only assets of this kind.
    #[param(required = false, example = "image")]
    pub kind: Option<MediaKind>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct StaffMediaQuery {
    filter: Filter,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for StaffMediaQuery {
    fn from_params(params: &mut Params) -> Self {
        let filter = Filter { words: params.words("q", 100), kind: params.take("kind") };
        Self { filter, paging: Paging::by_age(params), fields: Only::from_params(params).fields }
    }
}

/// List media
///
/// The newest first. Contributors and authors see what they added themselves and what readers see.
#[utoipa::path(tag = "Newsroom: media", params(StaffMediaFilter, AgeParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = StaffMediaList)))]
#[get("/media")]
async fn list_staff_media(by: Actor<Read>, query: Query<StaffMediaQuery>, app: App) -> Reply<StaffMediaList> {
    let StaffMediaQuery { filter, paging, fields } = query.0;
    let fields = Fields::among::<StaffMedia>(&app, fields)?;
    let list = identity("staff_media", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let (whose, now) = (seen_by(&by), app.now());
    let (window, total) = app
        .read(async |tx| {
            let window = store::media::list_in(tx, whose, &filter, &seek, now).await?;
            let total = paging.total(async || store::media::count_in(tx, whose, &filter, now).await).await?;
            Ok((window, total))
        })
        .await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let data = window.rows.into_iter().map(StaffMedia::from).collect();
    Ok(Tagged::plain(StaffMediaList { data, meta }).links(&links).only(fields))
}

/// Create an asset
///
/// What is known of it; its bytes stay where the URL says.
#[utoipa::path(tag = "Newsroom: media", request_body = MediaCreate, responses((status = 201, description = "The asset", body = StaffMedia)))]
#[post("/media")]
async fn create_media(by: Actor<Media>, new: Sent<MediaCreate>, app: App) -> Reply<StaffMedia> {
    let now = app.now();
    app.write(async move |tx| {
        let asset = new.0.write(tx, async |tx, new| media::create(tx, &by, new, now).await).await?;
        let location = format!("/v1/newsroom/media/{}", asset.id);
        Ok(Tagged::created(asset.into(), 1, location))
    })
    .await
}

/// Read an asset
///
/// Also by a former slug. To contributors and authors, what somebody else added is not there until readers see it.
#[utoipa::path(tag = "Newsroom: media", params(("id" = String, Path, description = "Id or slug, present or former", example = "mine-worker"), FieldsParams), responses((status = 200, description = "The asset", body = StaffMedia)))]
#[get("/media/{id}")]
async fn get_staff_media(by: Actor<Read>, key: Path<IdOrSlug>, query: Query<Only>, app: App) -> Reply<StaffMedia> {
    let fields = Fields::among::<StaffMedia>(&app, query.0.fields)?;
    let (whose, now) = (seen_by(&by), app.now());
    let asset = app.read(async |tx| store::media::seen_in(tx, whose, &key, now).await).await?;
    Ok(tagged(asset.ok_or_else(Error::not_found)?).only(fields))
}

/// Change an asset
///
/// Merge-patch: `null` clears, what is not named stays. Every page that shows the asset shows the change. Contributors
/// and authors change what they added themselves, until it stands over an article that is live or planned, or in an
/// author's profile: from then on it is the editors'.
#[utoipa::path(tag = "Newsroom: media", request_body = MediaPatch, responses((status = 200, description = "The asset as it is now", body = StaffMedia)))]
#[patch("/media/{id}")]
async fn patch_media(
    by: Actor<Media>,
    id: Path<Uuid>,
    seen: IfMatch,
    patch: Sent<MediaPatch>,
    app: App,
) -> Reply<StaffMedia> {
    let now = app.now();
    app.write(async move |tx| {
        let change = async |tx: &mut Tx, patch| media::patch(tx, &by, id.0, &seen.0, patch, now).await;
        Ok(tagged(patch.0.write(tx, change).await?))
    })
    .await
}

/// Remove an asset
///
/// Only while no article and no profile shows it. Contributors and authors remove what they added themselves.
#[utoipa::path(tag = "Newsroom: media", responses((status = 204, description = "It is gone")))]
#[delete("/media/{id}")]
async fn delete_media(by: Actor<Media>, id: Path<Uuid>, seen: IfMatch, app: App) -> Reply<()> {
    let now = app.now();
    app.write(async move |tx| {
        media::delete(tx, &by, id.0, &seen.0, now).await?;
        Ok(Tagged::nothing())
    })
    .await
}

fn tagged(asset: store::media::Media) -> Tagged<StaffMedia> {
    let version = asset.version;
    Tagged::of(asset.into(), version)
}
