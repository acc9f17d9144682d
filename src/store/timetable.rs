//! What changes outside, and when: every begin, every update and every end of what is live, in order.

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::deserialize::Queryable;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Tx;
use super::articles::VisibleTo;
use super::sql::Sql;
use crate::base::error::{Error, Result};
use crate::rules::page::{Seek, Window};

/// One change.
#[derive(Clone, Debug, Queryable)]
pub struct Change {
    /// When.
    pub at: DateTime<Utc>,
    /// `goes_live`, `is_updated` or `ends`; or `is_live` already.
    pub kind: String,
    /// Which period begins or ends.
    pub period: Uuid,
    /// Of which article.
    pub article: Uuid,
    /// The revision that the period shows.
    pub revision: i32,
    /// When the period begins.
    pub live_from: DateTime<Utc>,
    /// When it ends.
    pub live_until: Option<DateTime<Utc>>,
    /// The slug that it shows.
    pub slug: String,
    /// The headline that it shows.
    pub headline: String,
}

/// Which changes are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// From this instant on.
    pub from: DateTime<Utc>,
    /// Before this one.
    pub to: Option<DateTime<Utc>>,
    /// And what is live at the first instant already.
    pub with_live: bool,
}

type Row = (Timestamptz, Text, SqlUuid, SqlUuid, Integer, Timestamptz, Nullable<Timestamptz>, Text, Text);

/// One page of the changes from an instant on, and before another, that concern articles which the caller may see.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn list(tx: &mut Tx, to: VisibleTo, span: Span, seek: &Seek) -> Result<Window<Change>> {
    let place = match &seek.from {
        Some(from) => {
            let at = DateTime::parse_from_rfc3339(&from.key).map_err(Error::internal)?;
            Some((at.with_timezone(&Utc), from.id))
        }
        None => None,
    };
    let select = "SELECT e.at, e.kind, p.id, p.article_id, p.revision, p.live_from, p.live_until, p.slug, p.headline";
    let sql = changes(Sql::<Row>::new(select), to, span);
    let sql = match place {
        Some((at, id)) => {
            let beyond = if seek.rising() { " AND (e.at, e.id) > (" } else { " AND (e.at, e.id) < (" };
            sql.text(beyond).time(at).text(", ").id(id).text(")")
        }
        None => sql,
    };
    let order = if seek.rising() { " ORDER BY e.at, e.id LIMIT " } else { " ORDER BY e.at DESC, e.id DESC LIMIT " };
    let rows: Vec<Change> = sql.text(order).number(seek.fetch()).load(tx.conn()?).await?;
    Ok(Window::of(rows, seek, |row| (row.at.to_rfc3339_opts(SecondsFormat::Micros, true), row.period)))
}

/// How many changes the whole list has.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn count(tx: &mut Tx, to: VisibleTo, span: Span) -> Result<i64> {
    Ok(changes(Sql::<BigInt>::new("SELECT count(*)"), to, span).get_result(tx.conn()?).await?)
}

fn changes<Row>(select: Sql<'_, Row>, to: VisibleTo, Span { from, to: until, with_live }: Span) -> Sql<'_, Row> {
    let sql = select
        .text(" FROM (SELECT s.live_from AS at, CASE WHEN EXISTS (SELECT FROM publications b ")
        .text(
            "WHERE b.article_id = s.article_id AND b.live_until = s.live_from) THEN 'is_updated' ELSE 'goes_live' END ",
        )
        .text("AS kind, s.id FROM publications s WHERE s.live_from >= ")
        .time(from)
        .text(" UNION ALL SELECT x.live_until, 'ends', x.id FROM publications x WHERE x.live_until >= ")
        .time(from)
        .text(" AND NOT EXISTS (SELECT FROM publications n WHERE n.article_id = x.article_id ")
        .text("AND n.live_from = x.live_until)");
    let sql = if with_live {
        sql.text(" UNION ALL SELECT ")
            .time(from)
            .text(", 'is_live', l.id FROM publications l WHERE l.live_from < ")
            .time(from)
            .text(" AND (l.live_until IS NULL OR l.live_until > ")
            .time(from)
            .text(")")
    } else {
        sql
    };
    let sql =
        sql.text(") e JOIN publications p ON p.id = e.id ").text("JOIN articles a ON a.id = p.article_id WHERE true");
    let sql = match until {
        Some(until) => sql.text(" AND e.at < ").time(until),
        None => sql,
    };
    match to {
        VisibleTo::Everybody => sql,
        VisibleTo::Creator(id) => sql.text(" AND a.created_by = ").id(id),
    }
}
