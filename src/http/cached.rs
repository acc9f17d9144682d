//! The cache around delivery: what is kept under another spelling of its address never reaches a handler, and of many
//! misses of one address one reads.

use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{RequestHead, Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CONTENT_ENCODING, HeaderMap};
use actix_web::http::uri::{PathAndQuery, Uri};
use actix_web::http::{ConnectionType, Method};
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpResponse};
use futures_util::future::{LocalBoxFuture, Ready, ready};

use super::app::Shared;
use super::cache::{Role, Ticket, canonical, landed};
use super::entrance::has_content;
use super::entry::Entry;
use super::fallback::Routes;
use super::manners::{Seen, dress_hit, is_newsroom, is_preview, sign_hit};

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

/// The outermost middleware; what is kept as it was asked for does not even come here.
pub struct Cached {
    shared: Data<Shared>,
    routes: Data<Routes>,
}

impl Cached {
    /// In front of everything else.
    pub fn new(shared: Data<Shared>, routes: Data<Routes>) -> Self {
        Self { shared, routes }
    }
}

impl<S> Transform<S, ServiceRequest> for Cached
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = actix_web::Error> + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = actix_web::Error;
    type Transform = InFront<S>;
    type InitError = ();
    type Future = Ready<Result<InFront<S>, ()>>;

    fn new_transform(&self, next: S) -> Self::Future {
        ready(Ok(InFront { shared: self.shared.clone(), routes: self.routes.clone(), next: Rc::new(next) }))
    }
}

/// [`Cached`] in one worker.
pub struct InFront<S> {
    shared: Data<Shared>,
    routes: Data<Routes>,
    next: Rc<S>,
}

impl<S> Service<ServiceRequest> for InFront<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = actix_web::Error> + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&self, context: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Self::Error>> {
        self.next.poll_ready(context)
    }

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let address = if may_be_kept(request.head()) { address_of(&self.routes, &mut request) } else { None };
        match address {
            Some(address) => Box::pin(read(self.shared.clone(), Rc::clone(&self.next), address, request)),
            None => Box::pin(self.next.call(request)),
        }
    }
}

/// Answers what was not found under the address that was sent: of those who ask for one address at the same time, one
/// reads.
async fn read<S>(
    shared: Data<Shared>,
    next: Rc<S>,
    address: String,
    request: ServiceRequest,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error>
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
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
    let mut response = next.call(request).await?;
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

/// Whether the answer may be kept at all, or come from what is kept.
pub(super) fn may_be_kept(head: &RequestHead) -> bool {
    let reads = head.method == Method::GET || head.method == Method::HEAD;
    let path = head.uri.path();
    let headers = head.headers();
    let odd = headers.contains_key(AUTHORIZATION) || headers.contains_key(CONTENT_ENCODING) || has_content(headers);
    reads && path.starts_with("/v1/") && !is_newsroom(path) && !is_preview(path) && !odd
}

/// The canonical address of a request whose answer may be kept; the request itself is given that address too.
fn address_of(routes: &Routes, request: &mut ServiceRequest) -> Option<String> {
    let (path, query) = (request.path(), request.query_string());
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
    let response = answer_from(shared, request.head(), entry);
    request.into_response(response)
}

/// The answer to a request, from memory.
pub(super) fn answer_from(shared: &Shared, head: &RequestHead, entry: &Entry) -> HttpResponse {
    let mut response = entry.hit(head.headers(), shared.clock.now(), dress_hit);
    sign_hit(head, &mut response, &shared.settings);
    if shared.readiness.is_draining() {
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    response
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
    seen.dress(stale.headers_mut(), status, 0, CacheState::Stale, &shared.settings);
    *response.response_mut() = stale;
}
