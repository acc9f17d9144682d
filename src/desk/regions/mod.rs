//! Keeping the taxonomy: add, change, move, give members, remove. Whoever changes it does so alone, and the closure and
//! the listings of publications change in the same transaction.

mod check;
mod input;
pub mod world;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

pub use input::{RegionCreate, RegionMembers, RegionPatch};
pub use world::load_world;

use self::check::{Checked, names_once};
use super::announce::announce;
use super::counted::places;
use super::slugs;
use super::stale::unless_stale;
use crate::base::error::{Code, Error, Result, faultless};
use crate::base::id::new_id;
use crate::rules::change::Change;
use crate::rules::name;
use crate::rules::permission::Principal;
use crate::rules::region::{MOST_REGIONS, names_key};
use crate::rules::tag::tag;
use crate::rules::version::Expected;
use crate::store::records::Event;
use crate::store::regions::{self, Region, Relatives};
use crate::store::retired::Owner;
use crate::store::{Stored, Tx, region_tree};

/// A region and who stands around it.
pub type Placed = (Region, Relatives);

/// Adds a region.
///
/// # Errors
/// 409 when its slug or code is taken, 422 for a slug, a parent or members that cannot be.
pub async fn create(tx: &mut Tx, by: &Principal, new: RegionCreate, now: DateTime<Utc>) -> Result<Placed> {
    region_tree::hold(tx).await?;
    let shape = region_tree::shape(tx).await?;
    if shape.len() >= MOST_REGIONS {
        return Err(Error::new(Code::IllegalMove, format!("There are {MOST_REGIONS} regions, the most there can be.")));
    }
    let id = new_id();
    let sent = new.members.unwrap_or_default();
    let names = new.names.unwrap_or_default();
    let mut faults = names_once(&names);
    let mut checked = Checked { id, shape };
    let parent = checked.parent(tx, new.parent.as_deref(), &mut faults).await?;
    let members = checked.members(tx, &sent, &mut faults).await?;
    faultless(faults)?;
    let slug = slugs::choose(tx, new.slug.as_deref(), &new.name, Owner::Region(id), now).await?;
    let region = Region {
        id,
        slug,
        name_key: name::key(&new.name),
        names_key: names_key(&new.name, &names),
        name: new.name,
        kind: new.kind.as_str().to_owned(),
        parent_id: parent,
        position: 0,
        names: Stored(names),
        description: new.description,
        iso2: new.iso2,
        iso3: new.iso3,
        m49: new.m49,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    regions::insert(tx, std::slice::from_ref(&region)).await?;
    let position = place(tx, parent, id, new.position).await?;
    region_tree::set_members(tx, id, &members).await?;
    let touched: Vec<Uuid> = checked.shape.reach(&[id]).into_iter().collect();
    region_tree::rewrite(tx, &touched).await?;
    let lists = region_tree::above(tx, &[id]).await?;
    announce(tx, by, told("region.created", &region, touched.into_iter().chain(parent), lists), now).await?;
    Ok((Region { position, ..region }, regions::relatives_in(tx, id).await?))
}

/// Changes a region; with another parent it moves there with all that is under it. What changes nothing writes nothing.
///
/// # Errors
/// 404, 409 when slug or code is taken, 412 when it changed since it was read, 422 for a parent that cannot be.
pub async fn patch(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    patch: RegionPatch,
    now: DateTime<Utc>,
) -> Result<Placed> {
    region_tree::hold(tx).await?;
    let old = held(tx, id, seen).await?;
    let mut region = old.clone();
    let mut faults = names_once(patch.names.value().map(Vec::as_slice).unwrap_or_default());
    let mut checked = Checked { id, shape: region_tree::shape(tx).await? };
    let touched: Vec<Uuid> = checked.shape.reach(&[id]).into_iter().collect();
    let old_parent = old.parent_id;
    match &patch.parent {
        Change::Keep => {}
        Change::Clear => region.parent_id = None,
        Change::Set(parent) => region.parent_id = checked.parent(tx, Some(parent), &mut faults).await?,
    }
    faultless(faults)?;
    let moves = region.parent_id != old_parent;
    let position = patch.position;
    apply(tx, &mut region, patch, now).await?;
    if region == old && (position.is_none() || place(tx, old_parent, id, position).await? == old.position) {
        return Ok((region, regions::relatives_in(tx, id).await?));
    }
    region.version += 1;
    region.updated_at = now;
    regions::update(tx, &region).await?;
    if moves || position.is_some() {
        region.position = place(tx, region.parent_id, id, position).await?;
    }
    let mut lists = Vec::new();
    if moves {
        close_ranks(tx, old_parent).await?;
        let before = above(tx, &touched).await?;
        region_tree::rewrite(tx, &touched).await?;
        let after = above(tx, &touched).await?;
        lists.extend(before.symmetric_difference(&after).copied());
    }
    let around = regions::relatives_in(tx, id).await?;
    let beside = around.member_of.iter().map(|relative| relative.id).chain(old_parent).chain(region.parent_id);
    let name = if moves { "region.moved" } else { "region.changed" };
    announce(tx, by, told(name, &region, touched.into_iter().chain(beside), lists), now).await?;
    Ok((region, around))
}

/// Gives a region these members, in this order, instead of those that it has. Those that it has already write nothing.
///
/// # Errors
/// 404, 412, 422 for members that are none, stand twice, or lie above the region.
pub async fn set_members(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    sent: &RegionMembers,
    now: DateTime<Utc>,
) -> Result<Placed> {
    region_tree::hold(tx).await?;
    let mut region = held(tx, id, seen).await?;
    let mut faults = Vec::new();
    let mut checked = Checked { id, shape: region_tree::shape(tx).await? };
    let before = region_tree::members(tx, id).await?;
    let members = checked.members(tx, &sent.members, &mut faults).await?;
    faultless(faults)?;
    if members == before {
        return Ok((region, regions::relatives_in(tx, id).await?));
    }
    let old: BTreeSet<Uuid> = before.into_iter().collect();
    let new: BTreeSet<Uuid> = members.iter().copied().collect();
    let changed: Vec<Uuid> = old.symmetric_difference(&new).copied().collect();
    let touched: Vec<Uuid> = checked.shape.reach(&changed).into_iter().collect();
    region_tree::set_members(tx, id, &members).await?;
    let mut lists = Vec::new();
    if !touched.is_empty() {
        region_tree::rewrite(tx, &touched).await?;
        lists = region_tree::above(tx, &[id]).await?;
    }
    region.version += 1;
    region.updated_at = now;
    regions::update(tx, &region).await?;
    announce(tx, by, told("region.members_changed", &region, touched, lists), now).await?;
    Ok((region, regions::relatives_in(tx, id).await?))
}

/// Removes a region that nothing names and that has no children. Its members stay, out of it.
///
/// # Errors
/// 404, 412, 409 while it has children or something names it.
pub async fn delete(tx: &mut Tx, by: &Principal, id: Uuid, seen: &Expected, now: DateTime<Utc>) -> Result<()> {
    region_tree::hold(tx).await?;
    let region = held(tx, id, seen).await?;
    let around = regions::relatives_in(tx, id).await?;
    if !around.children.is_empty() {
        let detail = match around.children.len() {
            1 => "A region is under this one. Move it or remove it first.".to_owned(),
            count => format!("{count} regions are under this one. Move them or remove them first."),
        };
        return Err(Error::new(Code::InUse, detail));
    }
    let uses = regions::uses(tx, id).await?;
    if uses > 0 {
        let detail =
            format!("Articles, also in earlier versions, or editors' limits name this region in {}.", places(uses));
        return Err(Error::new(Code::InUse, detail));
    }
    let mut touched = region_tree::shape(tx).await?.reach(&[id]);
    touched.remove(&id);
    let touched: Vec<Uuid> = touched.into_iter().collect();
    let lists = region_tree::above(tx, &[id]).await?;
    region_tree::set_members(tx, id, &[]).await?;
    region_tree::rewrite(tx, &touched).await?;
    regions::delete(tx, id).await?;
    close_ranks(tx, region.parent_id).await?;
    let beside = around.member_of.iter().map(|relative| relative.id).chain(region.parent_id);
    announce(tx, by, told("region.deleted", &region, touched.into_iter().chain(beside), lists), now).await
}

async fn apply(tx: &mut Tx, region: &mut Region, patch: RegionPatch, now: DateTime<Utc>) -> Result<()> {
    let owner = Owner::Region(region.id);
    if let Some(slug) = patch.slug.filter(|slug| *slug != region.slug) {
        region.slug = slugs::rename(tx, &region.slug, slug, owner, now).await?;
    }
    if let Some(new_name) = patch.name {
        region.name_key = name::key(&new_name);
        region.name = new_name;
    }
    if let Some(kind) = patch.kind {
        kind.as_str().clone_into(&mut region.kind);
    }
    region.names = Stored(patch.names.over(Some(std::mem::take(&mut region.names.0))).unwrap_or_default());
    region.names_key = names_key(&region.name, &region.names.0);
    region.description = patch.description.over(region.description.take());
    region.iso2 = patch.iso2.over(region.iso2.take());
    region.iso3 = patch.iso3.over(region.iso3.take());
    region.m49 = patch.m49.over(region.m49.take());
    Ok(())
}

/// Puts a region among those that have this parent; answers the place that it got.
async fn place(tx: &mut Tx, parent: Option<Uuid>, id: Uuid, wanted: Option<i32>) -> Result<i32> {
    let siblings = regions::siblings(tx, parent).await?;
    let mut order: Vec<Uuid> = siblings.iter().map(|(sibling, _)| *sibling).filter(|sibling| *sibling != id).collect();
    let index = wanted.and_then(|wanted| usize::try_from(wanted).ok()).map_or(order.len(), |at| at.min(order.len()));
    order.insert(index, id);
    arrange(tx, &siblings, &order).await?;
    i32::try_from(index).map_err(Error::internal)
}

/// Closes the gap that a region left.
async fn close_ranks(tx: &mut Tx, parent: Option<Uuid>) -> Result<()> {
    let siblings = regions::siblings(tx, parent).await?;
    let order: Vec<Uuid> = siblings.iter().map(|(sibling, _)| *sibling).collect();
    arrange(tx, &siblings, &order).await
}

async fn arrange(tx: &mut Tx, now: &[(Uuid, i32)], order: &[Uuid]) -> Result<()> {
    let places = (0..).zip(order).map(|(position, id): (i32, _)| (*id, position));
    let moved: Vec<(Uuid, i32)> = places.filter(|place| !now.contains(place)).collect();
    regions::set_positions(tx, &moved).await
}

async fn above(tx: &mut Tx, ids: &[Uuid]) -> Result<BTreeSet<Uuid>> {
    Ok(region_tree::above(tx, ids).await?.into_iter().collect())
}

async fn held(tx: &mut Tx, id: Uuid, seen: &Expected) -> Result<Region> {
    let region = regions::lock(tx, id).await?.ok_or_else(Error::not_found)?;
    unless_stale(tx, seen, id, region.version, region.updated_at).await?;
    Ok(region)
}

/// `touched` are the regions whose own pages show the change, `lists` those whose listings may be others now.
fn told<'a>(
    name: &'a str,
    region: &Region,
    touched: impl IntoIterator<Item = Uuid>,
    lists: impl IntoIterator<Item = Uuid>,
) -> Event<'a> {
    let mut shown: BTreeSet<Uuid> = touched.into_iter().collect();
    shown.insert(region.id);
    let mut tags: Vec<String> = shown.into_iter().map(|id| tag("region", id)).collect();
    tags.extend(lists.into_iter().map(|id| tag("list:region", id)));
    tags.push("list:regions".to_owned());
    Event { name, subject_id: region.id, tags, details: json!({ "slug": region.slug, "name": region.name }) }
}
