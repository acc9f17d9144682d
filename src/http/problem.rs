//! Every failure as `application/problem+json` (RFC 9457), with the request's id and all faults at once.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::manners::RequestInfo;
use crate::base::error::{Code, Error, Fault};

/// The media type of problem documents.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// Errors are never kept by anybody.
pub const NEVER_KEPT: &str = "private, no-store";

const MOST_FAULTS: usize = 200;

/// What went wrong, for programs (`code`, `errors`) and for people (`title`, `detail`).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// URI of this kind of problem; it leads to its documentation.
    #[serde(rename = "type")]
    #[schema(example = "/docs/problems#not_found", max_length = 200)]
    pub kind: String,
    /// The kind of problem in words.
    #[schema(example = "Not found", max_length = 200)]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(example = 404, minimum = 400, maximum = 599)]
    pub status: u16,
    /// This occurrence in words.
    #[schema(example = "There is nothing here.", max_length = 20_000)]
    pub detail: String,
    /// The path that was asked for.
    #[schema(example = "/v1/articles/no-such-story", max_length = 65_536)]
    pub instance: String,
    /// Stable name of the kind of problem. New ones may be added.
    pub code: Code,
    /// Finds this request in the server's log; also in the `X-Request-Id` header.
    #[schema(example = "0198c0de-0000-7000-8000-000000000001", min_length = 1, max_length = 128)]
    pub request_id: String,
    /// All faults that were found, where there are places to name.
    #[schema(max_items = 200)]
    pub errors: Vec<Fault>,
    /// Further members, such as `legal` of an illegal move or `current` of a stale condition.
    #[serde(flatten)]
    #[schema(ignore)]
    pub extra: Map<String, Value>,
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let request = RequestInfo::current();
        if self.code.status() >= 500 {
            tracing::error!(request_id = %request.id, trace_id = request.trace_id, error = %self, "request failed");
        }
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((CONTENT_TYPE, PROBLEM_JSON)).insert_header((CACHE_CONTROL, NEVER_KEPT));
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if self.code.status() == 401 {
            response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"dateline\""));
        }
        response.body(Problem::of(self, &request).bytes())
    }
}

impl Problem {
    /// What an error is called in the answer to this request.
    pub(super) fn of(error: &Error, request: &RequestInfo) -> Self {
        Self {
            kind: format!("/docs/problems#{}", error.code.as_str()),
            title: error.code.title(),
            status: error.code.status(),
            detail: error.detail.clone(),
            instance: request.path.clone(),
            code: error.code,
            request_id: request.id.clone(),
            errors: error.faults.iter().take(MOST_FAULTS).cloned().collect(),
            extra: error.extra.clone(),
        }
    }

    /// The whole answer, after which the connection closes, where there is no request that an application could answer.
    pub(super) fn alone(error: &Error, request_id: &str) -> Vec<u8> {
        let mut request = RequestInfo::default();
        request_id.clone_into(&mut request.id);
        let body = Self::of(error, &request).bytes();
        let wait = error.retry_after.map_or_else(String::new, |seconds| format!("retry-after: {seconds}\r\n"));
        let head = format!(
            "HTTP/1.1 {}\r\ncontent-type: {PROBLEM_JSON}\r\ncontent-length: {}\r\ncache-control: {NEVER_KEPT}\r\n\
             x-request-id: {request_id}\r\n{wait}connection: close\r\n\r\n",
            error.status_code(),
            body.len()
        );
        [head.into_bytes(), body].concat()
    }

    /// As it is sent.
    pub(super) fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}
