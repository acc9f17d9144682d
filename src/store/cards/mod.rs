//! Lists of what is live: filtered, in order, page by page.
//!
//! A list by regions, authors or topics walks the index that has exactly its order. A search never ranks more than the
//! newest thousand matches: of rare words all matches are found by the words, of frequent ones the newest are found by
//! walking the dates. Which of both it is, the statement itself decides.

mod filter;
mod order;

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::deserialize::Queryable;
use diesel::sql_types::{BigInt, Double, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::future::try_join;
use uuid::Uuid;

use self::filter::{Driver, conditions};
use self::order::Place;
use super::directory::{ASSET, Asset, AssetSql, Directory};
use super::live::{self, Known, Moment};
use super::pages::{self, AroundRow};
use super::sql::Sql;
use super::{Parsed, Reader};
use crate::base::error::Result;
use crate::rules::page::{Seek, Window};
use crate::rules::published::Card;

pub use self::filter::CardFilter;
pub use self::order::Sort;

/// The columns of a card's own part, of the publication under the alias `p`.
const CARD: &str = "p.article_id, p.slug, p.type, p.language, p.headline, p.primary_region_id, p.published_at, \
     p.modified_at, p.updated_at, p.card, ";

/// The types of [`CARD`] and [`ASSET`].
pub(super) type CardSql = (
    SqlUuid,
    Text,
    Text,
    Text,
    Text,
    Nullable<SqlUuid>,
    Timestamptz,
    Nullable<Timestamptz>,
    Timestamptz,
    Json,
    Nullable<AssetSql>,
);

/// What is live of an article, as a card shows it.
#[derive(Clone, Debug, Queryable)]
pub struct CardRow {
    /// The article.
    pub id: Uuid,
    /// Its slug.
    pub slug: String,
    /// Its type.
    pub kind: String,
    /// BCP 47 tag.
    pub language: String,
    /// Text.
    pub headline: String,
    /// Its section.
    pub primary_region: Option<Uuid>,
    /// First publication.
    pub published_at: DateTime<Utc>,
    /// Last significant change.
    pub modified_at: Option<DateTime<Utc>>,
    /// When this version went live.
    pub updated_at: DateTime<Utc>,
    /// What was rendered when it was published.
    pub card: Parsed<Card>,
    /// The picture over it.
    pub asset: Option<Asset>,
}

/// One page of a list, and how long the list is, if that was asked.
pub type Page = (Window<CardRow>, Option<i64>);

type Listed = (CardSql, Nullable<Double>);

/// One page of what is live at `now`. `mean` says which regions, authors and topics are meant.
///
/// # Errors
/// What `mean` answers, 400 for a place that is none in this order, or 503.
pub async fn list(
    reader: &Reader,
    now: Moment,
    mean: impl Fn(&Directory) -> Result<CardFilter>,
    seek: &Seek,
    count: bool,
) -> Result<Known<CardFilter, Page>> {
    let known = live::read(reader, now, mean, async |conn, filter| {
        let place = Place::of(filter.sort, seek)?;
        try_join(rows(conn, filter, seek, &place, now), total(conn, filter, count, now)).await
    })
    .await?;
    let sort = known.meant.sort;
    let (rows, total) = known.value;
    let window = Window::of(rows, seek, |(card, score)| (sort.key(card, *score), card.id)).map(|(card, _)| card);
    Ok(Known { value: (window, total), meant: known.meant, directory: known.directory, pulse: known.pulse })
}

/// As [`list`] without a total, with the site's own pages.
///
/// # Errors
/// As [`list`].
pub async fn section(
    reader: &Reader,
    now: Moment,
    mean: impl Fn(&Directory) -> Result<CardFilter>,
    seek: &Seek,
) -> Result<Known<CardFilter, (Window<CardRow>, Vec<AroundRow>)>> {
    let known = live::read(reader, now, mean, async |conn, filter| {
        let place = Place::of(filter.sort, seek)?;
        try_join(rows(conn, filter, seek, &place, now), pages::site(conn, now)).await
    })
    .await?;
    let sort = known.meant.sort;
    let (rows, around) = known.value;
    let window = Window::of(rows, seek, |(card, score)| (sort.key(card, *score), card.id)).map(|(card, _)| card);
    Ok(Known { value: (window, around), meant: known.meant, directory: known.directory, pulse: known.pulse })
}

async fn rows(
    mut conn: &AsyncPgConnection,
    filter: &CardFilter,
    seek: &Seek,
    place: &Place,
    now: Moment,
) -> QueryResult<Vec<(CardRow, Option<f64>)>> {
    let query = match &filter.words {
        Some(words) => found(filter, words, seek, place, now),
        None => walked(filter, seek, place, now),
    };
    query.load(&mut conn).await
}

async fn total(
    mut conn: &AsyncPgConnection,
    filter: &CardFilter,
    count: bool,
    now: Moment,
) -> QueryResult<Option<i64>> {
    if !count {
        return Ok(None);
    }
    let query = Sql::<BigInt>::new("SELECT count(*) FROM publications p WHERE ")
        .then(|sql| conditions(sql, filter, Driver::None, now))
        .then(|sql| match &filter.words {
            Some(words) => sql.text(" AND p.search @@ (SELECT search_query(").word(words).text("))"),
            None => sql,
        });
    query.get_result(&mut conn).await.map(Some)
}

/// A list without words.
fn walked<'a>(filter: &'a CardFilter, seek: &Seek, place: &Place, now: Moment) -> Sql<'a, Listed> {
    let driver = Driver::of(filter);
    let sql = Sql::new("SELECT ").text(CARD).text(ASSET).text(", NULL::float8 FROM ");
    let media = " LEFT JOIN media m ON m.id = p.hero_media_id WHERE ";
    match driver.ids() {
        [] => {
            let sql = conditions(sql.text("publications p").text(media), filter, driver, now);
            place.ordered(place.after(sql, "p"), "p", seek.fetch())
        }
        [one] => driven(sql, driver, media, |sql| sql.id(*one), filter, seek, place, now),
        // The first of each, and of all these the first.
        many => {
            let sql = sql.text("publications p").text(media).text("p.id IN (SELECT x.id FROM unnest(").ids(many);
            let sql = sql.text(") AS wanted(id) CROSS JOIN LATERAL (SELECT p.id FROM ");
            let sql =
                driven(sql, driver, " WHERE ", |sql| sql.text("wanted.id"), filter, seek, place, now).text(") x)");
            place.ordered(sql, "p", seek.fetch())
        }
    }
}

