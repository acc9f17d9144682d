//! The schedule: what is going to change outside, and when.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::views::{ScheduleEntry, ScheduleEntryList};
use crate::base::clock::Timestamp;
use crate::desk::articles::seen_by;
use crate::http::actor::Read;
use crate::http::cursor::{Paging, around, identity};
use crate::http::query::{FromParams, Params};
use crate::http::{Actor, App, Query, Reply, Tagged};
use crate::store::timetable;

/// Mounts the operation.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_schedule);
}

/// Parameters of the schedule.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters; ScheduleQuery reads them")]
pub struct ScheduleParams {
    /// From this instant on; now without. What lies behind is what was so.
    #[param(required = false, example = "2026-01-05T00:00:00Z", format = DateTime)]
    from: Option<String>,
    /// Before this instant; without, everything that is planned.
    #[param(required = false, example = "2026-01-12T00:00:00Z", format = DateTime)]
    to: Option<String>,
    /// Items per page.
    #[param(required = false, example = 20, minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// From `meta` of another page of this list.
    #[param(required = false, example = "AXsiayI6", min_length = 1, max_length = 2000)]
    cursor: Option<String>,
}

/// The parameters as they were sent.
#[derive(Debug)]
pub struct ScheduleQuery {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    paging: Paging,
}

impl FromParams for ScheduleQuery {
    fn from_params(params: &mut Params) -> Self {
        let (from, to) = (params.take::<Timestamp>("from"), params.take::<Timestamp>("to"));
        if from.zip(to).is_some_and(|(from, to)| to <= from) {
            params.fault("to", "order", "is not later than from");
        }
        Self { from, to, paging: Paging::uncounted(params) }
    }
}

/// Read the schedule
///
/// Every instant at which something begins to be live, is updated or ends, in order: exactly what readers will see. The
/// newest plan holds, so there is nothing else to be sent out. Contributors and authors see their own articles.
#[utoipa::path(tag = "Newsroom: publishing", params(ScheduleParams), responses((status = 200, description = "One page", body = ScheduleEntryList)))]
#[get("/schedule")]
async fn list_schedule(by: Actor<Read>, query: Query<ScheduleQuery>, app: App) -> Reply<ScheduleEntryList> {
    let ScheduleQuery { from, to, paging } = query.0;
    let list = identity("schedule", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let span = (from.map_or(app.now(), |from| from.0), to.map(|to| to.0));
    let window = app.read(async |tx| timetable::list(tx, seen_by(&by), span, &seek).await).await?;
    let (meta, links) = around(&app, &list, &paging, &window, None);
    let data = window.rows.into_iter().map(ScheduleEntry::from).collect();
    Ok(Tagged::plain(ScheduleEntryList { data, meta }).links(&links))
}
