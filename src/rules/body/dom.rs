//! The parsed tree of a piece of HTML, and the few questions that are asked of it.

use html5ever::driver::ParseOpts;
use html5ever::tendril::TendrilSink;
use html5ever::{LocalName, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::RcDom;
pub use markup5ever_rcdom::{Handle, NodeData};

/// How deep a tree is followed; what lies deeper counts as text of its ancestor.
pub const DEEPEST: usize = 100;

/// Parses a fragment as the content of `<body>`; the answer's children are its nodes.
pub fn parse(html: &str) -> Option<(RcDom, Handle)> {
    let context = QualName::new(None, ns!(html), local_name!("body"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), context, Vec::new(), false).one(html);
    let root = dom.document.children.borrow().first().cloned()?;
    Some((dom, root))
}

/// The element's name, if the node is an HTML element; other namespaces answer `svg` or `math`.
pub fn name(node: &Handle) -> Option<String> {
    match &node.data {
        NodeData::Element { name, .. } if name.ns == ns!(svg) => Some("svg".to_owned()),
        NodeData::Element { name, .. } if name.ns == ns!(mathml) => Some("math".to_owned()),
        NodeData::Element { name, .. } => Some(name.local.to_string()),
        _ => None,
    }
}

/// One attribute's value.
pub fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    let wanted = LocalName::from(wanted);
    attrs.borrow().iter().find(|attribute| attribute.name.local == wanted).map(|attribute| attribute.value.to_string())
}

/// The names of all attributes.
pub fn attribute_names(node: &Handle) -> Vec<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return Vec::new() };
    attrs.borrow().iter().map(|attribute| attribute.name.local.to_string()).collect()
}

/// The child nodes.
pub fn children(node: &Handle) -> Vec<Handle> {
    node.children.borrow().clone()
}

/// The first descendant element of this name. Iterative, since trees can be deep.
pub fn find(node: &Handle, wanted: &str) -> Option<Handle> {
    let mut ahead: Vec<Handle> = children(node).into_iter().rev().collect();
    while let Some(next) = ahead.pop() {
        if name(&next).as_deref() == Some(wanted) {
            return Some(next);
        }
        ahead.extend(children(&next).into_iter().rev());
    }
    None
}

/// All text below the node, as it is.
pub fn text(node: &Handle) -> String {
    let mut out = String::new();
    let mut ahead = vec![node.clone()];
    while let Some(next) = ahead.pop() {
        match &next.data {
            NodeData::Text { contents } => out.push_str(&contents.borrow()),
            _ if name(&next).is_some_and(|name| name == "br") => out.push('\n'),
            _ => ahead.extend(children(&next).into_iter().rev()),
        }
    }
    out
}

/// Text with white space folded as HTML folds it; no-break spaces stay.
pub fn folded(text: &str) -> String {
    text.split([' ', '\t', '\n', '\r', '\u{c}']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Escapes text for HTML, and nothing more than has to be.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Escapes text for a double-quoted attribute.
pub fn escape_attribute(text: &str) -> String {
    escape(text).replace('"', "&quot;")
}
