//! Links in a body that lead to articles: found by address, marked with the article's id, and left out of what is shown
//! while the article is not live.

use std::collections::HashSet;

use serde_json::Value;

use super::block::Block;
use super::html_out;

/// A block that leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedTarget {
    /// The block.
    pub block_id: String,
    /// Where it leads, as it was written.
    pub href: String,
    /// The words before the link, without their colon.
    pub label: Option<String>,
    /// The words of the link.
    pub title: String,
}

/// The related-link blocks of a body, in order.
pub fn related_targets(blocks: &[Block]) -> Vec<RelatedTarget> {
    blocks
        .iter()
        .filter(|block| block.kind == "related_link")
        .map(|block| RelatedTarget {
            block_id: block.id.clone(),
            href: block.str("href").to_owned(),
            label: Some(block.str("label").to_owned()).filter(|label| !label.is_empty()),
            title: block.str("title").to_owned(),
        })
        .collect()
}

/// Marks a block with the article that it leads to, or unmarks it.
pub fn set_target(blocks: &mut [Block], block_id: &str, article_id: Option<&str>) {
    for block in blocks.iter_mut().filter(|block| block.id == block_id) {
        match article_id {
            Some(id) => block.payload.insert("article_id".to_owned(), Value::String(id.to_owned())),
            None => block.payload.remove("article_id"),
        };
        block.html = html_out::render(block);
    }
}

/// The body without these blocks.
pub fn without(blocks: &[Block], hidden: &HashSet<&str>) -> Vec<Block> {
    blocks.iter().filter(|block| !hidden.contains(block.id.as_str())).cloned().collect()
}
