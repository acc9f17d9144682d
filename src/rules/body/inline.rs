//! Inline HTML: what may stand inside a line, cleaned to one spelling.

use super::dom::{self, DEEPEST, Handle, NodeData, escape, escape_attribute};
use super::warnings::Warnings;

/// Element -> attributes it may keep.
const ALLOWED: &[(&str, &[&str])] = &[
    ("a", &["href", "title"]),
    ("abbr", &["title"]),
    ("br", &[]),
    ("cite", &[]),
    ("code", &[]),
    ("em", &[]),
    ("mark", &[]),
    ("q", &[]),
    ("s", &[]),
    ("span", &["lang", "dir"]),
    ("strong", &[]),
    ("sub", &[]),
    ("sup", &[]),
    ("time", &["datetime"]),
    ("u", &[]),
];
/// Elements that go with all that is in them.
pub const REMOVED: &[&str] = &[
    "script", "style", "object", "applet", "svg", "math", "form", "input", "button", "select", "textarea", "noscript",
    "template", "iframe", "frame", "frameset", "link", "meta", "base", "title", "head", "canvas", "dialog", "portal",
];

/// What is found inside a line besides words.
#[derive(Default)]
pub struct Found {
    /// Images, which become blocks of their own after the line.
    pub images: Vec<Handle>,
}

/// Cleans inline HTML given as text.
pub fn clean(html: &str, warnings: &mut Warnings) -> String {
    let Some((_dom, root)) = dom::parse(html) else { return String::new() };
    let mut found = Found::default();
    let line = of_nodes(&dom::children(&root), warnings, &mut found);
    if !found.images.is_empty() {
        warnings.add("element_removed", "<img> inside a line was removed");
    }
    line
}

/// Cleans nodes into one line of inline HTML, its ends trimmed.
pub fn of_nodes(nodes: &[Handle], warnings: &mut Warnings, found: &mut Found) -> String {
    let mut out = String::new();
    for node in nodes {
        write(node, &mut out, warnings, found, 0);
    }
    tidy(&out)
}

/// The words of a line of inline HTML.
pub fn plain(html: &str) -> String {
    dom::parse(html).map(|(_dom, root)| dom::text(&root)).unwrap_or_default()
}

/// Whether a line shows nothing.
pub fn is_blank(html: &str) -> bool {
    plain(html).chars().all(|c| c.is_whitespace() || matches!(c, '\u{a0}' | '\u{200b}' | '\u{feff}'))
}

