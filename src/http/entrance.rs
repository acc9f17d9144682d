//! The way in to an operation, for what the document says of it: who asks is found out before a handler looks at what
//! was sent, and what the operation does not take is refused and not ignored.

use actix_web::HttpMessage as _;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use serde_json::Value;

use super::actor::{Entrant, identify};
use super::app::Shared;
use super::fallback::Routes;
use super::query::Query;
use super::rates::{count_address, count_caller};
use crate::base::error::{Code, Error, Result};

/// What an operation of the document takes.
#[derive(Clone, Copy, Debug)]
pub struct Takes {
    token: bool,
    query: bool,
    body: bool,
}

impl Takes {
    /// From an operation of the document.
    pub(super) fn of(operation: &Value) -> Self {
        let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        Self {
            token: operation.get("security").and_then(Value::as_array).is_some_and(|ways| !ways.is_empty()),
            query: parameters.into_iter().any(|one| one.get("in").is_some_and(|place| place == "query")),
            body: operation.get("requestBody").is_some(),
        }
    }

    /// Refuses parameters of an operation that has none, and the body of one that reads none.
    ///
    /// # Errors
    /// 400.
    pub(super) fn nothing_else(self, query: &str, headers: &HeaderMap) -> Result<()> {
        if !self.query {
            Query::<()>::read(query)?;
        }
        if !self.body && has_content(headers) {
            return Err(Error::new(Code::MalformedRequest, "This operation takes no body."));
        }
        Ok(())
    }
}

/// Lets a request in. Where a token is needed, what was sent is looked at only after the right of its caller, which the
/// handler names.
///
/// # Errors
/// 401 for a caller who is not known, 429 for one who asks too often, 400 for what the operation does not take, or 503.
pub async fn enter(shared: &Shared, routes: &Routes, request: &ServiceRequest) -> Result<()> {
    let Some(takes) = routes.takes(request.path(), request.method().as_str()) else { return Ok(()) };
    if !takes.token {
        // What lies outside tells how the server is, and costs nothing.
        if request.path().starts_with("/v1/") {
            count_address(shared, request.request())?;
        }
        return takes.nothing_else(request.query_string(), request.headers());
    }
    let found = identify(request.request()).await;
    if found.as_ref().is_err_and(|error| error.code == Code::Unauthenticated) {
        count_address(shared, request.request())?;
    }
    let principal = found?;
    count_caller(shared, &principal)?;
    request.extensions_mut().insert(Entrant { principal, takes });
    Ok(())
}

/// Whether a body comes with the request.
pub(super) fn has_content(headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH).map(|value| value.to_str().ok().and_then(|text| text.parse().ok()));
    headers.contains_key(TRANSFER_ENCODING) || length.is_some_and(|length: Option<u64>| length != Some(0))
}
