//! Which answers carry which tag, and which tags changed a short while ago.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longer than any request may take; a reading that began before is not kept.
const REMEMBER: Duration = Duration::from_mins(1);

/// When a reading began, in the order of changes and by the clock.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    change: u64,
    at: Instant,
}

#[derive(Default)]
pub(super) struct Index {
    keys: HashMap<Arc<str>, HashSet<Arc<str>>>,
    /// Counts changes.
    change: u64,
    /// The change that each tag had last, for as long as readings of before may be under way.
    last: HashMap<Arc<str>, u64>,
    recent: VecDeque<(Arc<str>, u64, Instant)>,
    /// The change at which everything was dropped.
    emptied: u64,
}

impl Index {
    pub fn ticket(&self) -> Ticket {
        Ticket { change: self.change, at: Instant::now() }
    }

    /// Whether nothing that carries one of the tags has changed since the ticket was taken.
    pub fn is_current(&self, ticket: &Ticket, tags: &[Arc<str>]) -> bool {
        ticket.change >= self.emptied
            && ticket.at.elapsed() < REMEMBER
            && tags.iter().all(|tag| self.last.get(tag).is_none_or(|change| *change <= ticket.change))
    }

    pub fn link(&mut self, key: &Arc<str>, tags: &[Arc<str>]) {
        for tag in tags {
            self.keys.entry(Arc::clone(tag)).or_default().insert(Arc::clone(key));
        }
    }

    pub fn unlink(&mut self, key: &Arc<str>, tags: &[Arc<str>]) {
        for tag in tags {
            if let Some(keys) = self.keys.get_mut(tag) {
                keys.remove(key);
                if keys.is_empty() {
                    self.keys.remove(tag);
                }
            }
        }
    }

    /// Notes a change and answers whom it concerns.
    pub fn changed(&mut self, tag: &str) -> Vec<Arc<str>> {
        self.forget_old();
        self.change += 1;
        let (tag, keys) = match self.keys.get_key_value(tag) {
            Some((known, keys)) => (Arc::clone(known), keys.iter().cloned().collect()),
            None => (Arc::from(tag), Vec::new()),
        };
        self.last.insert(Arc::clone(&tag), self.change);
        self.recent.push_back((tag, self.change, Instant::now()));
        keys
    }

    pub fn all_changed(&mut self) {
        self.keys.clear();
        self.last.clear();
        self.recent.clear();
        self.change += 1;
        self.emptied = self.change;
    }

    fn forget_old(&mut self) {
        while let Some((tag, change, at)) = self.recent.front() {
            if at.elapsed() < REMEMBER {
                return;
            }
            if self.last.get(tag) == Some(change) {
                self.last.remove(tag);
            }
            self.recent.pop_front();
        }
    }
}
