//! What surrounds every request: an id, HEAD, statement count, CORS, security headers, deadlines and one log line.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::HttpMessage as _;
use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{RequestHead, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::web::Data;
use futures_util::FutureExt as _;
use uuid::fmt::Hyphenated;

use super::app::Shared;
use super::cached::CacheState;
use super::entrance::enter;
use super::fallback::Routes;
use super::path::is_respelled;
use super::problem::{NEVER_KEPT, PROBLEM_JSON};
use crate::base::config::Settings;
use crate::base::error::{Code, Error};
use crate::base::id::request_id;
use crate::store::Statements;

const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// For what carries a thousand writes in one.
const ANSWER_MANY_WITHIN: Duration = Duration::from_mins(1);
const LONGEST_URI: usize = 8 * 1024;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST_REQUEST_ID: usize = 128;
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const EXPOSED: &str =
    "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, Idempotency-Replayed, Server-Timing";

tokio::task_local! {
    static CURRENT: Rc<RequestInfo>;
}

/// Below this, the rest of the path opens a draft.
const PREVIEWS: &str = "/v1/preview/";

/// What problem documents and log lines say of the request.
#[derive(Clone, Debug, Default)]
pub struct RequestInfo {
    /// The client's `X-Request-Id` if it was a plain word, else a new one.
    pub id: String,
    /// The trace that the request is part of, if its `traceparent` names one.
    pub trace_id: Option<String>,
    /// The path as it was sent, without the query and without what opens a draft.
    pub path: String,
    /// What the answer says besides, whether it succeeds or fails.
    headers: RefCell<Vec<(HeaderName, HeaderValue)>>,
}

impl RequestInfo {
    /// The request that is running, or an empty one outside of a request.
    pub fn current() -> Rc<Self> {
        CURRENT.try_with(Rc::clone).unwrap_or_default()
    }

    /// Adds a header to the answer, whatever it will be.
    pub(super) fn tell(&self, name: HeaderName, value: HeaderValue) {
        self.headers.borrow_mut().push((name, value));
    }

    /// Runs the future as part of this request.
    pub async fn scope<F: Future>(self: Rc<Self>, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }
}

/// What the headers and the log line of an answer need to know of its request.
#[derive(Debug)]
pub struct Seen {
    started: Instant,
    info: Rc<RequestInfo>,
    method: Method,
    origin: Option<HeaderValue>,
}

impl Seen {
    /// Looks at a request before it is worked on.
    pub fn of(request: &ServiceRequest) -> Self {
        let headers = request.headers();
        Self {
            started: Instant::now(),
            info: Rc::new(RequestInfo {
                id: sent_id(headers).map_or_else(|| request_id().to_string(), str::to_owned),
                trace_id: trace_id(headers),
                path: speakable(request.path()),
                ..RequestInfo::default()
            }),
            method: request.method().clone(),
            origin: headers.get(header::ORIGIN).cloned(),
        }
    }

    /// Adds the headers that every answer has, and writes the log line.
    pub fn dress(&self, headers: &mut HeaderMap, status: u16, statements: u32, cache: CacheState, settings: &Settings) {
        let newsroom = is_newsroom(&self.info.path);
        let preview = is_preview(&self.info.path);
        if newsroom || preview || status >= 400 {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(NEVER_KEPT));
        }
        if preview {
            headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow, noarchive"));
        }
        secure(headers);
        share(headers, newsroom, self.origin.as_ref(), &settings.cors_origins);
        set(headers, REQUEST_ID, &self.info.id);
        // Readers could tell by it when what they read will change.
        if newsroom || settings.server_timing {
            set(headers, SERVER_TIMING, &timing(cache, statements));
        }
        tracing::info!(
            request_id = %self.info.id, trace_id = self.info.trace_id, method = %self.method, path = %self.info.path, status,
            statements, cache = cache.as_str(), ms = self.started.elapsed().as_millis(), "answered"
        );
    }
}

/// Adds the headers that every answer from memory has.
pub(super) fn dress_hit(headers: &mut HeaderMap) {
    secure(headers);
    share(headers, false, None, &[]);
}

/// Names an answer from memory, says so where that is wanted, and writes its log line.
pub(super) fn sign_hit(head: &RequestHead, response: &mut HttpResponse, settings: &Settings) {
    if settings.server_timing {
        response.headers_mut().insert(SERVER_TIMING, HeaderValue::from_static(HIT));
    }
    let mut text = [0; Hyphenated::LENGTH];
    let id = sent_id(head.headers()).unwrap_or_else(|| request_id().hyphenated().encode_lower(&mut text));
    set(response.headers_mut(), REQUEST_ID, id);
    tracing::info!(
        request_id = id, trace_id = trace_id(head.headers()), method = %head.method, path = head.uri.path(), status = response.status().as_u16(),
        statements = 0, cache = CacheState::Hit.as_str(), ms = 0, "answered"
    );
}

const HIT: &str = "cache;desc=\"hit\", db;desc=\"statements=0\"";

fn timing(cache: CacheState, statements: u32) -> String {
    format!("cache;desc=\"{}\", db;desc=\"statements={statements}\"", cache.as_str())
}

