//! Assets: what they are and show, and which of them the public may know of.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::articles::VisibleTo;
use super::keyset::page_by_id;
use super::live::Moment;
use super::schema::{articles, authors, media, publications, retired_slugs};
use super::{Reader, Stored, Tx, earlier_names};
use crate::base::error::Result;
use crate::rules::media::{MediaKind, Rendition};
use crate::rules::page::{Seek, Window};
use crate::rules::reference::IdOrSlug;

/// One asset.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = media, treat_none_as_null = true)]
pub struct Media {
    /// UUIDv7.
    pub id: Uuid,
    /// Its present slug.
    pub slug: String,
    /// Where its bytes are.
    pub url: String,
    /// `image`, `video`, `audio` or `document`.
    pub kind: String,
    /// Its media type.
    pub mime_type: String,
    /// In pixels.
    pub width: Option<i32>,
    /// In pixels.
    pub height: Option<i32>,
    /// Size of the file.
    pub bytes: Option<i64>,
    /// Digest of the file, in hexadecimal.
    pub sha256: Option<String>,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// What is written under it.
    pub caption: String,
    /// Who is owed the credit.
    pub credit_line: String,
    /// On what terms it may be shown.
    pub licence: Option<String>,
    /// Part of the width.
    pub focal_x: Option<f64>,
    /// Part of the height.
    pub focal_y: Option<f64>,
    /// Other sizes and formats.
    pub renditions: Stored<Vec<Rendition>>,
    /// Goes up with every write.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was written last.
    pub updated_at: DateTime<Utc>,
    /// Who added it; nobody once that user is gone.
    pub created_by: Option<Uuid>,
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words in slug, alternative text, caption or credit.
    pub words: Option<String>,
    /// One kind.
    pub kind: Option<MediaKind>,
}

/// Assets that have the words that are looked for.
const BY_WORDS: &str = "media.id IN (SELECT w.media_id FROM media_words w WHERE w.words @@ search_query(";
/// Writes the words of an asset in place of those before.
const WORDS: &str = "INSERT INTO media_words (media_id, words) \
     SELECT id, asset_document(slug, alt, caption, credit_line) FROM media WHERE id = $1 \
     ON CONFLICT (media_id) DO UPDATE SET words = excluded.words";

type Query<'a> = media::BoxedQuery<'a, Pg>;

/// Assets that something which is live at `now`, or an author's profile, shows. A caption must not tell of a story
/// before the story itself does.
fn public<'a>(now: Moment) -> Query<'a> {
    let (now, is_past) = (now.at(), now.is_past());
    let taken_down = articles::table.filter(articles::killed_at.is_not_null()).select(articles::id);
    let over_an_article = publications::table
        .filter(publications::hero_media_id.eq(media::id.nullable()).and(publications::live_from.le(now)))
        .filter(publications::live_until.is_null().or(publications::live_until.gt(now)))
        .filter(is_past.into_sql::<Bool>().eq(false).or(publications::article_id.ne_all(taken_down)));
    let of_an_author =
        authors::table.filter(authors::avatar_id.eq(media::id.nullable()).and(authors::merged_into.is_null()));
    media::table.filter(exists(over_an_article).or(exists(of_an_author))).into_boxed()
}

/// Assets that somebody in the newsroom may know of: all, or those that the public knows and own ones. The caption of
/// another's asset may tell of a story that is not out.
fn seen<'a>(by: VisibleTo, now: DateTime<Utc>) -> Query<'a> {
    match by {
        VisibleTo::Everybody => media::table.into_boxed(),
        VisibleTo::Creator(user) => public(Moment::now(now)).or_filter(media::created_by.eq(user)),
    }
}

/// The asset that an id or slug leads to, present or former.
fn named<'a>(query: Query<'a>, key: &IdOrSlug) -> Query<'a> {
    match key.clone() {
        IdOrSlug::Id(id) => query.filter(media::id.eq(id)),
        IdOrSlug::Slug(slug) => {
            let retired = retired_slugs::table
                .filter(retired_slugs::kind.eq("media").and(retired_slugs::slug.eq(slug.clone())))
                .filter(retired_slugs::media_id.eq(media::id.nullable()));
            query.filter(media::slug.eq(slug).or(exists(retired)))
        }
    }
}

fn narrowed<'a>(mut query: Query<'a>, filter: &Filter) -> Query<'a> {
    if let Some(kind) = filter.kind {
        query = query.filter(media::kind.eq(kind.as_str()));
    }
    if let Some(words) = &filter.words {
        query = query.filter(sql::<Bool>(BY_WORDS).bind::<Text, _>(words.clone()).sql("))"));
    }
    query
}

/// One page, by age.
fn page<'a>(query: Query<'a>, seek: &Seek) -> Query<'a> {
    page_by_id!(query, media::id, seek)
}

fn window(rows: Vec<Media>, seek: &Seek) -> Window<Media> {
    Window::of(rows, seek, |asset| (String::new(), asset.id))
}

/// The asset that delivery shows for an id or slug at `now`.
pub async fn find(reader: &Reader, key: &IdOrSlug, now: Moment) -> Result<Option<Media>> {
    reader
        .run(async |mut conn| named(public(now), key).select(Media::as_select()).first(&mut conn).await.optional())
        .await
}

/// One page of the assets that the public may know of at `now`.
pub async fn list(reader: &Reader, filter: &Filter, seek: &Seek, now: Moment) -> Result<Window<Media>> {
    let rows = reader
        .run(async |mut conn| {
            page(narrowed(public(now), filter), seek).select(Media::as_select()).load(&mut conn).await
        })
        .await?;
    Ok(window(rows, seek))
}