/// The driver's rows `d` of one id in the order of its index, with their publications `p`.
#[expect(clippy::too_many_arguments, reason = "the parts of one statement")]
fn driven<'a>(
    sql: Sql<'a, Listed>,
    driver: Driver<'_>,
    and_where: &'static str,
    id: impl FnOnce(Sql<'a, Listed>) -> Sql<'a, Listed>,
    filter: &'a CardFilter,
    seek: &Seek,
    place: &Place,
    now: Moment,
) -> Sql<'a, Listed> {
    let (table, column) = driver.table();
    let sql = sql.text(table).text(" d JOIN publications p ON p.id = d.publication_id").text(and_where);
    let sql = id(sql.text("d.").text(column).text(" = ")).text(driver.condition(filter)).text(" AND ");
    place.ordered(place.after(conditions(sql, filter, driver, now), "d"), "d", seek.fetch())
}

/// Matches of words: of at most so many all are found by the words and then put in order; of more, which have to be
/// frequent, the first in the order are found by walking it.
fn found<'a>(filter: &'a CardFilter, words: &'a str, seek: &Seek, place: &Place, now: Moment) -> Sql<'a, Listed> {
    let ranked = filter.sort == Sort::Relevance;
    let newest = Place::newest_first();
    let (candidates, order) = if ranked { (1000, &newest) } else { (seek.fetch(), place) };
    let fitting = |sql: Sql<'a, Listed>| order.after(conditions(sql, filter, Driver::None, now), "p");
    let sql = Sql::new("WITH asked AS MATERIALIZED (SELECT search_query(")
        .word(words)
        .text(") AS query), few AS MATERIALIZED (SELECT p.id, p.article_id, p.published_at, p.updated_at ")
        .text("FROM publications p WHERE p.search @@ (SELECT asked.query FROM asked) AND ")
        .then(fitting)
        .text(" LIMIT 20001), size AS MATERIALIZED (SELECT count(*) <= 20000 AS is_small FROM few), matches AS (")
        .text("(SELECT few.id FROM few WHERE (SELECT size.is_small FROM size)")
        .then(|sql| order.ordered(sql, "few", candidates))
        // Only the order is walked inside, so that no guess about the words leads to another way.
        .text(") UNION ALL (SELECT w.id FROM (SELECT p.id, p.search FROM publications p WHERE ")
        .then(fitting)
        .then(|sql| order.sorted(sql, "p"))
        .text(
            " OFFSET 0) w WHERE NOT (SELECT size.is_small FROM size) AND w.search @@ (SELECT asked.query FROM asked) ",
        )
        .text("LIMIT ")
        .number(candidates);
    // One step up in weight (headline over summary over body) is worth some months of age. The score is the same
    // whenever it is computed, so that it can be a place in the list.
    let sql = sql
        .text(")), scored AS (SELECT p.*, ")
        .text(if ranked {
            "ln(ts_rank(p.search, asked.query, 1)::float8 + 1e-9) + extract(epoch FROM p.published_at)::float8 / 15552000"
        } else {
            "NULL::float8"
        })
        .text(" AS score FROM matches JOIN publications p ON p.id = matches.id, asked) SELECT ")
        .text(CARD)
        .text(ASSET)
        .text(", p.score FROM scored p LEFT JOIN media m ON m.id = p.hero_media_id WHERE true");
    let sql = if ranked { place.after(sql, "p") } else { sql };
    place.ordered(sql, "p", seek.fetch())
}

impl CardRow {
    /// What was rendered for the card.
    pub fn rendered(&self) -> &Card {
        &self.card.0
    }
}

/// The columns of a card and its picture, for statements elsewhere on this floor.
pub(super) fn card_columns<Row>(sql: Sql<'_, Row>) -> Sql<'_, Row> {
    sql.text(CARD).text(ASSET)
}
