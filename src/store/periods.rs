//! The periods of one article: read in order, cut where another takes over, moved and dropped.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Tx;
use super::prepared::Prepare as _;
use super::schema::{publication_authors, publication_regions, publication_topics, publications};
use super::sql::Sql;
use crate::base::error::Result;

/// One period.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = publications)]
pub struct Period {
    /// UUIDv7.
    pub id: Uuid,
    /// Whose.
    pub article_id: Uuid,
    /// The revision that is shown.
    pub revision: i32,
    /// The section in which it is shown.
    pub primary_region_id: Option<Uuid>,
    /// From this instant on.
    pub live_from: DateTime<Utc>,
    /// Until just before this instant; for good without.
    pub live_until: Option<DateTime<Utc>>,
    /// The end that was planned for it, if nothing took over before.
    pub planned_until: Option<DateTime<Utc>>,
    /// Whether it leaves the last significant change as it was.
    pub minor: bool,
    /// First publication of the article.
    pub published_at: DateTime<Utc>,
    /// Last significant change.
    pub modified_at: Option<DateTime<Utc>>,
}

impl Period {
    /// Whether the article is live in this period at `now`.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.live_from <= now && self.live_until.is_none_or(|until| until > now)
    }
}

/// The article's periods that are not over at `now`, the earliest first.
pub async fn present(tx: &mut Tx, article_id: Uuid, now: DateTime<Utc>) -> Result<Vec<Period>> {
    let query = publications::table
        .filter(publications::article_id.eq(article_id))
        .filter(publications::live_until.is_null().or(publications::live_until.gt(now)))
        .order(publications::live_from.asc());
    Ok(query.select(Period::as_select()).load(tx.conn()?).await?)
}

/// The article's last period of those that begin before an instant.
pub async fn before(tx: &mut Tx, article_id: Uuid, at: DateTime<Utc>) -> Result<Option<Period>> {
    let query = publications::table
        .filter(publications::article_id.eq(article_id).and(publications::live_from.lt(at)))
        .order(publications::live_from.desc());
    Ok(query.select(Period::as_select()).first(tx.conn()?).await.optional()?)
}

/// The periods of an article as a row, as far as they matter at an instant.
#[derive(Debug)]
pub struct Row {
    /// When the first begins, or began.
    pub first: Option<DateTime<Utc>>,
    /// The last of those that begin at the instant or before.
    pub before: Option<Period>,
    /// Those that begin later, the earliest first.
    pub planned: Vec<Period>,
}

type PeriodSql = (
    SqlUuid,
    SqlUuid,
    Integer,
    Nullable<SqlUuid>,
    Timestamptz,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    Bool,
    Timestamptz,
    Nullable<Timestamptz>,
);

/// All of it in one statement.
pub async fn row(tx: &mut Tx, article_id: Uuid, at: DateTime<Utc>) -> Result<Row> {
    const COLUMNS: &str = "SELECT p.id, p.article_id, p.revision, p.primary_region_id, p.live_from, p.live_until, \
         p.planned_until, p.minor, p.published_at, p.modified_at FROM publications p WHERE p.article_id = ";
    let query = Sql::<PeriodSql>::new("(")
        .text(COLUMNS)
        .id(article_id)
        .text(" ORDER BY p.live_from LIMIT 1) UNION (")
        .text(COLUMNS)
        .id(article_id)
        .text(" AND p.live_from <= ")
        .time(at)
        .text(" ORDER BY p.live_from DESC LIMIT 1) UNION (")
        .text(COLUMNS)
        .id(article_id)
        .text(" AND p.live_from > ")
        .time(at)
        .text(") ORDER BY live_from");
    let mut periods: Vec<Period> = query.load(tx.conn()?).await?;
    let first = periods.iter().map(|period| period.live_from).min();
    let planned = periods.split_off(periods.partition_point(|period| period.live_from <= at));
    Ok(Row { first, before: periods.pop(), planned })
}

/// Every slug under which the article is or was live at `now`.
pub async fn slugs_shown(tx: &mut Tx, article_id: Uuid, now: DateTime<Utc>) -> Result<Vec<String>> {
    let query = publications::table
        .filter(publications::article_id.eq(article_id).and(publications::live_from.le(now)))
        .select(publications::slug)
        .distinct();
    Ok(query.load(tx.conn()?).await?)
}

/// Ends a period before its time, because another takes over; one that had not begun goes altogether.
pub async fn cut(tx: &mut Tx, period: &Period, at: DateTime<Utc>) -> Result<()> {
    if period.live_from >= at { remove(tx, period.id).await } else { set_end(tx, period.id, Some(at)).await }
}

/// Ends a period before its time for good; one that had not begun goes altogether.
pub async fn end(tx: &mut Tx, period: &Period, at: DateTime<Utc>) -> Result<()> {
    if period.live_from >= at { remove(tx, period.id).await } else { set_plan(tx, period.id, Some(at), Some(at)).await }
}

/// Takes a period out.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<()> {
    diesel::delete(publications::table.find(id)).execute(tx.conn()?).await?;
    Ok(())
}

/// Gives a period another end, and leaves what was planned for it.
pub async fn set_end(tx: &mut Tx, id: Uuid, until: Option<DateTime<Utc>>) -> Result<()> {
    let row = publications::table.find(id);
    diesel::update(row).set(publications::live_until.eq(until)).prepared().execute(tx.conn()?).await?;
    Ok(())
}

/// Gives a period another planned end, and the one that follows from it.
pub async fn set_plan(
    tx: &mut Tx,
    id: Uuid,
    planned: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<()> {
    diesel::update(publications::table.find(id))
        .set((publications::planned_until.eq(planned), publications::live_until.eq(until)))
        .prepared()
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Gives a period that has not begun another first publication and another last change.
pub async fn set_times(
    tx: &mut Tx,
    id: Uuid,
    published_at: DateTime<Utc>,
    modified_at: Option<DateTime<Utc>>,
) -> Result<()> {
    diesel::update(publications::table.find(id))
        .set((publications::published_at.eq(published_at), publications::modified_at.eq(modified_at)))
        .prepared()
        .execute(tx.conn()?)
        .await?;
    diesel::update(publication_regions::table.filter(publication_regions::publication_id.eq(id)))
        .set(publication_regions::published_at.eq(published_at))
        .prepared()
        .execute(tx.conn()?)
        .await?;
    diesel::update(publication_authors::table.filter(publication_authors::publication_id.eq(id)))
        .set(publication_authors::published_at.eq(published_at))
        .prepared()
        .execute(tx.conn()?)
        .await?;
    diesel::update(publication_topics::table.filter(publication_topics::publication_id.eq(id)))
        .set(publication_topics::published_at.eq(published_at))
        .prepared()
        .execute(tx.conn()?)
        .await?;
    Ok(())
}
