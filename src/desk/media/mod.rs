//! Keeping assets: add, change, remove. Their bytes lie elsewhere; here is what is known of them.

mod input;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

pub use input::{MediaCreate, MediaPatch};

use super::announce::announce;
use super::articles::seen_by;
use super::counted::places;
use super::slugs;
use super::stale::unless_stale;
use crate::base::error::{Code, Error, Fault, Result, faultless};
use crate::base::id::new_id;
use crate::rules::address::{NO_ADDRESS, file_stem, is_web};
use crate::rules::change::Change;
use crate::rules::media::{FocalPoint, MediaKind, Rendition};
use crate::rules::permission::Principal;
use crate::rules::reference::IdOrSlug;
use crate::rules::tag::tag;
use crate::rules::version::Expected;
use crate::store::media::{self, Media};
use crate::store::records::Event;
use crate::store::retired::Owner;
use crate::store::{Stored, Tx};

/// Adds an asset.
///
/// # Errors
/// 409 when its slug is taken, 422 for a slug or an address that cannot be one.
pub async fn create(tx: &mut Tx, by: &Principal, new: MediaCreate, now: DateTime<Utc>) -> Result<Media> {
    let renditions = new.renditions.unwrap_or_default();
    check(Some(&new.url), Some(&renditions))?;
    let id = new_id();
    let stem = file_stem(&new.url).unwrap_or_else(|| "asset".to_owned());
    let slug = slugs::choose(tx, new.slug.as_deref(), &stem, Owner::Media(id), now).await?;
    let asset = Media {
        id,
        slug,
        url: new.url,
        kind: new.kind.unwrap_or_else(|| MediaKind::of_type(&new.mime_type)).as_str().to_owned(),
        mime_type: new.mime_type,
        width: new.width,
        height: new.height,
        bytes: new.bytes,
        sha256: new.sha256,
        alt: new.alt.unwrap_or_default(),
        caption: new.caption.unwrap_or_default(),
        credit_line: new.credit_line.unwrap_or_default(),
        licence: new.licence,
        focal_x: new.focal_point.map(|point| point.x),
        focal_y: new.focal_point.map(|point| point.y),
        renditions: Stored(renditions),
        version: 1,
        created_at: now,
        updated_at: now,
        created_by: Some(by.user_id),
    };
    media::insert(tx, &asset).await?;
    announce(tx, by, told("media.created", &asset), now).await?;
    Ok(asset)
}

/// Changes an asset; what changes nothing writes nothing.
///
/// # Errors
/// 403 for what somebody else added or what readers see, 404, 409 when the slug is taken, 412 when it changed since it was
/// read, 422.
pub async fn patch(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    patch: MediaPatch,
    now: DateTime<Utc>,
) -> Result<Media> {
    check(patch.url.as_deref(), patch.renditions.value().map(Vec::as_slice))?;
    let old = held(tx, by, id, seen, now).await?;
    let mut asset = old.clone();
    if let Some(slug) = patch.slug.clone().filter(|slug| *slug != asset.slug) {
        asset.slug = slugs::rename(tx, &asset.slug, slug, Owner::Media(id), now).await?;
    }
    apply(&mut asset, patch)?;
    if asset == old {
        return Ok(asset);
    }
    asset.version += 1;
    asset.updated_at = now;
    media::update(tx, &asset).await?;
    announce(tx, by, told("media.changed", &asset), now).await?;
    Ok(asset)
}

/// Removes an asset that nothing shows.
///
/// # Errors
/// 403 for what somebody else added or what readers see, 404, 412, 409 while articles or profiles show it.
pub async fn delete(tx: &mut Tx, by: &Principal, id: Uuid, seen: &Expected, now: DateTime<Utc>) -> Result<()> {
    let asset = held(tx, by, id, seen, now).await?;
    let uses = media::uses(tx, id).await?;
    if uses > 0 {
        let detail = format!("Articles, also in earlier versions, or profiles show this asset in {}.", places(uses));
        return Err(Error::new(Code::InUse, detail));
    }
    media::delete(tx, id).await?;
    announce(tx, by, told("media.deleted", &asset), now).await
}

