//! Whether the process lives, and whether it should be sent requests. Neither costs a query per hit.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::app::App;
use super::problem::NEVER_KEPT;
use crate::base::error::{Code, Error, Result};
use crate::store::health;

const REMEMBER_MS: i64 = 1000;

/// What readiness remembers between two looks.
#[derive(Debug, Default)]
pub struct Readiness {
    draining: AtomicBool,
    ready_until_ms: AtomicI64,
    in_flight: AtomicUsize,
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
/// 503 while the database does not answer or the server is shutting down. Looks at most once a second.
#[utoipa::path(tag = "Operations", responses((status = 200, description = "They may", body = Health)))]
#[get("/readyz")]
pub async fn get_readiness(app: App) -> Result<HttpResponse> {
    if app.readiness.is_draining() {
        return Err(Error::new(Code::Unavailable, "The server is shutting down.").after(1));
    }
    let now = app.now().timestamp_millis();
    if app.readiness.ready_until_ms.load(Ordering::SeqCst) < now {
        health::ping(&app.database).await?;
        app.readiness.ready_until_ms.store(now + REMEMBER_MS, Ordering::SeqCst);
    }
    Ok(Health::answer())
}
