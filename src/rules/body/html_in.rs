//! HTML into blocks: flow elements become blocks, loose words paragraphs, and what has no place is taken out with a
//! warning.

use serde_json::Value;

use super::block::Block;
use super::blocks_in;
use super::dom::{self, DEEPEST, Handle, NodeData, folded};
use super::html_out;
use super::inline::{self, INLINE, REMOVED};
use super::links::safe_url;
use super::warnings::Warnings;
use crate::rules::credit;

const LONGEST_LABEL: usize = 40;

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
        ("list", [Value::String(only)]) => inline::plain(only),
        ("paragraph", _) => inline::plain(last.words()),
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
    /// Images found inside a line; they become blocks of their own after it.
    images: Vec<Handle>,
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
        if INLINE.contains(&name) || depth >= DEEPEST {
            self.loose.push(node.clone());
            return;
        }
        if REMOVED.contains(&name) && name != "iframe" {
            self.warnings.add("element_removed", format!("<{name}> was removed"));
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
            "hr" => self.push(Block::new("divider")),
            "pre" => self.code(node),
            "table" => self.table(node),
            "video" | "audio" => self.recording(node, name),
            _ => {
                self.attributes(node, name);
                self.flow(&dom::children(node), depth + 1);
                self.flush();
            }
        }
    }

    /// A block that our own HTML declares with its payload. Anybody can write such HTML, so it is read as strictly as
    /// one that is sent as a block; and it must say what it shows, or an edit of the words would be lost.
    fn declared(&mut self, node: &Handle) -> bool {
        let declared = dom::attribute(node, "data-block").zip(dom::attribute(node, "data-payload"));
        let Some((kind, payload)) = declared else { return false };
        let mut kept = Warnings::default();
        let block = serde_json::from_str::<Value>(&payload).ok().and_then(|mut payload| {
            let object = payload.as_object_mut()?;
            object.insert("type".to_owned(), Value::String(kind));
            object.remove("id");
            blocks_in::read(&[payload], &mut kept).ok()?.pop()
        });
        let visible = |text: String| text.split_whitespace().collect::<String>();
        let shown = |block: &Block| dom::parse(&html_out::bare(block)).map(|root| visible(dom::text(&root)));
        match block {
            Some(block) if kept.refused().is_none() && shown(&block) == Ok(visible(dom::text(node))) => {
                self.push(block);
                true
            }
            _ => {
                let what =
                    "a data-payload that is no block, or says something else than its element shows, was removed";
                self.warnings.add("declaration_removed", what);
                false
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
            self.image(&image, None, None);
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
        if let Some(block) = related_link(nodes) {
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
            let parts = match dom::name(&item) {
                Some("li") => dom::children(&item),
                _ => vec![item],
            };
            let (nested, words): (Vec<_>, Vec<_>) =
                parts.into_iter().partition(|part| is_list(part) && depth < DEEPEST);
            let line = self.line(&words);
            if !inline::is_blank(&line) {
                items.push(Value::String(line));
            }
            for inner in nested {
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
        let inner = dom::find(node, "code").filter(|_| dom::find_all(node, "code").len() == 1);
        let class = inner.as_ref().and_then(|code| dom::attribute(code, "class")).unwrap_or_default();
        let language = class.split_whitespace().find_map(|class| class.strip_prefix("language-")).map(str::to_owned);
        let text = dom::text(node).trim_matches('\n').to_owned();
        if text.trim().is_empty() {
            self.warnings.add("spacer_removed", "an empty code block was removed");
        } else {
            self.push(Block::text("code", text).with_text("language", language));
        }
    }

    pub(super) fn attributes(&mut self, node: &Handle, name: &str) {
        for (attribute, _) in dom::attributes(node).filter(|(attribute, _)| !attribute.starts_with("data-block")) {
            if attribute != "data-payload" {
                self.warnings.add("attribute_removed", format!("{attribute} on <{name}> was removed"));
            }
        }
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

/// A paragraph that is a short label with a colon and one link: "Also on DL: <a>...</a>".
fn related_link(nodes: &[Handle]) -> Option<Block> {
    let mut label = String::new();
    let mut link: Option<Handle> = None;
    let mut ahead: Vec<Handle> = nodes.iter().rev().cloned().collect();
    while let Some(next) = ahead.pop() {
        match (dom::name(&next), &next.data) {
            (Some("a"), _) if link.is_none() => link = Some(next),
            (Some("strong" | "b" | "em" | "i" | "span"), _) if link.is_none() => {
                ahead.extend(dom::children(&next).into_iter().rev());
            }
            (Some(_), _) => return None,
            (None, NodeData::Text { contents }) if link.is_none() => label.push_str(&contents.borrow()),
            (None, NodeData::Text { contents }) if !contents.borrow().trim().is_empty() => return None,
            _ => {}
        }
    }
    let label = folded(&label);
    let label = label.strip_suffix(':')?.trim();
    let link = link?;
    let href = safe_url(&dom::attribute(&link, "href")?)?;
    let title = folded(&dom::text(&link));
    let plain = dom::find(&link, "img").is_none() && REMOVED.iter().all(|name| dom::find(&link, name).is_none());
    let fits =
        plain && !label.is_empty() && label.chars().count() <= LONGEST_LABEL && !inline::is_blank(&dom::escape(&title));
    fits.then(|| Block::new("related_link").with("label", label).with("title", title).with("href", href))
}
