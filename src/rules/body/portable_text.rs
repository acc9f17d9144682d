//! Portable Text in and out: text blocks as spans with marks, everything else as objects of our own types.

use std::collections::HashSet;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::block::Block;
use super::blocks_in;
use super::dom::{self, Handle, NodeData, escape, escape_attribute};
use super::identity;
use super::inline;
use super::simple;
use super::warnings::Warnings;
use crate::base::error::Fault;

/// Mark -> element, for elements without attributes.
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
    ("abbr", "abbr"),
    ("time", "time"),
];
/// Kind of an annotation -> element and the members that are its attributes.
const ANNOTATIONS: &[(&str, &str, &[&str])] = &[
    ("link", "a", &["href", "title"]),
    ("abbr", "abbr", &["title"]),
    ("span", "span", &["dir", "lang"]),
    ("time", "time", &["datetime"]),
];

/// Portable Text as blocks that still have to be read. A `_key` that cannot be an id here, or stands twice, is left
/// out: other editors make theirs of other letters.
///
/// # Errors
/// For items that are no objects with a `_type`.
pub fn to_blocks(items: &[Value], warnings: &mut Warnings) -> Result<Vec<Value>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut blocks: Vec<Value> = Vec::new();
    let mut used = HashSet::new();
    let mut open_list = None;
    for (index, item) in items.iter().enumerate() {
        let Some(kind) = item.get("_type").and_then(Value::as_str) else {
            faults.push(Fault::at(format!("/{index}/_type"), "required", "is required"));
            continue;
        };
        warnings.after = blocks.len();
        let ordered = item.get("listItem").filter(|_| kind == "block").and_then(|list| is_ordered(list, warnings));
        // A list goes on while its items are of one kind and, where we wrote them, of one list.
        let key = item.get("_key").and_then(Value::as_str).unwrap_or_default();
        let (id, place) = ordered.and_then(|_| key.rsplit_once('-')).unwrap_or((key, ""));
        let goes_on = ordered.is_some() && open_list == ordered && place != "0";
        if goes_on {
            if let Some(items) = blocks.last_mut().and_then(|list| list.get_mut("items")?.as_array_mut()) {
                items.push(list_item(item, warnings));
            }
            continue;
        }
        open_list = ordered;
        let mut block = match ordered {
            Some(ordered) => json!({ "type": "list", "ordered": ordered, "items": [list_item(item, warnings)] }),
            None if kind == "block" => text_block(item, warnings),
            None => custom(item, kind),
        };
        let id = if ordered.is_some() && place != "0" { "" } else { id };
        let fits = identity::fits(id) && used.insert(id.to_owned());
        if !fits && !id.is_empty() {
            warnings.add("key_replaced", "a _key that cannot be an id here, or stands twice, was replaced");
        }
        if let Some(object) = block.as_object_mut().filter(|_| fits) {
            object.insert("id".to_owned(), Value::String(id.to_owned()));
        }
        blocks.push(block);
    }
    if faults.is_empty() { Ok(blocks) } else { Err(faults) }
}

/// Whether a list is numbered.
fn is_ordered(list: &Value, warnings: &mut Warnings) -> Option<bool> {
    let kind = list.as_str();
    if !matches!(kind, Some("bullet" | "number")) {
        let became = if kind.is_some() { "a bullet" } else { "a paragraph" };
        warnings.add("list_changed", format!("a listItem {list} became {became}"));
    }
    kind.map(|kind| kind == "number")
}

fn custom(item: &Value, kind: &str) -> Value {
    let mut object: Map<String, Value> = item.as_object().cloned().unwrap_or_default();
    for name in ["_type", "_key", "id"] {
        object.remove(name);
    }
    object.insert("type".to_owned(), Value::String(kind.to_owned()));
    Value::Object(object)
}

/// Members of a text block that are read; further ones are kept with it, unless they would be taken for ours.
const READ: &[&str] = &["_type", "_key", "style", "listItem", "level", "markDefs", "children"];
const OURS: &[&str] = &["type", "id", "html", "content", "items", "ordered", "article_id"];

