//! Articles that were taken down, and what the public is told in their place.

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::live::Moment;
use super::schema::takedowns;
use super::sql::Sql;
use super::{Reader, Tx};
use crate::base::clock::Timestamp;
use crate::base::error::{Code, Error, Result};
use crate::rules::reference::IdOrSlug;

/// What is said of an article that was taken down.
#[derive(Clone, Debug, Queryable)]
pub struct Takedown {
    /// Why, in public words.
    pub reason: String,
    /// Whether the law asked for it.
    pub is_legal: bool,
    /// When.
    pub taken_down_at: DateTime<Utc>,
}

impl Takedown {
    /// 410, or 451 where the law asked for it, with the public reason.
    pub fn told(self) -> Error {
        let code = if self.is_legal { Code::LegalReasons } else { Code::Gone };
        Error::new(code, self.reason).with("taken_down_at", Timestamp(self.taken_down_at).to_string())
    }
}

/// A takedown that begins.
#[derive(Debug)]
pub struct NewTakedown<'a> {
    /// UUIDv7.
    pub id: Uuid,
    /// Of which article.
    pub article_id: Uuid,
    /// Every slug that it was live under; none if it never was.
    pub slugs: &'a [String],
    /// Why, in public words.
    pub reason: &'a str,
    /// Whether the law asked for it.
    pub is_legal: bool,
    /// Who did it.
    pub created_by: Uuid,
    /// When.
    pub taken_down_at: DateTime<Utc>,
    /// When this is first told.
    pub told_from: DateTime<Utc>,
}

/// What the public is told at `now` in place of the article that this leads to, if it was taken down. Of one that never
/// was live it is told nothing. What is taken down in the present is so in every past.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn of(reader: &Reader, key: &IdOrSlug, now: Moment) -> Result<Option<Takedown>> {
    reader.run(async |conn| ask(conn, key, now).await).await
}

async fn ask(mut conn: &AsyncPgConnection, key: &IdOrSlug, now: Moment) -> QueryResult<Option<Takedown>> {
    let slug: [String; 1];
    let sql = Sql::<(Text, Bool, Timestamptz)>::new("SELECT reason, is_legal, taken_down_at FROM takedowns WHERE ");
    let sql = match key {
        IdOrSlug::Id(id) => sql.text("slugs <> '{}' AND article_id = ").id(*id),
        IdOrSlug::Slug(one) => {
            slug = [one.clone()];
            sql.text("slugs @> ").words(&slug)
        }
    };
    let sql = if now.is_past() {
        sql.text(" AND (told_until IS NULL OR told_from <= ").time(now).text(" AND told_until > ").time(now).text(")")
    } else {
        sql.text(" AND told_until IS NULL AND told_from <= ").time(now)
    };
    let sql = sql.text(" ORDER BY told_until DESC LIMIT 1");
    let rows: Vec<Takedown> = sql.load(&mut conn).await?;
    Ok(rows.into_iter().next())
}

/// The takedown of an article that is in force.
pub async fn in_force(tx: &mut Tx, article_id: Uuid) -> Result<Option<Takedown>> {
    let query = takedowns::table
        .filter(takedowns::article_id.eq(article_id).and(takedowns::told_until.is_null()))
        .select((takedowns::reason, takedowns::is_legal, takedowns::taken_down_at));
    Ok(query.first(tx.conn()?).await.optional()?)
}

/// Takes an article down.
///
/// # Errors
/// 409 when it is taken down already.
pub async fn insert(tx: &mut Tx, new: &NewTakedown<'_>) -> Result<()> {
    diesel::insert_into(takedowns::table)
        .values((
            takedowns::id.eq(new.id),
            takedowns::article_id.eq(new.article_id),
            takedowns::slugs.eq(new.slugs.iter().map(Some).collect::<Vec<_>>()),
            takedowns::reason.eq(new.reason),
            takedowns::is_legal.eq(new.is_legal),
            takedowns::created_by.eq(new.created_by),
            takedowns::taken_down_at.eq(new.taken_down_at),
            takedowns::told_from.eq(new.told_from),
        ))
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Tells another reason from now on in place of `before`. The article goes on being down since it was taken down.
pub async fn amend(tx: &mut Tx, before: &Takedown, new: NewTakedown<'_>) -> Result<()> {
    let slugs = end(tx, new.article_id, None, new.told_from).await?;
    insert(tx, &NewTakedown { slugs: &slugs, taken_down_at: before.taken_down_at, ..new }).await
}

/// Ends the takedown of an article.
pub async fn lift(tx: &mut Tx, article_id: Uuid, by: Uuid, now: DateTime<Utc>) -> Result<()> {
    end(tx, article_id, Some(by), now).await?;
    Ok(())
}

/// Ceases to tell what is told; answers the slugs under which it was.
async fn end(tx: &mut Tx, article_id: Uuid, lifted_by: Option<Uuid>, now: DateTime<Utc>) -> Result<Vec<String>> {
    let in_force = takedowns::table.filter(takedowns::article_id.eq(article_id).and(takedowns::told_until.is_null()));
    let slugs: Vec<Vec<Option<String>>> = diesel::update(in_force)
        .set((takedowns::lifted_by.eq(lifted_by), takedowns::told_until.eq(now)))
        .returning(takedowns::slugs)
        .load(tx.conn()?)
        .await?;
    Ok(slugs.into_iter().flatten().flatten().collect())
}
