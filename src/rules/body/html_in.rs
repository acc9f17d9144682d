//! HTML into blocks: flow elements become blocks, loose words paragraphs, and what has no place is taken out with a
//! warning.

use std::rc::Rc;

use serde_json::Value;

use super::block::Block;
use super::blocks_in;
use super::dom::{self, DEEPEST, Handle, NodeData};
use super::html_declared::DECLARATION;
use super::inline::{self, REMOVED};
use super::plain;
use super::warnings::Warnings;
use crate::rules::credit;

/// Elements that only hold others together.
const GROUPS: &[&str] = &["article", "body", "div", "html", "main", "picture", "section"];

/// Reads HTML.
pub fn read(html: &str, warnings: &mut Warnings) -> Vec<Block> {
    let root = match dom::parse(html) {
        Ok(root) => root,
        Err(why) => {
            warnings.refuse(why);
            return Vec::new();
        }
    };
    let mut reader = Reader { blocks: Vec::new(), loose: Vec::new(), images: Vec::new(), warnings };
    reader.flow(&dom::children(&root), 0);
    reader.flush();
    reader.blocks
}

/// Takes a bare credit off the end: a list of one item, or a short paragraph, that is a credit and nothing else.
pub fn take_credit(blocks: &mut Vec<Block>, warnings: &mut Warnings) -> Option<String> {
    let last = blocks.last()?;
    let line = match (last.kind.as_str(), last.array("items")) {
        ("list", [Value::String(only)]) => plain::words(only),
        ("paragraph", _) => plain::words(last.words()),
        _ => return None,
    };
    if blocks.len() < 2 || !credit::is_unmistakable(&line) {
        return None;
    }
    blocks.pop();
    warnings.after = blocks.len();
    warnings.add("credit_moved", format!("the credit {line:?} was moved to credit_line"));
    Some(line)
}

/// The walk over a tree.
pub(super) struct Reader<'a> {
    blocks: Vec<Block>,
    /// Inline nodes that stand loose and will become a paragraph.
    loose: Vec<Handle>,
    /// Images and embeds found inside a line; they become blocks of their own after it.
    pub(super) images: Vec<Handle>,
    pub(super) warnings: &'a mut Warnings,
}

