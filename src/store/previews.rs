//! Links that show a draft: what was made, until when it holds, and what it opens.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Tx;
use super::articles::Article;
use super::keyset::page_by_id;
use super::schema::{articles, previews, users};
use crate::base::error::Result;
use crate::rules::page::{Seek, Window};
use crate::rules::permission::{Role, UserState};

/// One link, without what opens it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = previews)]
pub struct Preview {
    /// UUIDv7.
    pub id: Uuid,
    /// Whose draft it shows.
    pub article_id: Uuid,
    /// The revision that it shows; without one the newest.
    pub revision: Option<i32>,
    /// For whom it is.
    pub note: Option<String>,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Adds a link.
pub async fn insert(tx: &mut Tx, preview: &Preview) -> Result<()> {
    diesel::insert_into(previews::table).values(preview).execute(tx.conn()?).await?;
    Ok(())
}

/// One page of an article's links, the newest first, with the names of those who made them.
pub async fn list_in(tx: &mut Tx, article_id: Uuid, seek: &Seek) -> Result<Window<(Preview, Option<String>)>> {
    let query = previews::table.left_join(users::table).filter(previews::article_id.eq(article_id)).into_boxed();
    let query = page_by_id!(query, previews::id, seek);
    let rows = query.select((Preview::as_select(), users::name.nullable())).load(tx.conn()?).await?;
    Ok(Window::of(rows, seek, |(preview, _): &(Preview, Option<String>)| (String::new(), preview.id)))
}

/// How many links an article has.
pub async fn count_in(tx: &mut Tx, article_id: Uuid) -> Result<i64> {
    Ok(previews::table.filter(previews::article_id.eq(article_id)).count().get_result(tx.conn()?).await?)
}

/// The article's link with this id, with the name of who made it.
pub async fn find_in(tx: &mut Tx, article_id: Uuid, id: Uuid) -> Result<Option<(Preview, Option<String>)>> {
    let query = previews::table
        .left_join(users::table)
        .filter(previews::id.eq(id).and(previews::article_id.eq(article_id)))
        .select((Preview::as_select(), users::name.nullable()));
    Ok(query.first(tx.conn()?).await.optional()?)
}

/// The link that opens something at `now`, and its article: not over, not revoked, not of an article in the trash, not
/// made by somebody who may not act any more or would not see the article.
pub async fn open(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<Option<(Preview, Article)>> {
    let sees = users::role.eq_any([Role::Editor.as_str(), Role::Admin.as_str()]);
    let own = articles::created_by.eq(users::id.nullable());
    let may_act = users::state.eq(UserState::Active.as_str()).and(sees.nullable().or(own));
    let query = previews::table
        .inner_join(articles::table)
        .left_join(users::table.on(users::id.nullable().eq(previews::created_by)))
        .filter(previews::id.eq(id).and(previews::revoked_at.is_null()).and(previews::expires_at.gt(now)))
        .filter(articles::deleted_at.is_null().and(previews::created_by.is_null().or(may_act)))
        .select((Preview::as_select(), Article::as_select()));
    Ok(query.first(tx.conn()?).await.optional()?)
}

/// Revokes one link; `false` if it was revoked before.
pub async fn revoke(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let valid = previews::table.find(id).filter(previews::revoked_at.is_null());
    Ok(diesel::update(valid).set(previews::revoked_at.eq(now)).execute(tx.conn()?).await? > 0)
}
