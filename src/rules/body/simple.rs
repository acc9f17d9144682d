//! Blocks of which it is certain that what is written of them reads back as the same block. That saves the proof, which
//! reads everything that is written once more, for most blocks of most bodies.

use serde_json::Value;

use super::block::Block;
use super::inline;

/// The lines of a block that is made of lines and nothing else: a paragraph, a heading, a list, or a quote of nobody.
fn lines(block: &Block) -> Option<Vec<&str>> {
    let payload = &block.payload;
    let has = |name: &str| payload.contains_key(name);
    let lines = match (block.kind.as_str(), payload.len(), block.content.as_deref()) {
        ("paragraph" | "quote", 0, Some(words)) => vec![words],
        ("heading", 1, Some(words)) if has("level") => vec![words],
        ("list", 2, None) if payload.get("ordered").is_some_and(Value::is_boolean) => {
            block.array("items").iter().map(Value::as_str).collect::<Option<Vec<&str>>>()?
        }
        _ => return None,
    };
    let says = !lines.is_empty() && !lines.iter().any(|line| inline::is_blank(line));
    says.then_some(lines)
}

/// Whether the block's own element reads back. A paragraph with a link may be read as a link to another article, and
/// what is all of a quote as the name of whom it is from.
pub fn as_html(block: &Block) -> bool {
    let sure = |line: &&str| match block.kind.as_str() {
        "quote" => inline::is_words(line),
        "list" => true,
        _ => !line.contains("<a "),
    };
    lines(block).is_some_and(|lines| lines.iter().all(sure))
}

/// Whether its text blocks read back, if it is written as Portable Text.
pub fn as_portable_text(block: &Block) -> bool {
    lines(block).is_some_and(|lines| lines.into_iter().all(inline::is_words))
}

/// Whether it reads back, if it is written as Markdown: prose in which no character is markup where it stands.
pub fn as_markdown(block: &Block) -> bool {
    lines(block).is_some_and(|lines| lines.into_iter().all(is_prose))
}

fn is_prose(line: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " ,.;:?'\"()/%-–—’‘“”…€$£°".contains(c);
    line.starts_with(char::is_alphabetic) && line.chars().all(plain)
}
