//! Periods in which a revision is, was or will be live, with the rows that delivery filters, sorts and searches by.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::articles::embargoed;
use super::schema::{
    articles, publication_authors, publication_links, publication_regions, publication_topics, publications,
    region_tree,
};
use super::{RawJson, Tx};
use crate::base::error::{Code, Error, Result};
use crate::rules::article::Link;

pub use super::periods::{
    Period, before, cut, end, first_start, present, remove, set_end, set_plan, set_times, slugs_shown,
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
    /// Headline, summary and names, then body: prepared for search.
    pub search: (String, String, String),
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
    /// The words of headline, summary and body with weights A, B and D, once as they are and once stemmed as English.
    fn search_document(headline: Text, summary: Text, body: Text) -> crate::store::schema::sql_types::Tsvector;
}

/// Which of these articles are live at `now`.
pub async fn live_among(tx: &mut Tx, ids: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let query = publications::table
        .filter(publications::article_id.eq_any(ids).and(publications::live_from.le(now)))
        .filter(publications::live_until.is_null().or(publications::live_until.gt(now)));
    Ok(query.select(publications::article_id).load(tx.conn()?).await?)
}

/// The articles whose answers show this one: those that link to it, those that it translates, and those that translate
/// it or the same original. Only articles that are or will be public are among them.
pub async fn showing(tx: &mut Tx, article_id: Uuid, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    diesel::alias!(publications as own: Own);
    let unended = || publications::live_until.is_null().or(publications::live_until.gt(now));
    let linking = publications::table
        .inner_join(publication_links::table)
        .filter(publication_links::target_id.eq(article_id).and(unended()))
        .select(publications::article_id)
        .distinct();
    let mut ids: Vec<Uuid> = linking.load(tx.conn()?).await?;
    let originals: Vec<Option<Uuid>> = own
        .filter(own.field(publications::article_id).eq(article_id))
        .select(own.field(publications::translation_of))
        .distinct()
        .load(tx.conn()?)
        .await?;
    let originals: Vec<Uuid> = originals.into_iter().flatten().chain([article_id]).collect();
    let siblings = publications::table
        .filter(publications::translation_of.eq_any(&originals).or(publications::article_id.eq_any(&originals)))
        .filter(unended())
        .select(publications::article_id)
        .distinct();
    ids.extend(siblings.load::<Uuid>(tx.conn()?).await?);
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| *id != article_id);
    Ok(ids)
}

/// Writes a period with its rows.
///
/// # Errors
/// 409 when another period of the article overlaps it, when the article is taken down, or when it is under embargo then:
/// there is no other way in, so this holds however it came here.
pub async fn insert(tx: &mut Tx, new: &NewPublication<'_>) -> Result<()> {
    unless_held_back(tx, new.article_id, new.period.0).await?;
    let (headline, summary, body) = &new.search;
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
            publications::search.eq(search_document(headline, summary, body)),
        ))
        .execute(tx.conn()?)
        .await?;
    insert_regions(tx, new).await?;
    insert_people_and_topics(tx, new).await?;
    insert_links(tx, new).await
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

/// Its own regions with their places, and every ancestor without.
async fn insert_regions(tx: &mut Tx, new: &NewPublication<'_>) -> Result<()> {
    let ancestors: Vec<Uuid> = region_tree::table
        .filter(region_tree::descendant_id.eq_any(new.regions))
        .select(region_tree::ancestor_id)
        .distinct()
        .load(tx.conn()?)
        .await?;
    let own = (0..).zip(new.regions).map(|(position, region): (i32, _)| (*region, Some(position)));
    let above = ancestors.iter().filter(|ancestor| !new.regions.contains(ancestor)).map(|ancestor| (*ancestor, None));
    let rows: Vec<_> = own
        .chain(above)
        .map(|(region, position)| {
            (
                publication_regions::publication_id.eq(new.id),
                publication_regions::region_id.eq(region),
                publication_regions::position.eq(position),
                publication_regions::published_at.eq(new.published_at),
                publication_regions::article_id.eq(new.article_id),
            )
        })
        .collect();
    diesel::insert_into(publication_regions::table).values(rows).execute(tx.conn()?).await?;
    Ok(())
}

async fn insert_people_and_topics(tx: &mut Tx, new: &NewPublication<'_>) -> Result<()> {
    let authors: Vec<_> = (0..)
        .zip(new.authors)
        .map(|(position, (author, role, name)): (i32, _)| {
            (
                publication_authors::publication_id.eq(new.id),
                publication_authors::position.eq(position),
                publication_authors::author_id.eq(*author),
                publication_authors::role.eq(*role),
                publication_authors::name.eq(name),
                publication_authors::published_at.eq(new.published_at),
                publication_authors::article_id.eq(new.article_id),
            )
        })
        .collect();
    diesel::insert_into(publication_authors::table).values(authors).execute(tx.conn()?).await?;
    let topics: Vec<_> = (0..)
        .zip(new.topics)
        .map(|(position, topic): (i32, _)| {
            (
                publication_topics::publication_id.eq(new.id),
                publication_topics::position.eq(position),
                publication_topics::topic_id.eq(*topic),
                publication_topics::published_at.eq(new.published_at),
                publication_topics::article_id.eq(new.article_id),
            )
        })
        .collect();
    diesel::insert_into(publication_topics::table).values(topics).execute(tx.conn()?).await?;
    Ok(())
}

async fn insert_links(tx: &mut Tx, new: &NewPublication<'_>) -> Result<()> {
    let links: Vec<_> = (0..)
        .zip(new.links)
        .map(|(position, link): (i32, _)| {
            (
                publication_links::publication_id.eq(new.id),
                publication_links::position.eq(position),
                publication_links::link_id.eq(link.id),
                publication_links::kind.eq(link.kind.as_str()),
                publication_links::target_id.eq(link.target),
                publication_links::url.eq(link.url.as_deref()),
                publication_links::title.eq(link.title.as_deref()),
                publication_links::block_id.eq(link.block_id.as_deref()),
            )
        })
        .collect();
    diesel::insert_into(publication_links::table).values(links).execute(tx.conn()?).await?;
    Ok(())
}
