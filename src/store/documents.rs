//! Finished answers, kept beside what they were drawn from: an article by itself, and its card. A look by key replaces
//! the reading and drawing of the whole.
//!
//! Nothing here may be older than the truth. A page is valid while nothing that it shows was written since (each such
//! write raises the article's mark and drops it), while the reference data are those that it was drawn with, and until
//! the clock changes it. A card shows one publication, of which only the times ever change, so it is valid with these and
//! the reference data. Who draws reads the mark first and the rest after; a write in between has raised the mark, and
//! nothing is kept.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::query_dsl::methods::FilterDsl;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text, Timestamptz};
use diesel::upsert::excluded;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::prepared::Prepare as _;
use super::schema::documents;
use super::sql::Sql;
use super::{Database, Reader, Tx};
use crate::base::error::Result;
use crate::base::id::hex;
use crate::base::secret::sha256;
use crate::rules::reference::IdOrSlug;

/// So many are written at a time; what comes on top is drawn again later.
const AT_A_TIME: usize = 2;

/// A finished page of an article.
#[derive(Clone, Debug)]
pub struct Page {
    /// The JSON of the answer.
    pub body: Vec<u8>,
    /// Its entity tag, without quotes.
    pub etag: String,
    /// Tags of everything that it shows.
    pub tags: Vec<String>,
    /// Its `Link` header.
    pub link: String,
    /// The next instant at which the clock changes it.
    pub boundary: Option<DateTime<Utc>>,
    /// The next instant at which something that it shows ceases to be live.
    pub ends: Option<DateTime<Utc>>,
    /// When what it shows changed last.
    pub changed_at: Option<DateTime<Utc>>,
}

/// The state that a page is about to be drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    reference: i64,
    mark: Option<i32>,
    /// Of the reader: what is read at another one may be older than this.
    turns: u32,
}

impl Ground {
    /// Whether all that was read since came from where this was seen.
    pub fn holds(&self, reader: &Reader) -> bool {
        self.turns == reader.turns()
    }
}

/// A finished card.
#[derive(Clone, Debug)]
pub struct Card {
    /// The article.
    pub article: Uuid,
    /// The publication that it shows.
    pub publication: Uuid,
    /// When the article was first published, when this version went live, and when it last changed, as it says.
    pub times: (DateTime<Utc>, DateTime<Utc>, Option<DateTime<Utc>>),
    /// JSON.
    pub json: String,
    /// Tags of everything that it shows, separated by blanks.
    pub tags: String,
}

/// Where finished answers are kept. Cloning shares it.
#[derive(Clone)]
pub struct Documents {
    database: Database,
    made_by: Arc<str>,
    free: Arc<Semaphore>,
}

type LookSql = (
    BigInt,
    Nullable<Integer>,
    Nullable<Binary>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
);

#[derive(Queryable)]
struct LookRow {
    reference: i64,
    mark: Option<i32>,
    body: Option<Vec<u8>>,
    etag: Option<String>,
    tags: Option<String>,
    link: Option<String>,
    boundary: Option<DateTime<Utc>>,
    ends: Option<DateTime<Utc>>,
    changed_at: Option<DateTime<Utc>>,
}

impl Documents {
    /// Where this program keeps what it draws with these settings: it takes nothing that another one drew.
    pub fn new(database: Database, settings: &str) -> Self {
        let made_by = hex(&sha256(format!("{}\n{settings}", env!("DATELINE_BUILD")).as_bytes()));
        Self { database, made_by: made_by.into(), free: Arc::new(Semaphore::new(AT_A_TIME)) }
    }

    /// Who draws here: cards are told apart by it.
    pub(super) fn made_by(&self) -> &str {
        &self.made_by
    }