/// The address, if it is one that may be linked: http, https, mailto, tel, or a path here.
pub fn safe_url(url: &str) -> Option<String> {
    let url = url.trim();
    if url.is_empty()
        || url.len() > 2000
        || url.chars().any(|c| c.is_control() || c.is_whitespace())
        || url.starts_with("//")
    {
        return None;
    }
    let before_path = url.split(['/', '?', '#']).next().unwrap_or_default();
    match before_path.split_once(':') {
        None if url.starts_with('\\') => None,
        None => Some(url.to_owned()),
        Some((scheme, _)) => {
            let known = ["http", "https", "mailto", "tel"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
            known.then(|| url.to_owned())
        }
    }
}

/// The address, if it is an absolute web address.
pub fn web_url(url: &str) -> Option<String> {
    let url = safe_url(url)?;
    let parsed = url::Url::parse(&url).ok()?;
    (matches!(parsed.scheme(), "http" | "https") && parsed.host_str().is_some()).then_some(url)
}

fn write(node: &Handle, out: &mut String, warnings: &mut Warnings, found: &mut Found, depth: usize) {
    match &node.data {
        NodeData::Text { contents } => push_text(out, &contents.borrow()),
        NodeData::Comment { .. } => warnings.add("comment_removed", "a comment was removed"),
        NodeData::Element { .. } => element(node, out, warnings, found, depth),
        _ => {}
    }
}

fn element(node: &Handle, out: &mut String, warnings: &mut Warnings, found: &mut Found, depth: usize) {
    let sent = dom::name(node).unwrap_or_default();
    if REMOVED.contains(&sent.as_str()) {
        warnings.add("element_removed", format!("<{sent}> was removed"));
        return;
    }
    if sent == "img" {
        found.images.push(node.clone());
        return;
    }
    if depth >= DEEPEST {
        warnings.add("too_deep", format!("elements more than {DEEPEST} deep were made plain text"));
        push_text(out, &dom::text(node));
        return;
    }
    let name = match sent.as_str() {
        "b" => "strong",
        "i" => "em",
        "del" | "strike" => "s",
        "ins" => "u",
        "kbd" | "samp" | "tt" => "code",
        other => other,
    };
    let attributes = kept_attributes(node, name, warnings);
    let bare_span = name == "span" && attributes.is_empty();
    let dead_link = name == "a" && !attributes.iter().any(|(name, _)| name == "href");
    let allowed = ALLOWED.iter().any(|(known, _)| *known == name);
    if name == "br" {
        trim_end_space(out);
        out.push_str("<br>");
        return;
    }
    if !allowed || bare_span || dead_link {
        if !allowed && !["p", "div", "li", "font"].contains(&name) {
            warnings.add("element_unwrapped", format!("<{name}> was taken off its content"));
        }
        for child in dom::children(node) {
            write(&child, out, warnings, found, depth + 1);
        }
        return;
    }
    let mut inside = String::new();
    // The space that ends the line so far decides whether a space at the beginning of the element shows.
    let after_space = out.is_empty() || out.ends_with(' ') || out.ends_with("<br>");
    for child in dom::children(node) {
        write(&child, &mut inside, warnings, found, depth + 1);
    }
    if after_space {
        inside = inside.trim_start_matches(' ').to_owned();
    }
    if inside.is_empty() {
        return;
    }
    if inside.trim_matches(' ').is_empty() {
        push_text(out, &inside);
        return;
    }
    wrap(out, name, &attributes, &inside);
}

/// Puts the element's spaces outside of it, so that emphasis begins and ends at words.
fn wrap(out: &mut String, name: &str, attributes: &[(String, String)], inside: &str) {
    if inside.starts_with(' ') && !out.ends_with(' ') {
        out.push(' ');
    }
    out.push('<');
    out.push_str(name);
    for (attribute, value) in attributes {
        out.push_str(&format!(" {attribute}=\"{}\"", escape_attribute(value)));
    }
    out.push('>');
    out.push_str(inside.trim_matches(' '));
    out.push_str(&format!("</{name}>"));
    if inside.ends_with(' ') {
        out.push(' ');
    }
}

fn kept_attributes(node: &Handle, name: &str, warnings: &mut Warnings) -> Vec<(String, String)> {
    let allowed = ALLOWED.iter().find(|(known, _)| *known == name).map_or(&[] as &[&str], |(_, attributes)| attributes);
    let mut kept = Vec::new();
    for attribute in dom::attribute_names(node) {
        let value = dom::attribute(node, &attribute).unwrap_or_default();
        if !allowed.contains(&attribute.as_str()) {
            if !["target", "rel"].contains(&attribute.as_str()) {
                warnings.add("attribute_removed", format!("{attribute} on <{name}> was removed"));
            }
            continue;
        }
        if attribute == "href" {
            match safe_url(&value) {
                Some(url) => kept.push((attribute, url)),
                None => warnings
                    .add("link_removed", "a link whose address is not http, https, mailto, tel or a path was removed"),
            }
        } else if !value.trim().is_empty() && value.len() <= 300 {
            kept.push((attribute, value.trim().to_owned()));
        }
    }
    kept.sort();
    kept
}

/// Text with its white space folded, also across the border to what stands before.
fn push_text(out: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
            if !out.ends_with(' ') && !out.ends_with("<br>") {
                out.push(' ');
            }
        } else if !c.is_control() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                c => out.push(c),
            }
        }
    }
}

fn trim_end_space(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
}

/// Without spaces and line breaks at the ends.
fn tidy(line: &str) -> String {
    let mut line = line.trim_matches(' ');
    loop {
        let shorter = line.trim_start_matches("<br>").trim_end_matches("<br>").trim_matches(' ');
        if shorter.len() == line.len() {
            return line.to_owned();
        }
        line = shorter;
    }
}

/// Plain text as inline HTML, its line breaks kept.
pub fn from_text(text: &str) -> String {
    text.lines().map(|line| escape(line.trim())).collect::<Vec<_>>().join("<br>")
}
