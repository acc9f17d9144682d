//! How things are named in paths, parameters and bodies: by id or by slug.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The longest name of a thing, in characters: slugs are shorter, names that other systems give may be so long.
pub const LONGEST: usize = 200;
/// What an id or a slug looks like, as a regular expression.
pub const PATTERN: &str = "^[a-z0-9-]+$";

/// An id or a slug; a slug never looks like a UUID.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IdOrSlug {
    /// The id.
    Id(Uuid),
    /// A present or former slug.
    Slug(String),
}

impl FromStr for IdOrSlug {
    type Err = &'static str;

    /// One spelling each: lower-case hyphenated UUIDs, and slugs of `a-z`, `0-9` and `-`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(id) = Uuid::try_parse(text) {
            return if id.to_string() == text { Ok(Self::Id(id)) } else { Err("is not a canonical UUID") };
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if text.is_empty() || text.len() > LONGEST || !text.chars().all(plain) {
            return Err("is neither an id nor a slug");
        }
        Ok(Self::Slug(text.to_owned()))
    }
}

impl IdOrSlug {
    /// The name, of the same sort, under which a thing is found now, if this one is a former one.
    pub fn moved_to(&self, id: Uuid, slug: &str) -> Option<String> {
        match self {
            Self::Id(sent) => (*sent != id).then(|| id.to_string()),
            Self::Slug(sent) => (sent != slug).then(|| slug.to_owned()),
        }
    }
}

impl fmt::Display for IdOrSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Slug(slug) => f.write_str(slug),
        }
    }
}
