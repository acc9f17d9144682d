//! Portable Text in and out: text blocks as spans with marks, everything else as objects of our own types.

use serde_json::{Map, Value, json};

use super::block::Block;
use super::dom::{self, Handle, NodeData, escape, escape_attribute};
use crate::base::error::Fault;

const DECORATORS: &[(&str, &str)] = &[
    ("strong", "strong"),
    ("em", "em"),
    ("code", "code"),
    ("underline", "u"),
    ("strike-through", "s"),
    ("sub", "sub"),
    ("sup", "sup"),
    ("mark", "mark"),
    ("q", "q"),
    ("cite", "cite"),
];

/// Portable Text as blocks that still have to be read.
///
/// # Errors
/// For items that are no objects with a `_type`.
pub fn to_blocks(items: &[Value]) -> Result<Vec<Value>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut blocks: Vec<Value> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let Some(kind) = item.get("_type").and_then(Value::as_str) else {
            faults.push(Fault::at(format!("/{index}/_type"), "required", "is required"));
            continue;
        };
        if kind == "block" {
            text_block(item, &mut blocks);
        } else {
            close(&mut blocks);
            blocks.push(custom(item, kind));
        }
    }
    close(&mut blocks);
    if faults.is_empty() { Ok(blocks) } else { Err(faults) }
}

fn custom(item: &Value, kind: &str) -> Value {
    let mut object: Map<String, Value> = item.as_object().cloned().unwrap_or_default();
    object.remove("_type");
    if let Some(Value::String(key)) = object.remove("_key") {
        object.insert("id".to_owned(), Value::String(key));
    }
    object.insert("type".to_owned(), Value::String(kind.to_owned()));
    Value::Object(object)
}

fn text_block(item: &Value, blocks: &mut Vec<Value>) {
    let content = spans(item);
    let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
    if let list @ ("bullet" | "number") = text("listItem") {
        let ordered = list == "number";
        let open = blocks.last_mut().and_then(Value::as_object_mut).filter(|last| {
            last.get("type").is_some_and(|kind| kind == "list")
                && last.get("ordered") == Some(&Value::Bool(ordered))
                && last.contains_key("_open")
        });
        match open.and_then(|last| last.get_mut("items")?.as_array_mut()) {
            Some(items) => items.push(Value::String(content)),
            None => blocks.push(json!({ "type": "list", "ordered": ordered, "items": [content], "_open": true })),
        }
        return;
    }
    close(blocks);
    let mut block = match text("style") {
        "blockquote" => json!({ "type": "quote", "content": content }),
        heading if heading.len() == 2 && heading.starts_with('h') => {
            let level = heading.trim_start_matches('h').parse::<u64>().unwrap_or(2).clamp(2, 6);
            json!({ "type": "heading", "level": level, "content": content })
        }
        _ => json!({ "type": "paragraph", "content": content }),
    };
    if let (Some(key), Some(object)) = (item.get("_key"), block.as_object_mut()) {
        object.insert("id".to_owned(), key.clone());
    }
    blocks.push(block);
}

/// A list is open while its items follow one another.
fn close(blocks: &mut [Value]) {
    if let Some(last) = blocks.last_mut().and_then(Value::as_object_mut) {
        last.remove("_open");
    }
}

fn spans(item: &Value) -> String {
    let definitions = item.get("markDefs").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut out = String::new();
    for span in item.get("children").and_then(Value::as_array).into_iter().flatten() {
        let words = span.get("text").and_then(Value::as_str).unwrap_or_default();
        let mut html = escape(words).replace('\n', "<br>");
        for mark in span.get("marks").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if let Some((_, tag)) = DECORATORS.iter().find(|(name, _)| *name == mark) {
                html = format!("<{tag}>{html}</{tag}>");
            } else if let Some(link) = definitions.iter().find(|one| one.get("_key").is_some_and(|key| key == mark)) {
                let href = link.get("href").and_then(Value::as_str).unwrap_or_default();
                html = format!("<a href=\"{}\">{html}</a>", escape_attribute(href));
            }
        }
        out.push_str(&html);
    }
    out
}

/// Blocks as Portable Text.
pub fn write(blocks: &[Block]) -> Value {
    let mut items = Vec::new();
    for block in blocks {
        match block.kind.as_str() {
            "paragraph" => items.push(text_object(&block.id, "normal", block.words())),
            "quote" if block.payload.is_empty() => items.push(text_object(&block.id, "blockquote", block.words())),
            "heading" => {
                let level = block.payload.get("level").and_then(Value::as_u64).unwrap_or(2);
                items.push(text_object(&block.id, &format!("h{level}"), block.words()));
            }
            "list" => {
                let kind = if block.payload.get("ordered").and_then(Value::as_bool).unwrap_or(false) {
                    "number"
                } else {
                    "bullet"
                };
                for (index, words) in block.array("items").iter().filter_map(Value::as_str).enumerate() {
                    let mut item = text_object(&format!("{}-{index}", block.id), "normal", words);
                    if let Some(object) = item.as_object_mut() {
                        object.insert("listItem".to_owned(), Value::String(kind.to_owned()));
                        object.insert("level".to_owned(), Value::from(1));
                    }
                    items.push(item);
                }
            }
            kind => {
                let mut object = block.payload.clone();
                object.insert("_type".to_owned(), Value::String(kind.to_owned()));
                object.insert("_key".to_owned(), Value::String(block.id.clone()));
                if let Some(content) = &block.content {
                    object.insert("content".to_owned(), Value::String(content.clone()));
                }
                items.push(Value::Object(object));
            }
        }
    }
    Value::Array(items)
}

fn text_object(key: &str, style: &str, html: &str) -> Value {
    let mut line = Line::default();
    if let Some((_dom, root)) = dom::parse(html) {
        for node in dom::children(&root) {
            line.write(&node, &[], 0);
        }
    }
    let children: Vec<Value> = line
        .spans
        .into_iter()
        .enumerate()
        .map(|(index, (text, marks))| json!({ "_type": "span", "_key": format!("{key}-s{index}"), "text": text, "marks": marks }))
        .collect();
    json!({ "_type": "block", "_key": key, "style": style, "markDefs": line.definitions, "children": children })
}

#[derive(Default)]
struct Line {
    spans: Vec<(String, Vec<String>)>,
    definitions: Vec<Value>,
}

impl Line {
    fn write(&mut self, node: &Handle, marks: &[String], depth: usize) {
        match &node.data {
            NodeData::Text { contents } => self.push(&contents.borrow(), marks),
            NodeData::Element { .. } if depth < dom::DEEPEST => {
                let name = dom::name(node).unwrap_or_default();
                if name == "br" {
                    self.push("\n", marks);
                    return;
                }
                let mut inner = marks.to_vec();
                if let Some((decorator, _)) = DECORATORS.iter().find(|(_, tag)| *tag == name) {
                    inner.push((*decorator).to_owned());
                } else if let Some(href) = dom::attribute(node, "href") {
                    let key = format!("link{}", self.definitions.len());
                    self.definitions.push(json!({ "_type": "link", "_key": key, "href": href }));
                    inner.push(key);
                }
                for child in dom::children(node) {
                    self.write(&child, &inner, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str, marks: &[String]) {
        match self.spans.last_mut() {
            Some((last, same)) if same == marks => last.push_str(text),
            _ => self.spans.push((text.to_owned(), marks.to_vec())),
        }
    }
}