fn text_block(item: &Value, warnings: &mut Warnings) -> Value {
    let content = spans(item, warnings);
    let style = item.get("style").unwrap_or(&Value::Null);
    let level = style.as_str().and_then(|style| style.strip_prefix('h')?.parse::<u64>().ok());
    let mut block = match (style.as_str(), level) {
        (Some("blockquote"), _) => json!({ "type": "quote", "content": content }),
        (_, Some(level)) => {
            if !(2..=6).contains(&level) {
                warnings.add("heading_lowered", format!("a heading of level {level} became one of level 2 to 6"));
            }
            json!({ "type": "heading", "level": level.clamp(2, 6), "content": content })
        }
        (Some("normal" | ""), _) => json!({ "type": "paragraph", "content": content }),
        _ => {
            if !style.is_null() {
                warnings.add("style_removed", format!("the style {style} became normal"));
            }
            json!({ "type": "paragraph", "content": content })
        }
    };
    if item.get("level").is_some() {
        warnings.add("member_removed", "level of what is no list item was removed");
    }
    for (name, value) in item.as_object().into_iter().flatten().filter(|(name, _)| !READ.contains(&name.as_str())) {
        match block.as_object_mut().filter(|_| !OURS.contains(&name.as_str())) {
            Some(object) => {
                object.insert(name.clone(), value.clone());
            }
            None => warnings.add("member_removed", format!("{name} of a block was removed")),
        }
    }
    block
}

/// The words of a list item, of which nothing else has a place.
fn list_item(item: &Value, warnings: &mut Warnings) -> Value {
    if item.get("level").is_some_and(|level| level.as_f64() != Some(1.0)) {
        warnings.add("list_flattened", "a list inside a list became items of the outer one");
    }
    if let Some(style) = item.get("style").filter(|style| !matches!(style.as_str(), Some("normal" | ""))) {
        warnings.add("style_removed", format!("the style {style} of a list item became normal"));
    }
    others(item, READ, "a list item", warnings);
    let words = spans(item, warnings);
    Value::String(words)
}

/// Warns of the members of an object that are not read.
fn others(object: &Value, read: &[&str], of: &str, warnings: &mut Warnings) {
    let members = object.as_object().into_iter().flatten();
    for (name, _) in members.filter(|(name, _)| !read.contains(&name.as_str())) {
        warnings.add("member_removed", format!("{name} of {of} was removed"));
    }
}

/// The spans of an item as inline HTML; marks that follow one another in neighbours stay open between them.
fn spans(item: &Value, warnings: &mut Warnings) -> String {
    let definitions = item.get("markDefs").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut out = String::new();
    let mut open: Vec<(&str, &str)> = Vec::new();
    for span in item.get("children").and_then(Value::as_array).into_iter().flatten() {
        let kind = span.get("_type").map_or("span", |kind| kind.as_str().unwrap_or_default());
        let Some(words) = span.get("text").and_then(Value::as_str).filter(|_| kind == "span") else {
            warnings.add("inline_removed", format!("a child that is no span with text was removed: {kind}"));
            continue;
        };
        others(span, &["_type", "_key", "text", "marks"], "a span", warnings);
        let marks = marks(span, definitions, warnings);
        let common = open.iter().zip(&marks).take_while(|((open, _), (mark, _))| open == mark).count();
        for (_, tag) in open.drain(common..).rev() {
            let _ = write!(out, "</{tag}>");
        }
        for (mark, tag) in marks.iter().skip(common) {
            out.push_str(tag);
            open.push((mark, element(mark, definitions)));
        }
        out.push_str(&escape(words).replace('\n', "<br>"));
    }
    for (_, tag) in open.iter().rev() {
        let _ = write!(out, "</{tag}>");
    }
    out
}

/// The marks of a span with their start tags.
fn marks<'a>(span: &'a Value, definitions: &[Value], warnings: &mut Warnings) -> Vec<(&'a str, String)> {
    let mut kept = Vec::new();
    for mark in span.get("marks").and_then(Value::as_array).into_iter().flatten() {
        let name = mark.as_str().unwrap_or_default();
        if let Some(tag) = start_tag(name, definitions).filter(|_| kept.len() < dom::DEEPEST) {
            kept.push((name, tag));
        } else {
            let defined = definitions.iter().find(|one| one.get("_key").is_some_and(|key| key == mark));
            let kind = defined.and_then(|one| one.get("_type")).unwrap_or(mark);
            warnings.add("mark_removed", format!("the mark {kind} was taken off its words"));
        }
        if let Some((definition, _, names)) = annotation(name, definitions) {
            let read: Vec<&str> = ["_type", "_key"].iter().chain(names).copied().collect();
            others(definition, &read, "a mark", warnings);
        }
    }
    kept
}

fn element(mark: &str, definitions: &[Value]) -> &'static str {
    let decorator = DECORATORS.iter().find(|(name, _)| *name == mark).map(|(_, tag)| *tag);
    decorator.or_else(|| annotation(mark, definitions).map(|(_, tag, _)| tag)).unwrap_or_default()
}

