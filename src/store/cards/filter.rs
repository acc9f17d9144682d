//! What a list is filtered by, and the conditions that this makes.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::order::Sort;
use crate::store::live::Moment;
use crate::store::sql::Sql;

/// What a list is to show: all conditions hold together, and within one any of its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CardFilter {
    /// Under one of these, itself or below.
    pub regions: Vec<Uuid>,
    /// Only what stands in the regions themselves.
    pub exactly: bool,
    /// Under each of these.
    pub all_regions: Vec<Uuid>,
    /// Under none of these.
    pub no_regions: Vec<Uuid>,
    /// By one of these.
    pub authors: Vec<Uuid>,
    /// On one of these.
    pub topics: Vec<Uuid>,
    /// Of one of these types.
    pub types: Vec<String>,
    /// In one of these languages.
    pub languages: Vec<String>,
    /// From one of these sources.
    pub sources: Vec<String>,
    /// First published in this half-open period.
    pub published: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    /// Updated in this half-open period.
    pub updated: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    /// Words to search for, prepared.
    pub words: Option<String>,
    /// In this order.
    pub sort: Sort,
}

/// The table whose index has the order of the list, and whose rows in it are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Driver<'a> {
    None,
    Region(&'a [Uuid]),
    /// One of the regions that are all wanted; the others are looked at row by row.
    OneOfAll(&'a [Uuid]),
    Author(&'a [Uuid]),
    Topic(&'a [Uuid]),
}

impl<'a> Driver<'a> {
    /// The narrowest that the filter has, as far as can be told without looking.
    pub(super) fn of(filter: &'a CardFilter) -> Self {
        let by_date = matches!(filter.sort, Sort::NewestFirst | Sort::OldestFirst);
        let choices = [
            Self::Author(&filter.authors),
            Self::Topic(&filter.topics),
            Self::OneOfAll(filter.all_regions.get(..1).unwrap_or_default()),
            Self::Region(&filter.regions),
        ];
        let given = choices.into_iter().filter(|choice| by_date && !choice.ids().is_empty());
        given.min_by_key(|choice| choice.ids().len()).unwrap_or(Self::None)
    }

    pub(super) fn ids(self) -> &'a [Uuid] {
        match self {
            Self::None => &[],
            Self::Region(ids) | Self::OneOfAll(ids) | Self::Author(ids) | Self::Topic(ids) => ids,
        }
    }

    /// The table and the column that has the ids.
    pub(super) fn table(self) -> (&'static str, &'static str) {
        match self {
            Self::None => ("publications", "id"),
            Self::Region(_) | Self::OneOfAll(_) => ("publication_regions", "region_id"),
            Self::Author(_) => ("publication_authors", "author_id"),
            Self::Topic(_) => ("publication_topics", "topic_id"),
        }
    }

    /// A condition of its own on its rows `d`.
    pub(super) fn condition(self, filter: &CardFilter) -> &'static str {
        match self {
            Self::Region(_) if filter.exactly => " AND d.position IS NOT NULL",
            // One author may stand in several roles.
            Self::Author(_) => {
                " AND NOT EXISTS (SELECT 1 FROM publication_authors e WHERE e.publication_id = d.publication_id \
                 AND e.author_id = d.author_id AND e.position < d.position)"
            }
            _ => "",
        }
    }
}

/// Every condition but the driver's own and the words.
pub(super) fn conditions<'a, Row>(
    sql: Sql<'a, Row>,
    filter: &'a CardFilter,
    driver: Driver<'_>,
    now: Moment,
) -> Sql<'a, Row> {
    let mut sql = sql.live_at("p", now);
    if filter.types.is_empty() {
        // Pages of the site itself stand in no list of news unless they are asked for.
        sql = sql.text(" AND p.type <> 'page'");
    }
    let of_region = "(SELECT 1 FROM publication_regions r WHERE r.publication_id = p.id AND r.region_id = ANY(";
    if !filter.regions.is_empty() && !matches!(driver, Driver::Region(_)) {
        sql = sql.text(" AND EXISTS ").text(of_region).ids(&filter.regions);
        sql = sql.text(if filter.exactly { ") AND r.position IS NOT NULL)" } else { "))" });
    }
    if let Ok(count @ 1..) = i64::try_from(filter.all_regions.len()) {
        sql = sql
            .text(
                " AND (SELECT count(*) FROM publication_regions r WHERE r.publication_id = p.id AND r.region_id = ANY(",
            )
            .ids(&filter.all_regions)
            .text(")) = ")
            .number(count);
    }
    if !filter.no_regions.is_empty() {
        sql = sql.text(" AND NOT EXISTS ").text(of_region).ids(&filter.no_regions).text("))");
    }
    if !filter.authors.is_empty() && !matches!(driver, Driver::Author(_)) {
        sql = sql
            .text(
                " AND EXISTS (SELECT 1 FROM publication_authors a WHERE a.publication_id = p.id AND a.author_id = ANY(",
            )
            .ids(&filter.authors)
            .text("))");
    }
    if !filter.topics.is_empty() && !matches!(driver, Driver::Topic(_)) {
        sql = sql
            .text(" AND EXISTS (SELECT 1 FROM publication_topics t WHERE t.publication_id = p.id AND t.topic_id = ANY(")
            .ids(&filter.topics)
            .text("))");
    }
    for (text, values) in [
        (" AND p.type = ANY(", &filter.types),
        (" AND p.language = ANY(", &filter.languages),
        (" AND p.source_names && (", &filter.sources),
    ] {
        if !values.is_empty() {
            sql = sql.text(text).words(values).text(")");
        }
    }
    for (text, at) in [
        (" AND p.published_at >= ", filter.published.0),
        (" AND p.published_at < ", filter.published.1),
        (" AND p.updated_at >= ", filter.updated.0),
        (" AND p.updated_at < ", filter.updated.1),
    ] {
        if let Some(at) = at {
            sql = sql.text(text).time(at);
        }
    }
    sql
}
