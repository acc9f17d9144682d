//! The taxonomy of regions: a tree, and memberships beside it. Both together never lead in a circle.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::article::words;
use super::name;

/// The most regions that a newsroom can have.
pub const MOST_REGIONS: usize = 10_000;
/// The most levels of the tree, the root included.
pub const MOST_LEVELS: usize = 20;

words! {
    /// What kind of region it is. More kinds may be added.
    RegionKind {
        /// The whole.
        World = "world",
        /// A continent.
        Region = "region",
        /// A part of a continent.
        Subregion = "subregion",
        /// A country or territory.
        Country = "country",
        /// Countries that belong together, such as a union.
        Grouping = "grouping",
        /// A section of this newsroom's own making, such as "North Asia".
        Editorial = "editorial",
    }
}

/// What a region is called in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionName {
    /// BCP 47 tag; each language stands once.
    #[schema(example = "de", max_length = 35, pattern = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
    pub language: String,
    /// The name in this language.
    #[schema(example = "Nordasien", min_length = 1, max_length = 200, pattern = "\\S")]
    pub name: String,
}

/// All names of a region folded, one a line, so that words are found in any of them and never across two.
pub fn names_key(name: &str, names: &[RegionName]) -> String {
    let all = std::iter::once(name).chain(names.iter().map(|other| other.name.as_str()));
    all.map(name::key).collect::<Vec<_>>().join("\n")
}

/// The shape of the whole taxonomy: who stands directly above whom.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    parents: HashMap<Uuid, Uuid>,
    below: HashMap<Uuid, Vec<Uuid>>,
}

impl Shape {
    /// From each region with its parent, and each pair of a region and its member.
    pub fn of(parents: &[(Uuid, Option<Uuid>)], members: &[(Uuid, Uuid)]) -> Self {
        let mut shape = Self::default();
        for (id, parent) in parents {
            shape.below.entry(*id).or_default();
            if let Some(parent) = parent {
                shape.put_under(*id, *parent);
            }
        }
        for (region, member) in members {
            shape.add_member(*region, *member);
        }
        shape
    }

    /// How many regions there are.
    pub fn len(&self) -> usize {
        self.below.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.below.is_empty()
    }

    /// Gives a region that has none a parent.
    pub fn put_under(&mut self, region: Uuid, parent: Uuid) {
        self.parents.insert(region, parent);
        self.below.entry(parent).or_default().push(region);
    }

    /// Makes one region a member of another.
    pub fn add_member(&mut self, region: Uuid, member: Uuid) {
        self.below.entry(region).or_default().push(member);
    }

    /// The regions themselves and all that lie below them by tree or membership.
    pub fn reach(&self, from: &[Uuid]) -> HashSet<Uuid> {
        let mut reached: HashSet<Uuid> = HashSet::new();
        let mut ahead: Vec<Uuid> = from.to_vec();
        while let Some(next) = ahead.pop() {
            if reached.insert(next) {
                ahead.extend(self.below.get(&next).into_iter().flatten());
            }
        }
        reached
    }

    /// Whether putting `below` under `above`, as child or member, would lead in a circle.
    pub fn would_circle(&self, above: Uuid, below: Uuid) -> bool {
        self.reach(&[below]).contains(&above)
    }

    /// How many levels the tree has from the root down to the region.
    pub fn level(&self, region: Uuid) -> usize {
        let mut level = 1;
        let mut at = region;
        while let Some(parent) = self.parents.get(&at).filter(|_| level <= MOST_REGIONS) {
            level += 1;
            at = *parent;
        }
        level
    }

    /// How many levels the subtree of the region has, itself included.
    pub fn height(&self, region: Uuid) -> usize {
        let own = self.level(region);
        let levels = self.reach(&[region]).into_iter().filter(|id| self.is_in_tree_under(*id, region));
        levels.map(|id| self.level(id) + 1 - own).max().unwrap_or(1)
    }

    fn is_in_tree_under(&self, region: Uuid, top: Uuid) -> bool {
        let mut at = Some(region);
        let mut left = MOST_REGIONS;
        while let Some(id) = at.filter(|_| left > 0) {
            if id == top {
                return true;
            }
            at = self.parents.get(&id).copied();
            left -= 1;
        }
        false
    }
}
