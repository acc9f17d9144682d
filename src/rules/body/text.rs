//! Plain text in and out, and how long a body is.

use serde_json::Value;

use super::block::Block;
use super::inline::{clean, from_text, is_blank};
use super::plain;
use super::warnings::Warnings;

/// Reads plain text: an empty line parts paragraphs, a single line break stays one.
pub fn read(text: &str, warnings: &mut Warnings) -> Vec<Block> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.split('\n') {
        if line.trim().is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.push(line);
        }
    }
    let mut blocks = Vec::new();
    let has_gaps = |line: &&str| line.trim().contains("  ") || line.trim().contains('\t');
    for lines in &paragraphs {
        if lines.iter().any(has_gaps) {
            warnings.add("spaces_joined", "several spaces, or a tab, became one space");
        }
        let line = clean(&from_text(&lines.join("\n")), warnings);
        if !is_blank(&line) {
            blocks.push(Block::text("paragraph", line));
            warnings.after = blocks.len();
        }
    }
    blocks
}

/// The words of a line; a browser draws the marks of a quotation, text has to have them.
fn plain(html: &str) -> String {
    plain::words(&html.replace("<q>", "“").replace("</q>", "”"))
}

/// Writes plain text.
pub fn write(blocks: &[Block]) -> String {
    blocks.iter().map(|block| of_block(block, true)).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The words of one block, in the order in which it shows them, with or without the marks of list items.
fn of_block(block: &Block, marked: bool) -> String {
    let words = || if block.kind == "code" { block.words().to_owned() } else { plain(block.words()) };
    let lines = |parts: Vec<String>| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    let member = |object: &Value, name: &str| object.get(name).and_then(Value::as_str).map(plain).unwrap_or_default();
    match block.kind.as_str() {
        "divider" if marked => "* * *".to_owned(),
        "list" => {
            let mark = |index: usize| match (marked, block.flag("ordered")) {
                (false, _) => String::new(),
                (true, true) => format!("{}. ", index + 1),
                (true, false) => "- ".to_owned(),
            };
            let items = block.array("items").iter().filter_map(Value::as_str);
            lines(items.enumerate().map(|(index, item)| format!("{}{}", mark(index), plain(item))).collect())
        }
        "table" => {
            let cells = |row: &Value| {
                row.as_array().into_iter().flatten().filter_map(Value::as_str).map(plain).collect::<Vec<_>>().join("\t")
            };
            lines(block.array("rows").iter().map(cells).collect())
        }
        "image" => lines(vec![plain(block.str("caption")), block.str("credit").to_owned()]),
        "gallery" => {
            let credit = |image: &Value| image.get("credit").and_then(Value::as_str).unwrap_or_default().to_owned();
            lines(block.array("images").iter().flat_map(|image| [member(image, "caption"), credit(image)]).collect())
        }
        "link_list" => {
            let mut parts = vec![block.str("title").to_owned()];
            let title = |link: &Value| link.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
            parts.extend(block.array("links").iter().map(title));
            lines(parts)
        }
        "related_link" => match block.str("label") {
            "" => block.str("title").to_owned(),
            label => format!("{label}: {}", block.str("title")),
        },
        "embed" | "video" | "audio" => {
            if block.str("title").is_empty() {
                block.str("url").to_owned()
            } else {
                block.str("title").to_owned()
            }
        }
        _ => lines(vec![block.str("at").to_owned(), block.str("title").to_owned(), words(), plain(block.str("cite"))]),
    }
}

/// How many words a body has; in scripts without spaces each character counts. Links to other articles do not count: they
/// come and go with what they lead to, which the number must not tell.
pub fn word_count(blocks: &[Block]) -> u32 {
    let count = |text: String| {
        let characters = text.chars().filter(|c| is_unspaced(*c)).count();
        let words = text.split(|c: char| c.is_whitespace() || is_unspaced(c));
        characters + words.filter(|word| word.chars().any(char::is_alphanumeric)).count()
    };
    let own = blocks.iter().filter(|block| block.kind != "related_link");
    let all: usize = own.map(|block| count(of_block(block, false))).sum();
    u32::try_from(all).unwrap_or(u32::MAX)
}

/// Whether the character belongs to a script that is written without spaces: Chinese or Japanese.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2fa1f}')
}

/// Minutes to read so many words, at least one: 230 words or, in Chinese and Japanese, 450 characters a minute.
pub fn reading_minutes(words: u32, language: &str) -> u32 {
    let main = language.split('-').next().unwrap_or_default();
    let pace = if matches!(main, "zh" | "ja") { 450 } else { 230 };
    words.div_ceil(pace).max(1)
}
