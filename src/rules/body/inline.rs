//! Inline HTML: what may stand inside a line, cleaned to one spelling.

use std::fmt::Write as _;

use super::dom::{self, DEEPEST, Handle, NodeData, escape, escape_attribute};
use super::links::safe_url;
use super::plain::words;
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
    "noframes", "noembed", "embed", "param", "source", "track", "area", "map", "datalist", "option", "optgroup",
];
/// Elements that break a line.
const BREAKING: &[&str] = &[
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "iframe",
    "img",
    "legend",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "picture",
    "plaintext",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "video",
    "xmp",
];
/// Elements that stand inside a line, whatever is in them.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "br", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "bdi", "bdo", "dfn", "wbr", "data",
    "big", "nobr", "acronym", "ruby", "rb", "rt", "rp", "rtc",
];
/// Elements that say nothing inside of themselves.
const ONCE: &[&str] = &["a", "code", "em", "mark", "s", "strong", "u"];
/// Elements that become another one which says less.
const CHANGED: &[&str] = &["ins", "kbd", "samp"];
const LONGEST_TITLE: usize = 300;

/// Whether an element breaks the line that it stands in. Of those that HTML does not have, only what holds such a one does.
pub fn breaks(node: &Handle) -> bool {
    let is_breaking = |node: &Handle| dom::name(node).is_some_and(|name| BREAKING.contains(&name));
    let is_inline = dom::name(node).is_some_and(|name| INLINE.contains(&name));
    is_breaking(node) || !is_inline && dom::descendants(node).iter().any(is_breaking)
}

/// Whether a line is words alone, without markup and without anything that stands for another character.
pub fn is_words(html: &str) -> bool {
    !html.contains(['<', '&', '\0']) && !html.starts_with('\u{feff}')
}

/// Cleans inline HTML given as text.
pub fn clean(html: &str, warnings: &mut Warnings) -> String {
    if is_words(html) {
        let mut images = Vec::new();
        let mut line = Line::new(warnings, &mut images);
        line.text(html);
        return line.out;
    }
    let root = match dom::parse(html) {
        Ok(root) => root,
        Err(why) => {
            warnings.refuse(why);
            return String::new();
        }
    };
    let mut images = Vec::new();
    let line = of_nodes(&dom::children(&root), warnings, &mut images);
    for image in images {
        let name = dom::name(&image).unwrap_or_default();
        warnings.add("element_removed", format!("<{name}> inside a line was removed"));
    }
    line
}

/// Cleans nodes into one line of inline HTML, its ends trimmed. Images and embeds in them are left to the caller.
pub fn of_nodes(nodes: &[Handle], warnings: &mut Warnings, images: &mut Vec<Handle>) -> String {
    let mut line = Line::new(warnings, images);
    for node in nodes {
        line.node(node, 0);
    }
    line.out
}

/// Whether an element of this name may stand around words.
pub(super) fn is_allowed(name: &str) -> bool {
    name != "br" && ALLOWED.iter().any(|(known, _)| *known == name)
}

/// Whether a line shows nothing.
pub fn is_blank(html: &str) -> bool {
    words(html).chars().all(|c| c.is_whitespace() || matches!(c, '\u{a0}' | '\u{200b}' | '\u{feff}'))
}

/// Plain text as inline HTML, its line breaks kept.
pub fn from_text(text: &str) -> String {
    text.lines().map(|line| escape(line.trim())).collect::<Vec<_>>().join("<br>")
}

struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

/// A line while it is written. Spaces, breaks and opening tags wait until something shows: so spaces stand outside of
/// emphasis, nothing empty is written, and a line has no spaces or breaks at its ends.
struct Line<'a> {
    out: String,
    space: bool,
    breaks: usize,
    open: Vec<Element>,
    /// How many of the open elements have their tag in `out` already.
    written: usize,
    warnings: &'a mut Warnings,
    images: &'a mut Vec<Handle>,
}

impl<'a> Line<'a> {
    fn new(warnings: &'a mut Warnings, images: &'a mut Vec<Handle>) -> Self {
        Self { out: String::new(), space: false, breaks: 0, open: Vec::new(), written: 0, warnings, images }
    }

    fn node(&mut self, node: &Handle, depth: usize) {
        match &node.data {
            NodeData::Text { contents } => self.text(&contents.borrow()),
            NodeData::Comment => self.warnings.add("comment_removed", "a comment was removed"),
            NodeData::Element { .. } => self.element(node, depth),
            NodeData::Document => {}
        }
    }

    fn element(&mut self, node: &Handle, depth: usize) {
        let sent = dom::name(node).unwrap_or_default();
        if REMOVED.contains(&sent) && sent != "iframe" {
            self.warnings.add("element_removed", format!("<{sent}> was removed"));
        } else if sent == "img" || sent == "iframe" {
            self.images.push(node.clone());
        } else if sent == "br" {
            self.space = false;
            self.breaks += usize::from(!self.out.is_empty());
        } else if depth >= DEEPEST {
            self.warnings.add("too_deep", format!("elements more than {DEEPEST} deep were made plain text"));
            self.text(&dom::text(node));
        } else {
            self.content(node, sent, depth);
        }
    }

