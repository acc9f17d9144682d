//! Slugs that authors, regions, topics and media once had: still theirs, and nobody else's.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::{authors, media, publications, regions, retired_slugs, topics};
use super::{Tx, hold};
use crate::base::error::Result;

/// Whose slug it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// An author's.
    Author(Uuid),
    /// A region's.
    Region(Uuid),
    /// A topic's.
    Topic(Uuid),
    /// An asset's.
    Media(Uuid),
}

impl Owner {
    fn kind(self) -> &'static str {
        match self {
            Self::Author(_) => "author",
            Self::Region(_) => "region",
            Self::Topic(_) => "topic",
            Self::Media(_) => "media",
        }
    }

    /// Author, region, topic, media: one of them.
    fn columns(self) -> [Option<Uuid>; 4] {
        match self {
            Self::Author(id) => [Some(id), None, None, None],
            Self::Region(id) => [None, Some(id), None, None],
            Self::Topic(id) => [None, None, Some(id), None],
            Self::Media(id) => [None, None, None, Some(id)],
        }
    }
}

/// Waits until nobody else is giving or taking a slug of this family, and keeps others out until the transaction ends.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn hold(tx: &mut Tx, family: &str, owner: Owner) -> Result<()> {
    hold::alone(tx, hold::key_of(format!("slug\n{}\n{family}", owner.kind()).as_bytes())).await
}

/// Keeps a slug for its owner after a rename.
///
/// # Errors
/// 409 when somebody else retired it before.
pub async fn retire(tx: &mut Tx, slug: &str, owner: Owner) -> Result<()> {
    let [author, region, topic, asset] = owner.columns();
    diesel::insert_into(retired_slugs::table)
        .values((
            retired_slugs::kind.eq(owner.kind()),
            retired_slugs::slug.eq(slug),
            retired_slugs::author_id.eq(author),
            retired_slugs::region_id.eq(region),
            retired_slugs::topic_id.eq(topic),
            retired_slugs::media_id.eq(asset),
        ))
        .execute(tx.conn()?)
        .await?;
    Ok(())
}

/// Those of the slugs under which articles without a section are live or planned: their paths would be regions' too.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn shown_as_pages(tx: &mut Tx, slugs: &[&str], now: DateTime<Utc>) -> Result<Vec<String>> {
    let query = publications::table
        .filter(publications::slug.eq_any(slugs).and(publications::primary_region_id.is_null()))
        .filter(publications::live_until.is_null().or(publications::live_until.gt(now)));
    Ok(query.select(publications::slug).distinct().load(tx.conn()?).await?)
}

/// Whether somebody other than `owner` has, or once had, the slug. Frees it if it was the owner's own.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn is_taken(tx: &mut Tx, slug: &str, owner: Owner, now: DateTime<Utc>) -> Result<bool> {
    let [author, region, topic, asset] = owner.columns();
    diesel::delete(
        retired_slugs::table.filter(retired_slugs::kind.eq(owner.kind()).and(retired_slugs::slug.eq(slug))).filter(
            retired_slugs::author_id
                .is_not_distinct_from(author)
                .and(retired_slugs::region_id.is_not_distinct_from(region))
                .and(retired_slugs::topic_id.is_not_distinct_from(topic))
                .and(retired_slugs::media_id.is_not_distinct_from(asset)),
        ),
    )
    .execute(tx.conn()?)
    .await?;
    let retired = retired_slugs::table.filter(retired_slugs::kind.eq(owner.kind()).and(retired_slugs::slug.eq(slug)));
    if diesel::select(diesel::dsl::exists(retired)).get_result(tx.conn()?).await? {
        return Ok(true);
    }
    let present = match owner {
        Owner::Author(id) => {
            let others = authors::table.filter(authors::slug.eq(slug).and(authors::id.ne(id)));
            diesel::select(diesel::dsl::exists(others)).get_result(tx.conn()?).await?
        }
        Owner::Region(id) => {
            let others = regions::table.filter(regions::slug.eq(slug).and(regions::id.ne(id)));
            let taken = diesel::select(diesel::dsl::exists(others)).get_result(tx.conn()?).await?;
            taken || !shown_as_pages(tx, &[slug], now).await?.is_empty()
        }
        Owner::Topic(id) => {
            let others = topics::table.filter(topics::slug.eq(slug).and(topics::id.ne(id)));
            diesel::select(diesel::dsl::exists(others)).get_result(tx.conn()?).await?
        }
        Owner::Media(id) => {
            let others = media::table.filter(media::slug.eq(slug).and(media::id.ne(id)));
            diesel::select(diesel::dsl::exists(others)).get_result(tx.conn()?).await?
        }
    };
    Ok(present)
}
