//! The working copy. Its content is read from the newest revision, which every write makes; the tables beside it hold
//! the same as rows, for filters and foreign keys.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Tx;
use super::schema::{
    article_authors, article_external_ids, article_regions, article_revisions, article_topics, articles, related_links,
    slugs,
};
use crate::base::error::{Error, Result};
use crate::base::id::random_bytes;
use crate::rules::article::{Content, ExternalId, Link};
use crate::rules::slug;

/// The highest number that a slug is given.
const MOST_NUMBERED: u32 = 1_000_000;

/// The article's own row, without its content.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = articles)]
pub struct Article {
    /// UUIDv7, for life.
    pub id: Uuid,
    /// Number of the newest revision.
    pub version: i32,
    /// Present slug.
    pub slug: String,
    /// `draft`, `in_review` or `approved`.
    pub stage: String,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// Who wrote it last.
    pub updated_by: Option<Uuid>,
    /// When it first went live.
    pub first_published_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was written last.
    pub updated_at: DateTime<Utc>,
    /// When it went to the trash.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// One write in the history of an article.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = article_revisions)]
pub struct RevisionHead {
    /// 1, 2, 3, ...
    pub number: i32,
    /// What was done.
    pub verb: String,
    /// Who did it.
    pub created_by: Option<Uuid>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Who may be looking: everybody's articles, or one person's own.
#[derive(Clone, Copy, Debug)]
pub enum VisibleTo {
    /// An editor.
    Everybody,
    /// Whoever made the article.
    Creator(Uuid),
}

/// Articles that the caller may see; the only way in to the working copy.
fn visible<'a>(to: VisibleTo) -> articles::BoxedQuery<'a, diesel::pg::Pg> {
    match to {
        VisibleTo::Everybody => articles::table.into_boxed(),
        VisibleTo::Creator(id) => articles::table.filter(articles::created_by.eq(id)).into_boxed(),
    }
}

/// The article and its content, if the caller may see it. One statement.
pub async fn read(tx: &mut Tx, id: Uuid, to: VisibleTo) -> Result<Option<(Article, Content)>> {
    let Some(article) =
        visible(to).filter(articles::id.eq(id)).select(Article::as_select()).first(tx.conn()?).await.optional()?
    else {
        return Ok(None);
    };
    let content = revision(tx, id, article.version).await?.map(|(_, content)| content);
    content.map(|content| Ok((article, content))).transpose()
}

/// As [`read`], and holds the article until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid, to: VisibleTo) -> Result<Option<(Article, Content)>> {
    let held = articles::table.find(id).select(articles::id).for_update();
    let held: Option<Uuid> = held.first(tx.conn()?).await.optional()?;
    match held {
        Some(_) => read(tx, id, to).await,
        None => Ok(None),
    }
}

/// One revision with the content as it stood then.
pub async fn revision(tx: &mut Tx, article_id: Uuid, number: i32) -> Result<Option<(RevisionHead, Content)>> {
    let found: Option<(RevisionHead, serde_json::Value)> = article_revisions::table
        .find((article_id, number))
        .select((RevisionHead::as_select(), article_revisions::snapshot))
        .first(tx.conn()?)
        .await
        .optional()?;
    found
        .map(|(head, snapshot)| {
            serde_json::from_value(snapshot).map(|content| (head, content)).map_err(Error::internal)
        })
        .transpose()
}

/// The history, newest first, from before revision `before` on.
pub async fn revisions(tx: &mut Tx, article_id: Uuid, before: Option<i32>, limit: i64) -> Result<Vec<RevisionHead>> {
    let mut query = article_revisions::table
        .filter(article_revisions::article_id.eq(article_id))
        .order(article_revisions::number.desc())
        .limit(limit)
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(article_revisions::number.lt(before));
    }
    Ok(query.select(RevisionHead::as_select()).load(tx.conn()?).await?)
}

