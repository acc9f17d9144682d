//! An answer, and the ways in which tests look at it. Whatever is not there panics with the whole answer.

use std::collections::BTreeMap;
use std::fmt;

use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::Value;

/// What no client is to read, whatever fails.
const INSIDE: &[&str] = &[
    "violates",
    "constraint",
    "diesel",
    "postgres",
    "panicked",
    "sqlstate",
    "syntax error",
    "relation \"",
    "duplicate key",
    "tokio",
    "actix",
    "serde",
    "deadpool",
    ".rs:",
    "src/",
    "/home/",
    "struct ",
    "tsvector",
    "btree",
    "_pkey",
    "_fkey",
    "insert into",
    "rustc",
    "backtrace",
];

/// What came back.
pub struct Answer {
    request: String,
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
    json: Option<Value>,
}

impl Answer {
    pub(super) fn new(request: String, status: u16, headers: HeaderMap, body: Vec<u8>) -> Self {
        let json = serde_json::from_slice(&body).ok();
        Self { request, status, headers, body, json }
    }

    /// The same answer, if it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert!(self.status == status, "expected {status}, but {self}");
        self
    }

    /// Panics where a failure tells of the inside: words of the database, of crates, of source files.
    #[track_caller]
    pub(super) fn keeps_the_inside_to_itself(&self) {
        if self.status < 400 {
            return;
        }
        let said = self.text().to_ascii_lowercase();
        let told = INSIDE.iter().find(|word| said.contains(*word));
        assert!(told.is_none(), "{told:?} is told in {self}");
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header that must be there.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let Some(value) = self.find_header(name) else { panic!("no header {name} in {self}") };
        value
    }

    /// A header, if it is there and is text.
    pub fn find_header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers.
    pub fn headers(&self) -> BTreeMap<String, String> {
        let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
        self.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> &Value {
        let Some(json) = &self.json else { panic!("no JSON in {self}") };
        json
    }

    /// The value at a JSON pointer.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> &Value {
        let Some(value) = self.json().pointer(pointer) else { panic!("nothing at {pointer} in {self}") };
        value
    }

    /// The string at a JSON pointer.
    #[track_caller]
    pub fn text_at(&self, pointer: &str) -> &str {
        let Some(text) = self.at(pointer).as_str() else { panic!("no string at {pointer} in {self}") };
        text
    }

    /// The strings at a JSON pointer below each item of an array, such as all `/slug` in `/data`.
    #[track_caller]
    pub fn texts_in(&self, array: &str, pointer: &str) -> Vec<&str> {
        let Some(items) = self.at(array).as_array() else { panic!("no array at {array} in {self}") };
        items.iter().map(|item| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default()).collect()
    }

    /// The member `id`.
    #[track_caller]
    pub fn id(&self) -> String {
        self.text_at("/id").to_owned()
    }

    /// The stable code of a problem.
    #[track_caller]
    pub fn code(&self) -> &str {
        self.text_at("/code")
    }

    /// Where the faults of a problem are and what they are: `/slug taken`, `limit out_of_range`.
    #[track_caller]
    pub fn faults(&self) -> Vec<String> {
        let Some(errors) = self.at("/errors").as_array() else { panic!("no faults in {self}") };
        let text = |fault: &Value, name: &str| fault.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut faults: Vec<String> = errors
            .iter()
            .map(|fault| format!("{}{} {}", text(fault, "pointer"), text(fault, "parameter"), text(fault, "code")))
            .collect();
        faults.sort();
        faults
    }

    /// How many SQL statements it took.
    #[track_caller]
    pub fn statements(&self) -> u32 {
        let timing = self.header("server-timing");
        let count = timing.split_once("statements=").map(|(_, rest)| rest.trim_end_matches('"'));
        count.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("no statements in {timing}"))
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    /// The bytes of the body.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = match &self.json {
            Some(json) => format!("{json:#}"),
            None => String::from_utf8_lossy(&self.body).into_owned(),
        };
        write!(f, "{} was answered {}\n{:#?}\n{body}", self.request, self.status, self.headers)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
