//! Emptying the trash.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::base::error::Result;
use crate::desk::announce::announce;
use crate::rules::tag::tag;
use crate::store::records::{Doer, Event};
use crate::store::{Tx, trash};

/// How many articles go in one transaction.
pub const BATCH: usize = 50;

/// Removes for good at most [`BATCH`] articles that have been in the trash for that many days and that no legal hold
/// keeps; answers how many. Slugs under which nothing was ever live are free again, the others never.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn purge(tx: &mut Tx, days: u32, now: DateTime<Utc>) -> Result<usize> {
    let most = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let due = trash::due(tx, now - TimeDelta::days(days.into()), most).await?;
    let ids: Vec<Uuid> = due.iter().map(|(id, _)| *id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    trash::remove(tx, &ids).await?;
    for (id, slug) in &due {
        // Nothing of it was live any more; answers about the past may have shown it.
        let tags = vec![tag("article", *id), "list:articles".to_owned(), "list:media".to_owned()];
        let event = Event { name: "article.purged", subject_id: *id, tags, details: json!({ "slug": slug }) };
        announce(tx, &Doer::default(), event, now).await?;
    }
    Ok(due.len())
}
