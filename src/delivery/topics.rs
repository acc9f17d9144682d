//! Topics in public: the list, and one by id or slug.

use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::articles::present;
use super::as_of::{AsOf, AsOfParams, lasting};
use super::views::{Topic, TopicList};
use crate::base::error::{Error, Result};
use crate::http::cursor::{around, identity};
use crate::http::deliver::{Fields, Freshness};
use crate::http::listing::{ByName, FieldsParams, NameParams, Only, PageParams};
use crate::http::{App, Delivered, Path, Query};
use crate::rules::reference::IdOrSlug;
use crate::rules::tag::tag;
use crate::store;

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_topics).service(get_topic);
}

/// List topics
///
/// By name, those that were merged away left out.
#[utoipa::path(tag = "Delivery: topics", params(AsOfParams, NameParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = TopicList)))]
#[get("/topics")]
async fn list_topics(query: Query<(ByName, AsOf)>, app: App) -> Result<Delivered> {
    let (ByName { words, paging, fields }, as_of) = query.0;
    let (moment, reader) = as_of.reader(&app)?;
    let fields = Fields::among::<Topic>(&app, fields)?;
    let list = identity("topics", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let window = store::topics::list(&reader, words.as_deref(), &seek).await?;
    let total = paging.total(async || store::topics::count(&reader, words.as_deref()).await).await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let last_modified = window.rows.iter().map(|topic| topic.updated_at).max();
    let data = window.rows.into_iter().map(Topic::from).collect();
    let tags = vec!["list:topics".to_owned()];
    let fresh = lasting(moment, Freshness { tags, last_modified, ..Freshness::default() });
    Ok(Delivered::json(&TopicList { data, meta }, fields.as_ref(), fresh, app.now())?.links(links))
}

/// Read a topic
///
/// A former slug, or the id of a topic that was merged into another one, answers 301 to the present one.
#[utoipa::path(tag = "Delivery: topics", params(("id_or_slug" = String, Path, description = "Id or slug, present or former", example = "critical-minerals"), AsOfParams, FieldsParams), responses((status = 200, description = "The topic", body = Topic)))]
#[get("/topics/{id_or_slug}")]
async fn get_topic(key: Path<IdOrSlug>, query: Query<(Only, AsOf)>, app: App) -> Result<Delivered> {
    let (only, as_of) = query.0;
    let (moment, reader) = as_of.reader(&app)?;
    let fields = Fields::among::<Topic>(&app, only.fields)?;
    let topic = store::topics::find(&reader, &key).await?.ok_or_else(Error::not_found)?;
    let fresh = Freshness {
        tags: vec![tag("topic", topic.id)],
        last_modified: Some(topic.updated_at),
        dated: true,
        ..Freshness::default()
    };
    let fresh = lasting(moment, fresh);
    if let Some(slug) = key.moved_to(topic.id, &topic.slug) {
        return Ok(Delivered::moved(present(&app, "/v1/topics", &slug, ""), fresh, app.now()));
    }
    Delivered::json(&Topic::from(topic), fields.as_ref(), fresh, app.now())
}
