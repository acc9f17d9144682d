//! What a writer is told whose version is not the present one.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::base::clock::Timestamp;
use crate::base::error::{Code, Error, Result};
use crate::rules::version::{Expected, Version};
use crate::store::{Tx, audit, lookup};

/// Verbs of the audit log that leave the version of their object as it is.
const ASIDE: [&str; 6] =
    ["preview_created", "preview_revoked", "editing_taken_over", "hold_placed", "hold_lifted", "sign_in_refused"];

/// Lets the write through if it was made from the present version, which `updated_by` wrote.
///
/// # Errors
/// 412 with the present version, who wrote it and when.
pub async fn unless_changed(
    tx: &mut Tx,
    seen: &Expected,
    version: Version,
    updated_by: Option<Uuid>,
    updated_at: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let Err(mut stale) = compare(seen, version, updated_at) else { return Ok(()) };
    let names = match updated_by {
        Some(id) => lookup::user_names(tx, &[id]).await?,
        None => HashMap::new(),
    };
    let writer = updated_by.map(|id| json!({ "id": id, "name": names.get(&id) }));
    say(&mut stale, [("updated_by".to_owned(), writer.unwrap_or_default())].into_iter().collect());
    Err(stale)
}

/// The same for what does not keep its writer: the audit log knows.
///
/// # Errors
/// 412 with the present version, who wrote it, when and doing what.
pub async fn unless_stale(
    tx: &mut Tx,
    seen: &Expected,
    id: Uuid,
    version: impl Into<Version>,
    updated_at: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let Err(mut stale) = compare(seen, version.into(), updated_at) else { return Ok(()) };
    let last = last_change(tx, id).await?;
    say(&mut stale, last);
    Err(stale)
}

/// Who changed the version of an object last, when, and how.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn last_change(tx: &mut Tx, id: Uuid) -> Result<Map<String, Value>> {
    let Some((entry, name)) = audit::last_about(tx, id, &ASIDE).await? else { return Ok(Map::new()) };
    let by = entry.user_id.map(|id| json!({ "id": id, "name": name }));
    let at = Timestamp(entry.created_at).to_string();
    Ok([("verb", json!(entry.verb)), ("updated_by", json!(by)), ("updated_at", json!(at))]
        .map(|(member, value)| (member.to_owned(), value))
        .into_iter()
        .collect())
}

fn say(stale: &mut Error, more: Map<String, Value>) {
    if let Some(current) = stale.extra.get_mut("current").and_then(Value::as_object_mut) {
        current.extend(more);
    }
}

fn compare(seen: &Expected, version: Version, updated_at: chrono::DateTime<chrono::Utc>) -> Result<()> {
    if seen.accepts(version) {
        return Ok(());
    }
    let current = json!({ "etag": format!("\"{version}\""), "version": version.number, "updated_at": Timestamp(updated_at).to_string() });
    let detail = match seen {
        Expected::Weak => "Weak entity tags (W/) never match here. Send the ETag as it was answered, without W/.",
        Expected::Any | Expected::OneOf(_) => "It was changed since you read it. Read it again and repeat your change.",
    };
    Err(Error::new(Code::Stale, detail).with("current", current))
}
