//! Pictures, recordings, embeds and tables out of HTML.

use serde_json::Value;

use super::block::Block;
use super::dom::{self, Handle, folded};
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
        let credit = words.iter().rposition(|child| dom::name(child) == Some("cite")).map(|at| words.remove(at));
        let credit = credit.map(|cite| folded(&dom::text(&cite)));
        let words = inline::of_nodes(&words, self.warnings, &mut Vec::new());
        self.image(image, Some(words), credit);
        let rest: Vec<Handle> =
            dom::children(node).into_iter().filter(|child| dom::name(child) != Some("figcaption")).collect();
        self.rest(&rest);
    }

    /// Words of a figure outside of its caption.
    fn rest(&mut self, nodes: &[Handle]) {
        let words = inline::of_nodes(nodes, self.warnings, &mut Vec::new());
        if !inline::is_blank(&words) {
            self.push(Block::text("paragraph", words));
        }
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
        let mut block =
            Block::new("image").with("url", url).with("alt", dom::attribute(node, "alt").unwrap_or_default());
        for (name, side) in [("width", size("width")), ("height", size("height"))] {
            if let Some(side) = side {
                block = block.with(name, side);
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
                    let cells: Vec<Handle> =
                        dom::children(&next).into_iter().filter(|cell| dom::name(cell).is_some()).collect();
                    header |= rows.is_empty() && cells.iter().all(|cell| dom::name(cell) == Some("th"));
                    let cells: Vec<Value> =
                        cells.iter().map(|cell| Value::String(self.line(&dom::children(cell)))).collect();
                    if !cells.is_empty() {
                        rows.push(Value::Array(cells));
                    }
                }
                Some("tbody" | "thead" | "tfoot") => ahead.extend(dom::children(&next).into_iter().rev()),
                Some("caption") => self.paragraph(&dom::children(&next)),
                _ => {}
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

    pub(super) fn embed(&mut self, node: &Handle) {
        let https = |url: &String| url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
        match dom::attribute(node, "src").and_then(|url| web_url(&url)).filter(https) {
            Some(url) => {
                self.push(Block::new("embed").with("url", url).with_text("title", dom::attribute(node, "title")));
            }
            None => self.warnings.add("element_removed", "<iframe> without an https address was removed"),
        }
    }

    pub(super) fn recording(&mut self, node: &Handle, name: &str) {
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
}
