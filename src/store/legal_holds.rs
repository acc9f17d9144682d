//! Legal holds: articles that nobody may delete, and why.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::Tx;
use super::schema::{legal_holds, users};
use crate::base::error::Result;

/// One hold.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = legal_holds, treat_none_as_null = true)]
pub struct LegalHold {
    /// The article that stays.
    pub article_id: Uuid,
    /// Why.
    pub reason: String,
    /// Who said so last.
    pub placed_by: Option<Uuid>,
    /// When that was.
    pub placed_at: DateTime<Utc>,
}

/// The hold on an article, with the name of who placed it.
pub async fn find_in(tx: &mut Tx, article_id: Uuid) -> Result<Option<(LegalHold, Option<String>)>> {
    let query = legal_holds::table
        .left_join(users::table)
        .filter(legal_holds::article_id.eq(article_id))
        .select((LegalHold::as_select(), users::name.nullable()));
    Ok(query.first(tx.conn()?).await.optional()?)
}

/// Whether a hold is on the article.
pub async fn is_held(tx: &mut Tx, article_id: Uuid) -> Result<bool> {
    is_held_on(tx.conn()?, article_id).await
}

pub(super) async fn is_held_on(mut conn: &AsyncPgConnection, article_id: Uuid) -> Result<bool> {
    let hold = legal_holds::table.find(article_id);
    Ok(diesel::select(diesel::dsl::exists(hold)).get_result(&mut conn).await?)
}

/// Places a hold, over the one that there may be.
pub async fn put(tx: &mut Tx, hold: &LegalHold) -> Result<()> {
    diesel::insert_into(legal_holds::table)
        .values(hold)
        .on_conflict(legal_holds::article_id)
        .do_update()
        .set(hold)
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Lifts a hold; `false` if there was none.
pub async fn delete(tx: &mut Tx, article_id: Uuid) -> Result<bool> {
    Ok(diesel::delete(legal_holds::table.find(article_id)).execute(tx.conn()?).await? > 0)
}
