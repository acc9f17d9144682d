//! The working copy as it is written: its row, its revision, its slug, and the rows beside it. Only what changed is
//! written anew.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::articles::Article;
use super::prepared::Prepare as _;
use super::schema::{
    article_authors, article_external_ids, article_regions, article_revisions, article_topics, articles, related_links,
    slugs,
};
use super::sql::Sql;
use super::{RawJson, Tx, article_words, earlier_names, hold};
use crate::base::error::Result;
use crate::base::id::random_bytes;
use crate::rules::article::{ArticleStage, Byline, Content, ExternalId, Link};
use crate::rules::search::Words;
use crate::rules::slug;

/// How many numbers are tried for a slug that is taken. The last ones are drawn from four thousand million.
const MOST_TRIES: u32 = 14;

/// Who writes, when, and what the revision will be called.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// The user; none for the program itself.
    pub by: Option<Uuid>,
    /// What was done: `created`, `edited`, `links`, `restored`, ...
    pub verb: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// Waits until no other write of this external id is under way, and keeps others out until the transaction ends.
pub async fn hold_external_id(tx: &mut Tx, external: &ExternalId) -> Result<()> {
    let name = format!("external id\n{}\n{}", external.scheme, external.value);
    hold::alone(tx, hold::key_of(name.as_bytes())).await
}

/// Adds an article with its first revision. A slug that is taken is `numbered`, or else the answer is `None`.
/// Statements that do not wait for each other's answers are sent together.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    content: &mut Content,
    numbered: bool,
    stamp: Stamp<'_>,
) -> Result<Option<Article>> {
    let words = article_words::of(content).await?;
    let conn: &AsyncPgConnection = tx.conn()?;
    let mut article = add_row(conn, id, content, stamp).await?;
    let mut claimed = claim_first_slug(conn, id, &content.slug, stamp.at).await?;
    let plain = content.slug.clone();
    let mut tries = 0;
    while !claimed {
        tries += 1;
        if !numbered || tries > MOST_TRIES {
            return Ok(None);
        }
        content.slug = slug::numbered(&plain, number_for(tries));
        claimed = claim_first_slug(conn, id, &content.slug, stamp.at).await?;
    }
    if tries > 0 {
        let mut conn = conn;
        diesel::update(articles::table.find(id))
            .set(articles::slug.eq(&content.slug))
            .prepared()
            .execute(&mut conn)
            .await?;
        article.slug.clone_from(&content.slug);
    }
    let snapshot = RawJson::of(&*content)?;
    let regions = content.all_regions();
    // Alone, because it may lose a race; what is sent together after it cannot.
    write_external_ids(conn, id, &content.external_ids).await?;
    tokio::try_join!(
        write_revision(conn, (id, 1), &snapshot, Some(&words), stamp),
        write_authors(conn, id, &content.bylines),
        write_regions(conn, id, &regions),
        write_topics(conn, id, &content.topics),
        write_links(conn, id, &content.links),
    )?;
    Ok(Some(article))
}

async fn add_row(mut conn: &AsyncPgConnection, id: Uuid, content: &Content, stamp: Stamp<'_>) -> QueryResult<Article> {
    let hero = content.hero.as_ref();
    diesel::insert_into(articles::table)
        .values((
            articles::id.eq(id),
            articles::slug.eq(&content.slug),
            articles::type_.eq(content.kind.as_str()),
            articles::language.eq(&content.language),
            articles::headline.eq(&content.headline),
            articles::primary_region_id.eq(content.primary_region),
            articles::hero_media_id.eq(hero.map(|hero| hero.media)),
            articles::translation_of.eq(content.translation_of),
            articles::created_by.eq(stamp.by),
            articles::updated_by.eq(stamp.by),
            articles::created_at.eq(stamp.at),
            articles::updated_at.eq(stamp.at),
        ))
        .returning(Article::as_returning())
        .get_result(&mut conn)
        .await
}

/// 2 to 5 in order; then by chance from ever wider ranges, so that the ten thousandth article of one name, written
/// beside many others, is not ten thousand tries away.
fn number_for(tries: u32) -> u32 {
    let drawn = u32::from_le_bytes(random_bytes::<4>());
    match tries {
        0..=4 => tries + 1,
        5 | 6 => 6 + drawn % 94,
        7 | 8 => 100 + drawn % 9_900,
        9 | 10 => 10_000 + drawn % 990_000,
        _ => drawn.max(1_000_000),
    }
}

