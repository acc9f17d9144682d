//! Pictures, recordings, embeds and tables out of HTML.

use std::rc::Rc;

use serde_json::Value;

use super::block::Block;
use super::blocks_in;
use super::dom::{self, Handle, NodeData, folded};
use super::html_in::Reader;
use super::inline;
use super::links::web_url;

impl Reader<'_> {
    /// A figure of one image takes its caption and credit along; any other is read for what is in it.
    pub(super) fn figure(&mut self, node: &Handle, depth: usize) {
        self.attributes(node, "figure");
        let images = dom::find_all(node, "img");
        let captions = dom::find_all(node, "figcaption");
        let ([image], [] | [_]) = (images.as_slice(), captions.as_slice()) else {
            self.flow(&dom::children(node), depth + 1);
            self.flush();
            return;
        };
        let mut words = captions.first().map(dom::children).unwrap_or_default();
        for caption in &captions {
            self.attributes(caption, "figcaption");
        }
        let credit = words.iter().rposition(|child| dom::name(child) == Some("cite")).map(|at| words.remove(at));
        let credit = credit.map(|cite| self.bare_words(&cite));
        let words = self.words(&words);
        self.image(image, Some(words), credit);
        let rest: Vec<Handle> =
            dom::children(node).into_iter().filter(|child| dom::name(child) != Some("figcaption")).collect();
        self.rest(&rest);
    }

    /// The words of an element, of which nothing else is kept.
    fn bare_words(&mut self, node: &Handle) -> String {
        self.attributes(node, dom::name(node).unwrap_or_default());
        for part in dom::descendants(node) {
            match dom::name(&part) {
                Some(name) => self.warnings.add("element_unwrapped", format!("<{name}> was taken off its content")),
                None if dom::is_comment(&part) => self.warnings.add("comment_removed", "a comment was removed"),
                None => {}
            }
        }
        let words: String = blocks_in::storable(&dom::text(node), self.warnings);
        folded(&words)
    }

    /// One line of a figure. Its image is read by itself; embeds wait for the next block.
    fn words(&mut self, nodes: &[Handle]) -> String {
        let mut apart = Vec::new();
        let words = inline::of_nodes(nodes, self.warnings, &mut apart);
        self.images.extend(apart.into_iter().filter(|node| dom::name(node) == Some("iframe")));
        words
    }

    /// Words of a figure outside of its caption.
    fn rest(&mut self, nodes: &[Handle]) {
        let words = self.words(nodes);
        if !inline::is_blank(&words) {
            self.push(Block::text("paragraph", words));
        }
        self.release();
    }

    pub(super) fn image(&mut self, node: &Handle, caption: Option<String>, credit: Option<String>) {
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
        self.warnings.attributes(node, "img", &["src", "alt", "width", "height"]);
        let alt = blocks_in::storable(&dom::attribute(node, "alt").unwrap_or_default(), self.warnings);
        let mut block = Block::new("image").with("url", url).with("alt", alt);
        for (name, side) in [("width", size("width")), ("height", size("height"))] {
            if let Some(side) = side {
                block = block.with(name, side);
            } else if dom::attribute(node, name).is_some() {
                self.warnings.add("attribute_removed", format!("a {name} on <img> that is no number was removed"));
            }
        }
        self.push(block.with_text("caption", caption).with_text("credit", credit));
    }

    /// Rows of cells; words in between, such as a caption, stand before the table.
    pub(super) fn table(&mut self, node: &Handle) {
        self.attributes(node, "table");
        let mut rows: Vec<Value> = Vec::new();
        let mut header = false;
        let mut ahead: Vec<Handle> = dom::children(node).into_iter().rev().collect();
        while let Some(next) = ahead.pop() {
            match dom::name(&next) {
                Some("tr") => {
                    self.attributes(&next, "tr");
                    let cells: Vec<Handle> =
                        dom::children(&next).into_iter().filter(|cell| dom::name(cell).is_some()).collect();
                    header |= rows.is_empty() && cells.iter().all(|cell| dom::name(cell) == Some("th"));
                    let is_header = header && rows.is_empty();
                    let cells: Vec<Value> = cells.iter().map(|cell| self.cell(cell, is_header)).collect();
                    if !cells.is_empty() {
                        rows.push(Value::Array(cells));
                    }
                }
                Some(part @ ("tbody" | "thead" | "tfoot")) => {
                    self.attributes(&next, part);
                    ahead.extend(dom::children(&next).into_iter().rev());
                }
                Some("caption") => {
                    self.attributes(&next, "caption");
                    self.paragraph(&dom::children(&next));
                }
                Some(name) => self.warnings.add("element_removed", format!("<{name}> was removed")),
                None if dom::is_comment(&next) => self.warnings.add("comment_removed", "a comment was removed"),
                None => {}
            }
        }
        let blank = |cell: &Value| cell.as_str().is_none_or(inline::is_blank);
        if rows.iter().all(|row| row.as_array().is_none_or(|cells| cells.iter().all(blank))) {
            self.warnings.add("spacer_removed", "an empty table was removed");
            self.release();
        } else {
            self.push(Block::new("table").with("header", header).with("rows", rows));
        }
    }

    fn cell(&mut self, cell: &Handle, is_header: bool) -> Value {
        let name = dom::name(cell).unwrap_or_default();
        self.attributes(cell, name);
        if name == "th" && !is_header {
            self.warnings.add("header_removed", "<th> outside of a header row became <td>");
        }
        Value::String(self.line(&dom::children(cell)))
    }

    pub(super) fn embed(&mut self, node: &Handle) {
        let https = |url: &String| url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
        match dom::attribute(node, "src").and_then(|url| web_url(&url)).filter(https) {
            Some(url) => {
                self.warnings.attributes(node, "iframe", &["src", "title"]);
                let title = dom::attribute(node, "title").map(|title| blocks_in::storable(&title, self.warnings));
                self.push(Block::new("embed").with("url", url).with_text("title", title));
            }
            None => self.warnings.add("element_removed", "<iframe> without an https address was removed"),
        }
    }

    /// A film or a sound has one address, the first that is given; what else stands inside is warned of.
    pub(super) fn recording(&mut self, node: &Handle, name: &str) {
        let own = dom::attribute(node, "src");
        let inside = dom::descendants(node);
        let first = inside.iter().find(|part| own.is_none() && dom::name(part) == Some("source"));
        let source = own.clone().or_else(|| dom::attribute(first?, "src"));
        let Some(url) = source.and_then(|url| web_url(&url)) else {
            self.warnings.add("element_removed", format!("<{name}> without a web address was removed"));
            return;
        };
        self.warnings.attributes(node, name, &["src", "title", "poster"]);
        for part in &inside {
            match (dom::name(part), &part.data) {
                (Some(inner), _) if first.is_some_and(|first| Rc::ptr_eq(first, part)) => {
                    self.warnings.attributes(part, inner, &["src"]);
                }
                (Some(inner), _) => {
                    self.warnings.add("element_removed", format!("<{inner}> inside <{name}> was removed"));
                }
                (None, NodeData::Text { contents }) if !contents.borrow().trim().is_empty() => {
                    self.warnings.add("words_removed", format!("words inside <{name}> were removed"));
                }
                (None, NodeData::Comment) => self.warnings.add("comment_removed", "a comment was removed"),
                (None, _) => {}
            }
        }
        let sent = dom::attribute(node, "poster");
        let poster = sent.as_deref().and_then(web_url);
        if sent.is_some() && poster.is_none() {
            self.warnings.add("attribute_removed", format!("a poster on <{name}> without a web address was removed"));
        }
        let title = dom::attribute(node, "title").map(|title| blocks_in::storable(&title, self.warnings));
        self.push(Block::new(name).with("url", url).with_text("title", title).with_text("poster", poster));
    }
}
