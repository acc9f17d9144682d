//! The world: its continents, their parts, countries and a few groupings, as Unicode CLDR has them. Loaded on demand,
//! and only what is not there yet. `generate-world.mjs` wrote the file; its licence lies beside it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::base::error::{Error, Result};
use crate::base::id::new_id;
use crate::rules::region::{RegionKind, RegionName, names_key};
use crate::rules::tag::tag;
use crate::rules::{name, slug};
use crate::store::records::{Doer, Event, record};
use crate::store::regions::{self, Region};
use crate::store::retired::shown_as_pages;
use crate::store::{Stored, Tx, region_tree};

const WORLD: &str = include_str!("world.json");

/// What a load did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Regions that are new.
    pub added: usize,
    /// Regions that were there already, by M49 or ISO code or by slug, and stay as they are.
    pub kept: usize,
}

#[derive(Deserialize)]
struct World {
    regions: Vec<Seed>,
}

/// One region of the file; parents come before children, members before their groupings.
#[derive(Deserialize)]
struct Seed {
    slug: String,
    name: String,
    kind: RegionKind,
    parent: Option<String>,
    iso2: Option<String>,
    iso3: Option<String>,
    m49: Option<String>,
    names: BTreeMap<String, String>,
    members: Vec<String>,
}

/// Adds the regions of the world that are missing. A region that an editor moved, renamed or described stays as it is;
/// one that is new goes under its parent, wherever that stands now.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn load_world(tx: &mut Tx, by: &Doer<'_>, now: DateTime<Utc>, tell: &dyn Fn(&str)) -> Result<Loaded> {
    let world: World = serde_json::from_str(WORLD).map_err(Error::internal)?;
    region_tree::hold(tx).await?;
    let mut known = Known::of(regions::all(tx).await?, regions::retired(tx).await?);
    let slugs: Vec<&str> = world.regions.iter().map(|seed| seed.slug.as_str()).collect();
    known.pages = shown_as_pages(tx, &slugs, now).await?;
    let mut shape = region_tree::shape(tx).await?;
    let mut added: Vec<Region> = Vec::new();
    let mut members: Vec<(Uuid, Uuid)> = Vec::new();
    let mut changed: Vec<Uuid> = Vec::new();
    for seed in &world.regions {
        if known.find(seed).is_some() {
            continue;
        }
        let region = known.add(seed, now);
        changed.push(region.id);
        if let Some(parent) = region.parent_id {
            shape.put_under(region.id, parent);
        }
        for member in seed.members.iter().filter_map(|slug| known.by_slug.get(slug)) {
            // Editors may have put a member above the grouping's parent.
            if !shape.would_circle(region.id, *member) {
                shape.add_member(region.id, *member);
                members.push((region.id, *member));
                changed.push(*member);
            }
        }
        added.push(region);
    }
    let loaded = Loaded { added: added.len(), kept: world.regions.len() - added.len() };
    tell(&format!("{} regions of the world are new, {} were there", loaded.added, loaded.kept));
    if added.is_empty() {
        return Ok(loaded);
    }
    regions::insert(tx, &added).await?;
    region_tree::add_members(tx, &members).await?;
    let touched: Vec<Uuid> = shape.reach(&changed).into_iter().collect();
    region_tree::rewrite(tx, &touched).await?;
    announce(tx, by, &added, &touched, loaded, now).await?;
    Ok(loaded)
}

async fn announce(
    tx: &mut Tx,
    by: &Doer<'_>,
    added: &[Region],
    touched: &[Uuid],
    loaded: Loaded,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(first) = added.first() else { return Ok(()) };
    let mut tags = vec!["list:regions".to_owned()];
    tags.extend(touched.iter().flat_map(|id| [tag("region", *id), tag("list:region", *id)]));
    let details = json!({ "added": loaded.added, "kept": loaded.kept });
    record(tx, by, &Event { name: "region.world_loaded", subject_id: first.id, tags, details }, now).await
}

/// The regions that there are, by all that they can be known by.
#[derive(Default)]
struct Known {
    by_code: HashMap<String, Uuid>,
    by_slug: HashMap<String, Uuid>,
    children: HashMap<Option<Uuid>, i32>,
    /// Slugs under which pages of the site are live or planned.
    pages: Vec<String>,
}

impl Known {
    fn of(all: Vec<Region>, retired: Vec<(String, Uuid)>) -> Self {
        let mut known = Self { by_slug: retired.into_iter().collect(), ..Self::default() };
        for region in all {
            let codes = [region.iso2, region.iso3, region.m49];
            known.by_code.extend(codes.into_iter().flatten().map(|code| (code, region.id)));
            known.by_slug.insert(region.slug, region.id);
            let next = known.children.entry(region.parent_id).or_default();
            *next = (*next).max(region.position + 1);
        }
        known
    }

    /// The region that the seed is; the file's slug names it from then on, whatever its own is.
    fn find(&mut self, seed: &Seed) -> Option<Uuid> {
        let codes = [&seed.iso2, &seed.iso3, &seed.m49];
        let by_code = codes.into_iter().flatten().find_map(|code| self.by_code.get(code));
        let found = by_code.or_else(|| self.by_slug.get(&seed.slug)).copied()?;
        self.by_slug.insert(seed.slug.clone(), found);
        Some(found)
    }

    /// The slug, or where a page of the site has it, the first one with a number that is free.
    fn free(&self, slug: &str) -> String {
        if !self.pages.iter().any(|page| page == slug) {
            return slug.to_owned();
        }
        let mut numbered = (2..).map(|number| slug::numbered(slug, number));
        numbered.find(|other| !self.by_slug.contains_key(other)).unwrap_or_default()
    }

    /// A new region, the last one among its siblings.
    fn add(&mut self, seed: &Seed, now: DateTime<Utc>) -> Region {
        let id = new_id();
        let parent_id = seed.parent.as_ref().and_then(|slug| self.by_slug.get(slug)).copied();
        let next = self.children.entry(parent_id).or_default();
        let position = *next;
        *next += 1;
        self.by_slug.insert(seed.slug.clone(), id);
        let named =
            |(language, name): (&String, &String)| RegionName { language: language.clone(), name: name.clone() };
        let names: Vec<RegionName> = seed.names.iter().map(named).collect();
        Region {
            id,
            slug: self.free(&seed.slug),
            name: seed.name.clone(),
            name_key: name::key(&seed.name),
            kind: seed.kind.as_str().to_owned(),
            parent_id,
            position,
            names_key: names_key(&seed.name, &names),
            names: Stored(names),
            description: None,
            iso2: seed.iso2.clone(),
            iso3: seed.iso3.clone(),
            m49: seed.m49.clone(),
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}
