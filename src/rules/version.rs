//! The version that a writer has seen, as `If-Match` carries it.

/// Which versions of an object a conditional write accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Any version, so long as the object exists: `*`.
    Any,
    /// One of these.
    OneOf(Vec<i32>),
}

impl Expected {
    /// Whether an object of this version may be written.
    pub fn accepts(&self, version: i32) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(versions) => versions.contains(&version),
        }
    }

    /// The newest version that was seen and is older than this one.
    pub fn newest_before(&self, version: i32) -> Option<i32> {
        match self {
            Self::Any => None,
            Self::OneOf(versions) => versions.iter().copied().filter(|seen| (1..version).contains(seen)).max(),
        }
    }
}
