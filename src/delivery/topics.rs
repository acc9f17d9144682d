//! Topics in public: the list, and one by id or slug.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::views::{Topic, TopicList};
use crate::base::error::{Error, Result};
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::{Fields, Freshness};
use crate::http::query::{FromParams, Params};
use crate::http::{App, Delivered, Path, Query};
use crate::rules::reference::IdOrSlug;
use crate::store;

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_topics).service(get_topic);
}

/// Parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TopicFilter {
    /// Only topics whose name contains these words.
    #[param(required = false, example = "mineral", min_length = 1, max_length = 100)]
    pub q: Option<String>,
    /// Items per page.
    #[param(required = false, example = 20, minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i64>,
    /// From `meta` of another page of this list.
    #[param(required = false, example = "AXsiayI6", min_length = 1, max_length = 2000)]
    pub cursor: Option<String>,
    /// Whether `meta.total` counts the list.
    #[param(required = false, example = false, default = false)]
    pub include_total: Option<bool>,
    /// Only these members of each item, comma-separated, nested ones with a dot. The others are absent, required or not.
    #[param(required = false, example = "id,name", min_length = 1, max_length = 1000)]
    pub fields: Option<String>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct TopicQuery {
    words: Option<String>,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for TopicQuery {
    fn from_params(params: &mut Params) -> Self {
        Self { words: params.words("q", 100), paging: Paging::from_params(params), fields: params.list("fields", 50) }
    }
}

/// List topics
///
/// By name.
#[utoipa::path(tag = "Delivery: topics", params(TopicFilter), responses((status = 200, description = "One page", body = TopicList)))]
#[get("/topics")]
async fn list_topics(query: Query<TopicQuery>, app: App) -> Result<Delivered> {
    let TopicQuery { words, paging, fields } = query.0;
    let fields = Fields::among::<Topic>(&app, fields)?;
    let list = identity("topics", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let window = store::topics::list(app.reader(), words.as_deref(), &seek).await?;
    let total =
        if paging.include_total { Some(store::topics::count(app.reader(), words.as_deref()).await?) } else { None };
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let data = window.rows.into_iter().map(Topic::from).collect();
    let fresh = Freshness { tags: vec!["list:topics".to_owned()], ..Freshness::default() };
    Ok(Delivered::json(&TopicList { data, meta }, fields.as_ref(), fresh, app.now())?.links(links))
}

/// Read a topic
///
/// A former slug, or the id of a topic that was merged into another one, answers 301 to the present one.
#[utoipa::path(tag = "Delivery: topics", params(("id_or_slug" = String, Path, description = "Id or slug, present or former", example = "critical-minerals")), responses((status = 200, description = "The topic", body = Topic)))]
#[get("/topics/{id_or_slug}")]
async fn get_topic(key: Path<IdOrSlug>, _query: Query<()>, app: App) -> Result<Delivered> {
    let topic = store::topics::find(app.reader(), &key).await?.ok_or_else(Error::not_found)?;
    let fresh = Freshness {
        tags: vec![format!("topic:{}", topic.id)],
        last_modified: Some(topic.updated_at),
        ..Freshness::default()
    };
    if let Some(present) = key.moved_to(topic.id, &topic.slug) {
        return Ok(Delivered::moved(format!("/v1/topics/{present}"), fresh, app.now()));
    }
    Delivered::json(&Topic::from(topic), None, fresh, app.now())
}
