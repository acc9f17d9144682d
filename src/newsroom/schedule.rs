//! The schedule: what is going to change outside, and when.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::views::{ScheduleEntry, ScheduleEntryList};
use crate::base::clock::Timestamp;
use crate::desk::articles::seen_by;
use crate::http::actor::Read;
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{FieldsParams, Only, PageParams};
use crate::http::query::{FromParams, Params};
use crate::http::{Actor, App, Query, Reply, Tagged};
use crate::store::timetable::{self, Span};

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
    /// Also what is live at `from` already, as changes `is_live` at that instant: with them, the list says of every instant
    /// all that readers will see.
    #[param(required = false, example = true, value_type = Option<bool>)]
    with_live: Option<String>,
    /// `at`, or `-at` for the last one first.
    #[param(required = false, example = "at", default = "at", pattern = "^-?at$")]
    sort: Option<String>,
}

/// The parameters as they were sent.
#[derive(Debug)]
pub struct ScheduleQuery {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    with_live: bool,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for ScheduleQuery {
    fn from_params(params: &mut Params) -> Self {
        let (from, to) = (params.take::<Timestamp>("from"), params.take::<Timestamp>("to"));
        if from.zip(to).is_some_and(|(from, to)| to <= from) {
            params.fault("to", "order", "is not later than from");
        }
        let falling = params.choice("sort", &[("at", false), ("-at", true)]).unwrap_or(false);
        let paging = Paging { falling, ..Paging::from_params(params) };
        let with_live = params.flag("with_live").unwrap_or(false);
        Self { from, to, with_live, paging, fields: Only::from_params(params).fields }
    }
}

/// Read the schedule
///
/// Every instant at which something begins to be live, is updated or ends, in order: exactly what readers will see. The
/// newest plan holds, so there is nothing else to be sent out. Contributors and authors see their own articles.
#[utoipa::path(tag = "Newsroom: publishing", params(ScheduleParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = ScheduleEntryList)))]
#[get("/schedule")]
async fn list_schedule(by: Actor<Read>, query: Query<ScheduleQuery>, app: App) -> Reply<ScheduleEntryList> {
    let ScheduleQuery { from, to, with_live, paging, fields } = query.0;
    let fields = Fields::among::<ScheduleEntry>(&app, fields)?;
    let list = identity("schedule", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let span = Span { from: from.map_or(app.now(), |from| from.0), to: to.map(|to| to.0), with_live };
    let (window, total) = app
        .read(async |tx| {
            let window = timetable::list(tx, seen_by(&by), span, &seek).await?;
            let total = paging.total(async || timetable::count(tx, seen_by(&by), span).await).await?;
            Ok((window, total))
        })
        .await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let data = window.rows.into_iter().map(ScheduleEntry::from).collect();
    Ok(Tagged::plain(ScheduleEntryList { data, meta }).links(&links).only(fields))
}
