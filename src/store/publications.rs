//! Periods in which a revision is, was or will be live, with the rows that delivery filters, sorts and searches by.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::articles::embargoed;
use super::schema::{articles, publications};
use super::sql::Sql;
use super::{RawJson, Tx};
use crate::base::error::{Code, Error, Result};
use crate::rules::article::Link;
use crate::rules::search::Words;

pub use super::periods::{
    Period, Row, before, cut, end, present, remove, row, set_end, set_plan, set_times, slugs_shown,
};

/// The body in each form, as the JSON that goes out.
#[derive(Debug)]
pub struct Bodies {
    /// An array of blocks.
    pub blocks: RawJson,
    /// A string.
    pub html: RawJson,
    /// A string.
    pub markdown: RawJson,
    /// A string.
    pub text: RawJson,
    /// An array of objects.
    pub portable_text: RawJson,
}

/// What is written when a revision goes live or is scheduled.
#[derive(Debug)]
pub struct NewPublication<'a> {
    /// UUIDv7.
    pub id: Uuid,
    /// Whose.
    pub article_id: Uuid,
    /// The revision that will be shown.
    pub revision: i32,
    /// Half-open period.
    pub period: (DateTime<Utc>, Option<DateTime<Utc>>),
    /// The end that was planned for it.
    pub planned_until: Option<DateTime<Utc>>,
    /// Whether it leaves the last significant change as it was.
    pub minor: bool,
    /// Its slug then.
    pub slug: &'a str,
    /// Its type.
    pub kind: &'a str,
    /// BCP 47 tag.
    pub language: &'a str,
    /// Text.
    pub headline: &'a str,
    /// Its section.
    pub primary_region: Option<Uuid>,
    /// The asset over it.
    pub hero: Option<Uuid>,
    /// What it translates.
    pub translation_of: Option<Uuid>,
    /// Names of its sources.
    pub sources: Vec<&'a str>,
    /// First publication of the article.
    pub published_at: DateTime<Utc>,
    /// Last significant change.
    pub modified_at: Option<DateTime<Utc>>,
    /// What a card shows of the article itself.
    pub card: RawJson,
    /// What its page shows beside card and body.
    pub content: RawJson,
    /// The body.
    pub bodies: Bodies,
    /// To be found by.
    pub words: &'a Words,
    /// Its regions, the section first.
    pub regions: &'a [Uuid],
    /// Author, role, name as printed.
    pub authors: &'a [(Uuid, &'static str, String)],
    /// In order.
    pub topics: &'a [Uuid],
    /// In order.
    pub links: &'a [Link],
}

diesel::define_sql_function! {
    /// The words of headline, summary and body with weights A, B and D, each as its stem.
    fn search_document(headline: Text, summary: Text, body: Text) -> crate::store::schema::sql_types::Tsvector;
}

/// Which of these articles are live at `now`.
pub async fn live_among(tx: &mut Tx, ids: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let query = publications::table
        .filter(publications::article_id.eq_any(ids).and(publications::live_from.le(now)))
        .filter(publications::live_until.is_null().or(publications::live_until.gt(now)));
    Ok(query.select(publications::article_id).load(tx.conn()?).await?)
}

/// The revision that readers saw last of an article, other than this one.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn shown_before(tx: &mut Tx, article_id: Uuid, revision: i32, now: DateTime<Utc>) -> Result<Option<i32>> {
    let others = publications::table
        .filter(publications::article_id.eq(article_id).and(publications::revision.ne(revision)))
        .filter(publications::live_from.le(now))
        .order(publications::live_from.desc())
        .select(publications::revision);
    Ok(others.first(tx.conn()?).await.optional()?)
}

/// The articles whose answers show this one: those that link to it, those that it translates, and those that translate
/// it or the same original. Only articles that are or will be public are among them.
pub async fn showing(tx: &mut Tx, article_id: Uuid, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let unended = |sql: Sql<'static, SqlUuid>| {
        sql.text(" AND p.article_id <> ").id(article_id).text(" AND (p.live_until IS NULL OR p.live_until > ").time(now)
    };
    let query = Sql::<SqlUuid>::new("WITH original AS (SELECT ")
        .id(article_id)
        .text("::uuid AS id UNION SELECT own.translation_of FROM publications own WHERE own.article_id = ")
        .id(article_id)
        .text(" AND own.translation_of IS NOT NULL) SELECT p.article_id FROM publication_links l ")
        .text("JOIN publications p ON p.id = l.publication_id WHERE l.target_id = ")
        .id(article_id)
        .then(unended)
        .text(") UNION SELECT p.article_id FROM original JOIN publications p ON p.translation_of = original.id")
        .text(" WHERE true")
        .then(unended)
        .text(") UNION SELECT p.article_id FROM original JOIN publications p ON p.article_id = original.id WHERE true")
        .then(unended)
        .text(") ORDER BY article_id");
    Ok(query.load(tx.conn()?).await?)
}

