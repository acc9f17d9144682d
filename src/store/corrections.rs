//! What articles got wrong and put right, as the public is told. Only corrections of what is live are read.

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::live::{self, Known, Moment};
use super::schema::corrections;
use super::sql::Sql;
use super::{Reader, Tx};
use crate::base::error::{Error, Result};
use crate::rules::page::{Seek, Window};

/// A correction that is made.
#[derive(Debug)]
pub struct NewCorrection<'a> {
    /// UUIDv7.
    pub id: Uuid,
    /// Of which article.
    pub article_id: Uuid,
    /// The revision that was wrong.
    pub from_revision: i32,
    /// The one that took its place.
    pub to_revision: i32,
    /// In public words.
    pub note: &'a str,
    /// Who made it.
    pub created_by: Uuid,
    /// When.
    pub corrected_at: DateTime<Utc>,
}

/// A correction in the list of all.
#[derive(Clone, Debug, Queryable)]
pub struct CorrectionRow {
    /// Its id.
    pub id: Uuid,
    /// In public words.
    pub note: String,
    /// When.
    pub corrected_at: DateTime<Utc>,
    /// The article.
    pub article: Uuid,
    /// Its present slug.
    pub slug: String,
    /// Its present headline.
    pub headline: String,
    /// Its present section.
    pub primary_region: Option<Uuid>,
}

/// A correction as the newsroom has it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = corrections)]
pub struct Correction {
    /// Its id.
    pub id: Uuid,
    /// The revision that was wrong.
    pub from_revision: i32,
    /// The one that took its place.
    pub to_revision: i32,
    /// In public words.
    pub note: String,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// When.
    pub corrected_at: DateTime<Utc>,
}

type RowSql = (SqlUuid, Text, Timestamptz, SqlUuid, Text, Text, Nullable<SqlUuid>);

/// Keeps a correction.
pub async fn insert(tx: &mut Tx, new: &NewCorrection<'_>) -> Result<()> {
    diesel::insert_into(corrections::table)
        .values((
            corrections::id.eq(new.id),
            corrections::article_id.eq(new.article_id),
            corrections::from_revision.eq(new.from_revision),
            corrections::to_revision.eq(new.to_revision),
            corrections::note.eq(new.note),
            corrections::created_by.eq(new.created_by),
            corrections::corrected_at.eq(new.corrected_at),
        ))
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// The corrections of an article, the newest first.
pub async fn of(tx: &mut Tx, article_id: Uuid) -> Result<Vec<Correction>> {
    let own = corrections::table.filter(corrections::article_id.eq(article_id));
    let newest = own.order((corrections::corrected_at.desc(), corrections::id.desc()));
    Ok(newest.select(Correction::as_select()).load(tx.conn()?).await?)
}

/// One page of the corrections of what is live at `now`, by time.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn list(reader: &Reader, now: Moment, seek: &Seek) -> Result<Known<(), Window<CorrectionRow>>> {
    let from = match &seek.from {
        Some(from) => {
            let at = DateTime::parse_from_rfc3339(&from.key).map_err(Error::internal)?;
            Some((at.with_timezone(&Utc), from.id))
        }
        None => None,
    };
    let known = live::read(reader, now, |_| Ok(()), async |conn, ()| rows(conn, now, from, seek).await).await?;
    let place = |row: &CorrectionRow| (row.corrected_at.to_rfc3339_opts(SecondsFormat::Micros, true), row.id);
    let window = Window::of(known.value, seek, place);
    Ok(Known { value: window, meant: (), directory: known.directory, pulse: known.pulse })
}

/// What the public had been told by `now` of an article, the oldest first, as a column: an array of
/// [`Corrected`](crate::rules::published::Corrected), or nothing.
pub(super) fn told_by<'a, Row>(
    sql: Sql<'a, Row>,
    article: impl FnOnce(Sql<'a, Row>) -> Sql<'a, Row>,
    now: Moment,
) -> Sql<'a, Row> {
    sql.text("(SELECT json_agg(json_build_object('id', c.id, 'note', c.note, 'corrected_at', c.corrected_at) ")
        .text("ORDER BY c.corrected_at, c.id) FROM corrections c WHERE c.article_id = ")
        .then(article)
        .text(" AND c.corrected_at <= ")
        .time(now)
        .text(")")
}

/// How many corrections there are of what is live at `now`.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn count(reader: &Reader, now: Moment) -> Result<i64> {
    reader.run(async |mut conn| listed(Sql::<BigInt>::new("SELECT count(*)"), now).get_result(&mut conn).await).await
}

fn listed<Row>(select: Sql<'_, Row>, now: Moment) -> Sql<'_, Row> {
    select
        .text(" FROM corrections c JOIN publications p ON p.article_id = c.article_id AND ")
        .live_at("p", now)
        .text(" WHERE c.corrected_at <= ")
        .time(now)
}

async fn rows(
    mut conn: &AsyncPgConnection,
    now: Moment,
    from: Option<(DateTime<Utc>, Uuid)>,
    seek: &Seek,
) -> QueryResult<Vec<CorrectionRow>> {
    let select = "SELECT c.id, c.note, c.corrected_at, c.article_id, p.slug, p.headline, p.primary_region_id";
    let sql = listed(Sql::<RowSql>::new(select), now);
    let sql = match from {
        Some((at, id)) => {
            let beyond =
                if seek.rising() { " AND (c.corrected_at, c.id) > (" } else { " AND (c.corrected_at, c.id) < (" };
            sql.text(beyond).time(at).text(", ").id(id).text(")")
        }
        None => sql,
    };
    let order = if seek.rising() {
        " ORDER BY c.corrected_at, c.id LIMIT "
    } else {
        " ORDER BY c.corrected_at DESC, c.id DESC LIMIT "
    };
    sql.text(order).number(seek.fetch()).load(&mut conn).await
}
