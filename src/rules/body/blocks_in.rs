//! Blocks as they are sent: checked one by one, cleaned, and kept with whatever else they carry.

use serde_json::{Map, Value};

use super::LONGEST_WORDS;
use super::block::Block;
use super::inline;
use super::links::{safe_url, web_url};
use super::warnings::Warnings;
use crate::base::error::Fault;

const DEEPEST_PAYLOAD: usize = 10;
/// Members that are inline HTML, wherever they stand.
const INLINE_MEMBERS: &[&str] = &["caption", "cite"];
/// Members that are web addresses.
const WEB_MEMBERS: &[&str] = &["url", "poster", "src"];

/// Reads an array of blocks.
///
/// # Errors
/// Every fault, with pointers into the array.
pub fn read(items: &[Value], warnings: &mut Warnings) -> Result<Vec<Block>, Vec<Fault>> {
    if items.len() > super::MOST_BLOCKS {
        return Err(vec![Fault::at("", "max_items", format!("has more than {} items", super::MOST_BLOCKS))]);
    }
    let mut faults = Vec::new();
    let mut blocks = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match item.as_object() {
            Some(object) => blocks.extend(one(object, &format!("/{index}"), warnings, &mut faults)),
            None => faults.push(Fault::at(format!("/{index}"), "type", "is not an object")),
        }
        warnings.after = blocks.len();
    }
    if faults.is_empty() { Ok(blocks) } else { Err(faults) }
}

fn one(object: &Map<String, Value>, at: &str, warnings: &mut Warnings, faults: &mut Vec<Fault>) -> Option<Block> {
    let before = faults.len();
    let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
    if !object.contains_key("type") {
        faults.push(Fault::at(format!("{at}/type"), "required", "is required"));
        return None;
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !kind.starts_with(|c: char| c.is_ascii_lowercase()) || kind.len() > 40 || !kind.chars().all(plain) {
        faults.push(Fault::at(format!("{at}/type"), "type", "is not a name such as paragraph"));
        return None;
    }
    let mut block = Block::new(kind);
    for (name, value) in named(object, warnings) {
        let place = below(at, name);
        match name.as_str() {
            "type" => {}
            // Compared with what is made, so that nobody believes it was kept.
            "html" => match value.as_str() {
                Some(html) => html.clone_into(&mut block.html),
                None => faults.push(Fault::at(place, "type", "is not a string")),
            },
            "id" => match value.as_str() {
                Some(id) => id.clone_into(&mut block.id),
                None => faults.push(Fault::at(place, "type", "is not a string")),
            },
            "content" => match value.as_str() {
                Some(words) if words.len() > LONGEST_WORDS => {
                    faults.push(Fault::at(place, "max_length", format!("is longer than {LONGEST_WORDS} bytes")));
                }
                Some(words) if kind == "code" => block.content = Some(storable(words, warnings)),
                Some(words) => block.content = Some(inline::clean(words, warnings)),
                None => faults.push(Fault::at(place, "type", "is not a string")),
            },
            _ => {
                if let Some(value) = member(kind, name, value, &place, 0, warnings, faults) {
                    block.payload.insert(name.clone(), value);
                }
            }
        }
    }
    shape(&mut block, at, faults);
    (faults.len() == before).then_some(block)
}

/// A member of a block: words of known members are cleaned, addresses checked, the rest kept.
fn member(
    kind: &str,
    name: &str,
    value: &Value,
    at: &str,
    depth: usize,
    warnings: &mut Warnings,
    faults: &mut Vec<Fault>,
) -> Option<Value> {
    if depth > DEEPEST_PAYLOAD {
        faults.push(Fault::at(at, "too_deep", format!("lies more than {DEEPEST_PAYLOAD} deep")));
        return None;
    }
    let inline =
        INLINE_MEMBERS.contains(&name) || (kind == "list" && name == "items") || (kind == "table" && name == "rows");
    match value {
        Value::String(text) if inline => Some(Value::String(inline::clean(text, warnings))),
        Value::String(text) if WEB_MEMBERS.contains(&name) => web_url(text).map(Value::String).or_else(|| {
            faults.push(Fault::at(at, "url", "is not an absolute http or https address"));
            None
        }),
        Value::String(text) if name == "href" => safe_url(text).map(Value::String).or_else(|| {
            faults.push(Fault::at(at, "url", "is not an http, https, mailto or tel address or a path"));
            None
        }),
        Value::String(text) => Some(Value::String(storable(text, warnings))),
        Value::Array(items) => {
            let kept = items.iter().enumerate().filter_map(|(index, item)| {
                member(kind, name, item, &format!("{at}/{index}"), depth + 1, warnings, faults)
            });
            Some(Value::Array(kept.collect()))
        }
        Value::Object(members) => {
            let mut kept = Map::new();
            for (key, value) in named(members, warnings) {
                if let Some(value) = member(kind, key, value, &below(at, key), depth + 1, warnings, faults) {
                    kept.insert(key.clone(), value);
                }
            }
            Some(Value::Object(kept))
        }
        scalar => Some(scalar.clone()),
    }
}

/// The members that may be kept. How one is judged hangs on its name, so a name is taken as it was sent or not at all:
/// one that were cleaned could become another that was never looked at.
fn named<'a>(members: &'a Map<String, Value>, warnings: &mut Warnings) -> Vec<(&'a String, &'a Value)> {
    let mut kept = Vec::with_capacity(members.len());
    for (name, value) in members {
        if name.contains(char::is_control) {
            warnings
                .add("member_removed", format!("{} was removed: its name has control characters", name.escape_debug()));
        } else {
            kept.push((name, value));
        }
    }
    kept
}

