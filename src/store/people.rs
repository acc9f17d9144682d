//! Users, their sessions and their tokens.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Database;
use super::schema::{api_tokens, sessions, user_regions, users};
use crate::base::error::{Error, Result};
use crate::rules::permission::{Principal, Right, Role};

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
    let mut conn = db.connection().await?;
    let role: Option<String> = users::table
        .inner_join(sessions::table.on(sessions::user_id.eq(users::id)))
        .filter(users::id.eq(user_id).and(users::state.eq("active")).and(users::epoch.eq(epoch)))
        .filter(sessions::id.eq(session_id).and(sessions::ended_at.is_null()).and(sessions::expires_at.gt(now)))
        .select(users::role)
        .first(&mut conn)
        .await
        .optional()?;
    let Some(role) = role else { return Ok(None) };
    let regions = regions_of(&mut conn, user_id).await?;
    Ok(Some(Principal {
        user_id,
        role: known(&role)?,
        token_id: None,
        session_id: Some(session_id),
        scopes: None,
        regions,
        address: None,
    }))
}

/// The caller that an API token stands for, if the token and its user may still act.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn by_api_token(db: &Database, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<Principal>> {
    let mut conn = db.connection().await?;
    let found: Option<(Uuid, Uuid, String, String, Option<DateTime<Utc>>)> = users::table
        .inner_join(api_tokens::table.on(api_tokens::user_id.eq(users::id)))
        .filter(api_tokens::token_hash.eq(token_hash).and(api_tokens::revoked_at.is_null()))
        .filter(api_tokens::expires_at.gt(now).and(users::state.eq("active")))
        .select((api_tokens::id, users::id, users::role, api_tokens::scopes, api_tokens::last_used_at))
        .first(&mut conn)
        .await
        .optional()?;
    let Some((token_id, user_id, role, scopes, last_used_at)) = found else { return Ok(None) };
    if last_used_at.is_none_or(|at| (now - at).num_seconds().abs() >= 60) {
        diesel::update(api_tokens::table.find(token_id))
            .set(api_tokens::last_used_at.eq(now))
            .execute(&mut conn)
            .await?;
    }
    let regions = regions_of(&mut conn, user_id).await?;
    let scopes = scopes.split(' ').filter_map(|scope| scope.parse::<Right>().ok()).collect();
    Ok(Some(Principal {
        user_id,
        role: known(&role)?,
        token_id: Some(token_id),
        session_id: None,
        scopes: Some(scopes),
        regions,
        address: None,
    }))
}

async fn regions_of(conn: &mut super::database::Connection, user_id: Uuid) -> Result<Vec<Uuid>> {
    let regions = user_regions::table.filter(user_regions::user_id.eq(user_id)).select(user_regions::region_id);
    Ok(regions.load(conn).await?)
}

fn known(role: &str) -> Result<Role> {
    role.parse().map_err(Error::internal)
}
