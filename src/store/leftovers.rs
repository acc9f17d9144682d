//! Rows that time has made useless, and the lock that keeps two instances from doing one job at once.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{BigInt, Timestamptz};
use diesel_async::RunQueryDsl;

use super::{Tx, hold};
use crate::base::error::Result;

/// How many rows go in one transaction.
pub const BATCH: usize = 1_000;

/// Rows of one kind that are removed when they have become old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leftover {
    /// Answers kept for repeated keys: 24 hours.
    IdempotencyKeys,
    /// Announcements, which every instance has heard: seven days.
    Outbox,
    /// Sessions that are over, with their refresh tokens: at once.
    Sessions,
    /// Links to drafts: 30 days after their end, so that people still see what there was.
    Previews,
}

impl Leftover {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::IdempotencyKeys, Self::Outbox, Self::Sessions, Self::Previews];

    /// How it is called in the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::IdempotencyKeys => "idempotency keys",
            Self::Outbox => "announcements",
            Self::Sessions => "sessions",
            Self::Previews => "previews",
        }
    }

    fn kept(self) -> TimeDelta {
        match self {
            Self::IdempotencyKeys => TimeDelta::hours(24),
            Self::Outbox => TimeDelta::days(7),
            Self::Sessions => TimeDelta::zero(),
            Self::Previews => TimeDelta::days(30),
        }
    }

    fn removal(self) -> &'static str {
        match self {
            Self::IdempotencyKeys => {
                "DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(SELECT ctid FROM idempotency_keys \
                 WHERE created_at <= $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))"
            }
            // Only the oldest are looked at, by their numbers, which go with time nearly enough.
            Self::Outbox => {
                "DELETE FROM outbox WHERE id IN (SELECT oldest.id FROM (SELECT id, created_at FROM outbox \
                 ORDER BY id LIMIT $2) oldest WHERE oldest.created_at <= $1)"
            }
            Self::Sessions => {
                "DELETE FROM sessions WHERE ctid = ANY (ARRAY(SELECT ctid FROM sessions \
                 WHERE expires_at <= $1 OR ended_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED))"
            }
            Self::Previews => {
                "DELETE FROM previews WHERE ctid = ANY (ARRAY(SELECT ctid FROM previews \
                 WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))"
            }
        }
    }
}

/// Removes at most [`BATCH`] rows that are too old at `now`; answers how many.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn remove(tx: &mut Tx, what: Leftover, now: DateTime<Utc>) -> Result<usize> {
    let most = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let query = diesel::sql_query(what.removal()).bind::<Timestamptz, _>(now - what.kept()).bind::<BigInt, _>(most);
    Ok(query.execute(tx.conn()?).await?)
}

/// Takes a job until the transaction ends; `false` while another instance has it.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn take_job(tx: &mut Tx, name: &str) -> Result<bool> {
    hold::at_once(tx, hold::key_of(format!("job\n{name}").as_bytes())).await
}
