//! The version that a writer has seen, as `ETag` and `If-Match` carry it.

use std::fmt;
use std::str::FromStr;

/// Which state an object is in: how often it was written, and how often it was moved since: published, approved, put
/// away. Written `12` or `12.3`; only articles are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// 1, 2, 3, ...
    pub number: i32,
    /// 0 after each write.
    pub moves: i32,
}

impl From<i32> for Version {
    fn from(number: i32) -> Self {
        Self { number, moves: 0 }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.moves {
            0 => write!(out, "{}", self.number),
            moves => write!(out, "{}.{moves}", self.number),
        }
    }
}

impl FromStr for Version {
    type Err = NoVersion;

    /// Reads what [`Display`](fmt::Display) writes and nothing else.
    fn from_str(text: &str) -> Result<Self, NoVersion> {
        let (number, moves) = text.split_once('.').unwrap_or((text, "0"));
        let read = |part: &str| part.parse().map_err(|_| NoVersion);
        let version = Self { number: read(number)?, moves: read(moves)? };
        if version.to_string() == text { Ok(version) } else { Err(NoVersion) }
    }
}

/// A text that no object has as its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoVersion;

/// Which versions of an object a conditional write accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Any version, so long as the object exists: `*`.
    Any,
    /// One of these.
    OneOf(Vec<Version>),
    /// None: what was sent are weak entity tags, which never match.
    Weak,
}

/// What a write is held to that makes an object or changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upsert {
    /// Nothing: it makes or changes.
    Either,
    /// It makes: `If-None-Match: *`.
    New,
    /// It changes one of these versions: `If-Match`.
    Change(Expected),
}

impl Expected {
    /// Whether an object of this version may be written.
    pub fn accepts(&self, version: Version) -> bool {
        match self {
            Self::Any => true,
            Self::Weak => false,
            Self::OneOf(versions) => versions.contains(&version),
        }
    }

    /// The number of the newest version that was seen and is this one or older.
    pub fn newest_until(&self, number: i32) -> Option<i32> {
        match self {
            Self::Any | Self::Weak => None,
            Self::OneOf(versions) => {
                versions.iter().map(|seen| seen.number).filter(|seen| (1..=number).contains(seen)).max()
            }
        }
    }
}
