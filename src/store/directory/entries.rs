//! What the snapshot holds, and how it is found by id and by slug.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::Asset;
use crate::rules::reference::IdOrSlug;

/// An author as the public knows them.
#[derive(Clone, Debug)]
pub struct KnownAuthor {
    /// UUIDv7.
    pub id: Uuid,
    /// Present slug.
    pub slug: String,
    /// As it is shown.
    pub name: String,
    /// Text.
    pub job_title: Option<String>,
    /// Text.
    pub bio: Option<String>,
    /// Text.
    pub location: Option<String>,
    /// An array of objects with `kind`, `url` and the like.
    pub links: Value,
    /// Picture.
    pub avatar: Option<Asset>,
}

/// A region with its place in the taxonomy.
#[derive(Clone, Debug)]
pub struct KnownRegion {
    /// UUIDv7.
    pub id: Uuid,
    /// Present slug.
    pub slug: String,
    /// As it is shown.
    pub name: String,
    /// `world`, `region`, `subregion`, `country`, `grouping` or `editorial`.
    pub kind: String,
    /// Text.
    pub description: Option<String>,
    /// Where it stands in the tree.
    pub parent: Option<Uuid>,
    /// Everything above it by tree or membership, the nearest first.
    pub ancestors: Vec<Uuid>,
    /// What stands right below it by tree or membership, in order.
    pub children: Vec<Uuid>,
}

/// A topic.
#[derive(Clone, Debug)]
pub struct KnownTopic {
    /// UUIDv7.
    pub id: Uuid,
    /// Present slug.
    pub slug: String,
    /// As it is shown.
    pub name: String,
}

/// Things of one kind, by id and by slug; ids and slugs of merged ones and former slugs lead to the present thing.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    things: HashMap<Uuid, T>,
    merged: HashMap<Uuid, Uuid>,
    slugs: HashMap<String, Uuid>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { things: HashMap::new(), merged: HashMap::new(), slugs: HashMap::new() }
    }
}

impl<T> Shelf<T> {
    pub(super) fn add(&mut self, id: Uuid, slug: &str, thing: T) {
        self.slugs.insert(slug.to_owned(), id);
        self.things.insert(id, thing);
    }

    pub(super) fn lead(&mut self, from: Uuid, slug: String, into: Uuid) {
        self.slugs.insert(slug, into);
        self.merged.insert(from, into);
    }

    /// A present slug wins over a former one.
    pub(super) fn retire(&mut self, slug: String, id: Uuid) {
        self.slugs.entry(slug).or_insert(id);
    }

    pub(super) fn get_mut(&mut self, id: Uuid) -> Option<&mut T> {
        self.things.get_mut(&id)
    }

    fn get(&self, id: Uuid) -> Option<&T> {
        self.things.get(&id).or_else(|| self.things.get(self.merged.get(&id)?))
    }

    fn find(&self, key: &IdOrSlug) -> Option<&T> {
        match key {
            IdOrSlug::Id(id) => self.get(*id),
            IdOrSlug::Slug(slug) => self.get(*self.slugs.get(slug)?),
        }
    }
}

/// The snapshot.
#[derive(Debug)]
pub struct Directory {
    pub(super) version: i64,
    pub(super) changed_at: DateTime<Utc>,
    pub(super) authors: Shelf<KnownAuthor>,
    pub(super) regions: Shelf<KnownRegion>,
    pub(super) topics: Shelf<KnownTopic>,
    /// Ids of the regions without a parent, in order.
    pub(super) roots: Vec<Uuid>,
}

impl Directory {
    /// Goes up with every change of what it holds.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// When what it holds was last written.
    pub fn changed_at(&self) -> DateTime<Utc> {
        self.changed_at
    }

    /// The author with this id, or the one that took them in.
    pub fn author(&self, id: Uuid) -> Option<&KnownAuthor> {
        self.authors.get(id)
    }

    /// The author that an id or slug leads to.
    pub fn find_author(&self, key: &IdOrSlug) -> Option<&KnownAuthor> {
        self.authors.find(key)
    }

    /// The region with this id.
    pub fn region(&self, id: Uuid) -> Option<&KnownRegion> {
        self.regions.get(id)
    }

    /// The region that an id or slug leads to.
    pub fn find_region(&self, key: &IdOrSlug) -> Option<&KnownRegion> {
        self.regions.find(key)
    }

    /// The topic with this id, or the one that took it in.
    pub fn topic(&self, id: Uuid) -> Option<&KnownTopic> {
        self.topics.get(id)
    }

    /// The topic that an id or slug leads to.
    pub fn find_topic(&self, key: &IdOrSlug) -> Option<&KnownTopic> {
        self.topics.find(key)
    }

    /// The regions without a parent, in order.
    pub fn roots(&self) -> impl Iterator<Item = &KnownRegion> {
        self.roots.iter().filter_map(|id| self.region(*id))
    }

    /// The chain of parents of a region, from the top down, without the region itself.
    pub fn parents(&self, id: Uuid) -> Vec<&KnownRegion> {
        let mut chain: Vec<&KnownRegion> = Vec::new();
        let mut next = self.region(id).and_then(|region| region.parent);
        while let Some(parent) = next.and_then(|id| self.region(id)) {
            if chain.iter().any(|seen| seen.id == parent.id) {
                break;
            }
            chain.push(parent);
            next = parent.parent;
        }
        chain.reverse();
        chain
    }
}
