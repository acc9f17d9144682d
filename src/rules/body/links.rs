//! Addresses that a body may carry, and links in it that lead to articles: found by address, marked with the article's id, and left out of what is shown
//! while the article is not live.

use std::collections::HashSet;
use std::hash::BuildHasher;

use serde_json::Value;

use super::block::Block;
use super::html_out;

const LONGEST_URL: usize = 2_000;

/// The address, if it is one that may be linked: http, https, mailto, tel, or a path here. Backslashes are refused,
/// since browsers take them for slashes, which makes another host of what looks like a path.
pub fn safe_url(url: &str) -> Option<String> {
    let url = url.trim();
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if url.is_empty() || url.len() > LONGEST_URL || url.contains(odd) || url.starts_with("//") {
        return None;
    }
    let before_path = url.split(['/', '?', '#']).next().unwrap_or_default();
    let fine = match before_path.split_once(':') {
        None => true,
        Some((scheme, rest)) => match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => has_host(url),
            "mailto" | "tel" => !rest.is_empty(),
            _ => false,
        },
    };
    fine.then(|| url.to_owned())
}

/// The address, if it is an absolute web address.
pub fn web_url(url: &str) -> Option<String> {
    safe_url(url).filter(|url| has_host(url))
}

fn has_host(url: &str) -> bool {
    let slashes = url.split_once(':').is_some_and(|(_, rest)| rest.starts_with("//") && !rest.starts_with("///"));
    let parsed = url::Url::parse(url).ok();
    slashes && parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}

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
pub fn without<S: BuildHasher>(blocks: &[Block], hidden: &HashSet<&str, S>) -> Vec<Block> {
    blocks.iter().filter(|block| !hidden.contains(block.id.as_str())).cloned().collect()
}
