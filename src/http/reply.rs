//! The answers of the newsroom: an object with its version as ETag, created or changed, or a replay of a kept answer.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LINK, LOCATION};
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError};
use serde::Serialize;
use serde_json::{Map, Value};

use super::deliver::{Fields, bytes};
use crate::base::error::{Error, Result};
use crate::rules::version::Version;

/// What newsroom handlers return.
pub type Reply<T> = Result<Tagged<T>>;

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A value on its way out, with status and headers.
#[derive(Debug)]
pub struct Tagged<T> {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    content: Content<T>,
    fields: Option<Fields>,
}

#[derive(Debug)]
enum Content<T> {
    Fresh(T),
    Kept(Vec<u8>),
    Nothing,
}

impl<T> Tagged<T> {
    /// 200 without an ETag: a list, or an answer that is no object.
    pub fn plain(value: T) -> Self {
        Self { status: StatusCode::OK, headers: Vec::new(), content: Content::Fresh(value), fields: None }
    }

    /// 200 with the object's version as its ETag.
    pub fn of(value: T, version: impl Into<Version>) -> Self {
        Self::plain(value).version(version)
    }

    /// 201 with the place of the new object and its ETag.
    pub fn created(value: T, version: impl Into<Version>, location: impl Into<String>) -> Self {
        let mut reply = Self::of(value, version).header(LOCATION, location.into());
        reply.status = StatusCode::CREATED;
        reply
    }

    /// 204.
    pub fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: Vec::new(), content: Content::Nothing, fields: None }
    }

    /// The same answer with the object's version as its ETag.
    #[must_use]
    pub fn version(self, version: impl Into<Version>) -> Self {
        self.header(ETAG, format!("\"{}\"", version.into()))
    }

    /// The same answer with a `Link` header, unless it would be empty.
    #[must_use]
    pub fn links(self, links: &str) -> Self {
        if links.is_empty() { self } else { self.header(LINK, links.to_owned()) }
    }

    /// The same answer with no other members than these.
    #[must_use]
    pub fn only(mut self, fields: Option<Fields>) -> Self {
        self.fields = fields;
        self
    }

    /// The same answer with another status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// An answer that was kept for its idempotency key.
    pub(super) fn replayed(status: i16, headers: &Value, body: Vec<u8>) -> Result<Self> {
        let status = u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok());
        let status = status.ok_or_else(|| Error::internal("a kept reply has no status"))?;
        let mut reply = Self {
            status,
            headers: vec![(REPLAYED, "true".to_owned())],
            content: if body.is_empty() { Content::Nothing } else { Content::Kept(body) },
            fields: None,
        };
        for (name, value) in headers.as_object().into_iter().flatten() {
            if let (Ok(name), Some(value)) = (HeaderName::try_from(name.as_str()), value.as_str()) {
                reply.headers.push((name, value.to_owned()));
            }
        }
        Ok(reply)
    }
}

impl<T: Serialize> Tagged<T> {
    /// Status, headers and body, as they are kept for an idempotency key.
    pub(super) fn parts(&self) -> Result<(i16, Value, Vec<u8>)> {
        let headers: Map<String, Value> =
            self.headers.iter().map(|(name, value)| (name.to_string(), Value::from(value.as_str()))).collect();
        let status = i16::try_from(self.status.as_u16()).map_err(Error::internal)?;
        Ok((status, Value::Object(headers), self.bytes()?))
    }

    fn bytes(&self) -> Result<Vec<u8>> {
        match &self.content {
            Content::Fresh(value) => bytes(value, self.fields.as_ref()),
            Content::Kept(bytes) => Ok(bytes.clone()),
            Content::Nothing => Ok(Vec::new()),
        }
    }
}

impl<T: Serialize> Responder for Tagged<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let body = match self.bytes() {
            Ok(body) => body,
            Err(error) => return error.error_response(),
        };
        let mut response = HttpResponse::build(self.status);
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.insert_header((name, value));
            }
        }
        if body.is_empty() {
            return response.finish();
        }
        response.insert_header((CONTENT_TYPE, "application/json")).body(body)
    }
}
