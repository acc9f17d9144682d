//! Blocks as HTML that stands by itself. What HTML has no element for declares its type and payload, so that reading it
//! again gives the same block.

use serde_json::{Map, Value};

use super::block::Block;
use super::dom::{escape, escape_attribute};

/// The whole body.
pub fn join(blocks: &[Block]) -> String {
    blocks.iter().map(|block| block.html.as_str()).filter(|html| !html.is_empty()).collect::<Vec<_>>().join("\n")
}

/// One block.
pub fn render(block: &Block) -> String {
    let words = block.words();
    match block.kind.as_str() {
        "paragraph" => format!("<p>{words}</p>"),
        "heading" => {
            let level = block.payload.get("level").and_then(Value::as_u64).unwrap_or(2).clamp(2, 6);
            format!("<h{level}>{words}</h{level}>")
        }
        "list" => list(block),
        "quote" => format!("<blockquote><p>{words}</p>{}</blockquote>", element("cite", block.str("cite"))),
        "image" => format!("<figure>{}{}</figure>", image(&block.payload), caption(block)),
        "related_link" => related_link(block),
        "table" => table(block),
        "code" => {
            let language = match block.str("language") {
                "" => String::new(),
                language => format!(" class=\"language-{}\"", escape_attribute(language)),
            };
            format!("<pre><code{language}>{}</code></pre>", escape(words))
        }
        "divider" => "<hr>".to_owned(),
        _ => declared(block),
    }
}

fn list(block: &Block) -> String {
    let tag = if block.payload.get("ordered").and_then(Value::as_bool).unwrap_or(false) { "ol" } else { "ul" };
    let items: String =
        block.array("items").iter().filter_map(Value::as_str).map(|item| format!("<li>{item}</li>")).collect();
    format!("<{tag}>{items}</{tag}>")
}

fn related_link(block: &Block) -> String {
    let label = match block.str("label") {
        "" => String::new(),
        label => format!("<strong>{}:</strong> ", escape(label)),
    };
    let link = format!("<a href=\"{}\">{}</a>", escape_attribute(block.str("href")), escape(block.str("title")));
    if label.is_empty()
        || block.payload.keys().any(|key| !["label", "title", "href", "article_id"].contains(&key.as_str()))
    {
        return wrapped(block, "p", &format!("{label}{link}"));
    }
    format!("<p data-block=\"related_link\">{label}{link}</p>")
}

fn image(payload: &Map<String, Value>) -> String {
    let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default();
    let side = |name: &str| {
        payload.get(name).and_then(Value::as_u64).map(|side| format!(" {name}=\"{side}\"")).unwrap_or_default()
    };
    format!(
        "<img src=\"{}\" alt=\"{}\"{}{}>",
        escape_attribute(text("url")),
        escape_attribute(text("alt")),
        side("width"),
        side("height")
    )
}

fn caption(block: &Block) -> String {
    let credit = element("cite", &escape(block.str("credit")));
    match (block.str("caption"), credit.as_str()) {
        ("", "") => String::new(),
        (caption, credit) => format!(
            "<figcaption>{caption}{}{credit}</figcaption>",
            if caption.is_empty() || credit.is_empty() { "" } else { " " }
        ),
    }
}

fn table(block: &Block) -> String {
    let header = block.payload.get("header").and_then(Value::as_bool).unwrap_or(false);
    let mut out = "<table>".to_owned();
    for (index, row) in block.array("rows").iter().enumerate() {
        let cell = if header && index == 0 { "th" } else { "td" };
        let cells: String = row
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|words| format!("<{cell}>{words}</{cell}>"))
            .collect();
        out.push_str(&format!("<tr>{cells}</tr>"));
    }
    out.push_str("</table>");
    out
}

/// Types without an element of their own.
fn declared(block: &Block) -> String {
    let words = block.words();
    let paragraph = element("p", words);
    match block.kind.as_str() {
        "pull_quote" => wrapped(block, "aside", &format!("{paragraph}{}", element("cite", block.str("cite")))),
        "callout" => wrapped(block, "aside", &format!("{}{paragraph}", element("h3", &escape(block.str("title"))))),
        "correction" => wrapped(block, "aside", &paragraph),
        "key_event" => wrapped(
            block,
            "section",
            &format!(
                "{}{}{paragraph}",
                element("time", &escape(block.str("at"))),
                element("h3", &escape(block.str("title")))
            ),
        ),
        "gallery" => {
            let figures: String = block
                .array("images")
                .iter()
                .filter_map(Value::as_object)
                .map(|one| {
                    let caption = one.get("caption").and_then(Value::as_str).unwrap_or_default();
                    format!("<figure>{}{}</figure>", image(one), element("figcaption", caption))
                })
                .collect();
            wrapped(block, "div", &figures)
        }
        "link_list" => {
            let text = |link: &Value, name: &str| link.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let links: String = block
                .array("links")
                .iter()
                .map(|link| {
                    format!(
                        "<li><a href=\"{}\">{}</a></li>",
                        escape_attribute(&text(link, "href")),
                        escape(&text(link, "title"))
                    )
                })
                .collect();
            wrapped(block, "nav", &format!("{}<ul>{links}</ul>", element("h3", &escape(block.str("title")))))
        }
        "embed" | "video" | "audio" => {
            let url = block.str("url");
            let title = if block.str("title").is_empty() { url } else { block.str("title") };
            wrapped(block, "figure", &format!("<a href=\"{}\">{}</a>", escape_attribute(url), escape(title)))
        }
        _ => wrapped(block, "div", &paragraph),
    }
}

fn wrapped(block: &Block, tag: &str, inside: &str) -> String {
    let mut payload = block.payload.clone();
    payload.remove("article_id");
    if let Some(content) = &block.content {
        payload.insert("content".to_owned(), Value::String(content.clone()));
    }
    let payload = Value::Object(payload).to_string();
    format!(
        "<{tag} data-block=\"{}\" data-payload=\"{}\">{inside}</{tag}>",
        escape_attribute(&block.kind),
        escape_attribute(&payload)
    )
}

fn element(tag: &str, html: &str) -> String {
    if html.is_empty() { String::new() } else { format!("<{tag}>{html}</{tag}>") }
}
