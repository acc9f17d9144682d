//! Corrections in public: what articles that are live got wrong and put right.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::articles::whenever;
use super::as_of::{AsOf, lasting};
use super::scene::Scene;
use super::tags::Tags;
use super::views::{Correction, CorrectionList};
use crate::base::clock::Timestamp;
use crate::base::error::Result;
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::Fields;
use crate::http::query::{FromParams, Params};
use crate::http::{App, Delivered, Query};
use crate::store::corrections;

/// Mounts the operation.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_corrections);
}

/// Parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CorrectionFilter {
    /// What the public saw at this instant, which must be over.
    #[param(required = false, example = "2026-01-05T09:00:00Z", value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// `-corrected_at`, or `corrected_at` for the oldest first.
    #[param(required = false, example = "-corrected_at", default = "-corrected_at", pattern = "^-?corrected_at$")]
    pub sort: Option<String>,
    /// Items per page.
    #[param(required = false, example = 20, minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i64>,
    /// From `meta` of another page of this list.
    #[param(required = false, example = "AXsiayI6", min_length = 1, max_length = 2000)]
    pub cursor: Option<String>,
    /// Whether `meta.total` counts the whole list.
    #[param(required = false, example = false, default = false)]
    pub include_total: Option<bool>,
    /// Only these members of each item, comma-separated, nested ones with a dot. The others are absent, required or not.
    #[param(required = false, example = "note,article.url", min_length = 1, max_length = 1000)]
    pub fields: Option<String>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct CorrectionQuery {
    as_of: AsOf,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for CorrectionQuery {
    fn from_params(params: &mut Params) -> Self {
        let falling = params.choice("sort", &[("-corrected_at", true), ("corrected_at", false)]).unwrap_or(true);
        let paging = Paging { falling, ..Paging::from_params(params) };
        Self { as_of: AsOf::from_params(params), paging, fields: params.list("fields", 50) }
    }
}

/// List corrections
///
/// What articles got wrong and put right, the newest first unless you ask for something else. Those of articles that are
/// not live are absent.
#[utoipa::path(tag = "Delivery: corrections", params(CorrectionFilter), responses((status = 200, description = "One page", body = CorrectionList)))]
#[get("/corrections")]
async fn list_corrections(query: Query<CorrectionQuery>, app: App) -> Result<Delivered> {
    let CorrectionQuery { as_of, paging, fields } = query.0;
    let (now, (moment, reader)) = (app.now(), as_of.reader(&app)?);
    let fields = Fields::among::<Correction>(&app, fields)?;
    let list = identity("corrections", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let known = corrections::list(&reader, moment, &seek).await?;
    let total = paging.total(async || corrections::count(&reader, moment).await).await?;
    let scene = Scene { directory: &known.directory, settings: &app.settings };
    let mut tags = Tags::default();
    tags.add("list:corrections".to_owned());
    for row in &known.value.rows {
        tags.of("article", row.article);
        row.primary_region.into_iter().for_each(|region| tags.of("region", region));
    }
    let (meta, links) = around(&app, &list, &paging, &known.value, total);
    let data = known.value.rows.iter().map(|row| Correction::of(row, &scene)).collect();
    let shown = known.value.rows.iter().map(|row| row.corrected_at);
    let fresh = lasting(moment, whenever(&known.pulse, tags, shown));
    Ok(Delivered::json(&CorrectionList { data, meta }, fields.as_ref(), fresh, now)?.links(links))
}
