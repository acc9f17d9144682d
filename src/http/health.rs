//! Whether the process lives, and whether it should be sent requests. Neither costs a query per hit.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use actix_web::{HttpResponse, get};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use super::app::App;
use super::problem::NEVER_KEPT;
use crate::base::error::{Code, Error, Result};
use crate::store::health;

const REMEMBERED: TimeDelta = TimeDelta::seconds(1);

/// What readiness remembers between two looks.
#[derive(Debug, Default)]
pub struct Readiness {
    draining: AtomicBool,
    /// Held while somebody looks, so that the others wait for what is seen instead of looking too.
    seen: Mutex<Option<Look>>,
    in_flight: AtomicUsize,
}

/// Whether the database answered, and when it was asked.
#[derive(Clone, Copy, Debug)]
struct Look {
    at: DateTime<Utc>,
    answered: bool,
}

impl Readiness {
    /// From now on, no new requests are wanted.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Whether the server is on its way down.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    /// How many requests are being answered now.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }

    /// Counts the request as in flight until what is answered is dropped, however it ends.
    pub(super) fn enter(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::SeqCst);
        InFlight(&self.in_flight)
    }
}

/// A request that is being answered.
pub(super) struct InFlight<'a>(&'a AtomicUsize);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The state of the process.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    #[schema(example = "ok", max_length = 10)]
    pub status: &'static str,
    /// The version of this program.
    #[schema(example = "0.1.0", max_length = 60)]
    pub version: &'static str,
}

impl Health {
    fn answer() -> HttpResponse {
        let health = Self { status: "ok", version: env!("CARGO_PKG_VERSION") };
        HttpResponse::Ok().insert_header(("cache-control", NEVER_KEPT)).json(health)
    }
}

/// Is the process alive?
///
/// Says nothing about the database.
#[utoipa::path(tag = "Operations", responses((status = 200, description = "It is", body = Health)))]
#[get("/healthz")]
pub async fn get_health() -> HttpResponse {
    Health::answer()
}

/// May requests be sent here?
///
/// 503 while the database does not answer or the server is shutting down. Looks at most once a second, whatever it sees.
#[utoipa::path(tag = "Operations", responses((status = 200, description = "They may", body = Health)))]
#[get("/readyz")]
pub async fn get_readiness(app: App) -> Result<HttpResponse> {
    if app.readiness.is_draining() {
        return Err(Error::new(Code::Unavailable, "The server is shutting down.").after(1));
    }
    let mut seen = app.readiness.seen.lock().await;
    if let Some(look) = seen.filter(|look| (TimeDelta::zero()..REMEMBERED).contains(&(app.now() - look.at))) {
        return if look.answered { Ok(Health::answer()) } else { Err(Error::unavailable("it did not a moment ago")) };
    }
    let outcome = health::ping(&app.database).await;
    *seen = Some(Look { at: app.now(), answered: outcome.is_ok() });
    outcome.map(|()| Health::answer())
}
