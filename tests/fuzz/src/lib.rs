//! What must hold for any bytes whatever, one function for each target. A law that does not hold panics.

use std::str::from_utf8;

use chrono::DateTime;
use dateline::base::clock::Timestamp;
use dateline::base::secret::Key;
use dateline::delivery::article_query::ArticleQuery;
use dateline::http::query::Query;
use dateline::http::{cursor, strict_json};
use dateline::rules::body::{Block, Format, Parsed, parse, render};
use dateline::rules::change::Change;
use dateline::rules::json_diff;
use dateline::rules::page::Position;
use dateline::rules::slug;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What people could have sent: text without the characters that the entrance refuses.
fn text(data: &[u8]) -> Option<&str> {
    from_utf8(data).ok().filter(|text| !text.contains('\0'))
}

/// Any text makes a slug that is one, and stays one when it is numbered.
pub fn slug(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let made = slug::from_text(text);
    assert_eq!(slug::check(&made), Ok(()), "{made}");
    assert_eq!(slug::from_text(&made), made);
    let number = u32::try_from(text.len()).unwrap_or(u32::MAX).max(2);
    let other = slug::numbered(&made, number);
    assert_eq!(slug::check(&other), Ok(()), "{other}");
    assert_eq!(slug::family(&other), slug::family(&made));
}

/// A cursor leads back to its place, and nothing that was made up is one.
pub fn cursor(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let key = Key::derive(b"secret", "cursor");
    assert!(cursor::read(&key, "articles", text).is_err());
    let id = text.bytes().fold(0_u128, |id, byte| id.rotate_left(7) ^ u128::from(byte));
    let position = Position { key: text.to_owned(), id: Uuid::from_u128(id), back: data.len().is_multiple_of(2) };
    let made = cursor::write(&key, "articles", &position);
    assert_eq!(cursor::read(&key, "articles", &made).ok(), Some(position));
    assert!(cursor::read(&key, text, &made).is_err() || text == "articles");
}

/// Any query is read or refused, and what is refused names a fault.
pub fn query(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Err(error) = Query::<ArticleQuery>::read(text) {
        assert!(!error.faults.is_empty(), "{error}");
    }
}

/// What is read as an instant is written in one way, which reads back as the same.
pub fn times(data: &[u8]) {
    if let Some(at) = text(data).and_then(|text| text.parse::<Timestamp>().ok()) {
        assert_eq!(at.to_string().parse(), Ok(at));
    }
    if let Some(first) = data.first_chunk::<8>() {
        let millis = i64::from_le_bytes(*first).rem_euclid(253_402_300_800_000);
        let at = Timestamp(DateTime::from_timestamp_millis(millis).expect("in range"));
        assert_eq!(at.to_string().parse(), Ok(at));
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Patched {
    a: Change<Value>,
    b: Change<Value>,
    c: Change<Value>,
}

/// A patch does to flat members what RFC 7396 says; and the difference of two documents leads from one to the other.
pub fn merge_patch(data: &[u8]) {
    let half = data.len() / 2;
    let object = |part: &[u8]| serde_json::from_slice::<Map<String, Value>>(part).ok();
    let (Some(old), Some(patch)) = (object(&data[..half]), object(&data[half..])) else { return };
    let mut wanted = Value::Object(old.clone());
    let flat = patch.values().all(|value| !value.is_object());
    let Patched { a, b, c } = serde_json::from_value(Value::Object(patch.clone())).expect("any members");
    let mut merged = old.clone();
    for (name, change) in [("a", a), ("b", b), ("c", c)] {
        match change.over(merged.remove(name)) {
            Some(value) => drop(merged.insert(name.to_owned(), value)),
            None => drop(merged.remove(name)),
        }
    }
    if flat && patch.keys().all(|key| ["a", "b", "c"].contains(&key.as_str())) {
        json_patch::merge(&mut wanted, &Value::Object(patch.clone()));
        assert_eq!(Value::Object(merged), wanted);
    }
    let (mut from, to) = (Value::Object(old), Value::Object(patch));
    let difference = json_diff::between(&from, &to);
    json_patch::patch(&mut from, &difference).expect("a patch that fits");
    assert_eq!(from, to);
}

fn read(format: Format, content: impl Into<Value>) -> Option<Parsed> {
    parse(format, &content.into(), &[]).ok()
}

/// The blocks without ids and HTML: what they say.
pub fn said(blocks: &[Block]) -> Vec<Value> {
    let said = |block: &Block| {
        let mut value = serde_json::to_value(block).expect("a block is JSON");
        let object = value.as_object_mut().expect("a block is an object");
        object.remove("id");
        object.remove("html");
        value
    };
    blocks.iter().map(said).collect()
}

/// What a form makes of a body is read as the same body.
fn reads_back(parsed: &Parsed, format: Format, content: &Value) {
    let back = parse(format, content, &parsed.blocks).expect("what is written can be read");
    // A credit at the end may follow one that was taken off already.
    if back.credit.is_none() {
        assert_eq!(said(&back.blocks), said(&parsed.blocks), "{format}: {content}");
    }
}

/// HTML is a fixed point after the first pass.
pub fn html(data: &[u8]) {
    let Some(parsed) = text(data).and_then(|text| read(Format::Html, text)) else { return };
    let html = render(&parsed.blocks).html;
    reads_back(&parsed, Format::Html, &Value::from(html.clone()));
    let again = read(Format::Html, html.as_str()).expect("what is written can be read");
    if again.credit.is_none() {
        assert_eq!(render(&again.blocks).html, html);
    }
}

/// Markdown becomes blocks that Markdown says again.
pub fn markdown(data: &[u8]) {
    let Some(parsed) = text(data).and_then(|text| read(Format::Markdown, text)) else { return };
    reads_back(&parsed, Format::Markdown, &Value::from(render(&parsed.blocks).markdown));
}

/// Cleaning twice is cleaning once, and nothing that runs gets through.
pub fn cleaner(data: &[u8]) {
    let line = |text: &str| {
        let parsed = read(Format::Blocks, json!([{ "type": "note", "content": text }]))?;
        parsed.blocks.first()?.content.clone()
    };
    let Some(once) = text(data).and_then(line) else { return };
    assert_eq!(line(&once).as_deref(), Some(once.as_str()));
    let lower = once.to_ascii_lowercase();
    for bad in ["<script", "<svg", "<iframe", "<style", "\"javascript:", " onerror=\""] {
        assert!(!lower.contains(bad), "{once}");
    }
}

/// Any array of objects is refused, or read as blocks that Portable Text says again.
pub fn portable_text(data: &[u8]) {
    let Ok(items @ Value::Array(_)) = serde_json::from_slice::<Value>(data) else { return };
    if items.to_string().contains("\\u0000") {
        return;
    }
    let Some(parsed) = read(Format::PortableText, items) else { return };
    reads_back(&parsed, Format::PortableText, &render(&parsed.blocks).portable_text);
}

/// What is read strictly is what everybody reads.
pub fn strict_json(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    if let Ok(value) = strict_json::parse(text) {
        assert_eq!(Some(value), serde_json::from_str::<Value>(text).ok());
    }
}
