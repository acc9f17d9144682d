//! Blocks that our own HTML declares with their payload, because no element could say all of them.

use std::fmt::Write as _;

use serde_json::Value;

use super::block::Block;
use super::blocks_in;
use super::dom::{self, Handle, NodeData};
use super::html_in::Reader;
use super::html_out;
use super::warnings::Warnings;

/// The attributes that declare a block.
pub(super) const DECLARATION: &[&str] = &["data-block", "data-payload"];

impl Reader<'_> {
    /// Anybody can write such HTML, so it is read as strictly as one that is sent as a block; and it must say what it
    /// shows, or an edit of the words would be lost.
    pub(super) fn declared(&mut self, node: &Handle) -> bool {
        let declared = dom::attribute(node, "data-block").zip(dom::attribute(node, "data-payload"));
        let Some((kind, payload)) = declared else { return false };
        let mut kept = Warnings::default();
        let block = serde_json::from_str::<Value>(&payload).ok().and_then(|mut payload| {
            let object = payload.as_object_mut()?;
            object.insert("type".to_owned(), Value::String(kind));
            object.remove("id");
            object.remove("html");
            blocks_in::read(&[payload], &mut kept).ok()?.pop()
        });
        let visible = |text: String| text.split_whitespace().collect::<String>();
        match block.filter(|_| kept.refused().is_none()).map(|block| (shown(&block), block)) {
            Some((Some(shown), block)) if visible(dom::text(&shown)) == visible(dom::text(node)) => {
                self.warnings.join(kept);
                self.warnings.attributes(node, dom::name(node).unwrap_or_default(), DECLARATION);
                if skeleton(&shown) != skeleton(node) {
                    let what =
                        "markup inside an element with data-payload was not read, only its words: the payload says it";
                    self.warnings.add("markup_ignored", what);
                }
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
}

/// The element that shows the block.
fn shown(block: &Block) -> Option<Handle> {
    dom::children(&dom::parse(&html_out::bare(block)).ok()?).into_iter().next()
}

/// What is inside an element, without spaces: its elements, where they lead, and its words.
fn skeleton(node: &Handle) -> String {
    let mut out = String::new();
    for part in dom::descendants(node) {
        match (&part.data, dom::name(&part)) {
            (NodeData::Text { contents }, _) => out.extend(contents.borrow().split_whitespace()),
            (_, Some(name)) => {
                let address = dom::attribute(&part, "href").or_else(|| dom::attribute(&part, "src"));
                let _ = write!(out, "<{name} {}>", address.unwrap_or_default());
            }
            _ => {}
        }
    }
    out
}
