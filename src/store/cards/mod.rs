//! Lists of what is live: filtered, in order, page by page.
//!
//! A list by regions, authors or topics walks the index that has exactly its order. A search never ranks more than the
//! newest thousand matches: of rare words all matches are found by the words, of frequent ones the newest are found by
//! walking the dates. Which of both it is, the statement itself decides.

mod filter;
mod order;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::deserialize::Queryable;
use diesel::sql_types::{BigInt, Double, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::future::try_join;
use uuid::Uuid;

use self::filter::{Driver, conditions};
use self::order::Place;
use super::around::{self, AroundRow};
use super::directory::{ASSET, Asset, AssetSql, Directory};
use super::documents::Documents;
use super::live::{self, Known, Moment};
use super::sql::Sql;
use super::{Parsed, Reader};
use crate::base::error::{Error, Result};
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

/// An article in a list, and its card.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The article.
    pub id: Uuid,
    /// What is live of it.
    pub publication: Uuid,
    /// When this version went live.
    pub updated_at: DateTime<Utc>,
    published_at: DateTime<Utc>,
    score: Option<f64>,
    /// Its card.
    pub card: Drawn,
}

/// A card as it is kept, or what one is drawn from.
#[derive(Clone, Debug)]
pub enum Drawn {
    /// JSON, and tags of all that it shows, separated by blanks.
    Kept(String, String),
    /// What to draw.
    Row(Box<CardRow>),
}

/// An article in a list as it is found.
#[derive(Queryable)]
struct Found {
    id: Uuid,
    publication: Uuid,
    published_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    score: Option<f64>,
    reference: i64,
    kept: Option<String>,
    tags: Option<String>,
}

/// One page of a list, and how long the list is, if that was asked.
pub type Page = (Window<Listed>, Option<i64>);

type FoundSql = (SqlUuid, SqlUuid, Timestamptz, Timestamptz, Nullable<Double>, BigInt, Nullable<Text>, Nullable<Text>);

/// How often reference data may change under a list before it is given up.
const MOST_ROUNDS: usize = 5;
/// What is selected of each article of the page, before its card is looked for.
const PICKED: &str = "p.id, p.article_id, p.published_at, p.updated_at, p.modified_at, ";

/// One page of what is live at `now`. `mean` says which regions, authors and topics are meant; cards that are kept among
/// the documents are answered as they are.
///
/// # Errors
/// What `mean` answers, or 503.
pub async fn list(
    (reader, documents): (&Reader, &Documents),
    now: Moment,
    mean: impl Fn(&Directory) -> Result<CardFilter>,
    seek: &Seek,
    count: bool,
) -> Result<Known<CardFilter, Page>> {
    page((reader, documents), now, mean, seek, async |conn, filter| total(conn, filter, count, now).await).await
}

/// As [`list`] without a total, with the site's own pages.
///
/// # Errors
/// As [`list`].
pub async fn section(
    (reader, documents): (&Reader, &Documents),
    now: Moment,
    mean: impl Fn(&Directory) -> Result<CardFilter>,
    seek: &Seek,
) -> Result<Known<CardFilter, (Window<Listed>, Vec<AroundRow>)>> {
    page((reader, documents), now, mean, seek, async |conn, _| around::of(conn, None, now).await).await
}

/// Reads what the cards that are not kept are drawn from, if there are any; nothing if one of the articles is gone.
async fn with_cards(reader: &Reader, found: Vec<Found>) -> Result<Option<Vec<Listed>>> {
    let lacking: Vec<Uuid> = found.iter().filter(|row| row.kept.is_none()).map(|row| row.publication).collect();
    let mut rows = HashMap::new();
    if !lacking.is_empty() {
        rows.extend(reader.run_at_primary(async |conn| publications(conn, &lacking).await).await?);
    }
    let listed = found.into_iter().map(|row| {
        let card = match (row.kept, row.tags) {
            (Some(json), Some(tags)) => Drawn::Kept(json, tags),
            _ => Drawn::Row(Box::new(rows.remove(&row.publication)?)),
        };
        let Found { id, publication, published_at, updated_at, score, .. } = row;
        Some(Listed { id, publication, updated_at, published_at, score, card })
    });
    Ok(listed.collect())
}

async fn publications(mut conn: &AsyncPgConnection, ids: &[Uuid]) -> QueryResult<Vec<(Uuid, CardRow)>> {
    Sql::<(SqlUuid, CardSql)>::new("SELECT p.id, ")
        .then(card_columns)
        .text(" FROM publications p LEFT JOIN media m ON m.id = p.hero_media_id WHERE p.id = ANY(")
        .ids(ids)
        .text(")")
        .load(&mut conn)
        .await
}

