//! Authors: list, create, read, change, merge, remove.

use actix_web::{delete, get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::views::{StaffAuthor, StaffAuthorList};
use crate::base::error::Error;
use crate::desk::authors::{self, AuthorCreate, AuthorMerge, AuthorPatch};
use crate::http::actor::{Authors, Read};
use crate::http::cursor::{around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{ByName, FieldsParams, NameParams, Only, PageParams};
use crate::http::{Actor, App, Body, IfMatch, Path, Query, Reply, Sent, Tagged};
use crate::rules::reference::IdOrSlug;
use crate::store::authors::Profile;
use crate::store::{self, Tx};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config
        .service(list_staff_authors)
        .service(create_author)
        .service(get_staff_author)
        .service(patch_author)
        .service(delete_author)
        .service(merge_authors);
}

/// List authors
///
/// By name, those that were merged away left out.
#[utoipa::path(tag = "Newsroom: authors", params(NameParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = StaffAuthorList)))]
#[get("/authors")]
async fn list_staff_authors(_by: Actor<Read>, query: Query<ByName>, app: App) -> Reply<StaffAuthorList> {
    let ByName { words, paging, fields } = query.0;
    let fields = Fields::among::<StaffAuthor>(&app, fields)?;
    let list = identity("staff_authors", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let (window, total) = app
        .read(async |tx| {
            let window = store::authors::list_in(tx, words.as_deref(), &seek).await?;
            let total = paging.total(async || store::authors::count_in(tx, words.as_deref()).await).await?;
            Ok((window, total))
        })
        .await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let data = window.rows.into_iter().map(StaffAuthor::from).collect();
    Ok(Tagged::plain(StaffAuthorList { data, meta }).links(&links).only(fields))
}

/// Create an author
///
/// Two authors may share a name, as people do; the slug tells them apart.
#[utoipa::path(tag = "Newsroom: authors", request_body = AuthorCreate, responses((status = 201, description = "The author", body = StaffAuthor)))]
#[post("/authors")]
async fn create_author(by: Actor<Authors>, new: Sent<AuthorCreate>, app: App) -> Reply<StaffAuthor> {
    let now = app.now();
    app.write(async move |tx| {
        let profile = new.0.write(tx, async |tx, new| authors::create(tx, &by, new, now).await).await?;
        let location = format!("/v1/newsroom/authors/{}", profile.0.id);
        Ok(Tagged::created(profile.into(), 1, location))
    })
    .await
}

/// Read an author
///
/// Also by a former slug, or by id or slug of an author that was merged into this one.
#[utoipa::path(tag = "Newsroom: authors", params(("id" = String, Path, description = "Id or slug, present or former", example = "sean-o-mara"), FieldsParams), responses((status = 200, description = "The author", body = StaffAuthor)))]
#[get("/authors/{id}")]
async fn get_staff_author(_by: Actor<Read>, key: Path<IdOrSlug>, query: Query<Only>, app: App) -> Reply<StaffAuthor> {
    let fields = Fields::among::<StaffAuthor>(&app, query.0.fields)?;
    let profile = app.read(async |tx| store::authors::find_in(tx, &key).await).await?;
    Ok(tagged(profile.ok_or_else(Error::not_found)?).only(fields))
}

/// Change an author
///
/// Merge-patch: `null` clears, what is not named stays. Every page that shows the author shows the change.
#[utoipa::path(tag = "Newsroom: authors", request_body = AuthorPatch, responses((status = 200, description = "The author as it is now", body = StaffAuthor)))]
#[patch("/authors/{id}")]
async fn patch_author(
    by: Actor<Authors>,
    id: Path<Uuid>,
    seen: IfMatch,
    patch: Sent<AuthorPatch>,
    app: App,
) -> Reply<StaffAuthor> {
    let now = app.now();
    app.write(async move |tx| {
        let change = async |tx: &mut Tx, patch| authors::patch(tx, &by, id.0, &seen.0, patch, now).await;
        Ok(tagged(patch.0.write(tx, change).await?))
    })
    .await
}

/// Remove an author
///
/// Only while no byline and no user names it; else merge it into another one.
#[utoipa::path(tag = "Newsroom: authors", responses((status = 204, description = "It is gone")))]
#[delete("/authors/{id}")]
async fn delete_author(by: Actor<Authors>, id: Path<Uuid>, seen: IfMatch, app: App) -> Reply<()> {
    let now = app.now();
    app.write(async move |tx| {
        authors::delete(tx, &by, id.0, &seen.0, now).await?;
        Ok(Tagged::nothing())
    })
    .await
}

/// Merge an author into this one
///
/// Bylines that named the other one name this one from then on; its id and slugs go on resolving, to this one.
#[utoipa::path(tag = "Newsroom: authors", request_body = AuthorMerge, responses((status = 200, description = "The author that stays", body = StaffAuthor)))]
#[post("/authors/{id}/merge")]
async fn merge_authors(
    by: Actor<Authors>,
    id: Path<Uuid>,
    seen: IfMatch,
    merge: Body<AuthorMerge>,
    app: App,
) -> Reply<StaffAuthor> {
    let now = app.now();
    app.write(async move |tx| Ok(tagged(authors::merge(tx, &by, id.0, &seen.0, &merge.0.absorb, now).await?))).await
}

fn tagged(profile: Profile) -> Tagged<StaffAuthor> {
    let version = profile.0.version;
    Tagged::of(profile.into(), version)
}
