//! Corrections in public: what articles that are live got wrong and put right.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::articles::whenever;
use super::scene::Scene;
use super::tags::Tags;
use super::views::{Correction, CorrectionList};
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
    /// Items per page.
    #[param(required = false, example = 20, minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i64>,
    /// From `meta` of another page of this list.
    #[param(required = false, example = "AXsiayI6", min_length = 1, max_length = 2000)]
    pub cursor: Option<String>,
    /// Only these members of each item, comma-separated, nested ones with a dot. The others are absent, required or not.
    #[param(required = false, example = "note,article.url", min_length = 1, max_length = 1000)]
    pub fields: Option<String>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct CorrectionQuery {
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for CorrectionQuery {
    fn from_params(params: &mut Params) -> Self {
        Self { paging: Paging::uncounted(params), fields: params.list("fields", 50) }
    }
}

/// List corrections
///
/// What articles got wrong and put right, the newest first. Those of articles that are not live are absent.
#[utoipa::path(tag = "Delivery: corrections", params(CorrectionFilter), responses((status = 200, description = "One page", body = CorrectionList)))]
#[get("/corrections")]
async fn list_corrections(query: Query<CorrectionQuery>, app: App) -> Result<Delivered> {
    let (CorrectionQuery { paging, fields }, now) = (query.0, app.now());
    let fields = Fields::among::<Correction>(&app, fields)?;
    let list = identity("corrections", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let known = corrections::list(app.reader(), now, &seek).await?;
    let scene = Scene { directory: &known.directory, settings: &app.settings };
    let mut tags = Tags::default();
    tags.add("list:corrections".to_owned());
    for row in &known.value.rows {
        tags.of("article", row.article);
        row.primary_region.into_iter().for_each(|region| tags.of("region", region));
    }
    let (meta, links) = around(&app, &list, &paging, &known.value, None);
    let data = known.value.rows.iter().map(|row| Correction::of(row, &scene)).collect();
    let fresh = whenever(&known.pulse, tags, known.value.rows.iter().map(|row| row.corrected_at));
    Ok(Delivered::json(&CorrectionList { data, meta }, fields.as_ref(), fresh, now)?.links(links))
}
