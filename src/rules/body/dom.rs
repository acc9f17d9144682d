//! The few questions that are asked of a parsed tree, and the escapes of what is written back.

use html5ever::ns;

pub use super::tree::{Handle, NodeData, parse};

/// How deep a tree is followed; what lies deeper counts as text of its ancestor.
pub const DEEPEST: usize = 100;

/// The element's name, if the node is an HTML element; other namespaces answer `svg` or `math`.
pub fn name(node: &Handle) -> Option<&str> {
    match &node.data {
        NodeData::Element { name, .. } if name.ns == ns!(svg) => Some("svg"),
        NodeData::Element { name, .. } if name.ns == ns!(mathml) => Some("math"),
        NodeData::Element { name, .. } => Some(&name.local),
        _ => None,
    }
}

/// All attributes, in order.
pub fn attributes(node: &Handle) -> impl Iterator<Item = (&str, &str)> {
    let all = match &node.data {
        NodeData::Element { attrs, .. } => attrs.as_slice(),
        _ => &[],
    };
    all.iter().map(|attribute| (&*attribute.name.local, &*attribute.value))
}

/// One attribute's value.
pub fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    attributes(node).find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned())
}

/// The child nodes.
pub fn children(node: &Handle) -> Vec<Handle> {
    node.children.borrow().clone()
}

/// All descendants, in order. Iterative, since trees can be deep.
pub fn descendants(node: &Handle) -> Vec<Handle> {
    let mut found = Vec::new();
    let mut ahead: Vec<Handle> = children(node).into_iter().rev().collect();
    while let Some(next) = ahead.pop() {
        ahead.extend(children(&next).into_iter().rev());
        found.push(next);
    }
    found
}

/// All descendant elements of this name, in order.
pub fn find_all(node: &Handle, wanted: &str) -> Vec<Handle> {
    descendants(node).into_iter().filter(|next| name(next) == Some(wanted)).collect()
}

/// Whether the node is a comment.
pub fn is_comment(node: &Handle) -> bool {
    matches!(node.data, NodeData::Comment)
}

/// The first descendant element of this name.
pub fn find(node: &Handle, wanted: &str) -> Option<Handle> {
    find_all(node, wanted).into_iter().next()
}

/// All text below the node, as it is.
pub fn text(node: &Handle) -> String {
    let mut out = String::new();
    let mut ahead = vec![node.clone()];
    while let Some(next) = ahead.pop() {
        match &next.data {
            NodeData::Text { contents } => out.push_str(&contents.borrow()),
            _ if name(&next) == Some("br") => out.push('\n'),
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

/// Escapes text for a double-quoted attribute; a line break in it survives a parser.
pub fn escape_attribute(text: &str) -> String {
    escape(text).replace('"', "&quot;").replace('\r', "&#13;").replace('\n', "&#10;")
}
