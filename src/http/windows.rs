//! How often something was done by whom, counted in windows of time: in the memory of each instance, and bounded.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, TimeDelta, Utc};

const MOST_KEYS: usize = 50_000;

/// Counts by key. A window opens with the first of its key and ends after a fixed time.
#[derive(Debug)]
pub(super) struct Windows<K> {
    seconds: i64,
    open: HashMap<K, Window>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    count: u32,
    until: DateTime<Utc>,
}

/// What is left of a window, as the `RateLimit` headers say it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    /// How many more.
    pub times: u32,
    /// When it starts afresh.
    pub seconds: i64,
}

impl<K: Eq + Hash + Copy> Windows<K> {
    /// Windows of so many seconds.
    pub fn of(seconds: i64) -> Self {
        Self { seconds, open: HashMap::new() }
    }

    /// What is left of `most`.
    pub fn left(&self, key: &K, most: u32, now: DateTime<Utc>) -> Left {
        match self.open.get(key).filter(|window| window.until > now) {
            None => Left { times: most, seconds: self.seconds },
            Some(window) => Left {
                times: most.saturating_sub(window.count),
                seconds: ((window.until - now).num_milliseconds() + 999) / 1000,
            },
        }
    }

    /// Counts one.
    pub fn count(&mut self, key: &K, now: DateTime<Utc>) {
        if self.open.len() >= MOST_KEYS && !self.open.contains_key(key) {
            self.make_room(now);
        }
        let fresh = Window { count: 0, until: now + TimeDelta::seconds(self.seconds) };
        let window = self.open.entry(*key).or_insert(fresh);
        if window.until <= now {
            *window = fresh;
        }
        window.count = window.count.saturating_add(1);
    }

    /// Takes one back.
    pub fn give_back(&mut self, key: &K) {
        if let Some(window) = self.open.get_mut(key) {
            window.count = window.count.saturating_sub(1);
            if window.count == 0 {
                self.open.remove(key);
            }
        }
    }

    /// Lets the key start afresh.
    pub fn forget(&mut self, key: &K) {
        self.open.remove(key);
    }

    /// Drops what is over, and if that is too little the older half.
    fn make_room(&mut self, now: DateTime<Utc>) {
        self.open.retain(|_, window| window.until > now);
        if self.open.len() >= MOST_KEYS {
            let mut ends: Vec<_> = self.open.values().map(|window| window.until).collect();
            let half = ends.len() / 2;
            let (_, middle, _) = ends.select_nth_unstable(half);
            let middle = *middle;
            self.open.retain(|_, window| window.until > middle);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_come_the_counts_stay_bounded_and_the_newest_stay_counted() {
        let start = DateTime::UNIX_EPOCH;
        let mut windows = Windows::of(60);
        for number in 0..3 * MOST_KEYS {
            windows.count(&number, start + TimeDelta::microseconds(i64::try_from(number).unwrap()));
        }
        assert!(windows.open.len() <= MOST_KEYS);
        let (last, now) = (3 * MOST_KEYS - 1, start + TimeDelta::seconds(1));
        assert_eq!((windows.left(&last, 5, now).times, windows.left(&0, 5, now).times), (4, 5));
    }
}
