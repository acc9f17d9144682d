//! Who is editing an article, as editors tell each other.

use actix_web::{delete, get, put};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::views::StaffPresence;
use crate::desk::articles::{presence, seen_by};
use crate::http::actor::{Articles, Read};
use crate::http::{Actor, App, OptionalBody, Path, Reply, Tagged};
use crate::store;
use crate::store::articles::seen;

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(get_presence).service(put_presence).service(delete_presence);
}

/// How somebody begins to edit.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceClaim {
    /// Also while somebody else is editing. It is written down.
    #[serde(default)]
    #[schema(example = false, default = false)]
    pub take_over: bool,
}

/// See who is editing an article
///
/// Nobody, or the one who said so within the last minute.
#[utoipa::path(tag = "Newsroom: history", responses((status = 200, description = "Who is editing", body = StaffPresence)))]
#[get("/articles/{id}/presence")]
async fn get_presence(by: Actor<Read>, id: Path<Uuid>, app: App) -> Reply<StaffPresence> {
    let now = app.now();
    app.read(async |tx| {
        seen(tx, id.0, seen_by(&by)).await?;
        let held = store::presence::holder(tx, id.0, now).await?;
        Ok(Tagged::plain(StaffPresence { being_edited: held.map(Into::into) }))
    })
    .await
}

/// Say that you are editing an article
///
/// Holds for 60 seconds; say it again before they are over. While somebody else is editing it is refused with 409 and
/// `being_edited`, unless you `take_over`. It is a sign for others only: what may be written is decided by `If-Match`.
#[utoipa::path(tag = "Newsroom: history", request_body = Option<PresenceClaim>, responses((status = 200, description = "You are editing", body = StaffPresence)))]
#[put("/articles/{id}/presence")]
async fn put_presence(
    by: Actor<Articles>,
    id: Path<Uuid>,
    claim: OptionalBody<PresenceClaim>,
    app: App,
) -> Reply<StaffPresence> {
    let now = app.now();
    app.write(async move |tx| {
        let lease = presence::enter(tx, &by, id.0, claim.0.take_over, now).await?;
        Ok(Tagged::plain(StaffPresence { being_edited: Some(lease.into()) }))
    })
    .await
}

/// Say that you stopped editing an article
///
/// Whether you were editing or not; 409 while somebody else is.
#[utoipa::path(tag = "Newsroom: history", responses((status = 204, description = "You are not editing")))]
#[delete("/articles/{id}/presence")]
async fn delete_presence(by: Actor<Articles>, id: Path<Uuid>, app: App) -> Reply<()> {
    let now = app.now();
    app.write(async move |tx| {
        presence::leave(tx, &by, id.0, now).await?;
        Ok(Tagged::nothing())
    })
    .await
}
