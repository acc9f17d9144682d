//! What cleaning took out, gathered so that a hundred equal spacers make one line.

use serde::Serialize;
use utoipa::ToSchema;

use super::dom::{self, Handle};

const MOST: usize = 50;
/// Kinds of things beyond these are only counted.
const MOST_KINDS: usize = 200;
const LONGEST_DETAIL: usize = 400;

/// Something that was taken out of a body, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// JSON Pointer to the part of the request; `/live/...` leads into the answer.
    #[schema(example = "/body/content", max_length = 200)]
    pub pointer: String,
    /// Stable name of the reason.
    #[schema(example = "element_removed", max_length = 60)]
    pub code: String,
    /// In words: what was taken out, where first, and how often, or what is going to happen.
    #[schema(example = "<script> was removed, after block 6", max_length = 10_000)]
    pub detail: String,
}

/// Warnings while a body is read.
#[derive(Debug, Default)]
pub struct Warnings {
    found: Vec<(&'static str, String, usize, usize)>,
    /// How many blocks there are already: the place.
    pub after: usize,
    more: usize,
    refused: Option<&'static str>,
}

impl Warnings {
    /// Notes one.
    pub fn add(&mut self, code: &'static str, what: impl Into<String>) {
        let mut what = what.into();
        if let Some((end, _)) = what.char_indices().nth(LONGEST_DETAIL) {
            what.truncate(end);
        }
        let full = self.found.len() >= MOST_KINDS;
        match self.found.iter_mut().find(|(known, text, ..)| *known == code && *text == what) {
            Some((.., count)) => *count += 1,
            None if full => self.more += 1,
            None => self.found.push((code, what, self.after, 1)),
        }
    }

    /// Notes what was found in a part of a block.
    pub fn join(&mut self, part: Self) {
        for (code, what, ..) in part.found {
            self.add(code, what);
        }
    }

    /// Notes that a character was left out that nobody sees.
    pub fn control(&mut self, c: char) {
        self.add("character_removed", format!("the control character U+{:04X} was removed", u32::from(c)));
    }

    /// Notes the attributes of an element, all but those that are kept.
    pub fn attributes(&mut self, node: &Handle, name: &str, kept: &[&str]) {
        for (attribute, _) in dom::attributes(node).filter(|(attribute, _)| !kept.contains(attribute)) {
            self.add("attribute_removed", format!("{attribute} on <{name}> was removed"));
        }
    }

    /// Notes that a part cannot be read at all.
    pub fn refuse(&mut self, why: &'static str) {
        self.refused = Some(why);
    }

    /// Why a part could not be read.
    pub fn refused(&self) -> Option<&'static str> {
        self.refused
    }

    /// All of them in words, at most 50.
    pub fn list(self) -> Vec<Warning> {
        let total = self.found.len() + self.more;
        let mut list: Vec<Warning> = self
            .found
            .into_iter()
            .take(MOST)
            .map(|(code, what, after, count)| {
                let place = if after == 0 { "before block 1".to_owned() } else { format!("after block {after}") };
                let times = if count == 1 { String::new() } else { format!(", {count} times in all") };
                Warning {
                    pointer: "/body/content".to_owned(),
                    code: code.to_owned(),
                    detail: format!("{what}, {place}{times}"),
                }
            })
            .collect();
        if total > MOST {
            let detail = format!("{} more things were taken out", total - MOST);
            list.push(Warning { pointer: "/body/content".to_owned(), code: "more".to_owned(), detail });
        }
        list
    }
}
