//! Topics: flat subjects. A merged topic goes on resolving to the one that took it in.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::keyset::page_by_text;
use super::schema::{article_topics, earlier_names, publication_topics, retired_slugs, topics};
use super::{Reader, Tx};
use crate::base::error::Result;
use crate::rules::page::{Seek, Window};
use crate::rules::reference::IdOrSlug;

/// One topic.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = topics, treat_none_as_null = true)]
pub struct Topic {
    /// UUIDv7.
    pub id: Uuid,
    /// Its present slug.
    pub slug: String,
    /// As it is shown.
    pub name: String,
    /// The name folded for comparison and order.
    pub name_key: String,
    /// Plain text.
    pub description: Option<String>,
    /// The topic that took this one in.
    pub merged_into: Option<Uuid>,
    /// Goes up with every write.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was written last.
    pub updated_at: DateTime<Utc>,
}

diesel::alias!(topics as absorbed: Absorbed);

/// Topics that were not merged away.
fn present<'a>() -> topics::BoxedQuery<'a, Pg> {
    topics::table.filter(topics::merged_into.is_null()).into_boxed()
}

/// The topic that an id or slug leads to, whether it is present, former or merged away.
fn named<'a>(key: &IdOrSlug) -> topics::BoxedQuery<'a, Pg> {
    let taken_in = absorbed.filter(absorbed.field(topics::merged_into).eq(topics::id.nullable()));
    match key.clone() {
        IdOrSlug::Id(id) => present()
            .filter(topics::id.eq(id).or(diesel::dsl::exists(taken_in.filter(absorbed.field(topics::id).eq(id))))),
        IdOrSlug::Slug(slug) => {
            let retired = retired_slugs::table
                .filter(retired_slugs::kind.eq("topic").and(retired_slugs::slug.eq(slug.clone())))
                .filter(retired_slugs::topic_id.eq(topics::id.nullable()));
            present().filter(
                topics::slug
                    .eq(slug.clone())
                    .or(diesel::dsl::exists(taken_in.filter(absorbed.field(topics::slug).eq(slug))))
                    .or(diesel::dsl::exists(retired)),
            )
        }
    }
}

/// Topics that were not merged away, optionally only those whose name contains `words`.
fn containing<'a>(words: Option<&str>) -> topics::BoxedQuery<'a, Pg> {
    match words {
        Some(words) => present().filter(topics::name_key.like(contains(words)).escape('\\')),
        None => present(),
    }
}

/// One page of them, by name.
fn listed<'a>(words: Option<&str>, seek: &Seek) -> topics::BoxedQuery<'a, Pg> {
    page_by_text!(containing(words), topics::name_key, topics::id, seek)
}

/// A LIKE pattern that finds the folded words anywhere; `%` and `_` stand for themselves.
pub(super) fn contains(words: &str) -> String {
    let escaped = crate::rules::name::key(words).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

fn window(rows: Vec<Topic>, seek: &Seek) -> Window<Topic> {
    Window::of(rows, seek, |topic| (topic.name_key.clone(), topic.id))
}

/// The topic that delivery shows for an id or slug.
pub async fn find(reader: &Reader, key: &IdOrSlug) -> Result<Option<Topic>> {
    reader.run(async |mut conn| named(key).select(Topic::as_select()).first(&mut conn).await.optional()).await
}

/// One page of topics for delivery, by name.
pub async fn list(reader: &Reader, words: Option<&str>, seek: &Seek) -> Result<Window<Topic>> {
    let rows =
        reader.run(async |mut conn| listed(words, seek).select(Topic::as_select()).load(&mut conn).await).await?;
    Ok(window(rows, seek))
}

/// How many topics there are, optionally only those whose name contains `words`.
pub async fn count(reader: &Reader, words: Option<&str>) -> Result<i64> {
    reader.run(async |mut conn| containing(words).count().get_result(&mut conn).await).await
}

/// The topic that the newsroom means by an id or slug.
pub async fn find_in(tx: &mut Tx, key: &IdOrSlug) -> Result<Option<Topic>> {
    Ok(named(key).select(Topic::as_select()).first(tx.conn()?).await.optional()?)
}

/// One page of topics for the newsroom.
pub async fn list_in(tx: &mut Tx, words: Option<&str>, seek: &Seek) -> Result<Window<Topic>> {
    let rows = listed(words, seek).select(Topic::as_select()).load(tx.conn()?).await?;
    Ok(window(rows, seek))
}

/// How many topics there are, for the newsroom.
pub async fn count_in(tx: &mut Tx, words: Option<&str>) -> Result<i64> {
    Ok(containing(words).count().get_result(tx.conn()?).await?)
}

/// The topic with this id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Topic>> {
    let query = topics::table.find(id).filter(topics::merged_into.is_null());
    Ok(query.select(Topic::as_select()).for_no_key_update().first(tx.conn()?).await.optional()?)
}

