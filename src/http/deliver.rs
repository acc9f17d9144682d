//! The answers of delivery: a value becomes bytes, cut down to the fields that were asked for, with an age that no
//! boundary is crossed within and the tags of all that it was made of.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, Responder};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::app::App;
use super::entry::Entry;
use crate::base::error::{Error, Fault, Result};
use crate::base::id::hex;
use crate::base::secret::sha256;
use crate::store::documents::Page;

/// A public answer before it is finished.
#[derive(Debug)]
pub struct Delivered {
    status: StatusCode,
    body: Vec<u8>,
    etag: String,
    fresh: Freshness,
    links: String,
    location: Option<String>,
    now: DateTime<Utc>,
}

/// How long an answer holds, and what it was made of.
#[derive(Clone, Debug, Default)]
pub struct Freshness {
    /// The next instant at which the clock alone changes the answer.
    pub boundary: Option<DateTime<Utc>>,
    /// The next instant at which something that is live ceases to be.
    pub ends: Option<DateTime<Utc>>,
    /// Tags such as `article:ID` and `list:region:ID`.
    pub tags: Vec<String>,
    /// When what it shows changed last.
    pub last_modified: Option<DateTime<Utc>>,
    /// Whether the answer itself has not changed since then. What is composed of several things loses some of them
    /// without a date, and only its tag tells.
    pub dated: bool,
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
        Ok(Self::bytes(bytes(value, fields)?, fresh, now))
    }

    /// 200 with finished JSON.
    pub fn bytes(body: Vec<u8>, fresh: Freshness, now: DateTime<Utc>) -> Self {
        let digest = hex(&sha256(&body));
        let etag = digest.get(..32).unwrap_or(&digest).to_owned();
        Self { status: StatusCode::OK, body, etag, fresh, links: String::new(), location: None, now }
    }

    /// 200 with an answer that was finished before.
    pub fn kept(page: Page, now: DateTime<Utc>) -> Self {
        let fresh = Freshness {
            boundary: page.boundary,
            ends: page.ends,
            tags: page.tags,
            last_modified: page.changed_at,
            dated: false,
        };
        let (body, etag) = (page.body, page.etag);
        Self { status: StatusCode::OK, body, etag, fresh, links: page.link, location: None, now }
    }

    /// The answer as it may be kept.
    pub fn page(&self) -> Page {
        Page {
            body: self.body.clone(),
            etag: self.etag.clone(),
            tags: self.fresh.tags.clone(),
            link: self.links.clone(),
            boundary: self.fresh.boundary,
            ends: self.fresh.ends,
            changed_at: self.fresh.last_modified,
        }
    }

    /// 301 to the present address of what has moved.
    pub fn moved(location: String, fresh: Freshness, now: DateTime<Utc>) -> Self {
        let body = serde_json::json!({ "location": location }).to_string().into_bytes();
        Self { status: StatusCode::MOVED_PERMANENTLY, location: Some(location), ..Self::bytes(body, fresh, now) }
    }

    /// The same answer with a `Link` header.
    #[must_use]
    pub fn links(mut self, links: String) -> Self {
        self.links = links;
        self
    }
}

impl Responder for Delivered {
    type Body = BoxBody;

    /// The finished answer is left in the response too, for the cache to keep.
    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let about = (self.fresh, self.now);
        let entry = Entry::new(self.status, self.body, self.etag, about, &self.links, self.location.as_deref());
        let entry = Arc::new(entry);
        let mut response = entry.answer(request.headers(), self.now);
        response.extensions_mut().insert(entry);
        response
    }
}

/// A value as JSON, cut down to `fields` if there are any.
///
/// # Errors
/// 500 when the value cannot be written.
pub(super) fn bytes<T: Serialize>(value: &T, fields: Option<&Fields>) -> Result<Vec<u8>> {
    let bytes = match fields {
        None => serde_json::to_vec(value),
        Some(fields) => {
            serde_json::to_value(value).map(|value| fields.of(value)).and_then(|value| serde_json::to_vec(&value))
        }
    };
    bytes.map_err(Error::internal)
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
