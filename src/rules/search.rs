//! Text prepared for search. PostgreSQL takes a run of Chinese, Japanese or Korean for one word; here each character
//! becomes one, and a run that is searched for becomes a phrase.

use uuid::Uuid;

use super::article::Content;
use super::body::{self, Block};
use super::reference::IdOrSlug;

/// How much of a text is indexed, in bytes. An index entry takes 1 MiB, words and their places.
const MOST_INDEXED: usize = 300_000;

/// The texts of an article in which words are looked for, prepared for the index.
#[derive(Clone, Debug)]
pub struct Words {
    /// Counts most.
    pub headline: String,
    /// With the credits as printed.
    pub summary: String,
    /// See [`in_body`].
    pub body: String,
}

impl Words {
    /// Those of an article, given those of its body.
    pub fn of(content: &Content, body: String) -> Self {
        let summary = format!("{} {}", content.summary, content.credit_line.as_deref().unwrap_or_default());
        Self { headline: document(&content.headline), summary: document(&summary), body }
    }

    /// Whether two articles have the same ones.
    pub fn are_same(one: &Content, other: &Content) -> bool {
        one.headline == other.headline
            && one.summary == other.summary
            && one.credit_line == other.credit_line
            && one.body == other.body
    }
}

/// What the newsroom looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// The article with this id.
    Article(Uuid),
    /// Articles with these words, and the one that has, or had, what was typed for its slug.
    Words {
        /// Prepared for a query.
        words: String,
        /// As it was typed.
        slug: String,
    },
}

impl Sought {
    /// What somebody typed, or pasted.
    pub fn of(typed: &str) -> Self {
        let typed = typed.trim();
        match typed.parse() {
            Ok(IdOrSlug::Id(id)) => Self::Article(id),
            _ => Self::Words { words: query(typed), slug: typed.to_owned() },
        }
    }
}

/// The words of the body itself, for the index. A link to another article says that one's words, which may be hidden for
/// now, so that nobody may find this one by them.
pub fn in_body(blocks: &[Block]) -> String {
    let own: Vec<Block> = blocks.iter().filter(|block| block.kind != "related_link").cloned().collect();
    document(&body::as_text(&own))
}

/// Text for the index.
fn document(text: &str) -> String {
    let (indexed, _) = text.split_at(text.floor_char_boundary(MOST_INDEXED));
    spaced(indexed, "", "")
}

/// Words for a query in web search syntax.
pub fn query(words: &str) -> String {
    if words.contains('"') { spaced(words, "", "") } else { spaced(words, "\"", "\"") }
}

/// Puts spaces between the characters of each run, and something before and after a run.
fn spaced(text: &str, before: &str, after: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        let unspaced = is_unspaced(c);
        if unspaced && !inside {
            out.push(' ');
            out.push_str(before);
        } else if unspaced {
            out.push(' ');
        } else if inside {
            out.push_str(after);
            out.push(' ');
        }
        inside = unspaced;
        out.push(c);
    }
    if inside {
        out.push_str(after);
    }
    out
}

/// Whether the character belongs to a script that is written without spaces (Hangul is searched by syllable too).
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}
