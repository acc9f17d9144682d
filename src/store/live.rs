//! The door of delivery: what is live at an instant, and the pulse that every read takes along, which tells whether the
//! reference data in memory are the present ones and when the clock changes something next.

use std::ops::AsyncFn;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::deserialize::Queryable;
use diesel::sql_types::{BigInt, Nullable, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::future::try_join;

use super::directory::Directory;
use super::reader::Reader;
use super::sql::Sql;
use crate::base::error::{Error, Result};

/// How often reference data may change under one request before it gives up.
const MOST_ROUNDS: usize = 5;

/// The instant that a reader asks about: the present, or one that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    at: DateTime<Utc>,
    is_past: bool,
}

impl Moment {
    /// The present.
    pub fn now(at: DateTime<Utc>) -> Self {
        Self { at, is_past: false }
    }

    /// One that is over.
    pub fn past(at: DateTime<Utc>) -> Self {
        Self { at, is_past: true }
    }

    /// The instant itself.
    pub fn at(self) -> DateTime<Utc> {
        self.at
    }

    /// Whether it is over.
    pub fn is_past(self) -> bool {
        self.is_past
    }
}

impl From<Moment> for DateTime<Utc> {
    fn from(moment: Moment) -> Self {
        moment.at
    }
}

type PulseSql = (BigInt, Nullable<Timestamptz>, Nullable<Timestamptz>);

/// One look at what changes answers from outside: three probes of indexes.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Pulse {
    version: i64,
    next_start: Option<DateTime<Utc>>,
    next_end: Option<DateTime<Utc>>,
}

impl Pulse {
    /// The next instant at which something becomes live or ceases to be.
    pub fn next_change(&self) -> Option<DateTime<Utc>> {
        self.next_start.into_iter().chain(self.next_end).min()
    }

    /// The next instant at which something that is live ceases to be.
    pub fn next_end(&self) -> Option<DateTime<Utc>> {
        self.next_end
    }
}

/// What was read, what it was asked for, and the reference data that belong to it.
#[derive(Debug)]
pub struct Known<F, T> {
    /// The rows.
    pub value: T,
    /// What the question meant in these reference data.
    pub meant: F,
    /// Authors, regions and topics.
    pub directory: Arc<Directory>,
    /// The look that was taken along.
    pub pulse: Pulse,
}

impl<Row> Sql<'_, Row> {
    /// The condition that the publication under this alias is live: every query of delivery has it.
    pub(super) fn live_at(self, alias: &'static str, now: Moment) -> Self {
        // Nearly everything is live, so an index of the times is never the way in: `IS TRUE` keeps it out of the plan.
        let sql = self
            .text("(")
            .text(alias)
            .text(".live_from <= ")
            .time(now)
            .text(" AND (")
            .text(alias)
            .text(".live_until IS NULL OR ")
            .text(alias)
            .text(".live_until > ")
            .time(now)
            .text(")) IS TRUE");
        if !now.is_past() {
            return sql;
        }
        // Taking an article down ends what is live of it; what was live of it before must not be had either.
        sql.text(" AND NOT EXISTS (SELECT 1 FROM articles down WHERE down.id = ")
            .text(alias)
            .text(".article_id AND down.killed_at IS NOT NULL)")
    }
}

/// Sends what `ask` asks together with the pulse. `mean` says what the question means in the reference data, such as
/// the region that a slug names; if these turn out to have changed and it then means something else, it is asked again.
///
/// # Errors
/// What `mean` answers in the present reference data, or 503.
pub(super) async fn read<F: PartialEq, T>(
    reader: &Reader,
    now: Moment,
    mean: impl Fn(&Directory) -> Result<F>,
    ask: impl AsyncFn(&AsyncPgConnection, &F) -> QueryResult<T>,
) -> Result<Known<F, T>> {
    let mut directory = reader.directories().at_least(reader, 0).await?;
    for _ in 0..MOST_ROUNDS {
        let meant = mean(&directory);
        let (value, pulse) = match &meant {
            Ok(meant) => {
                let both = reader.run(async |conn| try_join(ask(conn, meant), pulse(conn, now)).await).await?;
                (Some(both.0), both.1)
            }
            Err(_) => (None, reader.run(async |conn| pulse(conn, now).await).await?),
        };
        let fresh = reader.directories().at_least(reader, pulse.version).await?;
        let same = Arc::ptr_eq(&fresh, &directory);
        match (meant, value) {
            (Ok(meant), Some(value)) if same || mean(&fresh).is_ok_and(|again| again == meant) => {
                return Ok(Known { value, meant, directory: fresh, pulse });
            }
            (Err(error), _) if same => return Err(error),
            _ => directory = fresh,
        }
    }
    Err(Error::unavailable("the reference data changed with every look"))
}

/// The present authors, regions and topics.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn directory(reader: &Reader, now: DateTime<Utc>) -> Result<Arc<Directory>> {
    read(reader, Moment::now(now), |_| Ok(()), async |_, ()| Ok(())).await.map(|known| known.directory)
}

async fn pulse(mut conn: &AsyncPgConnection, now: Moment) -> QueryResult<Pulse> {
    Sql::<PulseSql>::new("SELECT version, (SELECT min(live_from) FROM publications WHERE live_from > ")
        .time(now)
        .text("), (SELECT min(p.live_until) FROM publications p WHERE p.live_until > ")
        .time(now)
        // Few have an end, nearly all have begun: `IS TRUE` keeps the index of beginnings out of the plan.
        .text(" AND (p.live_from <= ")
        .time(now)
        .text(") IS TRUE")
        // Where another version goes on at once, nothing ends.
        .text(" AND NOT EXISTS (SELECT 1 FROM publications n WHERE n.article_id = p.article_id ")
        // As a probe for each end, of which the first answers: joined, all that was ever replaced would be gone through.
        .text("AND n.live_from = p.live_until OFFSET 0)) FROM reference_version")
        .get_result(&mut conn)
        .await
}
