//! What articles name, looked up together: people, regions, topics, the asset over them, other articles, and the
//! periods in which they are or will be live. Merged authors and topics appear as those that took them in.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::Tx;
use super::articles::{Article, VisibleTo};
use super::corrections::{self, Correction};
use super::legal_holds;
use super::lookup::{self, Named};
use super::presence::{self, Lease};
use super::schema::{articles, media, publications};
use super::sql::Sql;
use super::takedowns::{self, Takedown};
use crate::base::error::Result;
use crate::rules::article::{ArticleStatus, Content};
use crate::rules::workflow::Standing;

/// A period that is not over.
#[derive(Clone, Debug, Queryable)]
pub struct Showing {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub article_id: Uuid,
    /// The revision that is shown.
    pub revision: i32,
    /// From this instant on.
    pub live_from: DateTime<Utc>,
    /// Until just before this one; for good without.
    pub live_until: Option<DateTime<Utc>>,
    /// Its slug then.
    pub slug: String,
    /// Its headline then.
    pub headline: String,
    /// The section in which it is shown.
    pub primary_region: Option<Uuid>,
}

/// The asset over an article.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = media)]
pub struct Asset {
    /// Its id.
    pub id: Uuid,
    /// Where its bytes are.
    pub url: String,
    /// Its media type.
    pub mime_type: String,
    /// In pixels.
    pub width: Option<i32>,
    /// In pixels.
    pub height: Option<i32>,
    /// What it shows.
    pub alt: String,
    /// What is written under it.
    pub caption: String,
    /// Who is owed the credit.
    pub credit_line: String,
}

/// Another article that is named.
#[derive(Clone, Debug)]
pub struct Mention {
    /// Its slug.
    pub slug: String,
    /// Its headline.
    pub headline: String,
    /// What is live of it.
    pub status: ArticleStatus,
}

/// Everything that is named, by id. What the caller may not see is missing.
#[derive(Debug, Default)]
pub struct Surroundings {
    /// The authors of the bylines.
    pub authors: HashMap<Uuid, Named>,
    /// The topics.
    pub topics: HashMap<Uuid, Named>,
    /// The section and the other regions.
    pub regions: HashMap<Uuid, Named>,
    /// Names of users.
    pub people: HashMap<Uuid, String>,
    /// The asset over the article.
    pub hero: Option<Asset>,
    /// The articles that are linked or translated.
    pub articles: HashMap<Uuid, Mention>,
    /// The article's own periods, the earliest first.
    pub periods: Vec<Showing>,
    /// Who is editing the article.
    pub being_edited: Option<Lease>,
    /// Why it is taken down, if it is.
    pub takedown: Option<Takedown>,
    /// What was put right in public, the newest first.
    pub corrections: Vec<Correction>,
    /// Whether a legal hold keeps it.
    pub is_held: bool,
}

/// Looks up what an article names. At most twelve statements, none for what it does not name.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn of(
    tx: &mut Tx,
    article: &Article,
    content: &Content,
    to: VisibleTo,
    now: DateTime<Utc>,
) -> Result<Surroundings> {
    let corrections = match article.first_published_at {
        Some(_) => corrections::of(tx, article.id).await?,
        None => Vec::new(),
    };
    beside(tx, article, content, corrections, to, now).await
}

/// As [`of`], where the article's corrections are known.
///
/// # Errors
/// As [`of`].
pub async fn beside(
    tx: &mut Tx,
    article: &Article,
    content: &Content,
    corrections: Vec<Correction>,
    to: VisibleTo,
    now: DateTime<Utc>,
) -> Result<Surroundings> {
    let authors: Vec<Uuid> = content.bylines.iter().map(|byline| byline.author).collect();
    let people = article.created_by.into_iter().chain(article.updated_by).chain(article.assignee_id);
    let people: Vec<Uuid> = people.chain(corrections.iter().filter_map(|one| one.created_by)).collect();
    let others: Vec<Uuid> = content.links.iter().filter_map(|link| link.target).chain(content.translation_of).collect();
    let ids: Vec<Uuid> = others.iter().copied().chain([article.id]).collect();
    let takedown = match article.killed_at {
        Some(_) => takedowns::in_force(tx, article.id).await?,
        None => None,
    };
    // None of these waits for the answer of another.
    let conn: &AsyncPgConnection = tx.conn()?;
    let regions = content.all_regions();
    let (periods, authors, topics, regions, people, hero, rows, being_edited, is_held) = tokio::try_join!(
        showings_on(conn, &ids, now),
        lookup::author_names_on(conn, &authors),
        lookup::topic_names_on(conn, &content.topics),
        lookup::region_names_on(conn, &regions),
        lookup::user_names_on(conn, &people),
        asset(conn, content.hero.as_ref().map(|hero| hero.media)),
        rows(conn, &others),
        presence::holder_on(conn, article.id, now),
        legal_holds::is_held_on(conn, article.id),
    )?;
    let articles = mentions(rows, &periods, to, now);
    let periods = periods.into_iter().filter(|period| period.article_id == article.id).collect();
    Ok(Surroundings {
        authors,
        topics,
        regions,
        people,
        hero,
        articles,
        periods,
        being_edited,
        takedown,
        corrections,
        is_held,
    })
}

