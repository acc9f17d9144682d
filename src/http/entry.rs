//! A finished public answer: its bytes in every encoding, its headers, how long it holds and what it was made of.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LINK, LOCATION, VARY, WARNING,
};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::deliver::Freshness;

const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");
const MAX_AGE: i64 = 5;
const SHARED_MAX_AGE: i64 = 30;
const STALE_WHILE_REVALIDATE: i64 = 30;
const STALE_IF_ERROR: i64 = 86_400;
/// The age of every answer that the clock does not change within a day.
const LONG: &str = "public, max-age=5, s-maxage=30, stale-while-revalidate=30, stale-if-error=86400";
/// Of an answer that stands in for one that the database could not give.
const STALE: &str = "public, max-age=0, s-maxage=1";
/// Shorter bodies are sent as they are.
const WORTH_ENCODING: usize = 1024;
const BROTLI_QUALITY: i32 = 5;
const ZSTD_LEVEL: i32 = 6;
/// So many fit into the smaller of two tables, each of which is copied for every answer.
const MOST_HEADERS: usize = 14;
/// What an entry weighs beside its bytes and tags, roughly; most of it are finished headers.
const OVERHEAD: usize = 4096;

/// How a body is written, in the order of our preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Zstd,
    Gzip,
}

const ENCODINGS: [(Encoding, &str); 3] = [(Encoding::Brotli, "br"), (Encoding::Zstd, "zstd"), (Encoding::Gzip, "gzip")];

/// A finished answer. Nothing in it changes, so it may be given to any number of requests.
#[derive(Debug)]
pub struct Entry {
    status: StatusCode,
    body: Bytes,
    /// Made when they are first asked for.
    encoded: [OnceLock<Bytes>; 3],
    etag: String,
    made_at: DateTime<Utc>,
    boundary: Option<DateTime<Utc>>,
    ends: Option<DateTime<Utc>>,
    /// If that says whether the answer is the one that a reader has.
    changed: Option<DateTime<Utc>>,
    tags: Vec<Arc<str>>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// All headers of an answer from memory but the request's own, as it is and in every encoding; made at the first.
    finished: [OnceLock<HeaderMap>; 4],
}

impl Entry {
    /// Finishes an answer.
    pub fn new(
        status: StatusCode,
        body: Vec<u8>,
        etag: String,
        (fresh, made_at): (Freshness, DateTime<Utc>),
        links: &str,
        location: Option<&str>,
    ) -> Self {
        let mut headers = vec![(VARY, HeaderValue::from_static("Accept-Encoding"))];
        let mut add = |name, value: &str| headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        let mut tags = fresh.tags;
        tags.sort_unstable();
        tags.dedup();
        add(SURROGATE_KEY, &tags.join(" "));
        if let Some(changed) = fresh.last_modified {
            add(LAST_MODIFIED, &changed.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        }
        if !links.is_empty() {
            add(LINK, links);
        }
        if let Some(location) = location {
            add(LOCATION, location);
        }
        Self {
            status,
            body: body.into(),
            encoded: Default::default(),
            etag,
            made_at,
            boundary: fresh.boundary,
            ends: fresh.ends,
            changed: fresh.last_modified.filter(|_| fresh.dated),
            tags: tags.into_iter().map(Arc::from).collect(),
            headers,
            finished: Default::default(),
        }
    }

    /// What the answer was made of.
    pub fn tags(&self) -> &[Arc<str>] {
        &self.tags
    }

    /// Whether the clock has not yet made it wrong, nor was put back to before it was made.
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.made_at <= now && self.boundary.is_none_or(|at| now < at)
    }

    /// Bytes that it takes up in memory, about, its encodings included.
    pub fn weight(&self) -> usize {
        let tags: usize = self.tags.iter().map(|tag| 3 * tag.len()).sum();
        OVERHEAD + 2 * self.body.len() + tags
    }

    /// The answer to a request: in the best encoding that it takes, or 304 if it has it already.
    pub fn answer(&self, request: &HeaderMap, now: DateTime<Utc>) -> HttpResponse {
        let encoding = self.encoding_for(request);
        let mut headers = self.headers_in(encoding);
        headers.insert(CACHE_CONTROL, cache_control(self.boundary, self.ends, now));
        self.respond(request, encoding, headers)
    }

