//! How long somebody counts as editing an article after the last sign of it.

use chrono::{DateTime, TimeDelta, Utc};

/// Seconds for which a sign counts. Renew it about every twenty.
const SECONDS: i64 = 60;

/// When a lease ends that is taken or renewed now.
pub fn ends(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::seconds(SECONDS)
}
