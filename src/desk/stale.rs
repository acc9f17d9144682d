//! What a writer is told whose version is not the present one.

use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use crate::base::clock::Timestamp;
use crate::base::error::{Code, Error, Result};
use crate::rules::version::{Expected, Version};
use crate::store::{Tx, lookup};

/// As [`unless_stale`], and says who wrote the present version.
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
    let Err(mut stale) = unless_stale(seen, version, updated_at) else { return Ok(()) };
    let names = match updated_by {
        Some(id) => lookup::user_names(tx, &[id]).await?,
        None => HashMap::new(),
    };
    let writer = updated_by.map(|id| json!({ "id": id, "name": names.get(&id) }));
    if let Some(current) = stale.extra.get_mut("current").and_then(serde_json::Value::as_object_mut) {
        current.insert("updated_by".to_owned(), writer.unwrap_or_default());
    }
    Err(stale)
}

/// Lets the write through if it was made from the present version.
///
/// # Errors
/// 412 with the present version and when it was written.
pub fn unless_stale(
    seen: &Expected,
    version: impl Into<Version>,
    updated_at: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let version = version.into();
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