    /// The same, with headers that were finished before. `dress` adds those that every public answer has.
    pub fn hit(&self, request: &HeaderMap, now: DateTime<Utc>, dress: impl FnOnce(&mut HeaderMap)) -> HttpResponse {
        let encoding = self.encoding_for(request);
        let [plain, brotli, zstd, gzip] = &self.finished;
        let place = match encoding {
            None => plain,
            Some(Encoding::Brotli) => brotli,
            Some(Encoding::Zstd) => zstd,
            Some(Encoding::Gzip) => gzip,
        };
        let finished = place.get_or_init(|| {
            let mut headers = self.headers_in(encoding);
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(LONG));
            dress(&mut headers);
            headers
        });
        let mut headers = finished.clone();
        if self.boundary.is_some() || self.ends.is_some() {
            headers.insert(CACHE_CONTROL, cache_control(self.boundary, self.ends, now));
        }
        self.respond(request, encoding, headers)
    }

    /// The answer, marked as standing in for one that could not be had.
    pub fn stale_answer(&self, request: &HeaderMap) -> HttpResponse {
        let encoding = self.encoding_for(request);
        let mut headers = self.headers_in(encoding);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(STALE));
        headers.insert(WARNING, HeaderValue::from_static("110 - \"Response is Stale\""));
        self.respond(request, encoding, headers)
    }

    /// All headers but the age, of an answer with a body.
    fn headers_in(&self, encoding: Option<Encoding>) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(MOST_HEADERS);
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        let etag = match encoding {
            Some(encoding) => format!("\"{}-{}\"", self.etag, name(encoding)),
            None => format!("\"{}\"", self.etag),
        };
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(ETAG, etag);
        }
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name(encoding)));
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers
    }

    fn respond(&self, request: &HeaderMap, encoding: Option<Encoding>, mut headers: HeaderMap) -> HttpResponse {
        let known = self.status == StatusCode::OK && self.is_known_to(request);
        let (status, body) = if known {
            headers.remove(CONTENT_ENCODING);
            headers.remove(CONTENT_TYPE);
            (StatusCode::NOT_MODIFIED, BoxBody::new(()))
        } else {
            let body = encoding.map_or(&self.body, |encoding| self.encoded_as(encoding));
            (self.status, BoxBody::new(body.clone()))
        };
        let mut response = HttpResponse::with_body(status, body);
        *response.headers_mut() = headers;
        response
    }

    fn is_known_to(&self, request: &HeaderMap) -> bool {
        let header = |name| request.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        if let Some(tags) = header(IF_NONE_MATCH) {
            return tags.split(',').any(|tag| self.is_etag(tag.trim()));
        }
        let since = header(IF_MODIFIED_SINCE).and_then(|text| DateTime::parse_from_rfc2822(text).ok());
        since.zip(self.changed).is_some_and(|(since, changed)| changed.timestamp() <= since.timestamp())
    }

    /// Whether the tag is ours in any encoding: they say the same.
    fn is_etag(&self, tag: &str) -> bool {
        let inside = tag.trim_start_matches("W/").trim_matches('"');
        let plain = inside.split_once('-').map_or(inside, |(plain, _)| plain);
        tag == "*" || plain == self.etag
    }

    fn encoding_for(&self, request: &HeaderMap) -> Option<Encoding> {
        if self.body.len() < WORTH_ENCODING {
            return None;
        }
        let accepted = request.get(ACCEPT_ENCODING)?.to_str().ok()?;
        ENCODINGS.into_iter().find(|(_, name)| accepts(accepted, name)).map(|(encoding, _)| encoding)
    }

    fn encoded_as(&self, encoding: Encoding) -> &Bytes {
        let [brotli, zstd, gzip] = &self.encoded;
        let place = match encoding {
            Encoding::Brotli => brotli,
            Encoding::Zstd => zstd,
            Encoding::Gzip => gzip,
        };
        place.get_or_init(|| encode(&self.body, encoding).into())
    }
}

fn name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Brotli => "br",
        Encoding::Zstd => "zstd",
        Encoding::Gzip => "gzip",
    }
}

/// Whether an `Accept-Encoding` header names the encoding with a weight above zero.
fn accepts(header: &str, wanted: &str) -> bool {
    header.split(',').any(|part| {
        let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
        let refused = parameters.trim().strip_prefix("q=").is_some_and(|weight| weight.trim().parse() == Ok(0.0_f32));
        name.trim().eq_ignore_ascii_case(wanted) && !refused
    })
}

#[expect(clippy::expect_used, reason = "writing to a vector does not fail")]
fn encode(body: &[u8], encoding: Encoding) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() / 3);
    match encoding {
        Encoding::Brotli => {
            let parameters = brotli::enc::BrotliEncoderParams {
                quality: BROTLI_QUALITY,
                size_hint: body.len(),
                ..Default::default()
            };
            brotli::BrotliCompress(&mut &*body, &mut out, &parameters).expect("a vector takes every byte");
        }
        Encoding::Zstd => out = zstd::bulk::compress(body, ZSTD_LEVEL).expect("a vector takes every byte"),
        Encoding::Gzip => {
            let mut gzip = flate2::write::GzEncoder::new(&mut out, flate2::Compression::default());
            gzip.write_all(body).and_then(|()| gzip.try_finish()).expect("a vector takes every byte");
            drop(gzip);
        }
    }
    out
}

/// No cache may show the answer past the next boundary, and not even in place of a failure what has ceased to be live by
/// then. What only begins to be live does not bound the latter: the header would tell the schedule a day ahead.
fn cache_control(boundary: Option<DateTime<Utc>>, ends: Option<DateTime<Utc>>, now: DateTime<Utc>) -> HeaderValue {
    let until = |at: Option<DateTime<Utc>>| at.map_or(i64::MAX, |at| (at - now).num_milliseconds().max(0) / 1000);
    let (left, until_end) = (until(boundary), until(ends));
    if left >= SHARED_MAX_AGE + STALE_WHILE_REVALIDATE && until_end >= SHARED_MAX_AGE + STALE_IF_ERROR {
        return HeaderValue::from_static(LONG);
    }
    let shared = SHARED_MAX_AGE.min(left);
    let age = format!(
        "public, max-age={}, s-maxage={shared}, stale-while-revalidate={}, stale-if-error={}",
        MAX_AGE.min(left),
        STALE_WHILE_REVALIDATE.min(left - shared),
        STALE_IF_ERROR.min((until_end - shared).max(0)),
    );
    HeaderValue::from_str(&age).unwrap_or(HeaderValue::from_static(STALE))
}
