//! What the program wants to know when it starts: whether anybody is there yet, and what it can point at.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Tx;
use super::schema::{publications, users};
use crate::base::error::Result;

/// Whether the database has no user yet, so that nothing in it can be anybody's work.
pub async fn nobody_is_there(tx: &mut Tx) -> Result<bool> {
    let somebody: bool = diesel::select(exists(users::table.select(users::id))).get_result(tx.conn()?).await?;
    Ok(!somebody)
}

/// Whether there is an active user with this e-mail address.
pub async fn knows(tx: &mut Tx, email: &str) -> Result<bool> {
    let this = users::table.filter(users::email.eq(email).and(users::state.eq("active")));
    Ok(diesel::select(exists(this)).get_result(tx.conn()?).await?)
}

/// The slug of the newest article that is live at `now`.
pub async fn newest_live(tx: &mut Tx, now: DateTime<Utc>) -> Result<Option<String>> {
    let live = publications::table
        .filter(publications::live_from.le(now))
        .filter(publications::live_until.is_null().or(publications::live_until.gt(now)))
        .order((publications::published_at.desc(), publications::article_id.desc()));
    Ok(live.select(publications::slug).first(tx.conn()?).await.optional()?)
}

/// Whether an article has this slug and is live at `now`.
pub async fn is_live(tx: &mut Tx, slug: &str, now: DateTime<Utc>) -> Result<bool> {
    let live = publications::table
        .filter(publications::slug.eq(slug).and(publications::live_from.le(now)))
        .filter(publications::live_until.is_null().or(publications::live_until.gt(now)));
    Ok(diesel::select(exists(live.select(publications::id))).get_result(tx.conn()?).await?)
}
