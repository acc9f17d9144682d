//! What was looked up already: a thousand articles of one import name the same few regions, topics and authors.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;

use uuid::Uuid;

use crate::base::error::Result;
use crate::rules::reference::IdOrSlug;
use crate::store::{Tx, lookup};

/// Names that were found, for the length of one request. What was not found is looked up again.
#[derive(Debug, Default)]
pub(super) struct Known {
    regions: RefCell<HashMap<IdOrSlug, Uuid>>,
    topics: RefCell<HashMap<String, Uuid>>,
    authors: RefCell<HashMap<IdOrSlug, Uuid>>,
    media: RefCell<HashMap<IdOrSlug, Uuid>>,
}

impl Known {
    /// The regions that are meant.
    pub async fn regions(&self, tx: &mut Tx, keys: &[IdOrSlug]) -> Result<HashMap<IdOrSlug, Uuid>> {
        let new = unknown(&self.regions, keys);
        if !new.is_empty() {
            let found = lookup::regions(tx, &new).await?;
            self.regions.borrow_mut().extend(found);
        }
        Ok(among(&self.regions, keys))
    }

    /// The topics that are meant by id, slug or name.
    pub async fn topics(&self, tx: &mut Tx, sent: &[String]) -> Result<HashMap<String, Uuid>> {
        let new = unknown(&self.topics, sent);
        if !new.is_empty() {
            let found = lookup::topics(tx, &new).await?;
            self.topics.borrow_mut().extend(found);
        }
        Ok(among(&self.topics, sent))
    }

    /// The authors that are meant.
    pub async fn authors(&self, tx: &mut Tx, keys: &[IdOrSlug]) -> Result<HashMap<IdOrSlug, Uuid>> {
        let new = unknown(&self.authors, keys);
        if !new.is_empty() {
            let found = lookup::authors(tx, &new).await?;
            self.authors.borrow_mut().extend(found);
        }
        Ok(among(&self.authors, keys))
    }

    /// The asset that is meant.
    pub async fn media(&self, tx: &mut Tx, key: &IdOrSlug) -> Result<Option<Uuid>> {
        let keys = std::slice::from_ref(key);
        if !self.media.borrow().contains_key(key) {
            let found = lookup::media(tx, keys).await?;
            self.media.borrow_mut().extend(found);
        }
        Ok(self.media.borrow().get(key).copied())
    }
}

fn unknown<K: Clone + Eq + Hash>(known: &RefCell<HashMap<K, Uuid>>, keys: &[K]) -> Vec<K> {
    keys.iter().filter(|key| !known.borrow().contains_key(*key)).cloned().collect()
}

fn among<K: Clone + Eq + Hash>(known: &RefCell<HashMap<K, Uuid>>, keys: &[K]) -> HashMap<K, Uuid> {
    let known = known.borrow();
    keys.iter().filter_map(|key| Some((key.clone(), *known.get(key)?))).collect()
}
