//! Who is editing which article. A lease that is over counts as none and waits for the next one.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::Tx;
use super::schema::{article_presence, users};
use crate::base::error::Result;

/// Somebody who is editing an article.
#[derive(Clone, Debug, Queryable)]
pub struct Lease {
    /// The user.
    pub user_id: Uuid,
    /// The user's name.
    pub name: String,
    /// Without a break since.
    pub since: DateTime<Utc>,
    /// Unless it is renewed, until then.
    pub expires_at: DateTime<Utc>,
}

/// Who is editing the article now.
pub async fn holder(tx: &mut Tx, article_id: Uuid, now: DateTime<Utc>) -> Result<Option<Lease>> {
    holder_on(tx.conn()?, article_id, now).await
}

pub(super) async fn holder_on(
    mut conn: &AsyncPgConnection,
    article_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Lease>> {
    let lease = article_presence::table
        .inner_join(users::table)
        .filter(article_presence::article_id.eq(article_id).and(article_presence::expires_at.gt(now)))
        .select((users::id, users::name, article_presence::since, article_presence::expires_at))
        .first(&mut conn)
        .await;
    Ok(lease.optional()?)
}

/// Takes or renews the lease; `false` when somebody else holds it and it is not to be taken over. One statement, so that
/// of two at once one gets it.
pub async fn take(
    tx: &mut Tx,
    (article_id, user_id): (Uuid, Uuid),
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
    take_over: bool,
) -> Result<bool> {
    use diesel::dsl::case_when;
    use diesel::query_dsl::methods::FilterDsl;
    let own = article_presence::user_id.eq(user_id).and(article_presence::expires_at.gt(now));
    let free = article_presence::user_id.eq(user_id).or(article_presence::expires_at.le(now));
    let taken = diesel::insert_into(article_presence::table)
        .values((
            article_presence::article_id.eq(article_id),
            article_presence::user_id.eq(user_id),
            article_presence::since.eq(now),
            article_presence::expires_at.eq(expires_at),
        ))
        .on_conflict(article_presence::article_id)
        .do_update()
        .set((
            article_presence::user_id.eq(user_id),
            article_presence::since.eq(case_when(own, article_presence::since).otherwise(now)),
            article_presence::expires_at.eq(expires_at),
        ));
    let taken = FilterDsl::filter(taken, free.or(take_over.into_sql::<diesel::sql_types::Bool>()));
    Ok(taken.execute(tx.conn()?).await? == 1)
}

/// Gives the user's own lease up. `false` when there was none.
pub async fn leave(tx: &mut Tx, article_id: Uuid, user_id: Uuid) -> Result<bool> {
    let own = article_presence::table
        .filter(article_presence::article_id.eq(article_id).and(article_presence::user_id.eq(user_id)));
    Ok(diesel::delete(own).execute(tx.conn()?).await? == 1)
}
