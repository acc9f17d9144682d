//! Markdown in, by way of HTML and its cleaner, and out, by a writer of our own that escapes what would be read as
//! something else.

use std::fmt::Write as _;

use serde_json::Value;

use super::block::Block;
use super::dom::{self, Handle, NodeData, escape_attribute};
use super::html_in;
use super::warnings::Warnings;

/// Reads CommonMark with tables and strikethrough; raw HTML in it is cleaned like any other.
pub fn read(markdown: &str, warnings: &mut Warnings) -> Vec<Block> {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.render.r#unsafe = true;
    html_in::read(&comrak::markdown_to_html(markdown, &options), warnings)
}

/// Writes CommonMark.
pub fn write(blocks: &[Block]) -> String {
    blocks.iter().map(of_block).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn of_block(block: &Block) -> String {
    let words = line(block.words());
    match block.kind.as_str() {
        "heading" => {
            let level = block.payload.get("level").and_then(Value::as_u64).unwrap_or(2).clamp(2, 6);
            let marks: String = (0..level).map(|_| '#').collect();
            format!("{marks} {}", one_line(&words))
        }
        "list" => list(block),
        "quote" | "pull_quote" | "callout" => {
            let mut text = words;
            if !block.str("cite").is_empty() {
                let _ = write!(text, "\n\n<cite>{}</cite>", block.str("cite"));
            }
            text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
        }
        "code" => {
            let fence = if block.words().contains("```") { "~~~~" } else { "```" };
            format!("{fence}{}\n{}\n{fence}", block.str("language"), block.words())
        }
        "divider" => "***".to_owned(),
        "table" => table(block),
        "related_link" => {
            let link = format!("[{}](<{}>)", text(block.str("title")), block.str("href"));
            match block.str("label") {
                "" => link,
                label => format!("**{}:** {link}", text(label)),
            }
        }
        "paragraph" => words,
        // No Markdown says these; HTML inside of Markdown does.
        _ => block.html.replace('\n', " "),
    }
}

fn list(block: &Block) -> String {
    let ordered = block.payload.get("ordered").and_then(Value::as_bool).unwrap_or(false);
    let items = block.array("items").iter().filter_map(Value::as_str).enumerate();
    items
        .map(|(index, item)| {
            let mark = if ordered { format!("{}. ", index + 1) } else { "- ".to_owned() };
            let indent: String = mark.chars().map(|_| ' ').collect();
            format!("{mark}{}", line(item).replace('\n', &format!("\n{indent}")))
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn table(block: &Block) -> String {
    let rows: Vec<Vec<String>> = block
        .array("rows")
        .iter()
        .map(|row| {
            row.as_array().into_iter().flatten().filter_map(Value::as_str).map(|cell| one_line(&line(cell))).collect()
        })
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let header = block.payload.get("header").and_then(Value::as_bool).unwrap_or(false);
    let even = rows.iter().all(|row| row.len() == columns);
    if !header || !even {
        return block.html.replace('\n', " ");
    }
    let mut lines: Vec<String> = rows.iter().map(|row| format!("| {} |", row.join(" | "))).collect();
    lines.insert(1, format!("|{}", (0..columns).map(|_| " --- |").collect::<String>()));
    lines.join("\n")
}

/// Line breaks have no place in headings and cells.
fn one_line(words: &str) -> String {
    words.replace("\\\n", " ")
}

/// Inline HTML as Markdown.
fn line(html: &str) -> String {
    let Some((_dom, root)) = dom::parse(html) else { return String::new() };
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
    match (href, dom::attribute(node, "title")) {
        (Some(href), None) => {
            let _ = write!(out, "[{inside}](<{href}>)");
        }
        // As HTML: its borders are exact, whatever letters stand beside it, and it carries its attributes.
        _ => {
            let attributes: String = dom::attribute_names(node)
                .iter()
                .filter_map(|name| Some(format!(" {name}=\"{}\"", escape_attribute(&dom::attribute(node, name)?))))
                .collect();
            match markup(&name, &inside, out) {
                Some(mark) => {
                    let _ = write!(out, "{mark}{inside}{mark}");
                }
                None => {
                    let _ = write!(out, "<{name}{attributes}>{inside}</{name}>");
                }
            }
        }
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
