//! Authors: public profiles, each with its picture. A merged author goes on resolving to the one that took it in.

use chrono::{DateTime, Utc};
use diesel::dsl::{IntoBoxed, LeftJoin, exists};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::keyset::page_by_text;
use super::media::Media;
use super::schema::{article_authors, authors, earlier_names, media, publication_authors, retired_slugs, users};
use super::topics::contains;
use super::{Reader, Stored, Tx};
use crate::base::error::Result;
use crate::rules::author::AuthorLink;
use crate::rules::page::{Seek, Window};
use crate::rules::reference::IdOrSlug;

/// One author.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = authors, treat_none_as_null = true)]
pub struct Author {
    /// UUIDv7.
    pub id: Uuid,
    /// Its present slug.
    pub slug: String,
    /// As it is shown.
    pub name: String,
    /// The name folded for comparison and order.
    pub name_key: String,
    /// Such as "Asia correspondent".
    pub job_title: Option<String>,
    /// Plain text.
    pub bio: Option<String>,
    /// Where the author works.
    pub location: Option<String>,
    /// Elsewhere on the web.
    pub links: Stored<Vec<AuthorLink>>,
    /// The picture.
    pub avatar_id: Option<Uuid>,
    /// Private to the newsroom.
    pub email: Option<String>,
    /// The author that took this one in.
    pub merged_into: Option<Uuid>,
    /// Goes up with every write.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was written last.
    pub updated_at: DateTime<Utc>,
}

/// An author with the picture.
pub type Profile = (Author, Option<Media>);

diesel::alias!(authors as absorbed: Absorbed);

type Query<'a> = IntoBoxed<'a, LeftJoin<authors::table, media::table>, Pg>;

/// Authors that were not merged away.
fn present<'a>() -> Query<'a> {
    authors::table.left_join(media::table).into_boxed().filter(authors::merged_into.is_null())
}

/// The author that an id or slug leads to, whether it is present, former or merged away.
fn named<'a>(key: &IdOrSlug) -> Query<'a> {
    let taken_in = absorbed.filter(absorbed.field(authors::merged_into).eq(authors::id.nullable()));
    match key.clone() {
        IdOrSlug::Id(id) => {
            present().filter(authors::id.eq(id).or(exists(taken_in.filter(absorbed.field(authors::id).eq(id)))))
        }
        IdOrSlug::Slug(slug) => {
            let retired = retired_slugs::table
                .filter(retired_slugs::kind.eq("author").and(retired_slugs::slug.eq(slug.clone())))
                .filter(retired_slugs::author_id.eq(authors::id.nullable()));
            present().filter(
                authors::slug
                    .eq(slug.clone())
                    .or(exists(taken_in.filter(absorbed.field(authors::slug).eq(slug))))
                    .or(exists(retired)),
            )
        }
    }
}

/// Authors that were not merged away, optionally only those whose name contains `words`.
fn containing<'a>(words: Option<&str>) -> Query<'a> {
    match words {
        Some(words) => present().filter(authors::name_key.like(contains(words)).escape('\\')),
        None => present(),
    }
}

/// One page of them, by name.
fn listed<'a>(words: Option<&str>, seek: &Seek) -> Query<'a> {
    page_by_text!(containing(words), authors::name_key, authors::id, seek)
}

fn window(rows: Vec<Profile>, seek: &Seek) -> Window<Profile> {
    Window::of(rows, seek, |(author, _)| (author.name_key.clone(), author.id))
}

/// The author that delivery shows for an id or slug.
pub async fn find(reader: &Reader, key: &IdOrSlug) -> Result<Option<Profile>> {
    reader
        .run(async |mut conn| {
            named(key).select((Author::as_select(), Option::<Media>::as_select())).first(&mut conn).await.optional()
        })
        .await
}

/// One page of authors for delivery, by name.
pub async fn list(reader: &Reader, words: Option<&str>, seek: &Seek) -> Result<Window<Profile>> {
    let rows = reader
        .run(async |mut conn| {
            let query = listed(words, seek);
            query.select((Author::as_select(), Option::<Media>::as_select())).load(&mut conn).await
        })
        .await?;
    Ok(window(rows, seek))
}

/// How many authors there are, optionally only those whose name contains `words`.
pub async fn count(reader: &Reader, words: Option<&str>) -> Result<i64> {
    reader.run(async |mut conn| containing(words).count().get_result(&mut conn).await).await
}

/// The author that the newsroom means by an id or slug.
pub async fn find_in(tx: &mut Tx, key: &IdOrSlug) -> Result<Option<Profile>> {
    let query = named(key).select((Author::as_select(), Option::<Media>::as_select()));
    Ok(query.first(tx.conn()?).await.optional()?)
}

