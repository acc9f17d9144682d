//! Media in public: what stands over a live article or in an author's profile. An asset of a story that is not live
//! does not exist here, because its caption would tell of the story.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::views::{Media, MediaList};
use crate::base::error::{Error, Result};
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::{Fields, Freshness};
use crate::http::listing::{AgeParams, FieldsParams, Only, PageParams};
use crate::http::query::{FromParams, Params};
use crate::http::{App, Delivered, Path, Query};
use crate::rules::media::MediaKind;
use crate::rules::reference::IdOrSlug;
use crate::store;
use crate::store::media::Filter;

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_media).service(get_media);
}

/// Parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MediaFilter {
    /// Only assets whose slug, alternative text, caption or credit contains these words.
    #[param(required = false, example = "mine", min_length = 1, max_length = 100)]
    pub q: Option<String>,
    /// Only assets of this kind.
    #[param(required = false, example = "image")]
    pub kind: Option<MediaKind>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct MediaQuery {
    filter: Filter,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for MediaQuery {
    fn from_params(params: &mut Params) -> Self {
        let filter = Filter { words: params.words("q", 100), kind: params.take("kind") };
        Self { filter, paging: Paging::by_age(params), fields: Only::from_params(params).fields }
    }
}

/// List media
///
/// What stands over live articles and in authors' profiles, the newest first.
#[utoipa::path(tag = "Delivery: media", params(MediaFilter, AgeParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = MediaList)))]
#[get("/media")]
async fn list_media(query: Query<MediaQuery>, app: App) -> Result<Delivered> {
    let MediaQuery { filter, paging, fields } = query.0;
    let now = app.now();
    let fields = Fields::among::<Media>(&app, fields)?;
    let list = identity("media", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let window = store::media::list(app.reader(), &filter, &seek, now).await?;
    let total = if paging.include_total { Some(store::media::count(app.reader(), &filter, now).await?) } else { None };
    let boundary = store::media::next_change(app.reader(), None, now).await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let data = window.rows.into_iter().map(Media::from).collect();
    let fresh = Freshness { boundary, tags: vec!["list:media".to_owned()], last_modified: None };
    Ok(Delivered::json(&MediaList { data, meta }, fields.as_ref(), fresh, now)?.links(links))
}

/// Read an asset
///
/// A former slug answers 301 to the present one. What no live article and no profile shows does not exist here.
#[utoipa::path(tag = "Delivery: media", params(("id_or_slug" = String, Path, description = "Id or slug, present or former", example = "mine-worker"), FieldsParams), responses((status = 200, description = "The asset", body = Media)))]
#[get("/media/{id_or_slug}")]
async fn get_media(key: Path<IdOrSlug>, query: Query<Only>, app: App) -> Result<Delivered> {
    let now = app.now();
    let fields = Fields::among::<Media>(&app, query.0.fields)?;
    let asset = store::media::find(app.reader(), &key, now).await?.ok_or_else(Error::not_found)?;
    let boundary = store::media::next_change(app.reader(), Some(asset.id), now).await?;
    // What is public of media changes with every publication, whichever asset it shows.
    let tags = vec![format!("media:{}", asset.id), "list:media".to_owned()];
    let fresh = Freshness { boundary, tags, last_modified: Some(asset.updated_at) };
    if let Some(present) = key.moved_to(asset.id, &asset.slug) {
        return Ok(Delivered::moved(format!("/v1/media/{present}"), fresh, now));
    }
    Delivered::json(&Media::from(asset), fields.as_ref(), fresh, now)
}
