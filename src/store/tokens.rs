//! API tokens: what tools and wires sign in with. Only the SHA-256 of a token is here.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Tx;
use super::keyset::page_by_id;
use super::schema::api_tokens;
use crate::base::error::Result;
use crate::rules::page::{Seek, Window};
use crate::rules::permission::Right;

/// One API token, without the token itself.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_tokens)]
pub struct ApiToken {
    /// UUIDv7.
    pub id: Uuid,
    /// For whom it acts.
    pub user_id: Uuid,
    /// What people call it.
    pub name: String,
    /// The first characters of the token.
    pub prefix: String,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// [`Right`]s, separated by spaces.
    pub scopes: String,
    /// Who made it; nobody when the program itself did.
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was used last, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl ApiToken {
    /// The scopes; one that this program does not know is none.
    pub fn rights(&self) -> Vec<Right> {
        self.scopes.split(' ').filter_map(|scope| scope.parse().ok()).collect()
    }

    /// Its version: it changes once, when it is revoked.
    pub fn version(&self) -> i32 {
        1 + i32::from(self.revoked_at.is_some())
    }
}

/// Which tokens a caller may see and revoke.
#[derive(Clone, Copy, Debug)]
pub enum TokensOf {
    /// Everybody's: for administrators.
    Everybody,
    /// Those that act for this user.
    User(Uuid),
}

/// The door: no query of tokens begins anywhere else.
fn visible<'a>(of: TokensOf) -> api_tokens::BoxedQuery<'a, Pg> {
    match of {
        TokensOf::Everybody => api_tokens::table.into_boxed(),
        TokensOf::User(id) => api_tokens::table.filter(api_tokens::user_id.eq(id)).into_boxed(),
    }
}

/// One page of tokens, by age.
pub async fn list_in(tx: &mut Tx, of: TokensOf, user: Option<Uuid>, seek: &Seek) -> Result<Window<ApiToken>> {
    let mut query = visible(of);
    if let Some(user) = user {
        query = query.filter(api_tokens::user_id.eq(user));
    }
    let query = page_by_id!(query, api_tokens::id, seek);
    let rows = query.select(ApiToken::as_select()).load(tx.conn()?).await?;
    Ok(Window::of(rows, seek, |token: &ApiToken| (String::new(), token.id)))
}

/// How many tokens the list has in all.
pub async fn count_in(tx: &mut Tx, of: TokensOf, user: Option<Uuid>) -> Result<i64> {
    let mut query = visible(of);
    if let Some(user) = user {
        query = query.filter(api_tokens::user_id.eq(user));
    }
    Ok(query.count().get_result(tx.conn()?).await?)
}

/// The token with this id, if the caller may see it.
pub async fn find_in(tx: &mut Tx, of: TokensOf, id: Uuid) -> Result<Option<ApiToken>> {
    let query = visible(of).filter(api_tokens::id.eq(id));
    Ok(query.select(ApiToken::as_select()).first(tx.conn()?).await.optional()?)
}

/// Adds a token.
pub async fn insert(tx: &mut Tx, token: &ApiToken) -> Result<()> {
    diesel::insert_into(api_tokens::table).values(token).execute(tx.conn()?).await?;
    Ok(())
}

/// Revokes one token; `false` if it was revoked before.
pub async fn revoke(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let valid = api_tokens::table.find(id).filter(api_tokens::revoked_at.is_null());
    Ok(diesel::update(valid).set(api_tokens::revoked_at.eq(now)).execute(tx.conn()?).await? > 0)
}

/// Revokes every token that acts for a user.
pub async fn revoke_all(tx: &mut Tx, user_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let valid = api_tokens::table.filter(api_tokens::user_id.eq(user_id).and(api_tokens::revoked_at.is_null()));
    diesel::update(valid).set(api_tokens::revoked_at.eq(now)).execute(tx.conn()?).await?;
    Ok(())
}
