//! The cache in front of delivery: a hit never reaches a handler, and of many misses of one address one reads.

use std::sync::Arc;

use actix_web::HttpMessage as _;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::http::uri::{PathAndQuery, Uri};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::app::Shared;
use super::cache::{Role, Ticket, canonical, landed};
use super::entry::Entry;
use super::fallback::Routes;
use super::manners::{Seen, is_newsroom, is_preview};

/// What a request learnt of the cache, for `Server-Timing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheState {
    /// Answered from memory.
    Hit,
    /// Read, and kept where it may be.
    Miss,
    /// Never kept: another method, the newsroom, a draft, or credentials were sent.
    Pass,
    /// Answered from memory because the database did not.
    Stale,
}

impl CacheState {
    /// The word that is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Pass => "pass",
            Self::Stale => "stale",
        }
    }
}

/// The outermost middleware.
///
/// # Errors
/// What comes from within.
pub async fn cached(
    shared: Data<Shared>,
    routes: Data<Routes>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(address) = address_of(&routes, &mut request) else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    let mut lead = None;
    if let Some(entry) = shared.cache.get(&address, shared.clock.now()) {
        return Ok(hit(&shared, request, &entry));
    }
    match shared.cache.join(&address) {
        None => {}
        Some(Role::Lead(leading)) => lead = Some(leading),
        Some(Role::Follow(flight)) => {
            landed(flight).await;
            if let Some(entry) = shared.cache.get(&address, shared.clock.now()) {
                return Ok(hit(&shared, request, &entry));
            }
        }
    }
    let ticket = shared.cache.begin();
    request.extensions_mut().insert(CacheState::Miss);
    let seen = Seen::of(&request);
    let headers = request.headers().clone();
    let mut response = next.call(request).await?.map_into_boxed_body();
    match response.status() {
        StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::MOVED_PERMANENTLY => {
            keep(&shared, &address, &response, &ticket);
        }
        StatusCode::SERVICE_UNAVAILABLE => stand_in(&shared, &address, &seen, &headers, &mut response),
        _ => {}
    }
    drop(lead);
    Ok(response)
}

/// The canonical address of a request whose answer may be kept; the request itself is given that address too.
fn address_of(routes: &Routes, request: &mut ServiceRequest) -> Option<String> {
    let method = request.method();
    let reads = method == Method::GET || method == Method::HEAD;
    let path = request.path();
    let private = is_newsroom(path) || is_preview(path);
    if !reads || !path.starts_with("/v1/") || private || request.headers().contains_key(AUTHORIZATION) {
        return None;
    }
    let query = request.query_string();
    if query.is_empty() {
        return Some(path.to_owned());
    }
    let address = canonical(path, query, routes.defaults(path))?;
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(address.as_str()).ok()?);
    request.head_mut().uri = Uri::from_parts(parts).ok()?;
    Some(address)
}

fn hit(shared: &Shared, request: ServiceRequest, entry: &Entry) -> ServiceResponse<BoxBody> {
    let seen = Seen::of(&request);
    let mut response = entry.answer(request.headers(), shared.clock.now());
    let status = response.status().as_u16();
    seen.dress(response.headers_mut(), status, 0, CacheState::Hit, &shared.settings.cors_origins);
    request.into_response(response)
}

fn keep(shared: &Shared, address: &str, response: &ServiceResponse<BoxBody>, ticket: &Ticket) {
    if let Some(entry) = response.response().extensions().get::<Arc<Entry>>() {
        shared.cache.keep(address, entry, ticket);
    }
}

/// A page that was read before the database went away, if the clock has not ended it since.
fn stand_in(shared: &Shared, address: &str, seen: &Seen, headers: &HeaderMap, response: &mut ServiceResponse<BoxBody>) {
    let Some(entry) = shared.cache.last_resort(address, shared.clock.now()) else { return };
    let mut stale = entry.stale_answer(headers);
    let status = stale.status().as_u16();
    seen.dress(stale.headers_mut(), status, 0, CacheState::Stale, &shared.settings.cors_origins);
    *response.response_mut() = stale;
}