/// The article that has this external id.
pub async fn by_external_id(tx: &mut Tx, external: &ExternalId) -> Result<Option<Uuid>> {
    let found = article_external_ids::table
        .find((&external.scheme, &external.value))
        .select(article_external_ids::article_id)
        .first(tx.conn()?)
        .await;
    Ok(found.optional()?)
}

/// The article that has, or once had, this slug.
pub async fn by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Uuid>> {
    Ok(slugs::table.find(slug).select(slugs::article_id).first(tx.conn()?).await.optional()?)
}

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

/// Adds an article with its first revision. A slug that is taken is `numbered`, or else the answer is `None`.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    content: &mut Content,
    numbered: bool,
    stamp: Stamp<'_>,
) -> Result<Option<Article>> {
    diesel::insert_into(articles::table)
        .values((
            articles::id.eq(id),
            articles::slug.eq(&content.slug),
            articles::type_.eq(content.kind.as_str()),
            articles::language.eq(&content.language),
            articles::headline.eq(&content.headline),
            articles::created_by.eq(stamp.by),
            articles::updated_by.eq(stamp.by),
            articles::created_at.eq(stamp.at),
            articles::updated_at.eq(stamp.at),
        ))
        .execute(tx.conn()?)
        .await?;
    let plain = content.slug.clone();
    let mut number = 1;
    while !claim_slug(tx, id, &content.slug, stamp.at).await? {
        number = next_number(number);
        if !numbered || number > MOST_NUMBERED {
            return Ok(None);
        }
        content.slug = slug::numbered(&plain, number);
    }
    write_rows(tx, id, 1, content, stamp).await.map(Some)
}

/// 2 to 20 one by one, then in leaps, so that the thousandth article of one name is not a thousand tries away.
fn next_number(number: u32) -> u32 {
    let [leap] = random_bytes::<1>();
    if number < 20 { number + 1 } else { number + number / 4 + u32::from(leap % 16) }
}

/// Writes new content as the next revision; `article` is the locked row. `None` when its new slug is taken.
pub async fn update(tx: &mut Tx, article: &Article, content: &Content, stamp: Stamp<'_>) -> Result<Option<Article>> {
    if content.slug != article.slug && !claim_slug(tx, article.id, &content.slug, stamp.at).await? {
        return Ok(None);
    }
    let id = article.id;
    diesel::delete(article_external_ids::table.filter(article_external_ids::article_id.eq(id)))
        .execute(tx.conn()?)
        .await?;
    diesel::delete(article_authors::table.filter(article_authors::article_id.eq(id))).execute(tx.conn()?).await?;
    diesel::delete(article_regions::table.filter(article_regions::article_id.eq(id))).execute(tx.conn()?).await?;
    diesel::delete(article_topics::table.filter(article_topics::article_id.eq(id))).execute(tx.conn()?).await?;
    diesel::delete(related_links::table.filter(related_links::article_id.eq(id))).execute(tx.conn()?).await?;
    write_rows(tx, id, article.version + 1, content, stamp).await.map(Some)
}

/// Makes the slug the article's current one; its former ones go on leading here. `false` when another article has it.
async fn claim_slug(tx: &mut Tx, id: Uuid, slug: &str, now: DateTime<Utc>) -> Result<bool> {
    let claim = (slugs::slug.eq(slug), slugs::article_id.eq(id), slugs::current.eq(false), slugs::claimed_at.eq(now));
    diesel::insert_into(slugs::table).values(claim).on_conflict_do_nothing().execute(tx.conn()?).await?;
    let own = slugs::table.filter(slugs::article_id.eq(id));
    let mine = diesel::select(diesel::dsl::exists(own.filter(slugs::slug.eq(slug)))).get_result(tx.conn()?).await?;
    if mine {
        diesel::update(own.filter(slugs::current)).set(slugs::current.eq(false)).execute(tx.conn()?).await?;
        diesel::update(slugs::table.find(slug)).set(slugs::current.eq(true)).execute(tx.conn()?).await?;
    }
    Ok(mine)
}

