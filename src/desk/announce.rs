//! No write without its announcement, no announcement without its write.

use chrono::{DateTime, Utc};

use crate::base::error::Result;
use crate::store::Tx;
use crate::store::records::{Doer, Event, record};

/// Records what the caller, or the program itself, did, in the caller's transaction.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn announce<'a>(tx: &mut Tx, by: impl Into<Doer<'a>>, event: Event<'_>, now: DateTime<Utc>) -> Result<()> {
    record(tx, &by.into(), &event, now).await
}