/// The periods of these articles that are not over, the earliest first.
pub async fn showings(tx: &mut Tx, ids: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Showing>> {
    showings_on(tx.conn()?, ids, now).await
}

async fn showings_on(mut conn: &AsyncPgConnection, ids: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Showing>> {
    let query = publications::table
        .filter(publications::article_id.eq_any(ids))
        .filter(publications::live_until.is_null().or(publications::live_until.gt(now)))
        .order(publications::live_from.asc())
        .select((
            publications::id,
            publications::article_id,
            publications::revision,
            publications::live_from,
            publications::live_until,
            publications::slug,
            publications::headline,
            publications::primary_region_id,
        ));
    Ok(query.load(&mut conn).await?)
}

/// Where an article whose periods these are stands.
pub fn standing<'a>(article: &Article, periods: impl IntoIterator<Item = &'a Showing>, now: DateTime<Utc>) -> Standing {
    let (live, planned) = live_and_planned(periods, now);
    article.standing(live, planned)
}

fn live_and_planned<'a>(periods: impl IntoIterator<Item = &'a Showing>, now: DateTime<Utc>) -> (bool, bool) {
    let (mut live, mut planned) = (false, false);
    for period in periods {
        if period.live_from <= now {
            live = true;
        } else {
            planned = true;
        }
    }
    (live, planned)
}

/// An article that is listed, whether what it names is an author, and what that is; else it is a region.
pub type Naming = (Uuid, bool, Named);

/// Who is credited in these articles, and the regions beside the section in which they stand, each in order.
pub async fn named_in(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Naming>> {
    let query = Sql::<(SqlUuid, Bool, (SqlUuid, Text, Text))>::new(
        "SELECT x.article_id, x.is_author, x.id, x.slug, x.name ",
    )
    .text("FROM (SELECT b.article_id, true AS is_author, b.position, a.id, a.slug, a.name FROM article_authors b ")
    .text("JOIN authors credited ON credited.id = b.author_id ")
    .text("JOIN authors a ON a.id = coalesce(credited.merged_into, credited.id) WHERE b.article_id = ANY(")
    .ids(ids)
    .text(") UNION ALL SELECT s.article_id, false, s.position, r.id, r.slug, r.name FROM article_regions s ")
    .text("JOIN regions r ON r.id = s.region_id JOIN articles own ON own.id = s.article_id ")
    .text("WHERE own.primary_region_id IS DISTINCT FROM s.region_id AND s.article_id = ANY(")
    .ids(ids)
    .text(")) x ORDER BY x.article_id, x.position");
    Ok(query.load(tx.conn()?).await?)
}

/// What the caller may know of these articles.
pub async fn mentioned(tx: &mut Tx, ids: &[Uuid], to: VisibleTo, now: DateTime<Utc>) -> Result<HashMap<Uuid, Mention>> {
    let conn: &AsyncPgConnection = tx.conn()?;
    let (periods, rows) = tokio::try_join!(showings_on(conn, ids, now), rows(conn, ids))?;
    Ok(mentions(rows, &periods, to, now))
}

/// An article's own row, and its headline.
type Row = (Article, String);

async fn rows(mut conn: &AsyncPgConnection, ids: &[Uuid]) -> Result<Vec<Row>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = articles::table.filter(articles::id.eq_any(ids)).select((Article::as_select(), articles::headline));
    Ok(query.load(&mut conn).await?)
}

/// What the caller may know of other articles: of those that he may not edit, what is live now.
fn mentions(rows: Vec<Row>, periods: &[Showing], to: VisibleTo, now: DateTime<Utc>) -> HashMap<Uuid, Mention> {
    let told = |(article, headline): Row| {
        let id = article.id;
        let own = || periods.iter().filter(move |period| period.article_id == id);
        if to.includes(article.created_by) {
            let status = ArticleStatus::of(article.deleted_at, standing(&article, own(), now).live);
            return Some((id, Mention { slug: article.slug, headline, status }));
        }
        let live = own().find(|period| period.live_from <= now)?;
        let mention = Mention { slug: live.slug.clone(), headline: live.headline.clone(), status: ArticleStatus::Live };
        Some((id, mention))
    };
    rows.into_iter().filter_map(told).collect()
}

async fn asset(mut conn: &AsyncPgConnection, id: Option<Uuid>) -> Result<Option<Asset>> {
    let Some(id) = id else { return Ok(None) };
    Ok(media::table.find(id).select(Asset::as_select()).first(&mut conn).await.optional()?)
}
