//! The working copy as it is read. Its content is the newest revision, which every write makes; the tables beside it
//! hold the same as rows, for filters and foreign keys.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Tx;
use super::schema::{article_external_ids, article_revisions, articles, slugs, users};
use crate::base::error::{Error, Result};
use crate::rules::article::{Content, ExternalId};
use crate::rules::page::{Seek, Window};
use crate::rules::reference::IdOrSlug;
use crate::rules::version::Version;

pub use super::article_moves::{embargoed, set_standing};
pub use super::article_writes::{Stamp, hold_external_id, insert, set_deleted, set_restored_from, update};

/// The article's own row, without its content.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = articles)]
pub struct Article {
    /// UUIDv7, for life.
    pub id: Uuid,
    /// Number of the newest revision.
    pub version: i32,
    /// How often it was moved since: published, approved, put away.
    pub moves: i32,
    /// Present slug.
    pub slug: String,
    /// `draft`, `in_review` or `approved`.
    pub stage: String,
    /// The revision that was approved last.
    pub approved_revision: Option<i32>,
    /// What whoever moved it last had to say.
    pub stage_note: Option<String>,
    /// Whose work it is now.
    pub assignee_id: Option<Uuid>,
    /// When it is due.
    pub deadline: Option<DateTime<Utc>>,
    /// Nothing of it is live before.
    pub embargo_until: Option<DateTime<Utc>>,
    /// Since when it is taken down.
    pub killed_at: Option<DateTime<Utc>>,
    /// When it was put away.
    pub archived_at: Option<DateTime<Utc>>,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// Who wrote it last.
    pub updated_by: Option<Uuid>,
    /// When it first went, or is going to go, live; none if it never did and nothing is planned.
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
    /// The earlier revision that it brought back, if it did.
    pub restored_from: Option<i32>,
}

/// Who may be looking: everybody's articles, or one person's own.
#[derive(Clone, Copy, Debug)]
pub enum VisibleTo {
    /// An editor.
    Everybody,
    /// Whoever made the article.
    Creator(Uuid),
}

impl Article {
    /// Its version as writers see it.
    pub fn at(&self) -> Version {
        Version { number: self.version, moves: self.moves }
    }
}

impl VisibleTo {
    /// Whether an article of this maker is among them.
    pub fn includes(self, created_by: Option<Uuid>) -> bool {
        match self {
            Self::Everybody => true,
            Self::Creator(id) => created_by == Some(id),
        }
    }
}

/// Articles that the caller may see; with [`read`] and [`lock`] the only way in to the working copy.
pub(super) fn visible<'a>(to: VisibleTo) -> articles::BoxedQuery<'a, diesel::pg::Pg> {
    match to {
        VisibleTo::Everybody => articles::table.into_boxed(),
        VisibleTo::Creator(id) => articles::table.filter(articles::created_by.eq(id)).into_boxed(),
    }
}

/// The article with this id, or this slug, present or former, and its content, if the caller may see it. One statement.
pub async fn read(tx: &mut Tx, key: &IdOrSlug, to: VisibleTo) -> Result<Option<(Article, Content)>> {
    let newest = article_revisions::article_id.eq(articles::id).and(article_revisions::number.eq(articles::version));
    let mut query = articles::table
        .inner_join(article_revisions::table.on(newest))
        .select((Article::as_select(), article_revisions::snapshot))
        .into_boxed();
    query = match key {
        IdOrSlug::Id(id) => query.filter(articles::id.eq(id)),
        IdOrSlug::Slug(slug) => query.filter(articles::id.eq_any(
            slugs::table.filter(slugs::slug.eq(slug)).select(slugs::article_id.assume_not_null()).into_boxed(),
        )),
    };
    let found: Option<(Article, serde_json::Value)> = query.first(tx.conn()?).await.optional()?;
    found
        .filter(|(article, _)| to.includes(article.created_by))
        .map(|(article, snapshot)| Ok((article, content(snapshot)?)))
        .transpose()
}

/// The article with this id without its content, for who may see it.
///
/// # Errors
/// 404.
pub async fn seen(tx: &mut Tx, id: Uuid, by: VisibleTo) -> Result<Article> {
    let found: Option<Article> =
        articles::table.find(id).select(Article::as_select()).first(tx.conn()?).await.optional()?;
    found.filter(|article| by.includes(article.created_by)).ok_or_else(Error::not_found)
}

/// The version that an article is at.
pub async fn version(tx: &mut Tx, id: Uuid) -> Result<Option<Version>> {
    let found = articles::table.find(id).select((articles::version, articles::moves)).first(tx.conn()?).await;
    Ok(found.optional()?.map(|(number, moves)| Version { number, moves }))
}

