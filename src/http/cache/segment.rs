//! A part of the cache with a budget of its own: sixteen shards, each a map with a second-chance queue.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::http::entry::Entry;

const SHARDS: usize = 16;

pub(super) struct Segment {
    hasher: RandomState,
    shards: Vec<RwLock<Shard>>,
    budget: usize,
}

#[derive(Default)]
struct Shard {
    held: HashMap<Arc<str>, Held>,
    /// In the order of arrival; keys that are gone already are passed over.
    queue: VecDeque<Arc<str>>,
    bytes: usize,
}

struct Held {
    entry: Arc<Entry>,
    /// Asked for since the queue came by last.
    used: AtomicBool,
    weight: usize,
}

impl Segment {
    pub fn new(budget: usize) -> Self {
        let shards = (0..SHARDS).map(|_| RwLock::default()).collect();
        Self { hasher: RandomState::new(), shards, budget }
    }

    pub fn budget(&self) -> usize {
        self.budget
    }

    pub fn get(&self, key: &str) -> Option<Arc<Entry>> {
        let shard = self.shard(key)?.read().unwrap_or_else(PoisonError::into_inner);
        let held = shard.held.get(key)?;
        // Written only when it changes, so that a hot line is not passed between cores at every hit.
        if !held.used.load(Ordering::Relaxed) {
            held.used.store(true, Ordering::Relaxed);
        }
        Some(Arc::clone(&held.entry))
    }

    /// Takes an answer in and gives back what had to go for it.
    pub fn insert(&self, key: Arc<str>, entry: Arc<Entry>) -> Vec<(Arc<str>, Arc<Entry>)> {
        let Some(shard) = self.shard(&key) else { return Vec::new() };
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        let weight = entry.weight() + 2 * key.len();
        shard.bytes += weight;
        shard.queue.push_back(Arc::clone(&key));
        shard.held.insert(key, Held { entry, used: AtomicBool::new(false), weight });
        shard.shrink_to(self.budget / SHARDS)
    }

    pub fn remove(&self, key: &str) -> Option<Arc<Entry>> {
        let mut shard = self.shard(key)?.write().unwrap_or_else(PoisonError::into_inner);
        let gone = shard.take(key);
        if shard.queue.len() > 2 * shard.held.len() + SHARDS {
            let Shard { held, queue, .. } = &mut *shard;
            let mut seen = std::collections::HashSet::new();
            queue.retain(|key| held.contains_key(key) && seen.insert(Arc::clone(key)));
        }
        gone
    }

    pub fn clear(&self) {
        for shard in &self.shards {
            *shard.write().unwrap_or_else(PoisonError::into_inner) = Shard::default();
        }
    }

    pub fn size(&self) -> (usize, usize) {
        self.shards.iter().fold((0, 0), |(count, bytes), shard| {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            (count + shard.held.len(), bytes + shard.bytes)
        })
    }

    #[expect(clippy::cast_possible_truncation, reason = "any bits of the hash will do")]
    fn shard(&self, key: &str) -> Option<&RwLock<Shard>> {
        self.shards.get(self.hasher.hash_one(key) as usize % SHARDS)
    }
}

impl Shard {
    fn take(&mut self, key: &str) -> Option<Arc<Entry>> {
        let held = self.held.remove(key)?;
        self.bytes -= held.weight;
        Some(held.entry)
    }

    /// What was not asked for since the queue came by last goes first.
    fn shrink_to(&mut self, budget: usize) -> Vec<(Arc<str>, Arc<Entry>)> {
        let mut gone = Vec::new();
        while self.bytes > budget {
            let Some(key) = self.queue.pop_front() else { break };
            match self.held.get(&key) {
                None => {}
                Some(held) if held.used.swap(false, Ordering::Relaxed) => self.queue.push_back(key),
                Some(_) => gone.extend(self.take(&key).map(|entry| (key, entry))),
            }
        }
        gone
    }
}
