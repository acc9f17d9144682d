//! Sessions and the refresh tokens of each, which replace one another. Locks are taken in one order everywhere: user,
//! session, refresh token.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Tx;
use super::schema::{refresh_tokens, sessions};
use crate::base::error::Result;

/// One sign-in.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// UUIDv7; `sid` of its access tokens.
    pub id: Uuid,
    /// Who signed in.
    pub user_id: Uuid,
    /// The user's epoch in which it is valid.
    pub epoch: i32,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// One refresh token.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens)]
pub struct RefreshToken {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// The family.
    pub session_id: Uuid,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// What it was exchanged for, sealed.
    pub reply: Option<Vec<u8>>,
}

/// Adds a session, and forgets those of its user that are over.
pub async fn insert(tx: &mut Tx, session: &Session, now: DateTime<Utc>) -> Result<()> {
    let over = sessions::expires_at.le(now).or(sessions::ended_at.is_not_null());
    diesel::delete(sessions::table.filter(sessions::user_id.eq(session.user_id).and(over))).execute(tx.conn()?).await?;
    diesel::insert_into(sessions::table).values(session).execute(tx.conn()?).await?;
    Ok(())
}

/// The session with this id.
pub async fn find_in(tx: &mut Tx, id: Uuid) -> Result<Option<Session>> {
    Ok(sessions::table.find(id).select(Session::as_select()).first(tx.conn()?).await.optional()?)
}

/// The session and the refresh token with this hash, both locked until the transaction ends.
pub async fn lock_family(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<(Session, RefreshToken)>> {
    let family = refresh_tokens::table.find(token_hash).select(refresh_tokens::session_id);
    let Some(session_id) = family.first::<Uuid>(tx.conn()?).await.optional()? else { return Ok(None) };
    let session = sessions::table.find(session_id).select(Session::as_select()).for_update();
    let Some(session) = session.first(tx.conn()?).await.optional()? else { return Ok(None) };
    let token = refresh_tokens::table.find(token_hash).select(RefreshToken::as_select()).for_update();
    Ok(token.first(tx.conn()?).await.optional()?.map(|token| (session, token)))
}

/// Adds a refresh token.
pub async fn insert_token(tx: &mut Tx, token: &RefreshToken) -> Result<()> {
    diesel::insert_into(refresh_tokens::table).values(token).execute(tx.conn()?).await?;
    Ok(())
}

/// Marks a refresh token as used and keeps its sealed answer; those of earlier ones, used before `since`, go.
pub async fn use_token(
    tx: &mut Tx,
    token: &RefreshToken,
    reply: &[u8],
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    diesel::update(refresh_tokens::table.find(&token.token_hash))
        .set((refresh_tokens::used_at.eq(now), refresh_tokens::reply.eq(reply)))
        .execute(tx.conn()?)
        .await?;
    diesel::update(refresh_tokens::table)
        .filter(refresh_tokens::session_id.eq(token.session_id).and(refresh_tokens::used_at.lt(since)))
        .filter(refresh_tokens::reply.is_not_null())
        .set(refresh_tokens::reply.eq(None::<Vec<u8>>))
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Ends one session; `false` if it had ended.
pub async fn end(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let running = sessions::table.find(id).filter(sessions::ended_at.is_null());
    Ok(diesel::update(running).set(sessions::ended_at.eq(now)).execute(tx.conn()?).await? > 0)
}

/// Ends every session of a user.
pub async fn end_all(tx: &mut Tx, user_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let running = sessions::table.filter(sessions::user_id.eq(user_id).and(sessions::ended_at.is_null()));
    diesel::update(running).set(sessions::ended_at.eq(now)).execute(tx.conn()?).await?;
    Ok(())
}
