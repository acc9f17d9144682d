//! What a writer is told whose version is not the present one.

use serde_json::json;

use crate::base::clock::Timestamp;
use crate::base::error::{Code, Error, Result};
use crate::rules::version::Expected;

/// Lets the write through if it was made from the present version.
///
/// # Errors
/// 412 with the present version and when it was written.
pub fn unless_stale(seen: &Expected, version: i32, updated_at: chrono::DateTime<chrono::Utc>) -> Result<()> {
    if seen.accepts(version) {
        return Ok(());
    }
    let current = json!({ "etag": format!("\"{version}\""), "version": version, "updated_at": Timestamp(updated_at).to_string() });
    Err(Error::new(Code::Stale, "It was changed since you read it. Read it again and repeat your change.")
        .with("current", current))
}