/// Writes a period with its rows.
///
/// # Errors
/// 409 when another period of the article overlaps it, when the article is taken down, or when it is under embargo then:
/// there is no other way in, so this holds however it came here.
pub async fn insert(tx: &mut Tx, new: &NewPublication<'_>) -> Result<()> {
    unless_held_back(tx, new.article_id, new.period.0).await?;
    diesel::insert_into(publications::table)
        .values((
            publications::id.eq(new.id),
            publications::article_id.eq(new.article_id),
            publications::revision.eq(new.revision),
            publications::live_from.eq(new.period.0),
            publications::live_until.eq(new.period.1),
            publications::planned_until.eq(new.planned_until),
            publications::minor.eq(new.minor),
            publications::slug.eq(new.slug),
            publications::type_.eq(new.kind),
            publications::language.eq(new.language),
            publications::headline.eq(new.headline),
            publications::primary_region_id.eq(new.primary_region),
            publications::hero_media_id.eq(new.hero),
            publications::translation_of.eq(new.translation_of),
            publications::source_names.eq(new.sources.iter().map(Some).collect::<Vec<_>>()),
            publications::published_at.eq(new.published_at),
            publications::modified_at.eq(new.modified_at),
            publications::updated_at.eq(new.period.0),
            publications::card.eq(&new.card),
            publications::content.eq(&new.content),
            publications::body_blocks.eq(&new.bodies.blocks),
            publications::body_html.eq(&new.bodies.html),
            publications::body_markdown.eq(&new.bodies.markdown),
            publications::body_text.eq(&new.bodies.text),
            publications::body_portable_text.eq(&new.bodies.portable_text),
            publications::search.eq(search_document(&new.words.headline, &new.words.summary, &new.words.body)),
        ))
        .execute(tx.conn()?)
        .await?;
    insert_rows(tx, new).await
}

async fn unless_held_back(tx: &mut Tx, article_id: Uuid, from: DateTime<Utc>) -> Result<()> {
    let query = articles::table.find(article_id).select((articles::embargo_until, articles::killed_at));
    let found: (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = query.first(tx.conn()?).await?;
    match found {
        (_, Some(_)) => Err(Error::new(Code::IllegalMove, "The article is taken down.")),
        (Some(until), _) if until > from => Err(embargoed(until)),
        _ => Ok(()),
    }
}

/// The rows beside it: its own regions with their places and every ancestor without, people, topics, and links. One
/// statement, prepared once.
async fn insert_rows(tx: &mut Tx, new: &NewPublication<'_>) -> Result<()> {
    let people: Vec<Uuid> = new.authors.iter().map(|(author, ..)| *author).collect();
    let roles: Vec<String> = new.authors.iter().map(|(_, role, _)| (*role).to_owned()).collect();
    let names: Vec<String> = new.authors.iter().map(|(.., name)| name.clone()).collect();
    let links = RawJson::of(&new.links)?;
    let query = Sql::<()>::new("WITH its AS (SELECT ")
        .id(new.id)
        .text("::uuid AS id, ")
        .time(new.published_at)
        .text("::timestamptz AS published_at, ")
        .id(new.article_id)
        .text("::uuid AS article_id), own AS (SELECT own.id, (own.place - 1)::integer AS position FROM unnest(")
        .ids(new.regions)
        .text(
            "::uuid[]) WITH ORDINALITY AS own(id, place)), regions AS ( \
             INSERT INTO publication_regions (publication_id, region_id, position, published_at, article_id) \
             SELECT its.id, place.id, place.position, its.published_at, its.article_id FROM its CROSS JOIN ( \
                 SELECT own.id, own.position FROM own UNION ALL \
                 SELECT DISTINCT tree.ancestor_id, NULL::integer FROM own \
                 JOIN region_tree tree ON tree.descendant_id = own.id \
                 WHERE tree.ancestor_id NOT IN (SELECT own.id FROM own) \
             ) place), people AS ( \
             INSERT INTO publication_authors (publication_id, position, author_id, role, name, published_at, article_id) \
             SELECT its.id, (who.place - 1)::integer, who.id, who.role, who.name, its.published_at, its.article_id \
             FROM its CROSS JOIN unnest(",
        )
        .ids(&people)
        .text("::uuid[], ")
        .words(&roles)
        .text("::text[], ")
        .words(&names)
        .text(
            "::text[]) WITH ORDINALITY AS who(id, role, name, place)), topics AS ( \
             INSERT INTO publication_topics (publication_id, position, topic_id, published_at, article_id) \
             SELECT its.id, (what.place - 1)::integer, what.id, its.published_at, its.article_id \
             FROM its CROSS JOIN unnest(",
        )
        .ids(new.topics)
        .text(
            "::uuid[]) WITH ORDINALITY AS what(id, place)) \
             INSERT INTO publication_links (publication_id, position, link_id, kind, target_id, url, title, block_id) \
             SELECT its.id, (link.place - 1)::integer, link.id, link.kind, link.target, link.url, link.title, \
                 link.block_id FROM its CROSS JOIN ROWS FROM (json_to_recordset(",
        )
        .json(&links)
        .text("::json) AS (id uuid, kind text, target uuid, url text, title text, block_id text)) WITH ORDINALITY ")
        .text("AS link(id, kind, target, url, title, block_id, place)");
    query.execute(tx.conn()?).await?;
    Ok(())
}