/// Adds a topic.
pub async fn insert(tx: &mut Tx, topic: &Topic) -> Result<()> {
    diesel::insert_into(topics::table).values(topic).execute(tx.conn()?).await?;
    Ok(())
}

/// Writes all of a topic's columns.
pub async fn update(tx: &mut Tx, topic: &Topic) -> Result<()> {
    diesel::update(topics::table.find(topic.id)).set(topic).execute(tx.conn()?).await?;
    Ok(())
}

/// Removes a topic that nothing refers to, and with it those that it took in.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<()> {
    let family = topics::table.filter(topics::id.eq(id).or(topics::merged_into.eq(id)));
    diesel::delete(family).execute(tx.conn()?).await?;
    Ok(())
}

/// How many articles, in the newsroom, in its history or published, carry the topic or one that it took in.
pub async fn uses(tx: &mut Tx, id: Uuid) -> Result<i64> {
    let family = topics::table.filter(topics::id.eq(id).or(topics::merged_into.eq(id)));
    let family: Vec<Uuid> = family.select(topics::id).load(tx.conn()?).await?;
    let working = article_topics::table.filter(article_topics::topic_id.eq_any(&family)).count();
    let working: i64 = working.get_result(tx.conn()?).await?;
    let published = publication_topics::table.filter(publication_topics::topic_id.eq_any(&family)).count();
    let published: i64 = published.get_result(tx.conn()?).await?;
    Ok(working + published + super::earlier_names::count(tx, &family).await?)
}

/// Moves everything that carries `from` to `into`; where both stand, one stays.
pub async fn redirect(tx: &mut Tx, from: Uuid, into: Uuid) -> Result<()> {
    let named = article_topics::table.filter(article_topics::topic_id.eq(from));
    diesel::insert_into(earlier_names::table)
        .values(named.select((article_topics::topic_id, article_topics::article_id)))
        .into_columns((earlier_names::named_id, earlier_names::article_id))
        .on_conflict_do_nothing()
        .execute(tx.conn()?)
        .await?;
    diesel::alias!(article_topics as other_working: OtherWorking, publication_topics as other_published: OtherPublished);
    let doubled = other_working
        .filter(other_working.field(article_topics::topic_id).eq(into))
        .filter(other_working.field(article_topics::article_id).eq(article_topics::article_id));
    diesel::delete(
        article_topics::table.filter(article_topics::topic_id.eq(from)).filter(diesel::dsl::exists(doubled)),
    )
    .execute(tx.conn()?)
    .await?;
    diesel::update(article_topics::table.filter(article_topics::topic_id.eq(from)))
        .set(article_topics::topic_id.eq(into))
        .execute(tx.conn()?)
        .await?;
    let doubled = other_published
        .filter(other_published.field(publication_topics::topic_id).eq(into))
        .filter(other_published.field(publication_topics::publication_id).eq(publication_topics::publication_id));
    diesel::delete(
        publication_topics::table.filter(publication_topics::topic_id.eq(from)).filter(diesel::dsl::exists(doubled)),
    )
    .execute(tx.conn()?)
    .await?;
    diesel::update(publication_topics::table.filter(publication_topics::topic_id.eq(from)))
        .set(publication_topics::topic_id.eq(into))
        .execute(tx.conn()?)
        .await?;
    diesel::update(topics::table.filter(topics::merged_into.eq(from)))
        .set(topics::merged_into.eq(into))
        .execute(tx.conn()?)
        .await?;
    diesel::update(retired_slugs::table.filter(retired_slugs::topic_id.eq(from)))
        .set(retired_slugs::topic_id.eq(into))
        .execute(tx.conn()?)
        .await?;
    Ok(())
}
