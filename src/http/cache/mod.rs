//! Finished answers in memory: found by their canonical address, dropped by the tags of what they were made of.
//!
//! Three things keep it true. An answer goes with the first of its tags that a write names. An answer whose reading began
//! before such a write is not taken in, however late it arrives. And an answer knows the instant at which the clock alone
//! makes it wrong. While changes made elsewhere cannot be heard, nothing is served from here except in place of an
//! answer that the database fails to give.

mod flight;
mod index;
mod key;
mod segment;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

pub use flight::{Role, landed};
pub use index::Ticket;
pub use key::{canonical, is_unbounded};

use flight::Flights;
use index::Index;
use segment::Segment;

use super::entry::Entry;

/// The share of the budget that answers to unbounded queries (searches, cursors) may take: one part in eight.
const UNBOUNDED_SHARE: usize = 8;

/// While changes are being heard.
const HEARS: i64 = i64::MAX;
/// So long, what is kept may stand in for what the database does not give: as caches outside are told by
/// `stale-if-error`. Later, too much may have been withdrawn that nobody here has heard of.
const LAST_RESORT: TimeDelta = TimeDelta::days(1);

/// All answers that are kept, in two segments, so that searches cannot push pages out.
pub struct Cache {
    pages: Segment,
    searches: Segment,
    index: Mutex<Index>,
    flights: Flights,
    /// Since when changes made by other instances are not being heard, in milliseconds; [`HEARS`] while they are.
    deaf_since: AtomicI64,
}

impl Cache {
    /// A cache of at most `budget` bytes; 0 keeps nothing. It starts deaf: nothing is served before [`hear`](Self::hear).
    pub fn new(budget: usize) -> Self {
        let searches = budget / UNBOUNDED_SHARE;
        Self {
            pages: Segment::new(budget - searches),
            searches: Segment::new(searches),
            index: Mutex::default(),
            flights: Flights::default(),
            deaf_since: AtomicI64::new(i64::MIN),
        }
    }

    /// The answer that holds at `now`, if one is kept and changes are being heard.
    pub fn get(&self, key: &str, now: DateTime<Utc>) -> Option<Arc<Entry>> {
        if !self.hears() {
            return None;
        }
        self.segment(key).get(key).filter(|entry| entry.holds_at(now))
    }

    /// The answer that was kept last, though changes may have been missed since: for when the database does not answer.
    /// What the clock has ended is not given even then, and nothing a day after the last change was heard.
    pub fn last_resort(&self, key: &str, now: DateTime<Utc>) -> Option<Arc<Entry>> {
        let deaf_since = self.deaf_since.load(Ordering::Acquire);
        if (now - LAST_RESORT).timestamp_millis() > deaf_since {
            return None;
        }
        self.segment(key).get(key).filter(|entry| entry.holds_at(now))
    }

    /// What a reading needs to show when its answer is to be kept. Take it before the first query.
    pub fn begin(&self) -> Ticket {
        self.index().ticket()
    }

    /// Keeps an answer, unless something that it was made of has changed since its reading began.
    pub fn keep(&self, key: &str, entry: &Arc<Entry>, ticket: &Ticket) {
        let segment = self.segment(key);
        let mut index = self.index();
        if segment.budget() == 0 || !self.hears() || !index.is_current(ticket, entry.tags()) {
            return;
        }
        let key: Arc<str> = Arc::from(key);
        if let Some(old) = segment.remove(&key) {
            index.unlink(&key, old.tags());
        }
        index.link(&key, entry.tags());
        for (gone, old) in segment.insert(key, Arc::clone(entry)) {
            index.unlink(&gone, old.tags());
        }
    }

    /// Drops every answer that one of the tags was a part of, and those that are being read at the moment.
    pub fn invalidate<'a>(&self, tags: impl IntoIterator<Item = &'a str>) {
        let mut index = self.index();
        for tag in tags {
            for key in index.changed(tag) {
                if let Some(old) = self.segment(&key).remove(&key) {
                    index.unlink(&key, old.tags());
                }
            }
        }
    }

    /// Stops serving: changes made elsewhere may be missed from now on. What is kept stays for the last resort.
    pub fn deafen(&self, now: DateTime<Utc>) {
        let now = now.timestamp_millis();
        // Whoever fails to hear again has not heard in between.
        let _ = self.deaf_since.compare_exchange(HEARS, now, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Begins to serve again, with nothing, since anything may have changed unheard.
    pub fn hear(&self) {
        let mut index = self.index();
        index.all_changed();
        self.pages.clear();
        self.searches.clear();
        self.deaf_since.store(HEARS, Ordering::Release);
    }

    /// Whether changes are being heard, and so answers served from here.
    pub fn hears(&self) -> bool {
        self.deaf_since.load(Ordering::Acquire) == HEARS
    }

    /// One reading per address at a time; none waits for another where the answer will not be kept.
    pub fn join(&self, key: &str) -> Option<Role<'_>> {
        (self.segment(key).budget() > 0 && self.hears()).then(|| self.flights.join(key))
    }

    /// How many answers are kept, and their weight in bytes.
    pub fn size(&self) -> (usize, usize) {
        let (pages, searches) = (self.pages.size(), self.searches.size());
        (pages.0 + searches.0, pages.1 + searches.1)
    }

    fn segment(&self, key: &str) -> &Segment {
        if is_unbounded(key) { &self.searches } else { &self.pages }
    }

    fn index(&self) -> std::sync::MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