    /// The page of the article that is live at `now` under this id or present slug, or what one can be drawn from. One
    /// statement.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn page(
        &self,
        reader: &Reader,
        key: &IdOrSlug,
        now: DateTime<Utc>,
    ) -> Result<std::result::Result<Page, Ground>> {
        // Before the look: while it is under way, another request may turn the reader to another server.
        let turns = reader.turns();
        let row = reader.run(async |conn| look(conn, key, &self.made_by, now).await).await?;
        let ground = Ground { reference: row.reference, mark: row.mark, turns };
        Ok(row.page().ok_or(ground))
    }

    /// Keeps a page, after the answer, unless something that it shows was written since `ground` was looked at.
    pub fn keep_page(&self, article: Uuid, slug: &str, page: Page, ground: Ground, made_at: DateTime<Utc>) {
        let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() else { return };
        let (here, slug) = (self.clone(), slug.to_owned());
        drop(tokio::task::spawn_local(async move {
            let _permit = permit;
            let written =
                here.database.write(async |tx| here.write_page(tx, article, &slug, &page, ground, made_at).await);
            if let Err(error) = written.await {
                tracing::debug!(%error, "a page is not kept");
            }
        }));
    }

    /// Keeps cards, after the answer. `reference` is the version of the reference data that they were drawn with.
    pub fn keep_cards(&self, cards: Vec<Card>, reference: i64) {
        let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() else { return };
        let here = self.clone();
        drop(tokio::task::spawn_local(async move {
            let _permit = permit;
            if let Err(error) = here.database.write(async |tx| here.write_cards(tx, cards, reference).await).await {
                tracing::debug!(%error, "cards are not kept");
            }
        }));
    }

    async fn write_page(
        &self,
        tx: &mut Tx,
        article: Uuid,
        slug: &str,
        page: &Page,
        ground: Ground,
        made_at: DateTime<Utc>,
    ) -> Result<()> {
        lightly(tx).await?;
        let mark = ground.mark.unwrap_or_default();
        let content = (
            documents::page.eq(&page.body),
            documents::slug.eq(slug),
            documents::etag.eq(&page.etag),
            documents::tags.eq(page.tags.join(" ")),
            documents::link.eq(&page.link),
            documents::made_at.eq(made_at),
            documents::boundary.eq(page.boundary),
            documents::ends.eq(page.ends),
            documents::changed_at.eq(page.changed_at),
            documents::page_reference.eq(ground.reference),
            documents::page_made_by.eq(&*self.made_by),
        );
        let insert = diesel::insert_into(documents::table)
            .values((documents::article_id.eq(article), documents::mark.eq(mark), content.clone()))
            .on_conflict(documents::article_id)
            .do_update()
            .set(content);
        FilterDsl::filter(insert, documents::mark.eq(mark)).prepared().execute(tx.conn()?).await?;
        Ok(())
    }

    async fn write_cards(&self, tx: &mut Tx, mut cards: Vec<Card>, reference: i64) -> Result<()> {
        lightly(tx).await?;
        // Always in one order, so that two who write some of the same do not wait for each other.
        cards.sort_unstable_by_key(|card| card.article);
        cards.dedup_by_key(|card| card.article);
        let rows: Vec<_> = cards
            .iter()
            .map(|card| {
                (
                    documents::article_id.eq(card.article),
                    documents::card.eq(&card.json),
                    documents::card_tags.eq(&card.tags),
                    documents::card_of.eq(card.publication),
                    documents::card_published_at.eq(card.times.0),
                    documents::card_updated_at.eq(card.times.1),
                    documents::card_modified_at.eq(card.times.2),
                    documents::card_reference.eq(reference),
                    documents::card_made_by.eq(&*self.made_by),
                )
            })
            .collect();
        diesel::insert_into(documents::table)
            .values(rows)
            .on_conflict(documents::article_id)
            .do_update()
            .set((
                documents::card.eq(excluded(documents::card)),
                documents::card_tags.eq(excluded(documents::card_tags)),
                documents::card_of.eq(excluded(documents::card_of)),
                documents::card_published_at.eq(excluded(documents::card_published_at)),
                documents::card_updated_at.eq(excluded(documents::card_updated_at)),
                documents::card_modified_at.eq(excluded(documents::card_modified_at)),
                documents::card_reference.eq(excluded(documents::card_reference)),
                documents::card_made_by.eq(excluded(documents::card_made_by)),
            ))
            .prepared()
            .execute(tx.conn()?)
            .await?;
        Ok(())
    }
}

impl LookRow {
    fn page(self) -> Option<Page> {
        Some(Page {
            body: self.body?,
            etag: self.etag?,
            tags: self.tags?.split(' ').map(str::to_owned).collect(),
            link: self.link?,
            boundary: self.boundary,
            ends: self.ends,
            changed_at: self.changed_at,
        })
    }
}

async fn look(mut conn: &AsyncPgConnection, key: &IdOrSlug, made_by: &str, now: DateTime<Utc>) -> QueryResult<LookRow> {
    let sql =
        Sql::<LookSql>::new("SELECT r.version, d.mark, CASE WHEN d.page_reference = r.version AND d.page_made_by = ")
            .word(made_by)
            .text(" AND d.made_at <= ")
            .time(now)
            .text(" AND (d.boundary IS NULL OR d.boundary > ")
            .time(now)
            .text(")");
    let columns = " THEN d.page END, d.etag, d.tags, d.link, d.boundary, d.ends, d.changed_at \
         FROM reference_version r LEFT JOIN documents d ON d.article_id = ";
    let sql = match key {
        IdOrSlug::Id(id) => sql.text(columns).id(*id),
        // A former slug leads to the article, but its answer is another one.
        IdOrSlug::Slug(slug) => sql
            .text(" AND d.slug = ")
            .word(slug)
            .text(columns)
            .text("(SELECT s.article_id FROM publications s WHERE s.slug = ")
            .word(slug)
            .text(" AND s.live_from <= ")
            .time(now)
            .text(" LIMIT 1)"),
    };
    sql.get_result(&mut conn).await
}

/// Drops the pages of these articles: something that they show changes in this transaction. Ids of articles that have
/// none are marked too, for who is drawing one.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn outdate(tx: &mut Tx, articles: &[Uuid]) -> Result<()> {
    let mut ids = articles.to_vec();
    // Always in one order, so that two writers do not wait for each other.
    ids.sort_unstable();
    ids.dedup();
    let query = Sql::<()>::new("INSERT INTO documents (article_id, mark) SELECT given.id, 1 FROM unnest(")
        .ids(&ids)
        .text(") AS given(id) ORDER BY given.id ")
        .text("ON CONFLICT (article_id) DO UPDATE SET mark = documents.mark + 1, page = NULL");
    query.execute(tx.conn()?).await?;
    Ok(())
}

/// What is kept can be drawn again, so nobody waits for the disk.
async fn lightly(tx: &mut Tx) -> Result<()> {
    diesel::sql_query("SET LOCAL synchronous_commit = off").prepared().execute(tx.conn()?).await?;
    Ok(())
}
