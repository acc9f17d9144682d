//! The audit log, for administrators to read. Nothing of it can be changed.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::views::{AuditEntry, AuditEntryList};
use crate::base::clock::Timestamp;
use crate::http::actor::Audit;
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{AgeParams, FieldsParams, Only, PageParams};
use crate::http::query::{FromParams, Params};
use crate::http::{Actor, App, Query, Reply, Tagged};
use crate::store::audit::{self, Filter};
use crate::store::lookup;

const LONGEST_WORD: usize = 60;

/// Mounts the operation.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_audit_entries);
}

/// Parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Only entries about this object.
    #[param(required = false, example = "0198c0de-7000-7000-8000-000000000001")]
    pub object: Option<Uuid>,
    /// Only entries about this kind of object.
    #[param(required = false, example = "article", min_length = 1, max_length = 60)]
    pub kind: Option<String>,
    /// Only what this user did.
    #[param(required = false, example = "0198c0de-7000-7000-8000-000000000901")]
    pub user: Option<Uuid>,
    /// Only what was done with this API token.
    #[param(required = false, example = "0198c0de-7000-7000-8000-000000000701")]
    pub token: Option<Uuid>,
    /// Only entries with this verb.
    #[param(required = false, example = "published", min_length = 1, max_length = 60)]
    pub verb: Option<String>,
    /// At this instant or later.
    #[param(required = false, example = "2026-01-05T00:00:00Z", value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Before this instant.
    #[param(required = false, example = "2026-01-06T00:00:00Z", value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct AuditQuery {
    filter: Filter,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for AuditQuery {
    fn from_params(params: &mut Params) -> Self {
        let filter = Filter {
            object: params.take("object"),
            kind: params.words("kind", LONGEST_WORD),
            user: params.take("user"),
            token: params.take("token"),
            verb: params.words("verb", LONGEST_WORD),
            from: params.take::<Timestamp>("from").map(|at| at.0),
            to: params.take::<Timestamp>("to").map(|at| at.0),
        };
        Self { filter, paging: Paging::by_age(params), fields: Only::from_params(params).fields }
    }
}

/// List the audit log
///
/// Who did what to which, with which token and from where, the newest first: every write, and every sign-in that was
/// refused. Entries are only ever added.
#[utoipa::path(tag = "Newsroom: audit", params(AuditFilter, AgeParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = AuditEntryList)))]
#[get("/audit")]
async fn list_audit_entries(_by: Actor<Audit>, query: Query<AuditQuery>, app: App) -> Reply<AuditEntryList> {
    let AuditQuery { filter, paging, fields } = query.0;
    let fields = Fields::among::<AuditEntry>(&app, fields)?;
    let list = identity("audit", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let (window, names, total) = app
        .read(async |tx| {
            let window = audit::list_in(tx, &filter, &seek).await?;
            let mut users: Vec<Uuid> = window.rows.iter().filter_map(|entry| entry.user_id).collect();
            users.sort_unstable();
            users.dedup();
            let names = lookup::user_names(tx, &users).await?;
            let total = paging.total(async || audit::count_in(tx, &filter).await).await?;
            Ok((window, names, total))
        })
        .await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let data = window.rows.into_iter().map(|entry| AuditEntry::of(entry, &names)).collect();
    Ok(Tagged::plain(AuditEntryList { data, meta }).links(&links).only(fields))
}
