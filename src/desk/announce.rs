//! No write without its announcement, no announcement without its write.

use chrono::{DateTime, Utc};

use crate::base::error::Result;
use crate::rules::permission::Principal;
use crate::store::Tx;
use crate::store::records::{Doer, Event, record};

/// Records what the caller did, in the caller's transaction.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn announce(tx: &mut Tx, by: &Principal, event: Event<'_>, now: DateTime<Utc>) -> Result<()> {
    let doer = Doer { user_id: Some(by.user_id), token_id: by.token_id, address: by.address.as_deref() };
    record(tx, &doer, &event, now).await
}
