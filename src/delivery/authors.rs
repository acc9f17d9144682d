//! Authors in public: the list, and one by id or slug.

use actix_web::get;
use chrono::{DateTime, Utc};
use utoipa_actix_web::service_config::ServiceConfig;

use super::articles::present;
use super::as_of::{AsOf, AsOfParams, lasting};
use super::views::{Author, AuthorList};
use crate::base::error::{Error, Result};
use crate::http::cursor::{around, identity};
use crate::http::deliver::{Fields, Freshness};
use crate::http::listing::{ByName, FieldsParams, NameParams, Only, PageParams};
use crate::http::{App, Delivered, Path, Query};
use crate::rules::reference::IdOrSlug;
use crate::rules::tag::tag;
use crate::store;
use crate::store::authors::Profile;

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_authors).service(get_author);
}

/// List authors
///
/// By name, those that were merged away left out.
#[utoipa::path(tag = "Delivery: authors", params(AsOfParams, NameParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = AuthorList)))]
#[get("/authors")]
async fn list_authors(query: Query<(ByName, AsOf)>, app: App) -> Result<Delivered> {
    let (ByName { words, paging, fields }, as_of) = query.0;
    let (moment, reader) = as_of.reader(&app)?;
    let fields = Fields::among::<Author>(&app, fields)?;
    let list = identity("authors", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let window = store::authors::list(&reader, words.as_deref(), &seek).await?;
    let total = paging.total(async || store::authors::count(&reader, words.as_deref()).await).await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let mut tags = vec!["list:authors".to_owned()];
    tags.extend(window.rows.iter().filter_map(|(author, _)| author.avatar_id).map(|id| tag("media", id)));
    let last_modified = window.rows.iter().map(changed).max();
    let data = window.rows.into_iter().map(Author::from).collect();
    let fresh = lasting(moment, Freshness { tags, last_modified, ..Freshness::default() });
    Ok(Delivered::json(&AuthorList { data, meta }, fields.as_ref(), fresh, app.now())?.links(links))
}

/// Read an author
///
/// A former slug, or the id of an author that was merged into another one, answers 301 to the present one.
#[utoipa::path(tag = "Delivery: authors", params(("id_or_slug" = String, Path, description = "Id or slug, present or former", example = "sean-o-mara"), AsOfParams, FieldsParams), responses((status = 200, description = "The author", body = Author)))]
#[get("/authors/{id_or_slug}")]
async fn get_author(key: Path<IdOrSlug>, query: Query<(Only, AsOf)>, app: App) -> Result<Delivered> {
    let (only, as_of) = query.0;
    let (moment, reader) = as_of.reader(&app)?;
    let fields = Fields::among::<Author>(&app, only.fields)?;
    let profile = store::authors::find(&reader, &key).await?.ok_or_else(Error::not_found)?;
    let fresh = lasting(moment, freshness(&profile));
    if let Some(slug) = key.moved_to(profile.0.id, &profile.0.slug) {
        return Ok(Delivered::moved(present(&app, "/v1/authors", &slug, ""), fresh, app.now()));
    }
    Delivered::json(&Author::from(profile), fields.as_ref(), fresh, app.now())
}

fn freshness(profile: &Profile) -> Freshness {
    let (author, avatar) = profile;
    let mut tags = vec![tag("author", author.id)];
    tags.extend(avatar.as_ref().map(|asset| tag("media", asset.id)));
    Freshness { tags, last_modified: Some(changed(profile)), dated: true, ..Freshness::default() }
}

/// When the author or the picture was written last.
fn changed((author, avatar): &Profile) -> DateTime<Utc> {
    avatar.as_ref().map_or(author.updated_at, |asset| asset.updated_at.max(author.updated_at))
}
