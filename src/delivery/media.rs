//! Media in public: what stands over a live article or in an author's profile. An asset of a story that is not live
//! does not exist here, because its caption would tell of the story.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::articles::present;
use super::as_of::{AsOf, lasting};
use super::views::{Media, MediaList};
use crate::base::clock::Timestamp;
use crate::base::error::{Error, Result};
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::{Fields, Freshness};
use crate::http::listing::{AgeParams, FieldsParams, Only, PageParams};
use crate::http::query::{FromParams, Params};
use crate::http::{App, Delivered, Path, Query};
use crate::rules::media::MediaKind;
use crate::rules::reference::IdOrSlug;
use crate::rules::tag::tag;
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
    /// What the public saw at this instant, which must be over.
    #[param(required = false, example = "2026-01-05T09:00:00Z", value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// Only assets with these words in slug, alternative text, caption or credit, as the search of articles finds them.
    #[param(required = false, example = "mine", min_length = 1, max_length = 100)]
    pub q: Option<String>,
    /// Only assets of this kind.
    #[param(required = false, example = "image")]
    pub kind: Option<MediaKind>,
}

/// Parameters of one asset.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AssetForm {
    /// What the public saw at this instant, which must be over.
    #[param(required = false, example = "2026-01-05T09:00:00Z", value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct MediaQuery {
    as_of: AsOf,
    filter: Filter,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for MediaQuery {
    fn from_params(params: &mut Params) -> Self {
        let filter = Filter { words: params.words("q", 100), kind: params.take("kind") };
        Self {
            as_of: AsOf::from_params(params),
            filter,
            paging: Paging::by_age(params),
            fields: Only::from_params(params).fields,
        }
    }
}

/// List media
///
/// What stands over live articles and in authors' profiles, the newest first.
#[utoipa::path(tag = "Delivery: media", params(MediaFilter, AgeParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = MediaList)))]
#[get("/media")]
async fn list_media(query: Query<MediaQuery>, app: App) -> Result<Delivered> {
    let MediaQuery { as_of, filter, paging, fields } = query.0;
    let (now, (moment, reader)) = (app.now(), as_of.reader(&app)?);
    let fields = Fields::among::<Media>(&app, fields)?;
    let list = identity("media", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let window = store::media::list(&reader, &filter, &seek, moment).await?;
    let total = paging.total(async || store::media::count(&reader, &filter, moment).await).await?;
    let (boundary, ends) = store::media::next_change(&reader, None, now).await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let last_modified = window.rows.iter().map(|asset| asset.updated_at).max();
    let data = window.rows.into_iter().map(Media::from).collect();
    let tags = vec!["list:media".to_owned()];
    let fresh = lasting(moment, Freshness { boundary, ends, tags, last_modified, ..Freshness::default() });
    Ok(Delivered::json(&MediaList { data, meta }, fields.as_ref(), fresh, now)?.links(links))
}

/// Read an asset
///
/// A former slug answers 301 to the present one. What no live article and no profile shows does not exist here.
#[utoipa::path(tag = "Delivery: media", params(("id_or_slug" = String, Path, description = "Id or slug, present or former", example = "mine-worker"), AssetForm, FieldsParams), responses((status = 200, description = "The asset", body = Media)))]
#[get("/media/{id_or_slug}")]
async fn get_media(key: Path<IdOrSlug>, query: Query<(Only, AsOf)>, app: App) -> Result<Delivered> {
    let (only, as_of) = query.0;
    let (now, (moment, reader)) = (app.now(), as_of.reader(&app)?);
    let fields = Fields::among::<Media>(&app, only.fields)?;
    let asset = store::media::find(&reader, &key, moment).await?.ok_or_else(Error::not_found)?;
    let (boundary, ends) = store::media::next_change(&reader, Some(asset.id), now).await?;
    // What is public of media changes with every publication, whichever asset it shows.
    let tags = vec![tag("media", asset.id), "list:media".to_owned()];
    let fresh = lasting(moment, Freshness { boundary, ends, tags, last_modified: Some(asset.updated_at), dated: true });
    if let Some(slug) = key.moved_to(asset.id, &asset.slug) {
        return Ok(Delivered::moved(present(&app, "/v1/media", &slug, ""), fresh, now));
    }
    Delivered::json(&Media::from(asset), fields.as_ref(), fresh, now)
}
