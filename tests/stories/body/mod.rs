//! Bodies: read in five forms, cleaned, rendered in five forms.

mod cleaner;
mod formats;
mod generated;
mod identity;
mod limits;
mod losses;
mod odd_names;
mod page;
mod schema;

use dateline::rules::body::{self, Format, Parsed};
use serde_json::{Value, json};

use super::fuzzed::laws::said;

/// Reads a body that has to be readable.
fn read(format: Format, content: impl Into<Value>) -> Parsed {
    body::parse(format, &content.into(), &[]).expect("a body that can be read")
}

fn html(content: &str) -> Parsed {
    read(Format::Html, content)
}

/// Reads inline HTML as the content of one paragraph; empty if nothing is left.
fn line(content: &str) -> String {
    let sent = json!([{ "type": "note", "content": content }]);
    read(Format::Blocks, sent).blocks[0].content.clone().expect("content")
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

fn codes(parsed: &Parsed) -> Vec<&str> {
    parsed.warnings.iter().map(|warning| warning.code.as_str()).collect()
}