/// JSON Pointer to a member.
fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Text without control characters but tabs and line breaks: PostgreSQL stores no NUL, and no reader wants the others.
pub(super) fn storable(text: &str, warnings: &mut Warnings) -> String {
    let mut kept = text.replace("\r\n", "\n");
    kept.retain(|c| {
        let fine = !c.is_control() || matches!(c, '\n' | '\t');
        if !fine {
            warnings.control(c);
        }
        fine
    });
    kept
}

/// What each known type must have; unknown types may be anything.
fn shape(block: &mut Block, at: &str, faults: &mut Vec<Fault>) {
    let mut need = |fine: bool, member: &str, detail: &str| {
        if !fine {
            faults.push(Fault::at(format!("{at}/{member}"), "required", detail));
        }
    };
    match block.kind.as_str() {
        "paragraph" | "quote" | "pull_quote" | "callout" | "correction" => {
            need(block.content.as_ref().is_some_and(|words| !inline::is_blank(words)), "content", "has no words");
        }
        "code" => need(!block.words().trim().is_empty(), "content", "has no words"),
        "heading" => {
            need(block.content.as_ref().is_some_and(|words| !inline::is_blank(words)), "content", "has no words");
            let level = block.payload.entry("level").or_insert(Value::from(2));
            need(
                level.as_u64().is_some_and(|level| (2..=6).contains(&level)),
                "level",
                "is not a whole number from 2 to 6",
            );
        }
        "list" => {
            let ordered = block.payload.entry("ordered").or_insert(Value::Bool(false)).is_boolean();
            need(ordered, "ordered", "is not true or false");
            let items = block.array("items");
            need(
                !items.is_empty() && items.iter().all(Value::is_string),
                "items",
                "is not an array of strings with one at least",
            );
        }
        "table" => {
            let header = block.payload.entry("header").or_insert(Value::Bool(false)).is_boolean();
            need(header, "header", "is not true or false");
            let rows = block.array("rows");
            let fine = |row: &Value| row.as_array().is_some_and(|cells| cells.iter().all(Value::is_string));
            need(!rows.is_empty() && rows.iter().all(fine), "rows", "is not an array of arrays of strings");
        }
        "image" | "embed" | "video" | "audio" => need(!block.str("url").is_empty(), "url", "is required"),
        "gallery" => {
            let images = block.array("images");
            let fine = |image: &Value| image.get("url").is_some_and(Value::is_string);
            need(!images.is_empty() && images.iter().all(fine), "images", "is not an array of objects with url");
        }
        "related_link" => {
            need(!block.str("href").is_empty(), "href", "is required");
            need(!block.str("title").is_empty(), "title", "is required");
        }
        "link_list" => {
            let links = block.array("links");
            let fine = |link: &Value| ["href", "title"].iter().all(|name| link.get(name).is_some_and(Value::is_string));
            need(
                !links.is_empty() && links.iter().all(fine),
                "links",
                "is not an array of objects with href and title",
            );
        }
        "key_event" => need(!block.str("title").is_empty(), "title", "is required"),
        _ => {}
    }
}
