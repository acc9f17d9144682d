//! Keyset pages: where a page starts, and which cursors lead on from it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A place in an ordered list: the sort key of a row as text, and its id, which breaks ties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The sort key as text: a time in RFC 3339 with microseconds, or a folded name.
    #[serde(rename = "k")]
    pub key: String,
    /// The row's id.
    #[serde(rename = "i")]
    pub id: Uuid,
    /// Whether the page lies before this place rather than after it.
    #[serde(rename = "b", default)]
    pub back: bool,
}

/// The page that is asked for.
#[derive(Clone, Debug)]
pub struct Seek {
    /// Rows per page, 1 to 100.
    pub limit: i64,
    /// Where to start; the beginning of the list without.
    pub from: Option<Position>,
    /// Whether the list runs from the greatest key to the least.
    pub falling: bool,
}

impl Seek {
    /// How many rows to fetch: one more than the page, to know whether it is the last.
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// Whether rows are to be fetched in the opposite of the list's order.
    pub fn back(&self) -> bool {
        self.from.as_ref().is_some_and(|from| from.back)
    }

    /// Whether rows are to be fetched from the least key to the greatest.
    pub fn rising(&self) -> bool {
        self.falling == self.back()
    }
}

/// One page and the places around it.
#[derive(Clone, Debug)]
pub struct Window<T> {
    /// The rows in the order of the list.
    pub rows: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<Position>,
    /// Where the previous page ends, if there is one.
    pub prev: Option<Position>,
}

impl<T> Window<T> {
    /// Makes the page out of up to [`Seek::fetch`] rows, in the order in which they were fetched.
    pub fn of(mut rows: Vec<T>, seek: &Seek, place: impl Fn(&T) -> (String, Uuid)) -> Self {
        let limit = usize::try_from(seek.limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let back = seek.back();
        if back {
            rows.reverse();
        }
        let position = |row: &T, back: bool| {
            let (key, id) = place(row);
            Position { key, id, back }
        };
        let has_next = if back { seek.from.is_some() } else { more };
        let has_prev = if back { more } else { seek.from.is_some() };
        let next = rows.last().filter(|_| has_next).map(|row| position(row, false));
        let prev = rows.first().filter(|_| has_prev).map(|row| position(row, true));
        Self { rows, next, prev }
    }

    /// The same page of other things, if each can be made.
    ///
    /// # Errors
    /// The first that a change answers.
    pub fn try_map<U, E>(self, change: impl FnMut(T) -> Result<U, E>) -> Result<Window<U>, E> {
        let rows = self.rows.into_iter().map(change).collect::<Result<_, E>>()?;
        Ok(Window { rows, next: self.next, prev: self.prev })
    }
}
