//! Answers kept for repeated requests: one row per caller and key, for 24 hours.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::idempotency_keys as kept;
use super::{Tx, hold};
use crate::base::error::Result;

const KEPT_HOURS: i64 = 24;

/// An answer as it is kept; the body is sealed.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = kept)]
pub struct KeptReply {
    /// SHA-256 of method, path, query and body.
    pub request_hash: Vec<u8>,
    /// HTTP status.
    pub status: i16,
    /// Headers as an object of strings.
    pub headers: serde_json::Value,
    /// Sealed bytes of the body.
    pub body: Vec<u8>,
}

/// What a key is at the moment.
#[derive(Debug)]
pub enum Claim {
    /// Never used, or longer ago than it is kept: the caller's request runs.
    New,
    /// Another request with the key has not answered yet.
    InFlight,
    /// Answered before.
    Kept(KeptReply),
}

/// Takes hold of the key until the transaction ends.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn claim(tx: &mut Tx, user_id: Uuid, key: &str, now: DateTime<Utc>) -> Result<Claim> {
    if !hold::at_once(tx, hold::key_of(&[user_id.as_bytes(), key.as_bytes()].concat())).await? {
        return Ok(Claim::InFlight);
    }
    let found = kept::table
        .filter(kept::user_id.eq(user_id).and(kept::key.eq(key)))
        .filter(kept::created_at.gt(now - TimeDelta::hours(KEPT_HOURS)))
        .select(KeptReply::as_select())
        .first(tx.conn()?)
        .await
        .optional()?;
    Ok(found.map_or(Claim::New, Claim::Kept))
}

/// Keeps the answer, in place of one that has expired.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn keep(tx: &mut Tx, user_id: Uuid, key: &str, reply: &KeptReply, now: DateTime<Utc>) -> Result<()> {
    diesel::delete(kept::table.filter(kept::user_id.eq(user_id).and(kept::key.eq(key)))).execute(tx.conn()?).await?;
    diesel::insert_into(kept::table)
        .values((
            kept::user_id.eq(user_id),
            kept::key.eq(key),
            kept::request_hash.eq(&reply.request_hash),
            kept::status.eq(reply.status),
            kept::headers.eq(&reply.headers),
            kept::body.eq(&reply.body),
            kept::created_at.eq(now),
        ))
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Drops all answers of a user, which may show what he may not see any more.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn forget_all(tx: &mut Tx, user_id: Uuid) -> Result<()> {
    diesel::delete(kept::table.filter(kept::user_id.eq(user_id))).execute(tx.conn()?).await?;
    Ok(())
}
