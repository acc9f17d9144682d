//! Plain text in and out, and how long a body is.

use serde_json::Value;

use super::block::Block;
use super::inline::{from_text, is_blank, plain};

/// Reads plain text: an empty line parts paragraphs, a single line break stays one.
pub fn read(text: &str) -> Vec<Block> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.split('\n') {
        if line.trim().is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.push(line);
        }
    }
    paragraphs
        .iter()
        .map(|lines| from_text(&lines.join("\n")))
        .filter(|line| !is_blank(line))
        .map(|line| Block::text("paragraph", line))
        .collect()
}

/// Writes plain text.
pub fn write(blocks: &[Block]) -> String {
    blocks.iter().map(of_block).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The words of one block, in the order in which it shows them.
fn of_block(block: &Block) -> String {
    let words = || if block.kind == "code" { block.words().to_owned() } else { plain(block.words()) };
    let lines = |parts: Vec<String>| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    let member = |object: &Value, name: &str| object.get(name).and_then(Value::as_str).map(plain).unwrap_or_default();
    match block.kind.as_str() {
        "divider" => "* * *".to_owned(),
        "list" => {
            let ordered = block.payload.get("ordered").and_then(Value::as_bool).unwrap_or(false);
            let mark = |index: usize| if ordered { format!("{}. ", index + 1) } else { "- ".to_owned() };
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
        "gallery" => lines(block.array("images").iter().map(|image| member(image, "caption")).collect()),
        "link_list" => {
            let mut parts = vec![block.str("title").to_owned()];
            parts.extend(block.array("links").iter().map(|link| member(link, "title")));
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

/// How many words a body has; in scripts without spaces each character counts.
pub fn word_count(blocks: &[Block]) -> u32 {
    let text = write(blocks);
    let unspaced = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}');
    let characters = text.chars().filter(|c| unspaced(*c)).count();
    let words = text
        .split(|c: char| c.is_whitespace() || unspaced(c))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count();
    u32::try_from(words + characters).unwrap_or(u32::MAX)
}

/// Minutes to read so many words, at least one: 230 words or, in Chinese and Japanese, 450 characters a minute.
pub fn reading_minutes(words: u32, language: &str) -> u32 {
    let main = language.split('-').next().unwrap_or_default();
    let pace = if matches!(main, "zh" | "ja") { 450 } else { 230 };
    words.div_ceil(pace).max(1)
}
