//! Who is editing an article: a sign that others see, and nothing that keeps anybody from writing.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::write::{seen_by, unless_put_away};
use crate::base::clock::Timestamp;
use crate::base::error::{Code, Error, Result};
use crate::desk::announce::announce;
use crate::rules::permission::Principal;
use crate::rules::presence::ends;
use crate::rules::reference::IdOrSlug;
use crate::store::presence::{self, Lease};
use crate::store::records::Event;
use crate::store::{Tx, articles};

/// Begins to edit, or goes on. Whoever takes over from somebody else is written down.
///
/// # Errors
/// 404; 409 in the trash and in the archive, and while somebody else is editing unless `take_over`.
pub async fn enter(tx: &mut Tx, by: &Principal, id: Uuid, take_over: bool, now: DateTime<Utc>) -> Result<Lease> {
    let found = articles::read(tx, &IdOrSlug::Id(id), seen_by(by)).await?;
    let (article, content) = found.ok_or_else(Error::not_found)?;
    unless_put_away(tx, by, (&article, &content)).await?;
    let before = presence::holder(tx, id, now).await?.filter(|lease| lease.user_id != by.user_id);
    if !presence::take(tx, (id, by.user_id), (now, ends(now)), take_over).await? {
        return Err(occupied(presence::holder(tx, id, now).await?));
    }
    if let Some(before) = before {
        let event = Event {
            name: "article.editing_taken_over",
            subject_id: id,
            tags: Vec::new(),
            details: json!({ "slug": article.slug, "version": article.version, "from": before.user_id }),
        };
        announce(tx, by, event, now).await?;
    }
    presence::holder(tx, id, now).await?.ok_or_else(|| Error::internal("a lease that was taken is not there"))
}

/// Stops editing.
///
/// # Errors
/// 404; 409 while somebody else is editing.
pub async fn leave(tx: &mut Tx, by: &Principal, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    articles::seen(tx, id, seen_by(by)).await?;
    if presence::leave(tx, id, by.user_id).await? {
        return Ok(());
    }
    match presence::holder(tx, id, now).await? {
        None => Ok(()),
        held => Err(occupied(held)),
    }
}

fn occupied(held: Option<Lease>) -> Error {
    let error = Error::new(Code::BeingEdited, "Somebody else is editing the article. Send take_over to go on instead.");
    let Some(lease) = held else { return error };
    error.with(
        "being_edited",
        json!({
            "by": { "id": lease.user_id, "name": lease.name },
            "since": Timestamp(lease.since).to_string(),
            "expires_at": Timestamp(lease.expires_at).to_string(),
        }),
    )
}
