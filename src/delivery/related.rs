//! What an article leads to, by itself.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::absent::absent;
use super::articles::{article_tags, moved, present, until_changed};
use super::as_of::{AsOf, lasting};
use super::scene::Scene;
use super::tags::Tags;
use super::views::{RelatedLink, RelatedLinkList};
use crate::base::clock::Timestamp;
use crate::base::error::Result;
use crate::http::deliver::Fields;
use crate::http::query::{FromParams, Params};
use crate::http::{App, Delivered, Path, Query};
use crate::rules::article::LinkKind;
use crate::rules::reference::IdOrSlug;
use crate::store::pages;

/// Mounts the operation.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_related);
}

/// Parameters of the links.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RelatedFilter {
    /// What the public saw at this instant, which must be over.
    #[param(required = false, example = "2026-01-05T09:00:00Z", value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// Only links of these kinds, comma-separated: `inline`, `also_on`, `read_more`, `related`, `update_of`, `external`.
    #[param(required = false, example = "read_more,also_on", min_length = 1, max_length = 200)]
    pub kind: Option<String>,
    /// Only these members of each item, comma-separated, nested ones with a dot. The others are absent, required or not.
    #[param(required = false, example = "title,url", min_length = 1, max_length = 1000)]
    pub fields: Option<String>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct RelatedQuery {
    as_of: AsOf,
    kinds: Option<Vec<LinkKind>>,
    fields: Option<Vec<String>>,
}

impl FromParams for RelatedQuery {
    fn from_params(params: &mut Params) -> Self {
        Self { as_of: AsOf::from_params(params), kinds: params.list("kind", 10), fields: params.list("fields", 50) }
    }
}

/// List the links of an article
///
/// All of them, in order; those in the body first. One to an article that is not live is absent.
#[utoipa::path(tag = "Delivery: articles", params(("id_or_slug" = String, Path, description = "Id or slug, present or former", example = "china-may-lift-retirement-age"), RelatedFilter), responses((status = 200, description = "The links", body = RelatedLinkList)))]
#[get("/articles/{id_or_slug}/related")]
async fn list_related(key: Path<IdOrSlug>, query: Query<RelatedQuery>, app: App) -> Result<Delivered> {
    let RelatedQuery { as_of, kinds, fields } = query.0;
    let (now, (moment, reader)) = (app.now(), as_of.reader(&app)?);
    let fields = Fields::among::<RelatedLink>(&app, fields)?;
    let known = pages::article(&reader, &key, &[], moment).await?;
    let Some(whole) = known.value else { return Err(absent(&reader, &key, moment).await) };
    let scene = Scene { directory: &known.directory, settings: &app.settings };
    let mut tags = Tags::default();
    article_tags(&mut tags, &whole, &scene);
    let fresh = lasting(moment, until_changed(&whole, tags));
    if let Some(slug) = moved(&key, &whole) {
        return Ok(Delivered::moved(present(&app, "/v1/articles", slug, "/related"), fresh, now));
    }
    let mut data = RelatedLink::all(&whole.links, &scene);
    data.retain(|link| kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|kind| kind.as_str() == link.kind)));
    Delivered::json(&RelatedLinkList::from(data), fields.as_ref(), fresh, now)
}