/// One page of authors for the newsroom.
pub async fn list_in(tx: &mut Tx, words: Option<&str>, seek: &Seek) -> Result<Window<Profile>> {
    let query = listed(words, seek).select((Author::as_select(), Option::<Media>::as_select()));
    Ok(window(query.load(tx.conn()?).await?, seek))
}

/// How many authors there are, for the newsroom.
pub async fn count_in(tx: &mut Tx, words: Option<&str>) -> Result<i64> {
    Ok(containing(words).count().get_result(tx.conn()?).await?)
}

/// The author with this id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Author>> {
    let query = authors::table.find(id).filter(authors::merged_into.is_null());
    Ok(query.select(Author::as_select()).for_no_key_update().first(tx.conn()?).await.optional()?)
}

/// Adds an author.
pub async fn insert(tx: &mut Tx, author: &Author) -> Result<()> {
    diesel::insert_into(authors::table).values(author).execute(tx.conn()?).await?;
    Ok(())
}

/// Writes all of an author's columns.
pub async fn update(tx: &mut Tx, author: &Author) -> Result<()> {
    diesel::update(authors::table.find(author.id)).set(author).execute(tx.conn()?).await?;
    Ok(())
}

/// Removes an author that nothing refers to, and with it those that it took in.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<()> {
    let family = authors::table.filter(authors::id.eq(id).or(authors::merged_into.eq(id)));
    diesel::delete(family).execute(tx.conn()?).await?;
    Ok(())
}

/// How many bylines, in the newsroom, in its history or published, and how many users name the author or one that it
/// took in.
pub async fn uses(tx: &mut Tx, id: Uuid) -> Result<i64> {
    let family = authors::table.filter(authors::id.eq(id).or(authors::merged_into.eq(id)));
    let family: Vec<Uuid> = family.select(authors::id).load(tx.conn()?).await?;
    let working = article_authors::table.filter(article_authors::author_id.eq_any(&family)).count();
    let working: i64 = working.get_result(tx.conn()?).await?;
    let published = publication_authors::table.filter(publication_authors::author_id.eq_any(&family)).count();
    let published: i64 = published.get_result(tx.conn()?).await?;
    let people = users::table.filter(users::author_id.eq_any(&family)).count();
    let people: i64 = people.get_result(tx.conn()?).await?;
    Ok(working + published + people + super::earlier_names::count(tx, &family).await?)
}

/// Moves everything that names `from` to `into`; where both stand in one role, one stays. Revisions keep the id that
/// they were written with: it resolves when it is read.
pub async fn redirect(tx: &mut Tx, from: Uuid, into: Uuid) -> Result<()> {
    diesel::alias!(article_authors as other_working: OtherWorking, publication_authors as other_published: OtherPublished);
    let named = article_authors::table.filter(article_authors::author_id.eq(from)).distinct();
    diesel::insert_into(earlier_names::table)
        .values(named.select((article_authors::author_id, article_authors::article_id)))
        .into_columns((earlier_names::named_id, earlier_names::article_id))
        .on_conflict_do_nothing()
        .execute(tx.conn()?)
        .await?;
    let twin = other_working
        .filter(other_working.field(article_authors::author_id).eq(into))
        .filter(other_working.field(article_authors::role).eq(article_authors::role))
        .filter(other_working.field(article_authors::article_id).eq(article_authors::article_id));
    let doubled = article_authors::table.filter(article_authors::author_id.eq(from)).filter(exists(twin));
    diesel::delete(doubled).execute(tx.conn()?).await?;
    diesel::update(article_authors::table.filter(article_authors::author_id.eq(from)))
        .set(article_authors::author_id.eq(into))
        .execute(tx.conn()?)
        .await?;
    let twin = other_published
        .filter(other_published.field(publication_authors::author_id).eq(into))
        .filter(other_published.field(publication_authors::role).eq(publication_authors::role))
        .filter(other_published.field(publication_authors::publication_id).eq(publication_authors::publication_id));
    let doubled = publication_authors::table.filter(publication_authors::author_id.eq(from)).filter(exists(twin));
    diesel::delete(doubled).execute(tx.conn()?).await?;
    diesel::update(publication_authors::table.filter(publication_authors::author_id.eq(from)))
        .set(publication_authors::author_id.eq(into))
        .execute(tx.conn()?)
        .await?;
    diesel::update(users::table.filter(users::author_id.eq(from)))
        .set(users::author_id.eq(into))
        .execute(tx.conn()?)
        .await?;
    diesel::update(authors::table.filter(authors::merged_into.eq(from)))
        .set(authors::merged_into.eq(into))
        .execute(tx.conn()?)
        .await?;
    diesel::update(retired_slugs::table.filter(retired_slugs::author_id.eq(from)))
        .set(retired_slugs::author_id.eq(into))
        .execute(tx.conn()?)
        .await?;
    Ok(())
}
