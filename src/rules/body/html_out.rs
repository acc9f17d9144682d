//! Blocks as HTML that stands by itself and reads back as the same block. Where the plain element cannot say all of it,
//! the element declares its type and payload besides.

use serde_json::{Map, Value};

use super::block::Block;
use super::dom::{escape, escape_attribute};
use super::html_in;
use super::inline;
use super::links::{safe_url, web_url};
use super::simple;
use super::warnings::Warnings;

/// Types that have an element of their own.
const PLAIN: &[&str] = &["paragraph", "heading", "list", "quote", "image", "related_link", "table", "code", "divider"];

/// The whole body.
pub fn join(blocks: &[Block]) -> String {
    blocks.iter().map(|block| block.html.as_str()).filter(|html| !html.is_empty()).collect::<Vec<_>>().join("\n")
}

/// One block.
pub fn render(block: &Block) -> String {
    if PLAIN.contains(&block.kind.as_str()) {
        let plain = bare(block);
        if simple::as_html(block) {
            return plain;
        }
        if let [read] = html_in::read(&plain, &mut Warnings::default()).as_slice()
            && read.says_the_same(block)
        {
            return plain;
        }
    }
    declared(block)
}

/// The block's element without a declaration: what it shows.
pub fn bare(block: &Block) -> String {
    element(block, "")
}

/// With type and payload, of which the article that is linked is no part: it is found again by address.
fn declared(block: &Block) -> String {
    let mut payload = block.payload.clone();
    payload.remove("article_id");
    if let Some(content) = &block.content {
        payload.insert("content".to_owned(), Value::String(content.clone()));
    }
    let payload = Value::Object(payload).to_string();
    let (kind, payload) = (escape_attribute(&block.kind), escape_attribute(&payload));
    element(block, &format!(" data-block=\"{kind}\" data-payload=\"{payload}\""))
}

fn element(block: &Block, declaration: &str) -> String {
    let words = block.words();
    let text = |name: &str| escape(block.str(name));
    let (tag, inside) = match block.kind.as_str() {
        "paragraph" => ("p", words.to_owned()),
        "heading" => (heading(block), words.to_owned()),
        "list" => (if block.flag("ordered") { "ol" } else { "ul" }, items(block)),
        "quote" => ("blockquote", format!("{}{}", part("p", words), part("cite", &line(block.str("cite"))))),
        "image" => ("figure", format!("{}{}", image(&block.payload), caption(&block.payload))),
        "related_link" if declaration.is_empty() => {
            return format!("<p data-block=\"related_link\">{}</p>", related_link(block));
        }
        "related_link" => ("p", related_link(block)),
        "table" => ("table", rows(block)),
        "code" => ("pre", code(block)),
        "divider" => return format!("<hr{declaration}>"),
        "pull_quote" => ("aside", format!("{}{}", part("p", words), part("cite", &line(block.str("cite"))))),
        "callout" => ("aside", format!("{}{}", part("h3", &text("title")), part("p", words))),
        "correction" => ("aside", part("p", words)),
        "key_event" => {
            ("section", format!("{}{}{}", part("time", &text("at")), part("h3", &text("title")), part("p", words)))
        }
        "gallery" => ("div", figures(block)),
        "link_list" => ("nav", links(block)),
        "embed" | "video" | "audio" => {
            let title = if block.str("title").is_empty() { "url" } else { "title" };
            ("figure", format!("<a href=\"{}\">{}</a>", web(block.str("url")), text(title)))
        }
        _ => ("div", part("p", words)),
    };
    format!("<{tag}{declaration}>{inside}</{tag}>")
}

fn heading(block: &Block) -> &'static str {
    match block.payload.get("level").and_then(Value::as_u64).unwrap_or(2) {
        0..=2 => "h2",
        3 => "h3",
        4 => "h4",
        5 => "h5",
        _ => "h6",
    }
}

fn items(block: &Block) -> String {
    block.array("items").iter().filter_map(Value::as_str).map(|item| whole("li", item)).collect()
}

fn related_link(block: &Block) -> String {
    let label = match block.str("label") {
        "" => String::new(),
        label => format!("<strong>{}:</strong> ", escape(label)),
    };
    format!("{label}<a href=\"{}\">{}</a>", address(block.str("href")), escape(block.str("title")))
}

fn image(payload: &Map<String, Value>) -> String {
    let side = |name: &str| {
        payload.get(name).and_then(Value::as_u64).map(|side| format!(" {name}=\"{side}\"")).unwrap_or_default()
    };
    format!(
        "<img src=\"{}\" alt=\"{}\"{}{}>",
        web(member(payload, "url")),
        escape_attribute(member(payload, "alt")),
        side("width"),
        side("height")
    )
}

fn caption(payload: &Map<String, Value>) -> String {
    let credit = part("cite", &escape(member(payload, "credit")));
    let caption = line(member(payload, "caption"));
    let space = if caption.is_empty() || credit.is_empty() { "" } else { " " };
    part("figcaption", &format!("{caption}{space}{credit}"))
}

fn figures(block: &Block) -> String {
    let images = block.array("images").iter().filter_map(Value::as_object);
    images.map(|one| whole("figure", &format!("{}{}", image(one), caption(one)))).collect()
}

fn links(block: &Block) -> String {
    let link = |link: &Map<String, Value>| {
        let (href, title) = (address(member(link, "href")), escape(member(link, "title")));
        format!("<li><a href=\"{href}\">{title}</a></li>")
    };
    let links: String = block.array("links").iter().filter_map(Value::as_object).map(link).collect();
    format!("{}{}", part("h3", &escape(block.str("title"))), part("ul", &links))
}

fn code(block: &Block) -> String {
    let language = match block.str("language") {
        "" => String::new(),
        language => format!(" class=\"language-{}\"", escape_attribute(language)),
    };
    format!("<code{language}>{}</code>", escape(block.words()))
}

fn rows(block: &Block) -> String {
    let header = block.flag("header");
    let mut out = String::new();
    for (index, row) in block.array("rows").iter().enumerate() {
        let cell = if header && index == 0 { "th" } else { "td" };
        let cells = row.as_array().into_iter().flatten().filter_map(Value::as_str);
        let cells: String = cells.map(|words| whole(cell, words)).collect();
        out.push_str(&whole("tr", &cells));
    }
    out
}

/// Inline HTML of a member. It was cleaned when it was read; that it is cleaned here too means that no way in which it
/// could come around that ends in a page.
fn line(html: &str) -> String {
    inline::clean(html, &mut Warnings::default())
}

/// Where a link leads, looked at once more, as [`line`] does.
fn address(url: &str) -> String {
    escape_attribute(&safe_url(url).unwrap_or_default())
}

/// Where bytes lie, looked at once more.
fn web(url: &str) -> String {
    escape_attribute(&web_url(url).unwrap_or_default())
}

fn member<'a>(payload: &'a Map<String, Value>, name: &str) -> &'a str {
    payload.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn whole(tag: &str, html: &str) -> String {
    format!("<{tag}>{html}</{tag}>")
}

/// Nothing around nothing.
fn part(tag: &str, html: &str) -> String {
    if html.is_empty() { String::new() } else { whole(tag, html) }
}
