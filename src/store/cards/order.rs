//! The order of a list, and the place in it where a page begins.

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::QueryResult;
use uuid::Uuid;

use super::Listed;
use crate::rules::page::Seek;
use crate::store::sql::Sql;

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Last published first.
    #[default]
    NewestFirst,
    /// First published first.
    OldestFirst,
    /// Last updated first.
    UpdatedFirst,
    /// First updated first.
    UpdatedLast,
    /// Best match first; needs words to search for.
    Relevance,
}

impl Sort {
    /// Column, and whether the list falls.
    fn column(self) -> (&'static str, bool) {
        match self {
            Self::NewestFirst => ("published_at", true),
            Self::OldestFirst => ("published_at", false),
            Self::UpdatedFirst => ("updated_at", true),
            Self::UpdatedLast => ("updated_at", false),
            Self::Relevance => ("score", true),
        }
    }

    pub(super) fn key(self, row: &Listed) -> String {
        match self {
            Self::NewestFirst | Self::OldestFirst => written(row.published_at),
            Self::UpdatedFirst | Self::UpdatedLast => written(row.updated_at),
            Self::Relevance => row.score.unwrap_or_default().to_string(),
        }
    }
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Where the page begins, and in which order its rows are fetched.
pub(super) struct Place {
    column: &'static str,
    falling: bool,
    from: Option<(Key, Uuid)>,
}

#[derive(Clone, Copy)]
enum Key {
    Time(DateTime<Utc>),
    Score(f64),
}

impl Place {
    /// The beginning of the usual order.
    pub(super) fn newest_first() -> Self {
        let (column, falling) = Sort::NewestFirst.column();
        Self { column, falling, from: None }
    }

    pub(super) fn of(sort: Sort, seek: &Seek) -> QueryResult<Self> {
        let (column, falls) = sort.column();
        let unreadable = || diesel::result::Error::DeserializationError("a cursor's key is no place".into());
        let from = match &seek.from {
            None => None,
            Some(from) if sort == Sort::Relevance => {
                Some((Key::Score(from.key.parse().map_err(|_| unreadable())?), from.id))
            }
            Some(from) => {
                let at = DateTime::parse_from_rfc3339(&from.key).map_err(|_| unreadable())?;
                Some((Key::Time(at.with_timezone(&Utc)), from.id))
            }
        };
        Ok(Self { column, falling: falls != seek.back(), from })
    }

    /// ` AND (alias.column, alias.article_id) < (key, id)`.
    pub(super) fn after<'a, Row>(&self, sql: Sql<'a, Row>, alias: &'static str) -> Sql<'a, Row> {
        let Some((key, id)) = self.from else { return sql };
        let sql = sql.text(" AND (").text(alias).text(".").text(self.column).text(", ").text(alias);
        let sql = sql.text(if self.falling { ".article_id) < (" } else { ".article_id) > (" });
        let sql = match key {
            Key::Time(at) => sql.time(at),
            Key::Score(score) => sql.real(score),
        };
        sql.text(", ").id(id).text(")")
    }

    /// ` ORDER BY alias.column DESC, alias.article_id DESC`.
    pub(super) fn sorted<'a, Row>(&self, sql: Sql<'a, Row>, alias: &'static str) -> Sql<'a, Row> {
        let way = if self.falling { " DESC" } else { " ASC" };
        let sql = sql.text(" ORDER BY ").text(alias).text(".").text(self.column).text(way);
        sql.text(", ").text(alias).text(".article_id").text(way)
    }

    /// As [`sorted`](Self::sorted), and the first of it only.
    pub(super) fn ordered<'a, Row>(&self, sql: Sql<'a, Row>, alias: &'static str, limit: i64) -> Sql<'a, Row> {
        self.sorted(sql, alias).text(" LIMIT ").number(limit)
    }
}