/// Writes new content as the next revision; `article` is the locked row and `before` its content until now. `None`
/// when its new slug is taken.
pub async fn update(
    tx: &mut Tx,
    article: &Article,
    before: &Content,
    content: &Content,
    stamp: Stamp<'_>,
) -> Result<Option<Article>> {
    let id = article.id;
    if content.slug != article.slug && !claim_next_slug(tx, id, &content.slug, stamp.at).await? {
        return Ok(None);
    }
    let version = article.version + 1;
    let original = original(tx, content).await?;
    // What was approved is not what this is.
    let stage = if article.stage() == ArticleStage::Approved { ArticleStage::Draft } else { article.stage() };
    let hero = content.hero.as_ref();
    let article = diesel::update(articles::table.find(id))
        .set((
            articles::version.eq(version),
            articles::moves.eq(0),
            articles::slug.eq(&content.slug),
            articles::type_.eq(content.kind.as_str()),
            articles::language.eq(&content.language),
            articles::headline.eq(&content.headline),
            articles::primary_region_id.eq(content.primary_region),
            articles::hero_media_id.eq(hero.map(|hero| hero.media)),
            articles::translation_of.eq(original),
            articles::stage.eq(stage.as_str()),
            articles::updated_by.eq(stamp.by),
            articles::updated_at.eq(stamp.at),
        ))
        .returning(Article::as_returning())
        .prepared()
        .get_result(tx.conn()?)
        .await?;
    let words = if Words::are_same(before, content) { None } else { Some(article_words::of(content).await?) };
    write_revision(tx.conn()?, (id, version), &RawJson::of(content)?, words.as_ref(), stamp).await?;
    rewrite(tx, id, before, content).await?;
    let names = content.names();
    let dropped: Vec<Uuid> = before.names().into_iter().filter(|named| !names.contains(named)).collect();
    earlier_names::remember(tx, id, &dropped).await?;
    Ok(Some(article))
}

/// The rows beside the article, where they changed.
async fn rewrite(tx: &mut Tx, id: Uuid, before: &Content, content: &Content) -> Result<()> {
    if before.bylines != content.bylines {
        let old = article_authors::table.filter(article_authors::article_id.eq(id));
        diesel::delete(old).execute(tx.conn()?).await?;
        write_authors(tx.conn()?, id, &content.bylines).await?;
    }
    let regions = content.all_regions();
    if before.all_regions() != regions {
        let old = article_regions::table.filter(article_regions::article_id.eq(id));
        diesel::delete(old).execute(tx.conn()?).await?;
        write_regions(tx.conn()?, id, &regions).await?;
    }
    if before.topics != content.topics {
        let old = article_topics::table.filter(article_topics::article_id.eq(id));
        diesel::delete(old).execute(tx.conn()?).await?;
        write_topics(tx.conn()?, id, &content.topics).await?;
    }
    if before.external_ids != content.external_ids {
        let old = article_external_ids::table.filter(article_external_ids::article_id.eq(id));
        diesel::delete(old).execute(tx.conn()?).await?;
        write_external_ids(tx.conn()?, id, &content.external_ids).await?;
    }
    if before.links != content.links {
        let old = related_links::table.filter(related_links::article_id.eq(id));
        diesel::delete(old).execute(tx.conn()?).await?;
        let links = still_there(tx, &content.links).await?;
        write_links(tx.conn()?, id, &links).await?;
    }
    Ok(())
}

/// The links without those to articles that were purged since somebody linked to them. The content goes on naming those:
/// nothing is shown of them, and the next editor may take them out.
async fn still_there(tx: &mut Tx, links: &[Link]) -> Result<Vec<Link>> {
    let targets: Vec<Uuid> = links.iter().filter_map(|link| link.target).collect();
    let known: Vec<Uuid> =
        articles::table.filter(articles::id.eq_any(&targets)).select(articles::id).load(tx.conn()?).await?;
    Ok(links.iter().filter(|link| link.target.is_none_or(|id| known.contains(&id))).cloned().collect())
}

/// What the article translates, unless it was purged since.
async fn original(tx: &mut Tx, content: &Content) -> Result<Option<Uuid>> {
    let Some(id) = content.translation_of else { return Ok(None) };
    Ok(articles::table.find(id).select(articles::id).first(tx.conn()?).await.optional()?)
}

/// The slug of an article that has none yet. `false` when it is taken; waits for one that is just being taken.
async fn claim_first_slug(mut conn: &AsyncPgConnection, id: Uuid, slug: &str, now: DateTime<Utc>) -> QueryResult<bool> {
    let claim = (slugs::slug.eq(slug), slugs::article_id.eq(id), slugs::current.eq(true), slugs::claimed_at.eq(now));
    let claimed = diesel::insert_into(slugs::table)
        .values(claim)
        .on_conflict(slugs::slug)
        .do_nothing()
        .execute(&mut conn)
        .await?;
    Ok(claimed == 1)
}

/// Makes the slug the article's current one, also one that it had before; the others go on leading to it. `false` when
/// another article has it.
async fn claim_next_slug(tx: &mut Tx, id: Uuid, slug: &str, now: DateTime<Utc>) -> Result<bool> {
    let present = slugs::table.filter(slugs::article_id.eq(id).and(slugs::current));
    diesel::update(present).set(slugs::current.eq(false)).prepared().execute(tx.conn()?).await?;
    let claim = (slugs::slug.eq(slug), slugs::article_id.eq(id), slugs::current.eq(true), slugs::claimed_at.eq(now));
    let claimed = diesel::insert_into(slugs::table)
        .values(claim)
        .on_conflict(slugs::slug)
        .do_update()
        .set(slugs::current.eq(true));
    let own_only = diesel::query_dsl::methods::FilterDsl::filter(claimed, slugs::article_id.eq(id));
    Ok(own_only.prepared().execute(tx.conn()?).await? == 1)
}

