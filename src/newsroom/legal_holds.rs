//! Legal holds: place, read, lift.

use actix_web::{delete, get, put};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::views::StaffLegalHold;
use crate::base::error::Error;
use crate::desk::articles::legal_hold;
use crate::http::actor::Hold;
use crate::http::{Actor, App, Body, Path, Reply, Tagged};
use crate::store::{legal_holds, lookup};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(get_legal_hold).service(place_legal_hold).service(lift_legal_hold);
}

/// Why an article must not be deleted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LegalHoldPlacement {
    /// Why, for those who come later.
    #[schema(example = "Example v. Example Press, see file 12", min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: String,
}

/// Read the legal hold on an article
///
/// Why it cannot be deleted, and who said so; 404 when nothing keeps it.
#[utoipa::path(tag = "Newsroom: legal holds", responses((status = 200, description = "The hold", body = StaffLegalHold)))]
#[get("/articles/{id}/legal-hold")]
async fn get_legal_hold(_by: Actor<Hold>, id: Path<Uuid>, app: App) -> Reply<StaffLegalHold> {
    let found = app.read(async |tx| legal_holds::find_in(tx, id.0).await).await?;
    let (hold, name) = found.ok_or_else(Error::not_found)?;
    Ok(Tagged::plain(StaffLegalHold::of(hold, name.as_ref())))
}

/// Place a legal hold on an article
///
/// Nobody can delete it then, and from the trash it is not purged, until the hold is lifted. Placed again, it has the new
/// reason.
#[utoipa::path(tag = "Newsroom: legal holds", request_body = LegalHoldPlacement, responses((status = 200, description = "The hold", body = StaffLegalHold)))]
#[put("/articles/{id}/legal-hold")]
async fn place_legal_hold(
    by: Actor<Hold>,
    id: Path<Uuid>,
    placement: Body<LegalHoldPlacement>,
    app: App,
) -> Reply<StaffLegalHold> {
    let now = app.now();
    app.write(async move |tx| {
        let hold = legal_hold::place(tx, &by, id.0, placement.0.reason, now).await?;
        let names = lookup::user_names(tx, &[by.user_id]).await?;
        Ok(Tagged::plain(StaffLegalHold::of(hold, names.get(&by.user_id))))
    })
    .await
}

/// Lift the legal hold on an article
///
/// It can be deleted again; if it has been in the trash for its time, it is purged soon.
#[utoipa::path(tag = "Newsroom: legal holds", responses((status = 204, description = "Nothing keeps it any more")))]
#[delete("/articles/{id}/legal-hold")]
async fn lift_legal_hold(by: Actor<Hold>, id: Path<Uuid>, app: App) -> Reply<()> {
    let now = app.now();
    app.write(async move |tx| {
        legal_hold::lift(tx, &by, id.0, now).await?;
        Ok(Tagged::nothing())
    })
    .await
}