/// How many assets the public may know of at `now`.
pub async fn count(reader: &Reader, filter: &Filter, now: Moment) -> Result<i64> {
    reader.run(async |mut conn| narrowed(public(now), filter).count().get_result(&mut conn).await).await
}

/// The next instant after `now` at which time alone makes assets public or takes them back, and the next at which it takes
/// back: those of one asset, or any.
pub async fn next_change(
    reader: &Reader,
    asset: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<(Option<DateTime<Utc>>, Option<DateTime<Utc>>)> {
    let shown = || {
        let query = publications::table.filter(publications::hero_media_id.is_not_null()).into_boxed();
        match asset {
            Some(id) => query.filter(publications::hero_media_id.eq(id)),
            None => query,
        }
    };
    let later = diesel::alias!(publications as later);
    let starts = || {
        shown().filter(publications::live_from.gt(now)).select(publications::live_from).order(publications::live_from)
    };
    let ends = || {
        shown()
            .filter(publications::live_until.gt(now).and(publications::live_from.le(now)))
            .select(publications::live_until.assume_not_null())
            .order(publications::live_until)
    };
    // Where another version of the article goes on at once, nothing is taken back.
    let goes_on = || {
        later
            .filter(later.field(publications::article_id).eq(publications::article_id))
            .filter(later.field(publications::live_from).nullable().eq(publications::live_until))
    };
    type Instant = Option<DateTime<Utc>>;
    let (start, end, last): (Instant, Instant, Instant) = reader
        .run(async |conn| {
            let (mut first, mut second, mut third) = (conn, conn, conn);
            let start = async { starts().first(&mut first).await.optional() };
            let end = async { ends().first(&mut second).await.optional() };
            let last = async { ends().filter(not(exists(goes_on()))).first(&mut third).await.optional() };
            tokio::try_join!(start, end, last)
        })
        .await?;
    Ok((start.into_iter().chain(end).min(), last))
}

/// The asset that the newsroom means by an id or slug.
pub async fn find_in(tx: &mut Tx, key: &IdOrSlug) -> Result<Option<Media>> {
    let query = named(media::table.into_boxed(), key);
    Ok(query.select(Media::as_select()).first(tx.conn()?).await.optional()?)
}

/// The same, if this person may know of it at `now`.
pub async fn seen_in(tx: &mut Tx, by: VisibleTo, key: &IdOrSlug, now: DateTime<Utc>) -> Result<Option<Media>> {
    let query = named(seen(by, now), key);
    Ok(query.select(Media::as_select()).first(tx.conn()?).await.optional()?)
}

/// One page of the assets that somebody in the newsroom may know of.
pub async fn list_in(
    tx: &mut Tx,
    by: VisibleTo,
    filter: &Filter,
    seek: &Seek,
    now: DateTime<Utc>,
) -> Result<Window<Media>> {
    let query = page(narrowed(seen(by, now), filter), seek);
    Ok(window(query.select(Media::as_select()).load(tx.conn()?).await?, seek))
}

/// How many assets that list has.
pub async fn count_in(tx: &mut Tx, by: VisibleTo, filter: &Filter, now: DateTime<Utc>) -> Result<i64> {
    Ok(narrowed(seen(by, now), filter).count().get_result(tx.conn()?).await?)
}

/// Whether readers see the asset at `now`, or will by what is planned.
pub async fn is_shown(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let over_an_article = publications::table
        .filter(publications::hero_media_id.eq(id))
        .filter(publications::live_until.is_null().or(publications::live_until.gt(now)));
    let of_an_author = authors::table.filter(authors::avatar_id.eq(id).and(authors::merged_into.is_null()));
    Ok(diesel::select(exists(over_an_article).or(exists(of_an_author))).get_result(tx.conn()?).await?)
}

/// The asset with this id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Media>> {
    Ok(media::table.find(id).select(Media::as_select()).for_no_key_update().first(tx.conn()?).await.optional()?)
}

/// Adds an asset.
pub async fn insert(tx: &mut Tx, asset: &Media) -> Result<()> {
    diesel::insert_into(media::table).values(asset).execute(tx.conn()?).await?;
    write_words(tx, asset.id).await
}

/// Writes all of an asset's columns.
pub async fn update(tx: &mut Tx, asset: &Media) -> Result<()> {
    diesel::update(media::table.find(asset.id)).set(asset).execute(tx.conn()?).await?;
    write_words(tx, asset.id).await
}

async fn write_words(tx: &mut Tx, id: Uuid) -> Result<()> {
    diesel::sql_query(WORDS).bind::<diesel::sql_types::Uuid, _>(id).execute(tx.conn()?).await?;
    Ok(())
}

/// Removes an asset that nothing shows.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<()> {
    diesel::delete(media::table.find(id)).execute(tx.conn()?).await?;
    Ok(())
}

/// In how many places the asset is shown: over articles, in the newsroom, in its history or published, and in profiles.
pub async fn uses(tx: &mut Tx, id: Uuid) -> Result<i64> {
    let working = articles::table.filter(articles::hero_media_id.eq(id)).count();
    let working: i64 = working.get_result(tx.conn()?).await?;
    let published = publications::table.filter(publications::hero_media_id.eq(id)).count();
    let published: i64 = published.get_result(tx.conn()?).await?;
    let profiles: i64 = authors::table.filter(authors::avatar_id.eq(id)).count().get_result(tx.conn()?).await?;
    Ok(working + published + profiles + earlier_names::count(tx, &[id]).await?)
}