/// The revision, and in the same statement the words by which the article is found, where they changed.
async fn write_revision(
    mut conn: &AsyncPgConnection,
    (id, number): (Uuid, i32),
    snapshot: &RawJson,
    words: Option<&Words>,
    stamp: Stamp<'_>,
) -> QueryResult<()> {
    let sql = match words {
        Some(words) => article_words::written(Sql::<()>::new("WITH found AS ("), id, words).text(") "),
        None => Sql::new(""),
    };
    let query = sql
        .text("INSERT INTO article_revisions (article_id, number, verb, snapshot, created_by, created_at) VALUES (")
        .id(id)
        .text(", ")
        .number(number.into())
        .text(", ")
        .word(stamp.verb)
        .text(", ")
        .json(snapshot)
        .text("::jsonb, ")
        .maybe_id(stamp.by)
        .text(", ")
        .time(stamp.at)
        .text(")");
    query.execute(&mut conn).await?;
    Ok(())
}

async fn write_authors(mut conn: &AsyncPgConnection, id: Uuid, bylines: &[Byline]) -> QueryResult<()> {
    let row = |(position, byline): (i32, &Byline)| {
        (
            article_authors::article_id.eq(id),
            article_authors::position.eq(position),
            article_authors::author_id.eq(byline.author),
            article_authors::role.eq(byline.role.as_str()),
        )
    };
    let rows: Vec<_> = (0..).zip(bylines).map(row).collect();
    if !rows.is_empty() {
        diesel::insert_into(article_authors::table).values(rows).prepared().execute(&mut conn).await?;
    }
    Ok(())
}

async fn write_regions(mut conn: &AsyncPgConnection, id: Uuid, regions: &[Uuid]) -> QueryResult<()> {
    let row = |(position, region): (i32, &Uuid)| {
        (
            article_regions::article_id.eq(id),
            article_regions::position.eq(position),
            article_regions::region_id.eq(*region),
        )
    };
    let rows: Vec<_> = (0..).zip(regions).map(row).collect();
    if !rows.is_empty() {
        diesel::insert_into(article_regions::table).values(rows).prepared().execute(&mut conn).await?;
    }
    Ok(())
}

async fn write_topics(mut conn: &AsyncPgConnection, id: Uuid, topics: &[Uuid]) -> QueryResult<()> {
    let row = |(position, topic): (i32, &Uuid)| {
        (article_topics::article_id.eq(id), article_topics::position.eq(position), article_topics::topic_id.eq(*topic))
    };
    let rows: Vec<_> = (0..).zip(topics).map(row).collect();
    if !rows.is_empty() {
        diesel::insert_into(article_topics::table).values(rows).prepared().execute(&mut conn).await?;
    }
    Ok(())
}

async fn write_external_ids(mut conn: &AsyncPgConnection, id: Uuid, external_ids: &[ExternalId]) -> QueryResult<()> {
    let row = |external: &ExternalId| {
        (
            article_external_ids::scheme.eq(external.scheme.clone()),
            article_external_ids::value.eq(external.value.clone()),
            article_external_ids::article_id.eq(id),
        )
    };
    let rows: Vec<_> = external_ids.iter().map(row).collect();
    if !rows.is_empty() {
        diesel::insert_into(article_external_ids::table).values(rows).prepared().execute(&mut conn).await?;
    }
    Ok(())
}

async fn write_links(mut conn: &AsyncPgConnection, id: Uuid, links: &[Link]) -> QueryResult<()> {
    let rows: Vec<_> = (0..)
        .zip(links)
        .map(|(position, link): (i32, _)| {
            (
                related_links::id.eq(link.id),
                related_links::article_id.eq(id),
                related_links::position.eq(position),
                related_links::kind.eq(link.kind.as_str()),
                related_links::target_id.eq(link.target),
                related_links::url.eq(link.url.as_deref()),
                related_links::title.eq(link.title.as_deref()),
                related_links::block_id.eq(link.block_id.as_deref()),
            )
        })
        .collect();
    if !rows.is_empty() {
        diesel::insert_into(related_links::table).values(rows).prepared().execute(&mut conn).await?;
    }
    Ok(())
}

/// Puts the article into the trash, or takes it out again with `None`.
pub async fn set_deleted(tx: &mut Tx, article: &Article, at: Option<DateTime<Utc>>) -> Result<()> {
    diesel::update(articles::table.find(article.id))
        .set(articles::deleted_at.eq(at))
        .prepared()
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Notes of a revision that it brought back an earlier one.
pub async fn set_restored_from(tx: &mut Tx, article: &Article, number: i32) -> Result<()> {
    diesel::update(article_revisions::table.find((article.id, article.version)))
        .set(article_revisions::restored_from.eq(number))
        .prepared()
        .execute(tx.conn()?)
        .await?;
    Ok(())
}