fn apply(asset: &mut Media, patch: MediaPatch) -> Result<()> {
    let text = |change: Change<String>, old: &mut String| {
        *old = change.over(Some(std::mem::take(old))).unwrap_or_default();
    };
    asset.url = patch.url.unwrap_or_else(|| std::mem::take(&mut asset.url));
    asset.mime_type = patch.mime_type.unwrap_or_else(|| std::mem::take(&mut asset.mime_type));
    if let Some(kind) = patch.kind {
        kind.as_str().clone_into(&mut asset.kind);
    }
    asset.width = patch.width.over(asset.width);
    asset.height = patch.height.over(asset.height);
    asset.bytes = patch.bytes.over(asset.bytes);
    asset.sha256 = patch.sha256.over(asset.sha256.take());
    text(patch.alt, &mut asset.alt);
    text(patch.caption, &mut asset.caption);
    text(patch.credit_line, &mut asset.credit_line);
    asset.licence = patch.licence.over(asset.licence.take());
    let old_point = asset.focal_x.zip(asset.focal_y).map(|(x, y)| FocalPoint { x, y });
    let point = match patch.focal_point {
        Change::Keep => old_point,
        Change::Clear => None,
        Change::Set(point) => Some(point.over(old_point).map_err(Error::invalid)?),
    };
    asset.focal_x = point.map(|point| point.x);
    asset.focal_y = point.map(|point| point.y);
    let renditions = patch.renditions.over(Some(std::mem::take(&mut asset.renditions.0)));
    asset.renditions = Stored(renditions.unwrap_or_default());
    Ok(())
}

/// What a schema cannot say of addresses and renditions.
fn check(url: Option<&str>, renditions: Option<&[Rendition]>) -> Result<()> {
    let mut faults = Vec::new();
    if url.is_some_and(|url| !is_web(url)) {
        faults.push(Fault::at("/url", "url", NO_ADDRESS));
    }
    let renditions = renditions.unwrap_or_default();
    for (index, rendition) in renditions.iter().enumerate() {
        if !is_web(&rendition.url) {
            faults.push(Fault::at(format!("/renditions/{index}/url"), "url", NO_ADDRESS));
        }
        if renditions.iter().take(index).any(|earlier| earlier.name == rendition.name) {
            faults.push(Fault::at(format!("/renditions/{index}/name"), "repeated", "stands twice"));
        }
    }
    faultless(faults)
}

/// The asset, locked, if the caller may change it and has seen its present version.
async fn held(tx: &mut Tx, by: &Principal, id: Uuid, seen: &Expected, now: DateTime<Utc>) -> Result<Media> {
    let key = IdOrSlug::Id(id);
    if !by.sees_all_articles() && media::seen_in(tx, seen_by(by), &key, now).await?.is_none() {
        return Err(Error::not_found());
    }
    let asset = media::lock(tx, id).await?.ok_or_else(Error::not_found)?;
    let is_shown = !by.sees_all_articles() && media::is_shown(tx, id, now).await?;
    if !by.may_change_media_of(asset.created_by, is_shown) {
        let detail = if asset.created_by == Some(by.user_id) {
            "Readers see this asset or will, and only editors change what readers see."
        } else {
            "Somebody else added this asset, and only editors change what is not their own."
        };
        return Err(Error::new(Code::Forbidden, detail));
    }
    unless_stale(tx, seen, id, asset.version, asset.updated_at).await?;
    Ok(asset)
}

fn told<'a>(name: &'a str, asset: &Media) -> Event<'a> {
    Event {
        name,
        subject_id: asset.id,
        tags: vec![tag("media", asset.id), "list:media".to_owned()],
        details: json!({ "slug": asset.slug, "url": asset.url }),
    }
}