impl Reader<'_> {
    pub(super) fn flow(&mut self, nodes: &[Handle], depth: usize) {
        for node in nodes {
            match &node.data {
                NodeData::Text { .. } => self.loose.push(node.clone()),
                NodeData::Comment => self.warnings.add("comment_removed", "a comment was removed"),
                NodeData::Element { .. } => self.element(node, depth),
                NodeData::Document => {}
            }
        }
    }

    fn element(&mut self, node: &Handle, depth: usize) {
        let name = dom::name(node).unwrap_or_default();
        if REMOVED.contains(&name) && name != "iframe" {
            self.warnings.add("element_removed", format!("<{name}> was removed"));
            return;
        }
        if !inline::breaks(node) || depth >= DEEPEST {
            self.loose.push(node.clone());
            return;
        }
        self.flush();
        if self.declared(node) {
            return;
        }
        match name {
            "iframe" => self.embed(node),
            "p" => {
                self.attributes(node, name);
                self.paragraph(&dom::children(node));
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, name),
            "ul" | "ol" => self.list(node, name),
            "blockquote" => self.quote(node),
            "figure" => self.figure(node, depth),
            "img" => self.image(node, None, None),
            "hr" => {
                self.attributes(node, name);
                self.push(Block::new("divider"));
            }
            "pre" => self.code(node),
            "table" => self.table(node),
            "video" | "audio" => self.recording(node, name),
            _ => {
                self.attributes(node, name);
                if !GROUPS.contains(&name) {
                    self.warnings.add("element_unwrapped", format!("<{name}> was taken off its content"));
                }
                self.flow(&dom::children(node), depth + 1);
                self.flush();
            }
        }
    }

    /// Adds a block, and after it the images that stood in its lines.
    pub(super) fn push(&mut self, block: Block) {
        self.blocks.push(block);
        self.warnings.after = self.blocks.len();
        self.release();
    }

    pub(super) fn release(&mut self) {
        for image in std::mem::take(&mut self.images) {
            if dom::name(&image) == Some("iframe") {
                self.embed(&image);
            } else {
                self.image(&image, None, None);
            }
        }
    }

    pub(super) fn flush(&mut self) {
        let loose = std::mem::take(&mut self.loose);
        let shows = |node: &Handle| match &node.data {
            NodeData::Text { contents } => !contents.borrow().trim_matches([' ', '\t', '\n', '\r', '\u{c}']).is_empty(),
            _ => true,
        };
        if loose.iter().any(shows) {
            self.paragraph(&loose);
        }
    }

    pub(super) fn paragraph(&mut self, nodes: &[Handle]) {
        if let Some(block) = self.related_link(nodes) {
            self.push(block);
            return;
        }
        let content = self.line(nodes);
        let image_only = !self.images.is_empty();
        if !inline::is_blank(&content) {
            self.push(Block::text("paragraph", content));
        } else if !image_only {
            self.warnings.add("spacer_removed", "an empty paragraph was removed");
        }
        self.release();
    }

    /// One line of inline HTML; images in it wait for the next block.
    pub(super) fn line(&mut self, nodes: &[Handle]) -> String {
        inline::of_nodes(nodes, self.warnings, &mut self.images)
    }

    fn heading(&mut self, node: &Handle, name: &str) {
        self.attributes(node, name);
        let content = self.line(&dom::children(node));
        let level: u8 = name.trim_start_matches('h').parse().unwrap_or(2);
        if inline::is_blank(&content) {
            self.warnings.add("spacer_removed", "an empty heading was removed");
            self.release();
        } else {
            if level < 2 {
                self.warnings.add("heading_lowered", "<h1> became <h2>: the headline is the only one of its level");
            }
            self.push(Block::text("heading", content).with("level", level.max(2)));
        }
    }

    fn list(&mut self, node: &Handle, name: &str) {
        self.attributes(node, name);
        let mut items = Vec::new();
        self.list_items(node, &mut items, 0);
        if items.is_empty() {
            self.warnings.add("spacer_removed", "an empty list was removed");
            self.release();
        } else {
            self.push(Block::new("list").with("ordered", name == "ol").with("items", items));
        }
    }

    /// The items, those of lists inside of items after the words of their item.
    fn list_items(&mut self, list: &Handle, items: &mut Vec<Value>, depth: usize) {
        let is_list = |node: &Handle| matches!(dom::name(node), Some("ul" | "ol"));
        for item in dom::children(list) {
            let is_item = dom::name(&item) == Some("li");
            if is_item {
                self.attributes(&item, "li");
            }
            let parts = match dom::name(&item) {
                Some("li") => dom::children(&item),
                _ => vec![item],
            };
            let (nested, words): (Vec<_>, Vec<_>) =
                parts.into_iter().partition(|part| is_list(part) && depth < DEEPEST);
            let line = self.line(&words);
            if !inline::is_blank(&line) {
                items.push(Value::String(line));
            } else if is_item && nested.is_empty() {
                self.warnings.add("spacer_removed", "an empty list item was removed");
            }
            for inner in nested {
                self.attributes(&inner, dom::name(&inner).unwrap_or_default());
                self.warnings.add("list_flattened", "a list inside a list became items of the outer one");
                self.list_items(&inner, items, depth + 1);
            }
        }
    }

    /// All words in order; what stands last as `<cite>` or `<footer>` says whose they are.
    fn quote(&mut self, node: &Handle) {
        self.attributes(node, "blockquote");
        let mut children = dom::children(node);
        let last = children.iter().rposition(|child| dom::name(child).is_some());
        let source = last.filter(|at| children.get(*at).is_some_and(says_whose)).map(|at| children.remove(at));
        let content = self.line(&children);
        let cite = source.map(|source| {
            let whole = dom::find(&source, "cite").filter(|_| dom::name(&source) == Some("p")).unwrap_or(source);
            self.attributes(&whole, dom::name(&whole).unwrap_or_default());
            self.line(&dom::children(&whole))
        });
        match (inline::is_blank(&content), cite) {
            (false, cite) => self.push(Block::text("quote", content).with_text("cite", cite)),
            (true, Some(cite)) if !inline::is_blank(&cite) => self.push(Block::text("quote", cite)),
            (true, _) => {
                self.warnings.add("spacer_removed", "an empty quote was removed");
                self.release();
            }
        }
    }

    fn code(&mut self, node: &Handle) {
        self.attributes(node, "pre");
        let inner = dom::find(node, "code").filter(|_| dom::find_all(node, "code").len() == 1);
        let class = inner.as_ref().and_then(|code| dom::attribute(code, "class")).unwrap_or_default();
        let language = class.split_whitespace().find_map(|class| class.strip_prefix("language-")).map(str::to_owned);
        for part in dom::descendants(node) {
            match dom::name(&part) {
                Some("code") if inner.as_ref().is_some_and(|code| Rc::ptr_eq(code, &part)) => {
                    let kept: &[&str] = if class.split_whitespace().count() > 1 { &[] } else { &["class"] };
                    self.warnings.attributes(&part, "code", if language.is_some() { kept } else { &[] });
                }
                Some("br") => {}
                Some(name) => {
                    self.warnings.add("element_unwrapped", format!("<{name}> was taken off its content"));
                }
                None if dom::is_comment(&part) => self.warnings.add("comment_removed", "a comment was removed"),
                None => {}
            }
        }
        let text = blocks_in::storable(&dom::text(node), self.warnings).trim_matches('\n').to_owned();
        if text.trim().is_empty() {
            self.warnings.add("spacer_removed", "an empty code block was removed");
        } else {
            self.push(Block::text("code", text).with_text("language", language));
        }
    }

    pub(super) fn attributes(&mut self, node: &Handle, name: &str) {
        self.warnings.attributes(node, name, DECLARATION);
    }
}

/// Whether a part of a quote is its source: `<cite>`, `<footer>`, or a paragraph of one `<cite>` and nothing else.
fn says_whose(part: &Handle) -> bool {
    match dom::name(part) {
        Some("cite" | "footer") => true,
        Some("p") => {
            let inside = dom::children(part);
            matches!(inside.as_slice(), [only] if dom::name(only) == Some("cite"))
        }
        _ => false,
    }
}