async fn write_rows(tx: &mut Tx, id: Uuid, version: i32, content: &Content, stamp: Stamp<'_>) -> Result<Article> {
    let snapshot = serde_json::to_value(content).map_err(Error::internal)?;
    let hero = content.hero.as_ref();
    let article = diesel::update(articles::table.find(id))
        .set((
            articles::version.eq(version),
            articles::slug.eq(&content.slug),
            articles::type_.eq(content.kind.as_str()),
            articles::language.eq(&content.language),
            articles::headline.eq(&content.headline),
            articles::primary_region_id.eq(content.primary_region),
            articles::hero_media_id.eq(hero.map(|hero| hero.media)),
            articles::translation_of.eq(content.translation_of),
            articles::updated_by.eq(stamp.by),
            articles::updated_at.eq(stamp.at),
        ))
        .returning(Article::as_returning())
        .get_result(tx.conn()?)
        .await?;
    diesel::insert_into(article_revisions::table)
        .values((
            article_revisions::article_id.eq(id),
            article_revisions::number.eq(version),
            article_revisions::verb.eq(stamp.verb),
            article_revisions::snapshot.eq(snapshot),
            article_revisions::created_by.eq(stamp.by),
            article_revisions::created_at.eq(stamp.at),
        ))
        .execute(tx.conn()?)
        .await?;
    write_relations(tx, id, content).await?;
    write_links(tx, id, &content.links).await?;
    Ok(article)
}

async fn write_relations(tx: &mut Tx, id: Uuid, content: &Content) -> Result<()> {
    let authors: Vec<_> = (0..)
        .zip(&content.bylines)
        .map(|(position, byline): (i32, _)| {
            (
                article_authors::article_id.eq(id),
                article_authors::position.eq(position),
                article_authors::author_id.eq(byline.author),
                article_authors::role.eq(byline.role.as_str()),
            )
        })
        .collect();
    diesel::insert_into(article_authors::table).values(authors).execute(tx.conn()?).await?;
    let regions: Vec<_> = (0..)
        .zip(content.all_regions())
        .map(|(position, region): (i32, _)| {
            (
                article_regions::article_id.eq(id),
                article_regions::position.eq(position),
                article_regions::region_id.eq(region),
            )
        })
        .collect();
    diesel::insert_into(article_regions::table).values(regions).execute(tx.conn()?).await?;
    let topics: Vec<_> = (0..)
        .zip(&content.topics)
        .map(|(position, topic): (i32, _)| {
            (
                article_topics::article_id.eq(id),
                article_topics::position.eq(position),
                article_topics::topic_id.eq(*topic),
            )
        })
        .collect();
    diesel::insert_into(article_topics::table).values(topics).execute(tx.conn()?).await?;
    let external: Vec<_> = content
        .external_ids
        .iter()
        .map(|external| {
            (
                article_external_ids::scheme.eq(&external.scheme),
                article_external_ids::value.eq(&external.value),
                article_external_ids::article_id.eq(id),
            )
        })
        .collect();
    diesel::insert_into(article_external_ids::table).values(external).execute(tx.conn()?).await?;
    Ok(())
}

async fn write_links(tx: &mut Tx, id: Uuid, links: &[Link]) -> Result<()> {
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
    diesel::insert_into(related_links::table).values(rows).execute(tx.conn()?).await?;
    Ok(())
}

/// Puts the article into the trash, or takes it out again with `None`.
pub async fn set_deleted(tx: &mut Tx, article: &Article, at: Option<DateTime<Utc>>) -> Result<()> {
    diesel::update(articles::table.find(article.id)).set(articles::deleted_at.eq(at)).execute(tx.conn()?).await?;
    Ok(())
}

/// Keeps when the article first went live.
pub async fn set_first_published(tx: &mut Tx, id: Uuid, at: Option<DateTime<Utc>>) -> Result<()> {
    diesel::update(articles::table.find(id)).set(articles::first_published_at.eq(at)).execute(tx.conn()?).await?;
    Ok(())
}
