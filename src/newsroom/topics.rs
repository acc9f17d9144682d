//! Topics: list, create, read, change, merge, remove.

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::views::{StaffTopic, StaffTopicList};
use crate::base::error::Error;
use crate::desk::topics::{self, TopicCreate, TopicPatch};
use crate::http::actor::{Read, Topics};
use crate::http::cursor::{around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{ByName, FieldsParams, NameParams, Only, PageParams};
use crate::http::{Actor, App, Body, IfMatch, Path, Query, Reply, Sent, Tagged};
use crate::rules::reference::IdOrSlug;
use crate::store::{self, Tx};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config
        .service(list_staff_topics)
        .service(create_topic)
        .service(get_staff_topic)
        .service(patch_topic)
        .service(delete_topic)
        .service(merge_topics);
}

/// Which topic is taken in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicMerge {
    /// Id or slug of the topic that ends; its id and slugs lead to the other one from then on.
    #[schema(example = "critical-metals", min_length = 1, max_length = 200)]
    pub absorb: String,
}

/// List topics
///
/// By name, those that were merged away left out.
#[utoipa::path(tag = "Newsroom: topics", params(NameParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = StaffTopicList)))]
#[get("/topics")]
async fn list_staff_topics(_by: Actor<Read>, query: Query<ByName>, app: App) -> Reply<StaffTopicList> {
    let ByName { words, paging, fields } = query.0;
    let fields = Fields::among::<StaffTopic>(&app, fields)?;
    let list = identity("staff_topics", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let (window, total) = app
        .read(async |tx| {
            let window = store::topics::list_in(tx, words.as_deref(), &seek).await?;
            let total = paging.total(async || store::topics::count_in(tx, words.as_deref()).await).await?;
            Ok((window, total))
        })
        .await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let data = window.rows.into_iter().map(StaffTopic::from).collect();
    Ok(Tagged::plain(StaffTopicList { data, meta }).links(&links).only(fields))
}

/// Create a topic
///
/// Names are told apart without regard to case; one that is taken is a conflict.
#[utoipa::path(tag = "Newsroom: topics", request_body = TopicCreate, responses((status = 201, description = "The topic", body = StaffTopic)))]
#[post("/topics")]
async fn create_topic(by: Actor<Topics>, new: Sent<TopicCreate>, app: App) -> Reply<StaffTopic> {
    let now = app.now();
    app.write(async move |tx| {
        let topic = new.0.write(tx, async |tx, new| topics::create(tx, &by, new, now).await).await?;
        let location = format!("/v1/newsroom/topics/{}", topic.id);
        Ok(Tagged::created(topic.into(), 1, location))
    })
    .await
}

/// Read a topic
///
/// Also by a former slug, or by id or slug of a topic that was merged into this one.
#[utoipa::path(tag = "Newsroom: topics", params(("id" = String, Path, description = "Id or slug, present or former", example = "critical-minerals"), FieldsParams), responses((status = 200, description = "The topic", body = StaffTopic)))]
#[get("/topics/{id}")]
async fn get_staff_topic(_by: Actor<Read>, key: Path<IdOrSlug>, query: Query<Only>, app: App) -> Reply<StaffTopic> {
    let fields = Fields::among::<StaffTopic>(&app, query.0.fields)?;
    let topic = app.read(async |tx| store::topics::find_in(tx, &key).await).await?.ok_or_else(Error::not_found)?;
    let version = topic.version;
    Ok(Tagged::of(topic.into(), version).only(fields))
}

/// Change a topic
///
/// Merge-patch: `null` clears, what is not named stays. Every page that shows the topic shows the change.
#[utoipa::path(tag = "Newsroom: topics", request_body = TopicPatch, responses((status = 200, description = "The topic as it is now", body = StaffTopic)))]
#[patch("/topics/{id}")]
async fn patch_topic(
    by: Actor<Topics>,
    id: Path<Uuid>,
    seen: IfMatch,
    patch: Sent<TopicPatch>,
    app: App,
) -> Reply<StaffTopic> {
    let now = app.now();
    app.write(async move |tx| {
        let change = async |tx: &mut Tx, patch| topics::patch(tx, &by, id.0, &seen.0, patch, now).await;
        let topic = patch.0.write(tx, change).await?;
        let version = topic.version;
        Ok(Tagged::of(topic.into(), version))
    })
    .await
}

/// Remove a topic
///
/// Only while no article carries it; else merge it into another one.
#[utoipa::path(tag = "Newsroom: topics", responses((status = 204, description = "It is gone")))]
#[delete("/topics/{id}")]
async fn delete_topic(by: Actor<Topics>, id: Path<Uuid>, seen: IfMatch, app: App) -> Reply<()> {
    let now = app.now();
    app.write(async move |tx| {
        topics::delete(tx, &by, id.0, &seen.0, now).await?;
        Ok(Tagged::nothing())
    })
    .await
}

/// Merge a topic into this one
///
/// Articles that carried the other one carry this one from then on; its id and slugs go on resolving, to this one.
#[utoipa::path(tag = "Newsroom: topics", request_body = TopicMerge, responses((status = 200, description = "The topic that stays", body = StaffTopic)))]
#[post("/topics/{id}/merge")]
async fn merge_topics(
    by: Actor<Topics>,
    id: Path<Uuid>,
    seen: IfMatch,
    merge: Body<TopicMerge>,
    app: App,
) -> Reply<StaffTopic> {
    let now = app.now();
    app.write(async move |tx| {
        let topic = topics::merge(tx, &by, id.0, &seen.0, &merge.0.absorb, now).await?;
        let version = topic.version;
        Ok(Tagged::of(topic.into(), version))
    })
    .await
}