/// The middleware around everything that is not answered from memory.
///
/// # Errors
/// Finished problem documents, for what was too slow or failed outside of a handler.
pub async fn manners(
    shared: Data<Shared>,
    routes: Data<Routes>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let _in_flight = shared.readiness.enter();
    let seen = Seen::of(&request);
    let cache = request.extensions().get::<CacheState>().copied().unwrap_or(CacheState::Pass);
    let statements = Statements::default();
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let refusal = refusal(&request);
    let work = async {
        if let Some(refusal) = refusal {
            return Ok(request.into_response(refusal.error_response()));
        }
        // Before routing, which would take `/articles/bulk` for an article where the method fits.
        if let Some(refusal) = routes.refusal(request.request()) {
            return Ok(request.into_response(refusal));
        }
        let patience = if carries_many(request.path()) { ANSWER_MANY_WITHIN } else { ANSWER_WITHIN };
        // What a panic leaves behind is dropped with the request; the state that workers share holds no half changes.
        let answer = AssertUnwindSafe(async {
            enter(&shared, &routes, &request).await?;
            next.call(request).await
        });
        match tokio::time::timeout(patience, answer.catch_unwind()).await {
            Ok(Ok(Ok(response))) => Ok(worded(response.map_into_boxed_body())),
            Ok(Ok(Err(error))) => Err(HttpResponse::from_error(error)),
            Ok(Err(_)) => Err(Error::internal("the handler panicked").error_response()),
            Err(slow) => Err(Error::too_slow(slow).error_response()),
        }
    };
    let mut outcome = Rc::clone(&seen.info).scope(statements.clone().counting(work)).await;
    let head = match &mut outcome {
        Ok(response) => response.response_mut().head_mut(),
        Err(response) => response.head_mut(),
    };
    if shared.readiness.is_draining() {
        head.set_connection_type(ConnectionType::Close);
    }
    let (status, headers) = (head.status.as_u16(), head.headers_mut());
    for (name, value) in seen.info.headers.take() {
        headers.append(name, value);
    }
    seen.dress(headers, status, statements.count(), cache, &shared.settings);
    // The request went with the call, and routing bears no second hold on it; so what has no response of its own leaves
    // as an error that carries the finished one.
    outcome.map_err(|response| InternalError::from_response("no response", response).into())
}

/// What somebody else refused without a word, such as a file that Swagger UI has not, as a problem.
fn worded(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let status = response.status().as_u16();
    let is_problem = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM_JSON);
    if status >= 400 && !is_problem {
        let code = Code::ALL.iter().copied().find(|code| code.status() == status).unwrap_or(Code::Internal);
        *response.response_mut() = Error::new(code, format!("{}.", code.title())).error_response();
    }
    response
}

/// What no operation has to look at: too long, spelled in a second way, or with an encoded body.
fn refusal(request: &ServiceRequest) -> Option<Error> {
    if request.uri().path_and_query().is_some_and(|uri| uri.as_str().len() > LONGEST_URI) {
        return Some(Error::new(Code::UriTooLong, "Paths and queries take 8 KiB."));
    }
    if is_respelled(request.path()) {
        return Some(Error::not_found());
    }
    request
        .headers()
        .contains_key(header::CONTENT_ENCODING)
        .then(|| Error::new(Code::UnsupportedMediaType, "Request bodies are not taken compressed or encoded."))
}

/// Whether a request may write a thousand things or touch all that is published, and take its time: an import, a change
/// of the taxonomy, a merge.
pub(super) fn carries_many(path: &str) -> bool {
    path.ends_with("/bulk") || path.ends_with("/merge") || path.starts_with("/v1/newsroom/regions")
}

/// Whether the path belongs to the face that is never cached and shared with listed origins only.
pub(super) fn is_newsroom(path: &str) -> bool {
    path.starts_with("/v1/newsroom") || path.starts_with("/v1/auth/")
}

/// Whether the path shows a draft: no cache keeps it, no robot lists it.
pub(super) fn is_preview(path: &str) -> bool {
    path.starts_with(PREVIEWS)
}

/// The path as it may stand in logs and problems: without what opens a draft, which alone is enough to read it.
fn speakable(path: &str) -> String {
    if is_preview(path) { format!("{PREVIEWS}-") } else { path.to_owned() }
}

/// The name that the client gave the request, if it is one word that is safe in logs, headers and documents.
fn sent_id(headers: &HeaderMap) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=@".contains(&byte);
    let fits = |text: &&str| (1..=LONGEST_REQUEST_ID).contains(&text.len()) && text.bytes().all(plain);
    only(headers, &REQUEST_ID).filter(fits)
}

/// The trace id of a `traceparent` (W3C Trace Context) of any version; one that is not well-formed counts as none.
fn trace_id(headers: &HeaderMap) -> Option<String> {
    let mut fields = only(headers, &TRACEPARENT)?.split('-');
    let mut hex = |length: usize| {
        let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        fields.next().filter(|field| field.len() == length && field.bytes().all(lower))
    };
    let (version, trace, parent, _flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
    let zero = |field: &str| field.bytes().all(|byte| byte == b'0');
    let whole = version != "ff" && (version != "00" || fields.next().is_none()) && !zero(trace) && !zero(parent);
    whole.then(|| trace.to_owned())
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name);
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn secure(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        );
    }
}

/// CORS: everything that is public is shared with every origin, without credentials; the newsroom only with its list.
fn share(headers: &mut HeaderMap, newsroom: bool, origin: Option<&HeaderValue>, allowed: &[String]) {
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    if !newsroom {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        return;
    }
    headers.append(header::VARY, HeaderValue::from_static("Origin, Authorization"));
    let listed = origin.filter(|origin| allowed.iter().any(|listed| listed.as_bytes() == origin.as_bytes()));
    if let Some(origin) = listed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
