//! The words alone of a line of inline HTML.

use super::dom;
use super::inline::{is_allowed, is_words};

/// How a cleaned line spells what it escapes in text.
const ENTITIES: [(&str, char); 3] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')];

/// The words of a line of inline HTML, line breaks as such.
pub fn words(html: &str) -> String {
    if is_words(html) {
        return html.to_owned();
    }
    words_of_clean(html).unwrap_or_else(|| dom::parse(html).map(|root| dom::text(&root)).unwrap_or_default())
}

/// The words of a line that is spelled as `inline` spells it, read without a parser; `None` for any other.
fn words_of_clean(html: &str) -> Option<String> {
    // The parser drops some of these.
    if html.contains(['\u{feff}', '\r', '\0']) {
        return None;
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (text, markup) = rest.split_at(at);
        out.push_str(text);
        rest = match markup.strip_prefix('<') {
            Some("") => return None,
            Some(tag) if tag.starts_with("br>") => {
                out.push('\n');
                tag.strip_prefix("br>")?
            }
            Some(tag) => after_tag(tag)?,
            None => {
                let (c, after) = ENTITIES.iter().find_map(|(entity, c)| Some((*c, markup.strip_prefix(entity)?)))?;
                out.push(c);
                after
            }
        };
    }
    out.push_str(rest);
    Some(out)
}

/// What stands behind a tag that begins here, after its `<`.
fn after_tag(tag: &str) -> Option<&str> {
    if let Some(closing) = tag.strip_prefix('/') {
        let (name, after) = closing.split_once('>')?;
        return is_allowed(name).then_some(after);
    }
    let (name, mut rest) = tag.split_at(tag.find([' ', '>'])?);
    if !is_allowed(name) {
        return None;
    }
    while let Some(attribute) = rest.strip_prefix(' ') {
        let (name, value) = attribute.split_once("=\"")?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        rest = value.split_once('"')?.1;
    }
    rest.strip_prefix('>')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::body::inline::clean;
    use crate::rules::body::warnings::Warnings;

    const PIECES: [&str; 28] = [
        "word",
        " ",
        "  ",
        "\u{feff}",
        "<a =\">\">",
        "\u{a0}",
        "ü",
        "\r",
        "\0",
        ">",
        "\"",
        "&",
        "&amp;",
        "&lt;",
        "&gt;",
        "&quot;",
        "&nbsp;",
        "<",
        "<br>",
        "</br>",
        "<br >",
        "<b>",
        "<em>",
        "</em>",
        "<a href=\"/x?a=1&amp;b=&quot;>\" title=\"y\">",
        "</a>",
        "<span lang=\"de\">",
        "</span>",
    ];

    fn parsed(html: &str) -> String {
        dom::parse(html).map(|root| dom::text(&root)).unwrap_or_default()
    }

    proptest! {
        #[test]
        fn words_are_the_same_with_and_without_a_parser(chosen in prop::collection::vec(0..PIECES.len(), 0..12)) {
            let html: String = chosen.into_iter().map(|which| PIECES[which]).collect();
            if let Some(words) = words_of_clean(&html) {
                prop_assert_eq!(words, parsed(&html));
            }
            let clean = clean(&html, &mut Warnings::default());
            let known = !clean.contains('\u{feff}');
            prop_assert_eq!(words_of_clean(&clean), known.then(|| parsed(&clean)), "{} is not read", clean);
        }
    }
}
