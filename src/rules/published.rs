//! What a publication keeps of the article itself, rendered when it was published: one part for cards, one for the rest
//! of the page. Authors, regions, topics and media stand in it as ids; their names are looked up when it is read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::article::{BylineRole, HeroUse, SourceCredit, SourceRole, first_of_each};

/// What a card shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// The standfirst.
    pub summary: String,
    /// The label over the headline.
    pub kicker: Option<String>,
    /// Who wrote it, in words.
    pub byline: Option<String>,
    /// Sources and people as they are printed.
    pub credit_line: Option<String>,
    /// People, in order.
    pub people: Vec<Credited>,
    /// Its own regions, the section first.
    pub regions: Vec<Uuid>,
    /// In order.
    pub topics: Vec<Uuid>,
    /// The picture, with what is said of it here.
    pub hero: Option<HeroUse>,
    /// Whether the credits call the picture one from the archive.
    pub file_photo: bool,
    /// At least one.
    pub reading_minutes: u32,
}

/// A person's part as it was printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credited {
    /// The author; may have been merged into another since.
    pub author: Uuid,
    /// What the person did.
    pub role: BylineRole,
    /// The name as it was printed.
    pub name: String,
}

/// What the page shows beside card and body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rest {
    /// Outside sources, in order.
    pub sources: Vec<SourceCredit>,
    /// Words of the body.
    pub word_count: u32,
    /// Instead of the headline.
    pub meta_title: Option<String>,
    /// Instead of the summary.
    pub meta_description: Option<String>,
    /// Where the original stands, if it is not here.
    pub canonical_url: Option<String>,
    /// The body's blocks that correct the article.
    pub corrections: Vec<Correction>,
}

/// A block of the body that says what was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The block.
    pub block_id: String,
    /// Its words as inline HTML.
    pub html: String,
}

/// A correction in the words that the public is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// Its id.
    pub id: Uuid,
    /// What was wrong, as text.
    pub note: String,
    /// When it was put right.
    pub corrected_at: DateTime<Utc>,
}

/// Who wrote it, in words: the authors, or else those who reported or wrote, or else the agencies whose text it is.
pub fn byline(people: &[Credited], sources: &[SourceCredit]) -> Option<String> {
    let named = |roles: &[BylineRole]| -> Vec<&str> {
        let some = people.iter().filter(|person| roles.contains(&person.role));
        first_of_each(some.map(|person| person.name.as_str()), |name| *name)
    };
    let agencies = sources.iter().filter(|source| source.role == SourceRole::Wire).map(|source| source.name.as_str());
    let mut names = named(&[BylineRole::Author]);
    if names.is_empty() {
        names = named(&[BylineRole::Reporting, BylineRole::Writing]);
    }
    if names.is_empty() {
        names = agencies.collect();
    }
    match names.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        [first @ .., last] => Some(format!("{} and {last}", first.join(", "))),
    }
}

/// Whether a picture's credit calls it one from the archive.
pub fn says_file_photo(credit_line: &str) -> bool {
    let lead: String = credit_line.trim_start().chars().take(10).collect();
    lead.to_lowercase() == "file photo"
}
