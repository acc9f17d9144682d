//! HTML into blocks: flow elements become blocks, loose words paragraphs, and what has no place is taken out with a
//! warning.

use serde_json::{Value, json};

use super::block::Block;
use super::blocks_in;
use super::dom::{self, DEEPEST, Handle, NodeData, folded};
use super::inline::{self, Found, REMOVED, safe_url, web_url};
use super::warnings::Warnings;
use crate::rules::credit;

const LONGEST_LABEL: usize = 40;
const INLINE: &[&str] = &[
    "a", "abbr", "b", "br", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "bdi", "bdo", "dfn", "wbr", "data",
    "big",
];

/// Reads HTML.
pub fn read(html: &str, warnings: &mut Warnings) -> Vec<Block> {
    let Some((_dom, root)) = dom::parse(html) else { return Vec::new() };
    let mut reader = Reader { blocks: Vec::new(), line: Vec::new(), warnings };
    reader.flow(&root, 0);
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

struct Reader<'a> {
    blocks: Vec<Block>,
    /// Inline nodes that stand loose and will become a paragraph.
    line: Vec<Handle>,
    warnings: &'a mut Warnings,
}

impl Reader<'_> {
    fn flow(&mut self, parent: &Handle, depth: usize) {
        for node in dom::children(parent) {
            match &node.data {
                NodeData::Text { .. } => self.line.push(node),
                NodeData::Comment { .. } => self.warnings.add("comment_removed", "a comment was removed"),
                NodeData::Element { .. } => self.element(&node, depth),
                _ => {}
            }
        }
    }

    fn element(&mut self, node: &Handle, depth: usize) {
        let name = dom::name(node).unwrap_or_default();
        if INLINE.contains(&name.as_str()) || depth >= DEEPEST {
            self.line.push(node.clone());
            return;
        }
        self.flush();
        if self.declared(node) {
            return;
        }
        match name.as_str() {
            "iframe" => self.embed(node),
            removed if REMOVED.contains(&removed) => {
                self.warnings.add("element_removed", format!("<{removed}> was removed"))
            }
            "p" => {
                self.attributes(node, &name);
                self.paragraph(&dom::children(node));
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, &name),
            "ul" | "ol" => self.list(node, &name),
            "blockquote" => self.quote(node),
            "figure" => self.figure(node, depth),
            "img" => self.image(node, String::new(), None),
            "hr" => self.push(Block::new("divider")),
            "pre" => self.code(node),
            "table" => self.table(node),
            "video" | "audio" => self.recording(node, &name),
            _ => {
                self.attributes(node, &name);
                self.flow(node, depth + 1);
                self.flush();
            }
        }
    }

    /// A block that our own HTML declares with its payload; it is read as strictly as one that is sent as a block.
    fn declared(&mut self, node: &Handle) -> bool {
        let declared = dom::attribute(node, "data-block").zip(dom::attribute(node, "data-payload"));
        let Some((kind, payload)) = declared else { return false };
        let Ok(Value::Object(mut object)) = serde_json::from_str::<Value>(&payload) else { return false };
        object.insert("type".to_owned(), Value::String(kind));
        object.remove("id");
        match blocks_in::read(&[Value::Object(object)], self.warnings) {
            Ok(blocks) => {
                blocks.into_iter().for_each(|block| self.push(block));
                true
            }
            Err(_) => false,
        }
    }

    fn push(&mut self, block: Block) {
        self.blocks.push(block);
        self.warnings.after = self.blocks.len();
    }

    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        let shows = |node: &Handle| match &node.data {
            NodeData::Text { contents } => !contents.borrow().trim_matches([' ', '\t', '\n', '\r', '\u{c}']).is_empty(),
            _ => true,
        };
        if line.iter().any(shows) {
            self.paragraph(&line);
        }
    }

    fn paragraph(&mut self, nodes: &[Handle]) {
        if let Some(block) = related_link(nodes) {
            self.push(block);
            return;
        }
        let mut found = Found::default();
        let content = inline::of_nodes(nodes, self.warnings, &mut found);
        if !inline::is_blank(&content) {
            self.push(Block::text("paragraph", content));
        } else if found.images.is_empty() {
            self.warnings.add("spacer_removed", "an empty paragraph was removed");
        }
        for image in found.images {
            self.image(&image, String::new(), None);
        }
    }

    fn line_of(&mut self, node: &Handle) -> String {
        let mut found = Found::default();
        let line = inline::of_nodes(&dom::children(node), self.warnings, &mut found);
        if !found.images.is_empty() {
            self.warnings.add("element_removed", "<img> inside a line was removed");
        }
        line
    }

    fn heading(&mut self, node: &Handle, name: &str) {
        self.attributes(node, name);
        let content = self.line_of(node);
        let level: u8 = name.trim_start_matches('h').parse().unwrap_or(2);
        if inline::is_blank(&content) {
            self.warnings.add("spacer_removed", "an empty heading was removed");
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
        } else {
            self.push(Block::new("list").with("ordered", name == "ol").with("items", items));
        }
    }

    fn list_items(&mut self, list: &Handle, items: &mut Vec<Value>, depth: usize) {
        for item in dom::children(list) {
            let is_list = |node: &Handle| dom::name(node).is_some_and(|name| name == "ul" || name == "ol");
            let (nested, words): (Vec<_>, Vec<_>) = dom::children(&item).into_iter().partition(is_list);
            let mut found = Found::default();
            let line = inline::of_nodes(&words, self.warnings, &mut found);
            if !inline::is_blank(&line) {
                items.push(Value::String(line));
            }
            for inner in nested.iter().filter(|_| depth < DEEPEST) {
                self.warnings.add("list_flattened", "a list inside a list became items of the outer one");
                self.list_items(inner, items, depth + 1);
            }
        }
    }

    fn quote(&mut self, node: &Handle) {
        self.attributes(node, "blockquote");
        let mut lines = Vec::new();
        let mut cite = None;
        let mut loose = Vec::new();
        for child in dom::children(node) {
            match dom::name(&child).as_deref() {
                Some("cite" | "footer") => cite = Some(self.line_of(&child)),
                Some(name) if !INLINE.contains(&name) => lines.push(self.line_of(&child)),
                _ => loose.push(child),
            }
        }
        let mut found = Found::default();
        lines.push(inline::of_nodes(&loose, self.warnings, &mut found));
        let content = lines.into_iter().filter(|line| !inline::is_blank(line)).collect::<Vec<_>>().join("<br>");
        if inline::is_blank(&content) {
            self.warnings.add("spacer_removed", "an empty quote was removed");
        } else {
            self.push(Block::text("quote", content).with_text("cite", cite));
        }
    }

    fn figure(&mut self, node: &Handle, depth: usize) {
        self.attributes(node, "figure");
        let caption_node = dom::find(node, "figcaption");
        let credit = caption_node.as_ref().and_then(|caption| dom::find(caption, "cite"));
        let credit_text = credit.as_ref().map(|cite| folded(&dom::text(cite)));
        let caption = caption_node.as_ref().map_or_else(String::new, |caption| {
            let is_credit = |child: &Handle| credit.as_ref().is_some_and(|cite| std::rc::Rc::ptr_eq(cite, child));
            let words: Vec<Handle> = dom::children(caption).into_iter().filter(|child| !is_credit(child)).collect();
            inline::of_nodes(&words, self.warnings, &mut Found::default())
        });
        if let Some(image) = dom::find(node, "img") {
            self.image(&image, caption, credit_text);
        } else {
            self.flow(node, depth + 1);
            self.flush();
        }
    }

    fn image(&mut self, node: &Handle, caption: String, credit: Option<String>) {
        let size =
            |name| dom::attribute(node, name).and_then(|value| value.trim().trim_end_matches("px").parse::<u32>().ok());
        let tiny = [size("width"), size("height")].iter().flatten().any(|side| *side <= 1);
        if tiny {
            self.warnings.add("tracking_removed", "a tracking pixel was removed");
            return;
        }
        let Some(url) = dom::attribute(node, "src").and_then(|url| web_url(&url)) else {
            self.warnings.add("element_removed", "<img> without a web address was removed");
            return;
        };
        let mut block =
            Block::new("image").with("url", url).with("alt", dom::attribute(node, "alt").unwrap_or_default());
        for (name, side) in [("width", size("width")), ("height", size("height"))] {
            if let Some(side) = side {
                block = block.with(name, side);
            }
        }
        self.push(block.with_text("caption", Some(caption)).with_text("credit", credit));
    }

    fn code(&mut self, node: &Handle) {
        let inner = dom::find(node, "code");
        let class = inner.as_ref().and_then(|code| dom::attribute(code, "class")).unwrap_or_default();
        let language = class.split_whitespace().find_map(|class| class.strip_prefix("language-")).map(str::to_owned);
        let text = dom::text(inner.as_ref().unwrap_or(node));
        let text = text.trim_matches('\n').to_owned();
        if !text.trim().is_empty() {
            self.push(Block::text("code", text).with_text("language", language));
        }
    }

    fn table(&mut self, node: &Handle) {
        self.attributes(node, "table");
        let mut rows: Vec<Value> = Vec::new();
        let mut header = false;
        let mut ahead: Vec<Handle> = dom::children(node).into_iter().rev().collect();
        while let Some(next) = ahead.pop() {
            if dom::name(&next).is_none_or(|name| name != "tr") {
                ahead.extend(dom::children(&next).into_iter().rev());
                continue;
            }
            let cells: Vec<Handle> =
                dom::children(&next).into_iter().filter(|cell| dom::name(cell).is_some()).collect();
            header |= rows.is_empty() && cells.iter().all(|cell| dom::name(cell).is_some_and(|name| name == "th"));
            let cells: Vec<Value> = cells.iter().map(|cell| Value::String(self.line_of(cell))).collect();
            rows.push(Value::Array(cells));
        }
        if rows.is_empty() {
            self.warnings.add("spacer_removed", "an empty table was removed");
        } else {
            self.push(Block::new("table").with("header", header).with("rows", rows));
        }
    }

    fn embed(&mut self, node: &Handle) {
        let url = dom::attribute(node, "src").and_then(|url| web_url(&url)).filter(|url| url.starts_with("https://"));
        match url {
            Some(url) => {
                self.push(Block::new("embed").with("url", url).with_text("title", dom::attribute(node, "title")))
            }
            None => self.warnings.add("element_removed", "<iframe> without an https address was removed"),
        }
    }

    fn recording(&mut self, node: &Handle, name: &str) {
        let source = dom::attribute(node, "src").or_else(|| dom::attribute(&dom::find(node, "source")?, "src"));
        match source.and_then(|url| web_url(&url)) {
            Some(url) => self.push(
                Block::new(name)
                    .with("url", url)
                    .with_text("title", dom::attribute(node, "title"))
                    .with_text("poster", dom::attribute(node, "poster").and_then(|url| web_url(&url))),
            ),
            None => self.warnings.add("element_removed", format!("<{name}> without a web address was removed")),
        }
    }

    fn attributes(&mut self, node: &Handle, name: &str) {
        for attribute in dom::attribute_names(node) {
            if !attribute.starts_with("data-block") {
                self.warnings.add("attribute_removed", format!("{attribute} on <{name}> was removed"));
            }
        }
    }
}

/// A paragraph that is a short label with a colon and one link: "Also on DL: <a>...</a>".
fn related_link(nodes: &[Handle]) -> Option<Block> {
    let mut label = String::new();
    let mut link: Option<Handle> = None;
    let mut ahead: Vec<Handle> = nodes.iter().rev().cloned().collect();
    while let Some(next) = ahead.pop() {
        match (dom::name(&next).as_deref(), &next.data) {
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
    let fits = !label.is_empty() && label.chars().count() <= LONGEST_LABEL && !title.is_empty();
    fits.then(|| {
        let mut block = Block::new("related_link");
        if let Value::Object(payload) = json!({ "label": label, "title": title, "href": href }) {
            block.payload = payload;
        }
        block
    })
}
