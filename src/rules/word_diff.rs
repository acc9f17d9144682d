//! What changed between two texts, word by word; paragraph by paragraph where there is too much of it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};
use utoipa::ToSchema;

use super::article::words;

/// Up to so many bytes of both texts together are compared word by word.
const MOST_BYTES: usize = 400_000;
/// After this the rest is told as taken out and put in as a whole.
const WITHIN: Duration = Duration::from_millis(200);

words! {
    /// In what pieces two texts were compared.
    TextGrain {
        /// Word by word.
        Word = "word",
        /// Line by line, because the texts are long.
        Line = "line",
    }
}

words! {
    /// Where a piece of text stands.
    TextChange {
        /// In both texts.
        Equal = "equal",
        /// In the former text only.
        Delete = "delete",
        /// In the latter text only.
        Insert = "insert",
    }
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextRun {
    /// Where it stands.
    pub change: TextChange,
    /// The words, with the blanks between them.
    #[schema(example = "Two governments want ", min_length = 1, max_length = 4_000_000)]
    pub text: String,
}

/// Two texts in one: without what is inserted it is the former, without what is deleted the latter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextDifference {
    /// In what pieces the texts were compared.
    pub grain: TextGrain,
    /// In order; no two neighbours of one kind. Empty when both texts are.
    #[schema(max_items = 1_000_000)]
    pub runs: Vec<TextRun>,
}

/// Compares two texts.
pub fn between(from: &str, to: &str) -> TextDifference {
    let grain = if from.len() + to.len() <= MOST_BYTES { TextGrain::Word } else { TextGrain::Line };
    let mut compare = TextDiff::configure();
    compare.timeout(WITHIN);
    let found = match grain {
        TextGrain::Word => compare.diff_unicode_words(from, to),
        TextGrain::Line => compare.diff_lines(from, to),
    };
    let mut runs: Vec<TextRun> = Vec::new();
    for piece in found.iter_all_changes() {
        let change = match piece.tag() {
            ChangeTag::Equal => TextChange::Equal,
            ChangeTag::Delete => TextChange::Delete,
            ChangeTag::Insert => TextChange::Insert,
        };
        match runs.last_mut().filter(|last| last.change == change) {
            Some(last) => last.text.push_str(piece.value()),
            None => runs.push(TextRun { change, text: piece.value().to_owned() }),
        }
    }
    TextDifference { grain, runs }
}