    fn content(&mut self, node: &Handle, sent: &str, depth: usize) {
        let name = match sent {
            "b" => "strong",
            "i" => "em",
            "del" | "strike" => "s",
            "ins" => "u",
            "kbd" | "samp" | "tt" => "code",
            "acronym" => "abbr",
            other => other,
        };
        if CHANGED.contains(&sent) {
            self.warnings.add("element_renamed", format!("<{sent}> became <{name}>"));
        }
        let block = breaks(node);
        let attributes = self.kept_attributes(node, name);
        let allowed = ALLOWED.iter().any(|(known, _)| *known == name);
        let says = match name {
            "a" => attributes.iter().any(|(name, _)| name == "href"),
            "span" => !attributes.is_empty(),
            _ => true,
        };
        let twice = ONCE.contains(&name) && self.open.iter().any(|open| open.name == name);
        let opened = allowed && says && !twice;
        if twice {
            self.warnings.add("element_unwrapped", format!("<{name}> inside <{name}> was taken off its content"));
        } else if name == "a" && dom::attribute(node, "href").is_none() {
            self.warnings.add("element_unwrapped", "<a> without an address was taken off its content");
        }
        if !allowed && !["p", "div", "li"].contains(&name) {
            self.warnings.add("element_unwrapped", format!("<{name}> was taken off its content"));
        }
        self.border(block);
        if opened {
            self.open.push(Element { name: name.to_owned(), attributes });
        }
        for child in dom::children(node) {
            self.node(&child, depth + 1);
        }
        if opened {
            if self.written == self.open.len() {
                let _ = write!(self.out, "</{name}>");
                self.written -= 1;
            } else if name == "a" {
                self.warnings.add("link_removed", "a link around no words was removed");
            }
            self.open.pop();
        }
        self.border(block);
    }

    /// What is no part of a line begins and ends one; cells stay in theirs.
    fn border(&mut self, block: bool) {
        if block && !self.out.is_empty() {
            self.space = false;
            self.breaks = self.breaks.max(1);
        }
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                ' ' | '\t' | '\n' | '\r' | '\u{c}' => self.space = self.breaks == 0 && !self.out.is_empty(),
                c if c.is_control() => self.warnings.control(c),
                c => {
                    self.settle();
                    match c {
                        '&' => self.out.push_str("&amp;"),
                        '<' => self.out.push_str("&lt;"),
                        '>' => self.out.push_str("&gt;"),
                        c => self.out.push(c),
                    }
                }
            }
        }
    }

    /// Writes what waits.
    fn settle(&mut self) {
        for _ in 0..std::mem::take(&mut self.breaks) {
            self.out.push_str("<br>");
        }
        if std::mem::take(&mut self.space) {
            self.out.push(' ');
        }
        for element in self.open.iter().skip(self.written) {
            let _ = write!(self.out, "<{}", element.name);
            for (attribute, value) in &element.attributes {
                let _ = write!(self.out, " {attribute}=\"{}\"", escape_attribute(value));
            }
            self.out.push('>');
        }
        self.written = self.open.len();
    }

    fn kept_attributes(&mut self, node: &Handle, name: &str) -> Vec<(String, String)> {
        let allowed = ALLOWED.iter().find(|(known, _)| *known == name).map_or(&[] as &[&str], |(_, names)| names);
        let mut kept = Vec::new();
        for (attribute, value) in dom::attributes(node) {
            if !allowed.contains(&attribute) {
                self.warnings.add("attribute_removed", format!("{attribute} on <{name}> was removed"));
                continue;
            }
            if let Some(c) = value.chars().find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
                self.warnings.control(c);
            }
            match attribute_value(attribute, value) {
                Some(value) => kept.push((attribute.to_owned(), value)),
                None if attribute == "href" => self
                    .warnings
                    .add("link_removed", "a link whose address is not http, https, mailto, tel or a path was removed"),
                None => self.warnings.add("attribute_removed", format!("{attribute} on <{name}> was removed")),
            }
        }
        kept.sort();
        kept
    }
}

/// The value as it is kept, if it is one for this attribute.
fn attribute_value(attribute: &str, value: &str) -> Option<String> {
    let value = dom::folded(&value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>());
    match attribute {
        "href" => safe_url(&value),
        "dir" => Some(value.to_ascii_lowercase()).filter(|dir| matches!(dir.as_str(), "ltr" | "rtl" | "auto")),
        "lang" => is_language(&value).then_some(value),
        "datetime" => is_moment(&value).then_some(value),
        _ => Some(value).filter(|text| !text.is_empty() && text.len() <= LONGEST_TITLE),
    }
}

/// Whether the text is shaped like a BCP 47 tag.
fn is_language(text: &str) -> bool {
    let fits = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let main = text.split('-').next().unwrap_or_default();
    text.len() <= 35
        && text.split('-').all(fits)
        && main.len() >= 2
        && main.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether the text is shaped like a date, a time, both, a zone, a week or a duration.
fn is_moment(text: &str) -> bool {
    let known =
        |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | '+' | ' ' | 'T' | 'Z') || "PWYMDHS".contains(c);
    text.len() <= 40 && text.chars().all(known) && text.contains(|c: char| c.is_ascii_digit())
}