/// One page, and what `beside` reads in the same round trip.
async fn page<T>(
    (reader, documents): (&Reader, &Documents),
    now: Moment,
    mean: impl Fn(&Directory) -> Result<CardFilter>,
    seek: &Seek,
    beside: impl AsyncFn(&AsyncPgConnection, &CardFilter) -> QueryResult<T>,
) -> Result<Known<CardFilter, (Window<Listed>, T)>> {
    for _ in 0..MOST_ROUNDS {
        let known = live::read(reader, now, &mean, async |conn, filter| {
            let place = Place::of(filter.sort, seek)?;
            try_join(rows(conn, filter, seek, (&place, documents.made_by()), now), beside(conn, filter)).await
        })
        .await?;
        let sort = known.meant.sort;
        let (found, beside) = known.value;
        // A kept card has the reference data of its time within it: those of the others have to be the same.
        if found.iter().any(|row| row.reference != known.directory.version()) {
            reader.leave_replica();
            continue;
        }
        // What was purged meanwhile stands in no list.
        let Some(rows) = with_cards(reader, found).await? else { continue };
        let window = Window::of(rows, seek, |row: &Listed| (sort.key(row), row.id));
        let (directory, pulse) = (known.directory, known.pulse);
        return Ok(Known { value: (window, beside), meant: known.meant, directory, pulse });
    }
    Err(Error::unavailable("the reference data changed with every look"))
}

async fn rows(
    mut conn: &AsyncPgConnection,
    filter: &CardFilter,
    seek: &Seek,
    (place, made_by): (&Place, &str),
    now: Moment,
) -> QueryResult<Vec<Found>> {
    let sql = Sql::<FoundSql>::new(
        "SELECT x.article_id, x.id, x.published_at, x.updated_at, x.score, v.version, k.card, k.card_tags FROM (",
    );
    let sql = match &filter.words {
        Some(words) => found(sql, filter, words, seek, place, now),
        None => walked(sql, filter, seek, place, now),
    };
    let query = sql
        .text(") x CROSS JOIN reference_version v LEFT JOIN documents k ON k.article_id = x.article_id ")
        .text("AND k.card_of = x.id AND k.card_published_at = x.published_at AND k.card_updated_at = x.updated_at ")
        .text("AND k.card_modified_at IS NOT DISTINCT FROM x.modified_at AND k.card_reference = v.version ")
        .text("AND k.card_made_by = ")
        .word(made_by);
    place.sorted(query, "x").load(&mut conn).await
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
fn walked<'a>(
    sql: Sql<'a, FoundSql>,
    filter: &'a CardFilter,
    seek: &Seek,
    place: &Place,
    now: Moment,
) -> Sql<'a, FoundSql> {
    let driver = Driver::of(filter);
    let sql = sql.text("SELECT ").text(PICKED).text("NULL::float8 AS score FROM ");
    match driver.ids() {
        [] => {
            let sql = conditions(sql.text("publications p WHERE "), filter, driver, now);
            place.ordered(place.after(sql, "p"), "p", seek.fetch())
        }
        [one] => driven(sql, driver, |sql| sql.id(*one), filter, seek, place, now),
        // The first of each, and of all these the first.
        many => {
            let sql = sql.text("publications p WHERE p.id IN (SELECT x.id FROM unnest(").ids(many);
            let sql = sql.text(") AS wanted(id) CROSS JOIN LATERAL (SELECT p.id FROM ");
            let sql = driven(sql, driver, |sql| sql.text("wanted.id"), filter, seek, place, now).text(") x)");
            place.ordered(sql, "p", seek.fetch())
        }
    }
}

/// The driver's rows `d` of one id in the order of its index, with their publications `p`.
fn driven<'a>(
    sql: Sql<'a, FoundSql>,
    driver: Driver<'_>,
    id: impl FnOnce(Sql<'a, FoundSql>) -> Sql<'a, FoundSql>,
    filter: &'a CardFilter,
    seek: &Seek,
    place: &Place,
    now: Moment,
) -> Sql<'a, FoundSql> {
    let (table, column) = driver.table();
    let sql = sql.text(table).text(" d JOIN publications p ON p.id = d.publication_id WHERE ");
    let sql = id(sql.text("d.").text(column).text(" = ")).text(driver.condition(filter)).text(" AND ");
    place.ordered(place.after(conditions(sql, filter, driver, now), "d"), "d", seek.fetch())
}

/// Matches of words: of at most so many all are found by the words and then put in order; of more, which have to be
/// frequent, the first in the order are found by walking it.
fn found<'a>(
    sql: Sql<'a, FoundSql>,
    filter: &'a CardFilter,
    words: &'a str,
    seek: &Seek,
    place: &Place,
    now: Moment,
) -> Sql<'a, FoundSql> {
    let ranked = filter.sort == Sort::Relevance;
    let newest = Place::newest_first();
    let (candidates, order) = if ranked { (1000, &newest) } else { (seek.fetch(), place) };
    let fitting = |sql: Sql<'a, FoundSql>| order.after(conditions(sql, filter, Driver::None, now), "p");
    let sql = sql
        .text("WITH asked AS MATERIALIZED (SELECT search_query(")
        .word(words)
        .text(
            ") AS query), few AS MATERIALIZED (SELECT p.id, p.article_id, p.published_at, p.updated_at, p.modified_at ",
        )
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
        .text(")), scored AS (SELECT p.id, p.article_id, p.published_at, p.updated_at, p.modified_at, ")
        .text(if ranked {
            "ln(ts_rank(p.search, asked.query, 1)::float8 + 1e-9) + extract(epoch FROM p.published_at)::float8 / 15552000"
        } else {
            "NULL::float8"
        })
        .text(" AS score FROM matches JOIN publications p ON p.id = matches.id, asked) SELECT ")
        .text(PICKED)
        .text("p.score FROM scored p WHERE true");
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
