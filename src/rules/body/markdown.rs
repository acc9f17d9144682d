//! Markdown in, by way of HTML and its cleaner, and out, by a writer of our own that escapes what would be read as
//! something else.

use std::fmt::Write as _;

use serde_json::Value;

use super::block::Block;
use super::dom::{self, Handle, NodeData, escape_attribute};
use super::html_in;
use super::inline;
use super::simple;
use super::warnings::Warnings;

/// Reads CommonMark with tables and strikethrough; raw HTML in it is cleaned like any other.
pub fn read(markdown: &str, warnings: &mut Warnings) -> Vec<Block> {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.render.r#unsafe = true;
    // So that what stands behind the language of a code block is seen, and warned of.
    options.render.full_info_string = true;
    html_in::read(&comrak::markdown_to_html(markdown, &options), warnings)
}

/// Writes CommonMark.
pub fn write(blocks: &[Block]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut second = false;
    let mut before: Option<&Block> = None;
    for block in blocks {
        // Lists of one kind in a row need different marks, or they would be one list.
        let follows =
            before.is_some_and(|before| before.kind == "list" && before.flag("ordered") == block.flag("ordered"));
        second = follows && block.kind == "list" && !second;
        parts.push(of_block(block, second));
        before = Some(block);
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// In Markdown's own way where it can say all of the block, else as HTML.
fn of_block(block: &Block, second: bool) -> String {
    if let Some(plain) = plain(block, second) {
        if simple::as_markdown(block) {
            return plain;
        }
        if let [read] = read(&plain, &mut Warnings::default()).as_slice()
            && read.says_the_same(block)
        {
            return plain;
        }
    }
    // An empty line would end the HTML, but not within <pre>.
    if block.kind == "code" { block.html.clone() } else { block.html.replace('\n', " ") }
}

fn plain(block: &Block, second: bool) -> Option<String> {
    let words = || line(block.words());
    Some(match block.kind.as_str() {
        "paragraph" => words(),
        "heading" => {
            let level = block.payload.get("level").and_then(Value::as_u64).unwrap_or(2).clamp(2, 6);
            let marks: String = (0..level).map(|_| '#').collect();
            format!("{marks} {}", one_line(&words()))
        }
        "list" => list(block, second),
        "quote" => {
            let mut text = words();
            if !block.str("cite").is_empty() {
                let _ = write!(text, "\n\n<cite>{}</cite>", one_line(&line(block.str("cite"))));
            }
            text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
        }
        "code" => {
            let runs = block.words().split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence: String = (0..(runs + 1).max(3)).map(|_| '`').collect();
            format!("{fence}{}\n{}\n{fence}", block.str("language"), block.words())
        }
        "divider" => "***".to_owned(),
        "table" => table(block)?,
        "related_link" => {
            format!("**{}:** [{}](<{}>)", text(block.str("label")), text(block.str("title")), block.str("href"))
        }
        "image" => {
            format!("![{}](<{}>)", text(block.str("alt")), block.str("url"))
        }
        _ => return None,
    })
}

fn list(block: &Block, second: bool) -> String {
    let items = block.array("items").iter().filter_map(Value::as_str).enumerate();
    items
        .map(|(index, item)| {
            let mark = match (block.flag("ordered"), second) {
                (true, false) => format!("{}. ", index + 1),
                (true, true) => format!("{}) ", index + 1),
                (false, false) => "- ".to_owned(),
                (false, true) => "* ".to_owned(),
            };
            let indent: String = mark.chars().map(|_| ' ').collect();
            format!("{mark}{}", line(item).replace('\n', &format!("\n{indent}")))
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Only tables whose first row is a header, and whose rows are equally long.
fn table(block: &Block) -> Option<String> {
    let cells = |row: &Value| {
        let cells = row.as_array().into_iter().flatten().filter_map(Value::as_str);
        cells.map(|cell| one_line(&line(cell))).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = block.array("rows").iter().map(cells).collect();
    let columns = rows.first().map_or(0, Vec::len);
    if !block.flag("header") || columns == 0 || rows.iter().any(|row| row.len() != columns) {
        return None;
    }
    let mut lines: Vec<String> = rows.iter().map(|row| format!("| {} |", row.join(" | "))).collect();
    lines.insert(1, format!("|{}", (0..columns).map(|_| " --- |").collect::<String>()));
    Some(lines.join("\n"))
}

/// Line breaks have no place in headings and cells.
fn one_line(words: &str) -> String {
    words.replace("\\\n", " ")
}

/// Inline HTML as Markdown.
fn line(html: &str) -> String {
    if inline::is_words(html) {
        return at_line_starts(&text(html));
    }
    let Ok(root) = dom::parse(html) else { return String::new() };
    let mut out = String::new();
    for node in dom::children(&root) {
        write_node(&node, &mut out, 0);
    }
    at_line_starts(&out)
}

fn write_node(node: &Handle, out: &mut String, depth: usize) {
    match &node.data {
        NodeData::Text { contents } => out.push_str(&text(&contents.borrow())),
        NodeData::Element { .. } if depth < dom::DEEPEST => element(node, out, depth),
        _ => {}
    }
}

fn element(node: &Handle, out: &mut String, depth: usize) {
    let name = dom::name(node).unwrap_or_default();
    if name == "br" {
        out.push_str("\\\n");
        return;
    }
    let mut inside = String::new();
    for child in dom::children(node) {
        write_node(&child, &mut inside, depth + 1);
    }
    let href = dom::attribute(node, "href").filter(|href| name == "a" && !href.contains(['<', '>']));
    if let (Some(href), None) = (href, dom::attribute(node, "title")) {
        let _ = write!(out, "[{inside}](<{href}>)");
    } else if let Some(mark) = markup(name, &inside, out) {
        let _ = write!(out, "{mark}{inside}{mark}");
    } else {
        // As HTML: its borders are exact, whatever letters stand beside it, and it carries its attributes.
        let _ = write!(out, "<{name}");
        for (attribute, value) in dom::attributes(node) {
            let _ = write!(out, " {attribute}=\"{}\"", escape_attribute(value));
        }
        let _ = write!(out, ">{inside}</{name}>");
    }
}

/// The Markdown marks of an element, where they are sure to be read as such: plain words, set off from what precedes.
fn markup(name: &str, inside: &str, before: &str) -> Option<&'static str> {
    let mark = match name {
        "em" => "*",
        "strong" => "**",
        "s" => "~~",
        _ => return None,
    };
    let bare = inside.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | ',' | '’' | '‘' | '“' | '”'));
    let ends = inside.starts_with(char::is_alphanumeric) && inside.ends_with(char::is_alphanumeric);
    let apart = before.is_empty() || before.ends_with([' ', '\n']);
    (bare && ends && apart).then_some(mark)
}

/// Text with everything escaped that Markdown would read as markup.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '#' | '!') {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}

/// Escapes what is markup only at the beginning of a line: list marks and underlines.
fn at_line_starts(words: &str) -> String {
    words
        .split('\n')
        .map(|line| {
            let digits = line.chars().take_while(char::is_ascii_digit).count();
            let (number, rest) = line.split_at_checked(digits).unwrap_or((line, ""));
            if number.is_empty() && rest.starts_with(['-', '+', '=']) {
                format!("\\{rest}")
            } else if !number.is_empty() && rest.starts_with(['.', ')']) {
                format!("{number}\\{rest}")
            } else {
                line.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join("\n")
}
