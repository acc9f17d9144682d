//! The body of an article: one canonical form, a flat and ordered list of open blocks, read from HTML, Markdown, plain
//! text, blocks or Portable Text, cleaned on the way in, and rendered into each of these on the way out.

mod block;
mod blocks_in;
mod dom;
mod html_declared;
mod html_in;
mod html_media;
mod html_out;
mod html_related;
mod identity;
mod inline;
mod links;
mod markdown;
mod plain;
mod portable_text;
mod simple;
mod sink;
mod text;
mod tree;
mod warnings;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub use block::Block;
pub use dom::escape;
pub use links::web_url;
pub use links::{RelatedTarget, related_targets, set_target, without};
pub use text::{reading_minutes, word_count};
pub use warnings::Warning;

use crate::base::error::Fault;
use warnings::Warnings;

/// The most blocks of one body.
pub const MOST_BLOCKS: usize = 2_000;
/// The most bytes of one body in any written form.
pub const MOST_BYTES: usize = 1_000_000;

/// The most bytes of the words of one block.
pub const LONGEST_WORDS: usize = 100_000;

/// A written form of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The canonical form: an array of blocks.
    Blocks,
    /// HTML.
    Html,
    /// CommonMark with tables and strikethrough.
    Markdown,
    /// Plain text, paragraphs set off by an empty line.
    Text,
    /// Portable Text: an array of objects.
    PortableText,
}

impl Format {
    /// All forms.
    pub const ALL: [Self; 5] = [Self::Blocks, Self::Html, Self::Markdown, Self::Text, Self::PortableText];

    /// The word that is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blocks => "blocks",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Text => "text",
            Self::PortableText => "portable_text",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|format| format.as_str() == text);
        found.ok_or("is none of blocks, html, markdown, text, portable_text")
    }
}

/// What came out of reading a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// Cleaned, with ids.
    pub blocks: Vec<Block>,
    /// What cleaning took out, each with place and reason.
    pub warnings: Vec<Warning>,
    /// A bare credit that stood at the end; it is no part of the blocks any more.
    pub credit: Option<String>,
}

/// All renditions of a body; they say the same words in the same order.
#[derive(Clone, Debug, PartialEq)]
pub struct Renditions {
    /// HTML.
    pub html: String,
    /// CommonMark.
    pub markdown: String,
    /// Plain text.
    pub text: String,
    /// Portable Text.
    pub portable_text: Value,
}

/// Reads and cleans a body. Blocks that stood in `previous` keep their ids.
///
/// # Errors
/// Faults with pointers relative to the content, where it cannot be this format or is too large.
pub fn parse(format: Format, content: &Value, previous: &[Block]) -> Result<Parsed, Vec<Fault>> {
    let mut warnings = Warnings::default();
    let mut blocks = match (format, content) {
        (Format::Blocks, Value::Array(items)) => blocks_in::read(items, &mut warnings)?,
        (Format::PortableText, Value::Array(items)) => {
            let items = portable_text::to_blocks(items, &mut warnings)?;
            warnings.after = 0;
            blocks_in::read(&items, &mut warnings)?
        }
        (Format::Html, Value::String(text)) => html_in::read(within_size(text)?, &mut warnings),
        (Format::Markdown, Value::String(text)) => markdown::read(within_size(text)?, &mut warnings),
        (Format::Text, Value::String(text)) => text::read(within_size(text)?, &mut warnings),
        (Format::Blocks | Format::PortableText, _) => return Err(vec![Fault::at("", "type", "is not an array")]),
        (Format::Html | Format::Markdown | Format::Text, _) => {
            return Err(vec![Fault::at("", "type", "is not a string")]);
        }
    };
    if blocks.len() > MOST_BLOCKS {
        return Err(vec![Fault::at("", "max_items", format!("makes more than {MOST_BLOCKS} blocks"))]);
    }
    if let Some(why) = warnings.refused() {
        return Err(vec![Fault::at("", "too_complex", why)]);
    }
    if let Some(index) = blocks.iter().position(|block| block.words().len() > LONGEST_WORDS) {
        let detail = format!("makes a block of more than {LONGEST_WORDS} bytes, number {}", index + 1);
        return Err(vec![Fault::at("", "max_length", detail)]);
    }
    let credit = if matches!(format, Format::Html | Format::Markdown) {
        html_in::take_credit(&mut blocks, &mut warnings)
    } else {
        None
    };
    identity::assign(&mut blocks, previous).map_err(|fault| vec![fault])?;
    for (index, block) in blocks.iter_mut().enumerate() {
        let made = html_out::render(block);
        let sent = std::mem::replace(&mut block.html, made);
        let old = |old: &Block| old.id == block.id && old.html == sent;
        if !sent.is_empty() && sent != block.html && !previous.iter().any(old) {
            warnings.after = index + 1;
            warnings.add("html_ignored", "the html of a block is made of its other members: another one was not kept");
        }
    }
    Ok(Parsed { blocks, warnings: warnings.list(), credit })
}

/// A body as HTML.
pub fn as_html(blocks: &[Block]) -> String {
    html_out::join(blocks)
}

/// A body as plain text.
pub fn as_text(blocks: &[Block]) -> String {
    text::write(blocks)
}

/// A body in one form, as the JSON that says it.
///
/// # Errors
/// None that can happen: blocks are JSON.
pub fn written(blocks: &[Block], format: Format) -> serde_json::Result<Value> {
    Ok(match format {
        Format::Blocks => serde_json::to_value(blocks)?,
        Format::Html => Value::String(as_html(blocks)),
        Format::Markdown => Value::String(markdown::write(blocks)),
        Format::Text => Value::String(as_text(blocks)),
        Format::PortableText => portable_text::write(blocks),
    })
}

/// Renders a body in every form.
pub fn render(blocks: &[Block]) -> Renditions {
    Renditions {
        html: html_out::join(blocks),
        markdown: markdown::write(blocks),
        text: text::write(blocks),
        portable_text: portable_text::write(blocks),
    }
}

fn within_size(text: &str) -> Result<&str, Vec<Fault>> {
    if text.len() > MOST_BYTES {
        return Err(vec![Fault::at("", "max_length", format!("is longer than {MOST_BYTES} bytes"))]);
    }
    Ok(text)
}
