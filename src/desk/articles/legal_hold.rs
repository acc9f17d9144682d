//! Legal holds: what a court or a lawyer wants to be kept is kept, whoever deletes it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::base::error::{Code, Error, Result};
use crate::desk::announce::announce;
use crate::rules::permission::Principal;
use crate::store::Tx;
use crate::store::articles::{self, VisibleTo};
use crate::store::legal_holds::{self, LegalHold};
use crate::store::records::Event;

/// Places a hold on an article, also on one in the trash, or gives another reason for it.
///
/// # Errors
/// 404.
pub async fn place(tx: &mut Tx, by: &Principal, id: Uuid, reason: String, now: DateTime<Utc>) -> Result<LegalHold> {
    // Locked, so that a deletion or a purge at the same time finds the hold or is found by it.
    articles::lock(tx, id, VisibleTo::Everybody).await?.ok_or_else(Error::not_found)?;
    let hold = LegalHold { article_id: id, reason, placed_by: Some(by.user_id), placed_at: now };
    legal_holds::put(tx, &hold).await?;
    announce(tx, by, told("article.hold_placed", id, json!({ "reason": hold.reason })), now).await?;
    Ok(hold)
}

/// Lifts the hold.
///
/// # Errors
/// 404 when there is none.
pub async fn lift(tx: &mut Tx, by: &Principal, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    articles::lock(tx, id, VisibleTo::Everybody).await?.ok_or_else(Error::not_found)?;
    if !legal_holds::delete(tx, id).await? {
        return Err(Error::not_found());
    }
    announce(tx, by, told("article.hold_lifted", id, json!({})), now).await
}

/// Lets a deletion through.
///
/// # Errors
/// 409 while a hold is on the article.
pub(super) async fn unless_held(tx: &mut Tx, id: Uuid) -> Result<()> {
    if legal_holds::is_held(tx, id).await? {
        return Err(Error::new(Code::LegalHold, "A legal hold is on the article: it cannot be deleted."));
    }
    Ok(())
}

/// A hold touches no cached answer.
fn told(name: &str, id: Uuid, details: Value) -> Event<'_> {
    Event { name, subject_id: id, tags: Vec::new(), details }
}
