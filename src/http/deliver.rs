//! The answers of delivery: bytes with a strong ETag, an age that no boundary is crossed within, and the tags of all
//! that they were made of.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HttpDate, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LINK,
    LOCATION, VARY,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, Responder};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::app::App;
use crate::base::error::{Error, Fault, Result};
use crate::base::id::hex;
use crate::base::secret::sha256;

const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");
const MAX_AGE: i64 = 5;
const SHARED_MAX_AGE: i64 = 30;
const STALE_WHILE_REVALIDATE: i64 = 30;
const STALE_IF_ERROR: i64 = 86_400;

/// A finished public answer.
#[derive(Debug)]
pub struct Delivered {
    status: StatusCode,
    body: Vec<u8>,
    etag: String,
    cache_control: String,
    tags: Vec<String>,
    last_modified: Option<DateTime<Utc>>,
    links: String,
    location: Option<String>,
}

/// How long an answer holds, and what it was made of.
#[derive(Clone, Debug, Default)]
pub struct Freshness {
    /// The next instant at which the clock alone changes the answer.
    pub boundary: Option<DateTime<Utc>>,
    /// Tags such as `article:ID` and `list:region:ID`.
    pub tags: Vec<String>,
    /// When what it shows changed last.
    pub last_modified: Option<DateTime<Utc>>,
}

impl Delivered {
    /// 200 with a JSON value, cut down to `fields` if there are any.
    ///
    /// # Errors
    /// 500 when the value cannot be written.
    pub fn json<T: Serialize>(
        value: &T,
        fields: Option<&Fields>,
        fresh: Freshness,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let body = match fields {
            None => serde_json::to_vec(value),
            Some(fields) => {
                serde_json::to_value(value).map(|value| fields.of(value)).and_then(|value| serde_json::to_vec(&value))
            }
        };
        Ok(Self::bytes(body.map_err(Error::internal)?, fresh, now))
    }

    /// 200 with finished JSON.
    pub fn bytes(body: Vec<u8>, fresh: Freshness, now: DateTime<Utc>) -> Self {
        let digest = hex(&sha256(&body));
        Self {
            status: StatusCode::OK,
            etag: format!("\"{}\"", digest.get(..32).unwrap_or(&digest)),
            cache_control: cache_control(fresh.boundary, now),
            tags: fresh.tags,
            last_modified: fresh.last_modified,
            links: String::new(),
            location: None,
            body,
        }
    }

    /// 301 to the present address of what has moved.
    pub fn moved(location: String, fresh: Freshness, now: DateTime<Utc>) -> Self {
        let body = serde_json::json!({ "location": location }).to_string().into_bytes();
        let mut moved = Self::bytes(body, fresh, now);
        moved.status = StatusCode::MOVED_PERMANENTLY;
        moved.location = Some(location);
        moved
    }

    /// The same answer with a `Link` header.
    #[must_use]
    pub fn links(mut self, links: String) -> Self {
        self.links = links;
        self
    }

    fn unchanged_for(&self, request: &HttpRequest) -> bool {
        if self.status != StatusCode::OK {
            return false;
        }
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        if let Some(tags) = header(IF_NONE_MATCH) {
            return tags
                .split(',')
                .map(|tag| tag.trim().trim_start_matches("W/"))
                .any(|tag| tag == "*" || tag == self.etag);
        }
        let since = header(IF_MODIFIED_SINCE).and_then(|text| DateTime::parse_from_rfc2822(text).ok());
        since.zip(self.last_modified).is_some_and(|(since, changed)| changed.timestamp() <= since.timestamp())
    }

    fn set_headers(&self, response: &mut HttpResponseBuilder) {
        response
            .insert_header((ETAG, self.etag.as_str()))
            .insert_header((CACHE_CONTROL, self.cache_control.as_str()))
            .insert_header((VARY, "Accept-Encoding"))
            .insert_header((SURROGATE_KEY, self.tags.join(" ")));
        if let Some(changed) = self.last_modified {
            response.insert_header((LAST_MODIFIED, HttpDate::from(std::time::SystemTime::from(changed))));
        }
        if !self.links.is_empty() {
            response.insert_header((LINK, self.links.as_str()));
        }
        if let Some(location) = &self.location {
            response.insert_header((LOCATION, location.as_str()));
        }
    }
}

impl Responder for Delivered {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let unchanged = self.unchanged_for(request);
        let mut response = HttpResponse::build(if unchanged { StatusCode::NOT_MODIFIED } else { self.status });
        self.set_headers(&mut response);
        if unchanged {
            return response.finish();
        }
        response.insert_header((CONTENT_TYPE, "application/json")).body(self.body)
    }
}

/// No cache may show the answer, fresh or stale, past the next boundary.
fn cache_control(boundary: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    let left = boundary.map_or(i64::MAX, |at| (at - now).num_milliseconds().max(0) / 1000);
    let shared = SHARED_MAX_AGE.min(left);
    let rest = left - shared;
    format!(
        "public, max-age={}, s-maxage={shared}, stale-while-revalidate={}, stale-if-error={}",
        MAX_AGE.min(left),
        STALE_WHILE_REVALIDATE.min(rest),
        STALE_IF_ERROR.min(rest),
    )
}

/// The members that `fields=id,headline,hero.url` asks for.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<Vec<String>>);

impl Fields {
    /// From dotted paths, each a member of `T` in the published document.
    ///
    /// # Errors
    /// 400 that names each path which is none.
    pub fn among<T: ToSchema>(app: &App, paths: Option<Vec<String>>) -> Result<Option<Self>> {
        let Some(paths) = paths else { return Ok(None) };
        let name = T::name();
        let faults: Vec<Fault> = paths
            .iter()
            .filter(|path| !app.schemas.has_member(&name, path))
            .map(|path| {
                let known = app.schemas.members(&name).join(", ");
                Fault::of("fields", "unknown_field", format!("{path:?} is none of {known}, nor below one of them"))
            })
            .collect();
        if !faults.is_empty() {
            return Err(Error::parameters(faults));
        }
        Ok(Some(Self(paths.iter().map(|path| path.split('.').map(str::to_owned).collect()).collect())))
    }

    /// The value with only these members; lists are cut item by item, and a list answer in its `data`.
    pub fn of(&self, value: Value) -> Value {
        let paths: Vec<&[String]> = self.0.iter().map(Vec::as_slice).collect();
        match value {
            Value::Object(mut list) if list.contains_key("data") && list.contains_key("meta") => {
                if let Some(data) = list.get_mut("data") {
                    *data = cut(data.take(), &paths);
                }
                Value::Object(list)
            }
            other => cut(other, &paths),
        }
    }
}

fn cut(value: Value, paths: &[&[String]]) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| cut(item, paths)).collect(),
        Value::Object(members) => {
            let mut kept = Map::new();
            for (key, member) in members {
                let below: Vec<&[String]> = paths
                    .iter()
                    .filter_map(|path| path.split_first().filter(|(first, _)| **first == key))
                    .map(|(_, rest)| rest)
                    .collect();
                if below.iter().any(|rest| rest.is_empty()) {
                    kept.insert(key, member);
                } else if !below.is_empty() {
                    kept.insert(key, cut(member, &below));
                }
            }
            Value::Object(kept)
        }
        scalar => scalar,
    }
}
