//! Cursors: opaque, authenticated, and bound to the list, its filters and its order.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;

use super::app::App;
use super::query::Params;
use crate::base::error::{Code, Error, Fault, Result};
use crate::base::secret::{Key, same};
use crate::rules::page::{Position, Seek, Window};

const VERSION: u8 = 1;
const TAG_BYTES: usize = 16;
/// Rows of a page when nobody asks for another number.
pub const DEFAULT_LIMIT: i64 = 20;
/// The most rows of one page.
pub const MAX_LIMIT: i64 = 100;

/// What every list says of itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PageMeta {
    /// The most items this page could have had.
    #[schema(example = 20, minimum = 1, maximum = 100)]
    pub limit: i64,
    /// Leads to the next page; `null` on the last one.
    #[schema(example = "AXsiayI6IjIwMjYtMDEtMDVUMDk6MDA6MDBaIn0", max_length = 2000)]
    pub next_cursor: Option<String>,
    /// Leads to the previous page; `null` on the first one.
    #[schema(example = json!(null), max_length = 2000)]
    pub prev_cursor: Option<String>,
    /// How many items the list has in all, if `include_total=true` asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 41, minimum = 0, nullable = false)]
    pub total: Option<i64>,
}

/// What a list says of itself that is never paged.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct WholeListMeta {
    /// How many items it has.
    #[schema(example = 1, minimum = 0)]
    pub total: usize,
}

impl WholeListMeta {
    /// Of these items.
    pub fn of<T>(items: &[T]) -> Self {
        Self { total: items.len() }
    }
}

/// The parameters that every list takes.
#[derive(Clone, Debug)]
pub struct Paging {
    /// Items per page.
    pub limit: i64,
    /// The raw cursor.
    pub cursor: Option<String>,
    /// Whether to count the list.
    pub include_total: bool,
    /// Whether the list runs from the greatest key to the least.
    pub falling: bool,
}

impl Paging {
    /// Takes `limit`, `cursor` and `include_total`.
    pub fn from_params(params: &mut Params) -> Self {
        Self { include_total: params.flag("include_total").unwrap_or(false), ..Self::uncounted(params) }
    }

    /// Takes `limit` and `cursor`, of a list that is not counted.
    pub fn uncounted(params: &mut Params) -> Self {
        Self {
            limit: params.number("limit", 1, MAX_LIMIT).unwrap_or(DEFAULT_LIMIT),
            cursor: params.words("cursor", 2000),
            include_total: false,
            falling: false,
        }
    }

    /// How many items the list has, if that was asked for.
    ///
    /// # Errors
    /// Those of `count`.
    pub async fn total(&self, count: impl AsyncFnOnce() -> Result<i64>) -> Result<Option<i64>> {
        if self.include_total { count().await.map(Some) } else { Ok(None) }
    }

    /// The place to start from. `list` names the list with its filters and order, as [`identity`] writes it.
    ///
    /// # Errors
    /// 400 for a cursor that this list did not make.
    pub fn seek(&self, key: &Key, list: &str) -> Result<Seek> {
        let from = self.cursor.as_deref().map(|cursor| read(key, list, cursor)).transpose()?;
        Ok(Seek { limit: self.limit, from, falling: self.falling })
    }
}

/// The identity of a list: its name and every parameter except those of paging and rendering, in one spelling.
pub fn identity(name: &str, raw_query: &str) -> String {
    let passing = ["cursor", "limit", "include_total", "fields", "body_format"];
    let mut pairs: Vec<(String, String)> = url::form_urlencoded::parse(raw_query.as_bytes())
        .filter(|(key, _)| !passing.contains(&&**key))
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    pairs.sort();
    pairs.iter().fold(name.to_owned(), |mut text, (key, value)| {
        let _ = write!(text, "\n{key}={value}");
        text
    })
}

/// What a list answers beside its items: the meta object and the `Link` header.
pub fn around<T>(app: &App, list: &str, paging: &Paging, window: &Window<T>, total: Option<i64>) -> (PageMeta, String) {
    let write = |position: &Position| write(&app.cursor_key, list, position);
    let next_cursor = window.next.as_ref().map(write);
    let prev_cursor = window.prev.as_ref().map(write);
    let links = [("next", next_cursor.as_deref()), ("prev", prev_cursor.as_deref()), ("first", Some(""))]
        .into_iter()
        .filter_map(|(rel, cursor)| Some(format!("<{}>; rel=\"{rel}\"", page_url(app, cursor?))))
        .collect::<Vec<_>>()
        .join(", ");
    (PageMeta { limit: paging.limit, next_cursor, prev_cursor, total }, links)
}

/// The absolute URL of this list with another cursor, or without one.
fn page_url(app: &App, cursor: &str) -> String {
    let mut url = app.settings.public_url.clone();
    url.set_path(app.request().path());
    let kept = url::form_urlencoded::parse(app.request().query_string().as_bytes()).filter(|(key, _)| key != "cursor");
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept);
    if !cursor.is_empty() {
        query.append_pair("cursor", cursor);
    }
    let query = query.finish();
    url.set_query(Some(&query).filter(|query| !query.is_empty()).map(String::as_str));
    url.to_string()
}

/// Writes a cursor.
pub fn write(key: &Key, list: &str, position: &Position) -> String {
    let mut bytes = vec![VERSION];
    bytes.extend(serde_json::to_vec(position).unwrap_or_default());
    let tag = tag(key, list, &bytes);
    bytes.extend_from_slice(&tag);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a cursor that [`write`] made with this key for this list.
///
/// # Errors
/// 400 for any other.
pub fn read(key: &Key, list: &str, cursor: &str) -> Result<Position> {
    let invalid = || {
        let fault = Fault::of("cursor", "invalid_cursor", "was not made by this list with these filters");
        Error::new(Code::InvalidCursor, fault.detail.clone()).with_faults(vec![fault])
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
    let split = bytes.len().checked_sub(TAG_BYTES).ok_or_else(invalid)?;
    let (signed, sent_tag) = bytes.split_at_checked(split).ok_or_else(invalid)?;
    if !same(&tag(key, list, signed), sent_tag) {
        return Err(invalid());
    }
    match signed.split_first() {
        Some((&VERSION, json)) => serde_json::from_slice(json).map_err(|_| invalid()),
        _ => Err(invalid()),
    }
}

fn tag(key: &Key, list: &str, signed: &[u8]) -> Vec<u8> {
    let message = [list.as_bytes(), b"\0", signed].concat();
    key.mac(&message).into_iter().take(TAG_BYTES).collect()
}
