//! Going back: an earlier revision becomes the newest one.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::apply::Circumstances;
use super::hidden;
use super::known::Known;
use super::publish::unless_moved_away;
use super::settle::{refused, settle_merged, take_out_gone, warned};
use super::stale::with_revision;
use super::write::{Written, held, taken};
use crate::base::error::{Code, Error, Result};
use crate::desk::announce::announce;
use crate::rules::permission::Principal;
use crate::rules::version::Expected;
use crate::store::Tx;
use crate::store::articles::{self, Stamp};
use crate::store::records::Event;

/// Writes what the article was in revision `number` as its next revision, its slug included: the slugs that it had since
/// lead there. Nothing that articles share is touched. `partial` leaves out what is gone instead of refusing. What the caller
/// may not know of, such as the draft of another that an editor linked, is left out in any case.
///
/// # Errors
/// 404, 409 in the trash or when another article has an external id of then, 412, 422 when something that it named is
/// gone.
pub async fn restore_revision(
    tx: &mut Tx,
    by: &Principal,
    (id, number): (Uuid, i32),
    seen: &Expected,
    partial: bool,
    now: DateTime<Utc>,
) -> Result<Written> {
    let (article, before) = match held(tx, by, id, seen).await {
        Err(stale) if stale.code == Code::Stale => return Err(with_revision(tx, by, (id, number), seen, stale).await?),
        held => held?,
    };
    let (_, mut content) = articles::revision(tx, id, number).await?.ok_or_else(Error::not_found)?;
    settle_merged(tx, &mut content).await?;
    let faults = take_out_gone(tx, id, &mut content).await?;
    if !faults.is_empty() && !partial {
        return Err(refused(faults));
    }
    unless_moved_away(tx, by, (&article, &before), &content).await?;
    let about = Circumstances { by, id, site: "", now, known: &Known::default() };
    let mut left_out = faults;
    left_out.extend(hidden::take_out(tx, &about, &before, &mut content).await?);
    let stamp = Stamp { by: Some(by.user_id), verb: "restored", at: now };
    let article = articles::update(tx, &article, &before, &content, stamp).await?.ok_or_else(taken)?;
    articles::set_restored_from(tx, &article, number).await?;
    let event = Event {
        name: "article.revision_restored",
        subject_id: id,
        tags: Vec::new(),
        details: json!({ "slug": article.slug, "version": article.version, "restored_from": number }),
    };
    announce(tx, by, event, now).await?;
    Ok(Written { article, content, warnings: warned(left_out) })
}