fn start_tag(mark: &str, definitions: &[Value]) -> Option<String> {
    if let Some((_, tag)) = DECORATORS.iter().find(|(name, _)| *name == mark) {
        return Some(format!("<{tag}>"));
    }
    let (definition, tag, names) = annotation(mark, definitions)?;
    let attributes = names.iter().filter_map(|name| {
        let value = definition.get(*name).and_then(Value::as_str)?;
        Some(format!(" {name}=\"{}\"", escape_attribute(value)))
    });
    Some(format!("<{tag}{}>", attributes.collect::<String>()))
}

fn annotation<'a>(mark: &str, definitions: &'a [Value]) -> Option<(&'a Value, &'static str, &'static [&'static str])> {
    let definition = definitions.iter().find(|one| one.get("_key").is_some_and(|key| key == mark))?;
    let kind = definition.get("_type").and_then(Value::as_str).unwrap_or("link");
    ANNOTATIONS.iter().find(|(name, ..)| *name == kind).map(|(_, tag, names)| (definition, *tag, *names))
}

/// Blocks as Portable Text.
pub fn write(blocks: &[Block]) -> Value {
    Value::Array(blocks.iter().flat_map(of_block).collect())
}

/// As text blocks where they can say all of the block, else as an object of its type.
fn of_block(block: &Block) -> Vec<Value> {
    let plain = plain(block);
    if simple::as_portable_text(block) {
        return plain;
    }
    let back =
        to_blocks(&plain, &mut Warnings::default()).and_then(|items| blocks_in::read(&items, &mut Warnings::default()));
    if !plain.is_empty() && matches!(back.as_deref(), Ok([read]) if read.says_the_same(block)) {
        return plain;
    }
    let mut object = block.payload.clone();
    object.insert("_type".to_owned(), Value::String(block.kind.clone()));
    object.insert("_key".to_owned(), Value::String(block.id.clone()));
    if let Some(content) = &block.content {
        object.insert("content".to_owned(), Value::String(content.clone()));
    }
    vec![Value::Object(object)]
}

fn plain(block: &Block) -> Vec<Value> {
    match block.kind.as_str() {
        "paragraph" => vec![text_object(&block.id, "normal", block.words())],
        "quote" => vec![text_object(&block.id, "blockquote", block.words())],
        "heading" => {
            let level = block.payload.get("level").and_then(Value::as_u64).unwrap_or(2);
            vec![text_object(&block.id, &format!("h{level}"), block.words())]
        }
        "list" => {
            let kind = if block.flag("ordered") { "number" } else { "bullet" };
            let items = block.array("items").iter().filter_map(Value::as_str).enumerate();
            let item = |(index, words)| {
                let mut item = text_object(&format!("{}-{index}", block.id), "normal", words);
                if let Some(object) = item.as_object_mut() {
                    object.insert("listItem".to_owned(), Value::String(kind.to_owned()));
                    object.insert("level".to_owned(), Value::from(1));
                }
                item
            };
            items.map(item).collect()
        }
        _ => Vec::new(),
    }
}

fn text_object(key: &str, style: &str, html: &str) -> Value {
    let mut line = Line::default();
    if inline::is_words(html) {
        line.push(html, &[]);
    } else if let Ok(root) = dom::parse(html) {
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
                inner.extend(self.mark(node, name));
                for child in dom::children(node) {
                    self.write(&child, &inner, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn mark(&mut self, node: &Handle, name: &str) -> Option<String> {
        if dom::attributes(node).next().is_none() {
            return DECORATORS.iter().find(|(_, tag)| *tag == name).map(|(mark, _)| (*mark).to_owned());
        }
        let (kind, ..) = ANNOTATIONS.iter().find(|(_, tag, _)| *tag == name)?;
        let key = format!("{kind}{}", self.definitions.len());
        let own = [("_type", *kind), ("_key", key.as_str())].into_iter().chain(dom::attributes(node));
        let definition = own.map(|(name, value)| (name.to_owned(), Value::String(value.to_owned())));
        self.definitions.push(Value::Object(definition.collect()));
        Some(key)
    }

    fn push(&mut self, text: &str, marks: &[String]) {
        match self.spans.last_mut() {
            Some((last, same)) if same == marks => last.push_str(text),
            _ => self.spans.push((text.to_owned(), marks.to_vec())),
        }
    }
}
