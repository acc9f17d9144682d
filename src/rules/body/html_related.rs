//! Paragraphs that are a link to another article: a short label with a colon and one link, "Also on DL: <a>...</a>".

use super::block::Block;
use super::dom::{self, Handle, NodeData, folded};
use super::html_declared::DECLARATION;
use super::html_in::Reader;
use super::inline::{self, REMOVED};
use super::links::safe_url;

const LONGEST_LABEL: usize = 40;

impl Reader<'_> {
    /// The related link that a paragraph is, if it is one. Emphasis of its label is spelling; what else is lost of it is
    /// warned of.
    pub(super) fn related_link(&mut self, nodes: &[Handle]) -> Option<Block> {
        let mut label = String::new();
        let mut link: Option<Handle> = None;
        let mut around: Vec<Handle> = Vec::new();
        let mut ahead: Vec<Handle> = nodes.iter().rev().cloned().collect();
        while let Some(next) = ahead.pop() {
            match (dom::name(&next), &next.data) {
                (Some("a"), _) if link.is_none() => link = Some(next),
                (Some("strong" | "b" | "em" | "i" | "span"), _) if link.is_none() => {
                    ahead.extend(dom::children(&next).into_iter().rev());
                    around.push(next);
                }
                (Some(_), _) => return None,
                (None, NodeData::Text { contents }) if link.is_none() => label.push_str(&contents.borrow()),
                (None, NodeData::Text { contents }) if !contents.borrow().trim().is_empty() => return None,
                (None, _) => around.push(next),
            }
        }
        let label = folded(&label);
        let label = label.strip_suffix(':')?.trim().to_owned();
        let link = link?;
        let href = safe_url(&dom::attribute(&link, "href")?)?;
        let title = folded(&dom::text(&link));
        let plain = dom::find(&link, "img").is_none() && REMOVED.iter().all(|name| dom::find(&link, name).is_none());
        let fits = plain
            && !label.is_empty()
            && label.chars().count() <= LONGEST_LABEL
            && !inline::is_blank(&dom::escape(&title));
        if !fits {
            return None;
        }
        self.lost(&link, &around);
        Some(Block::new("related_link").with("label", label).with("title", title).with("href", href))
    }

    /// Warns of what a related link does not keep.
    fn lost(&mut self, link: &Handle, around: &[Handle]) {
        self.warnings.attributes(link, "a", &["href"]);
        for part in around {
            match dom::name(part) {
                Some(name) => self.warnings.attributes(part, name, DECLARATION),
                None if dom::is_comment(part) => self.warnings.add("comment_removed", "a comment was removed"),
                None => {}
            }
        }
        for part in dom::descendants(link) {
            match dom::name(&part) {
                Some(name) => {
                    self.warnings.add("element_unwrapped", format!("<{name}> was taken off its content"));
                }
                None if dom::is_comment(&part) => self.warnings.add("comment_removed", "a comment was removed"),
                None => {}
            }
        }
    }
}
