//! Turning a credential into the one who acts with it: one statement, outside of the request's transaction, and a
//! second one now and then that notes the use of an API token.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Database;
use super::schema::{api_tokens, sessions, user_regions, users};
use crate::base::error::{Error, Result};
use crate::rules::permission::{Principal, Right, UserState};

/// The last use of an API token is written at most this often.
const USE_NOTED_SECONDS: i64 = 60;

/// The caller that a session's access token stands for, if user and session may still act.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn by_session(
    db: &Database,
    user_id: Uuid,
    session_id: Uuid,
    epoch: i32,
    now: DateTime<Utc>,
) -> Result<Option<Principal>> {
    let rows: Vec<(String, Option<Uuid>)> = db
        .outside_tx(async |conn| {
            users::table
                .inner_join(sessions::table.on(sessions::user_id.eq(users::id)))
                .left_join(user_regions::table.on(user_regions::user_id.eq(users::id)))
                .filter(users::id.eq(user_id).and(users::epoch.eq(epoch)))
                .filter(users::state.eq(UserState::Active.as_str()))
                .filter(sessions::id.eq(session_id).and(sessions::ended_at.is_null()))
                .filter(sessions::expires_at.gt(now))
                .select((users::role, user_regions::region_id.nullable()))
                .load(conn)
                .await
        })
        .await?;
    let [(role, _), ..] = rows.as_slice() else { return Ok(None) };
    Ok(Some(Principal {
        user_id,
        role: role.parse().map_err(Error::internal)?,
        token_id: None,
        session_id: Some(session_id),
        scopes: None,
        regions: rows.iter().filter_map(|(_, region)| *region).collect(),
        address: None,
    }))
}

/// What is read of an API token and its user; one row for each region of the user.
#[derive(Queryable)]
struct Found {
    token_id: Uuid,
    user_id: Uuid,
    role: String,
    scopes: String,
    last_used_at: Option<DateTime<Utc>>,
    region_id: Option<Uuid>,
}

/// The caller that an API token stands for, if the token and its user may still act. Notes that it was used.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn by_api_token(db: &Database, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<Principal>> {
    let rows: Vec<Found> = db
        .outside_tx(async |conn| {
            users::table
                .inner_join(api_tokens::table.on(api_tokens::user_id.eq(users::id)))
                .left_join(user_regions::table.on(user_regions::user_id.eq(users::id)))
                .filter(api_tokens::token_hash.eq(token_hash).and(api_tokens::revoked_at.is_null()))
                .filter(api_tokens::expires_at.gt(now).and(users::state.eq(UserState::Active.as_str())))
                .select((
                    api_tokens::id,
                    users::id,
                    users::role,
                    api_tokens::scopes,
                    api_tokens::last_used_at,
                    user_regions::region_id.nullable(),
                ))
                .load(conn)
                .await
        })
        .await?;
    let [found, ..] = rows.as_slice() else { return Ok(None) };
    let principal = Principal {
        user_id: found.user_id,
        role: found.role.parse().map_err(Error::internal)?,
        token_id: Some(found.token_id),
        session_id: None,
        scopes: Some(found.scopes.split(' ').filter_map(|scope| scope.parse::<Right>().ok()).collect()),
        regions: rows.iter().filter_map(|row| row.region_id).collect(),
        address: None,
    };
    if found.last_used_at.is_none_or(|at| now - at >= TimeDelta::seconds(USE_NOTED_SECONDS)) {
        note_use(db, found.token_id, now).await?;
    }
    Ok(Some(principal))
}

/// Of many requests at once, one writes.
async fn note_use(db: &Database, token_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let long_ago = now - TimeDelta::seconds(USE_NOTED_SECONDS);
    db.outside_tx(async |conn| {
        diesel::update(api_tokens::table.find(token_id))
            .filter(api_tokens::last_used_at.is_null().or(api_tokens::last_used_at.le(long_ago)))
            .set(api_tokens::last_used_at.eq(now))
            .execute(conn)
            .await
    })
    .await
    .map(drop)
}