/// As [`read`], and holds the article until the transaction ends. The row is locked by itself first: what is read after
/// that is what a write that was in the way has left.
pub async fn lock(tx: &mut Tx, id: Uuid, to: VisibleTo) -> Result<Option<(Article, Content)>> {
    // Weaker than FOR UPDATE on purpose: another article may begin to link here meanwhile, or two that link to each other
    // would wait for one another for ever.
    let row = articles::table.find(id).select(Article::as_select()).for_no_key_update();
    let held: Option<Article> = row.first(tx.conn()?).await.optional()?;
    let Some(article) = held.filter(|article| to.includes(article.created_by)) else { return Ok(None) };
    let newest = revision(tx, id, article.version).await?;
    let (_, content) = newest.ok_or_else(|| Error::internal("an article has no newest revision"))?;
    Ok(Some((article, content)))
}

/// One revision with the content as it stood then.
pub async fn revision(tx: &mut Tx, article_id: Uuid, number: i32) -> Result<Option<(RevisionHead, Content)>> {
    let found: Option<(RevisionHead, serde_json::Value)> = article_revisions::table
        .find((article_id, number))
        .select((RevisionHead::as_select(), article_revisions::snapshot))
        .first(tx.conn()?)
        .await
        .optional()?;
    found.map(|(head, snapshot)| Ok((head, content(snapshot)?))).transpose()
}

fn content(snapshot: serde_json::Value) -> Result<Content> {
    serde_json::from_value(snapshot).map_err(Error::internal)
}

/// One page of the history, with the names of those who wrote.
pub async fn revisions(tx: &mut Tx, article_id: Uuid, seek: &Seek) -> Result<Window<(RevisionHead, Option<String>)>> {
    let mut query = article_revisions::table
        .left_join(users::table)
        .filter(article_revisions::article_id.eq(article_id))
        .limit(seek.fetch())
        .into_boxed();
    if let Some(from) = &seek.from {
        let number: i32 = from.key.parse().map_err(Error::internal)?;
        query = if seek.rising() {
            query.filter(article_revisions::number.gt(number))
        } else {
            query.filter(article_revisions::number.lt(number))
        };
    }
    query = if seek.rising() {
        query.order(article_revisions::number.asc())
    } else {
        query.order(article_revisions::number.desc())
    };
    let rows = query.select((RevisionHead::as_select(), users::name.nullable())).load(tx.conn()?).await?;
    Ok(Window::of(rows, seek, |(head, _): &(RevisionHead, Option<String>)| (head.number.to_string(), article_id)))
}

/// How many revisions an article has.
pub async fn count_revisions(tx: &mut Tx, article_id: Uuid) -> Result<i64> {
    let all = article_revisions::table.filter(article_revisions::article_id.eq(article_id));
    Ok(all.count().get_result(tx.conn()?).await?)
}

/// The newest `most` writes after a version, the newest first, with the names of those who wrote.
pub async fn revisions_since(
    tx: &mut Tx,
    article_id: Uuid,
    number: i32,
    most: i64,
) -> Result<Vec<(RevisionHead, Option<String>)>> {
    let query = article_revisions::table
        .left_join(users::table)
        .filter(article_revisions::article_id.eq(article_id).and(article_revisions::number.gt(number)))
        .order(article_revisions::number.desc())
        .limit(most)
        .select((RevisionHead::as_select(), users::name.nullable()));
    Ok(query.load(tx.conn()?).await?)
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

/// Those of the external ids that other articles have.
pub async fn external_ids_elsewhere(tx: &mut Tx, article_id: Uuid, ids: &[ExternalId]) -> Result<Vec<ExternalId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<&str> = ids.iter().map(|id| id.value.as_str()).collect();
    let found: Vec<(String, String)> = article_external_ids::table
        .filter(article_external_ids::value.eq_any(values).and(article_external_ids::article_id.ne(article_id)))
        .select((article_external_ids::scheme, article_external_ids::value))
        .load(tx.conn()?)
        .await?;
    let found = found.into_iter().map(|(scheme, value)| ExternalId { scheme, value });
    Ok(found.filter(|taken| ids.contains(taken)).collect())
}

/// The article that has, or once had, this slug.
pub async fn by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Uuid>> {
    let found: Option<Option<Uuid>> =
        slugs::table.find(slug).select(slugs::article_id).first(tx.conn()?).await.optional()?;
    Ok(found.flatten())
}
