//! The periods of one article as a row of planned events: a revision that begins takes over from what is live then and
//! runs until its own end, the end of what it took over from, or the next beginning. Dropping one gives back what it took.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::render::{Rendered, rendered};
use crate::base::error::{Code, Error, Fault, Result};
use crate::rules::article::Content;
use crate::rules::body::Format;
use crate::rules::change::Change;
use crate::rules::reference::IdOrSlug;
use crate::store::articles::Article;
use crate::store::publications::{self, NewPublication, Period};
use crate::store::{Tx, lookup};

/// A period that is to be.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// Its id.
    pub id: Uuid,
    /// The revision that it shows.
    pub revision: i32,
    /// From this instant on.
    pub from: DateTime<Utc>,
    /// Until just before this one, or for good; kept, it is the end of what it takes over from.
    pub until: Change<DateTime<Utc>>,
    /// Whether it leaves `modified_at` as it is.
    pub minor: bool,
}

/// Puts a revision into its place among the `periods` that are not over. What is live when it begins ends there; what
/// begins later stays. Answers the plan for the same instant that gave way to it, if there was one.
///
/// # Errors
/// 409 for an article under embargo or taken down, or whose address is a region's.
pub(super) async fn place(
    tx: &mut Tx,
    article: &mut Article,
    content: &Content,
    periods: &[Period],
    slot: Slot,
    now: DateTime<Utc>,
) -> Result<Option<Period>> {
    unless_a_regions(tx, content).await?;
    let open = periods.iter().find(|period| period.is_live(slot.from));
    let next = periods.iter().filter(|period| period.live_from > slot.from).min_by_key(|period| period.live_from);
    // What was planned for what it takes over from holds for it too, and otherwise what was for what takes over from it.
    let planned_until = slot.until.over(open.or(next).and_then(|other| other.planned_until));
    let next = next.map(|next| next.live_from);
    let gave_way = open.filter(|open| open.live_from == slot.from && slot.from > now).cloned();
    if let Some(open) = open {
        publications::cut(tx, open, slot.from).await?;
    }
    let published_at = article.first_published_at.filter(|first| *first <= slot.from).unwrap_or(slot.from);
    let before = publications::before(tx, article.id, slot.from).await?;
    let modified_at = modified_at(before.map(|before| before.modified_at), published_at, slot.from, slot.minor);
    let Rendered { card, content: page, bodies, words, authors } = rendered(tx, content, &Format::ALL).await?;
    let regions = content.all_regions();
    publications::insert(
        tx,
        &NewPublication {
            id: slot.id,
            article_id: article.id,
            revision: slot.revision,
            period: (slot.from, earlier(planned_until, next)),
            planned_until,
            minor: slot.minor,
            slug: &content.slug,
            kind: content.kind.as_str(),
            language: &content.language,
            headline: &content.headline,
            primary_region: content.primary_region,
            hero: content.hero.as_ref().map(|hero| hero.media),
            translation_of: content.translation_of,
            sources: content.sources.iter().map(|source| source.name.as_str()).collect(),
            published_at,
            modified_at,
            card,
            content: page,
            bodies,
            words: &words,
            regions: &regions,
            authors: &authors,
            topics: &content.topics,
            links: &content.links,
        },
    )
    .await?;
    settle(tx, article, now).await?;
    Ok(gave_way)
}

/// Lets an article without a section go live only where no region is or was: both have the path `/slug`. Whoever
/// publishes keeps the taxonomy still, and whoever changes it looks for such articles.
async fn unless_a_regions(tx: &mut Tx, content: &Content) -> Result<()> {
    let key = IdOrSlug::Slug(content.slug.clone());
    if content.primary_region.is_some() || lookup::regions(tx, std::slice::from_ref(&key)).await?.is_empty() {
        return Ok(());
    }
    let detail = format!("A region has the address /{}. Give the article another slug, or a section.", content.slug);
    Err(Error::new(Code::Conflict, detail).with_faults(vec![Fault::at("/slug", "taken", "is a region's address")]))
}

/// Takes a period out that has not begun. What it took over from goes on, as long as was planned for it.
pub(super) async fn drop_planned(tx: &mut Tx, periods: &[Period], dropped: &Period) -> Result<()> {
    publications::remove(tx, dropped.id).await?;
    let cut = |period: &&Period| {
        period.live_until == Some(dropped.live_from)
            && period.planned_until.is_none_or(|planned| planned > dropped.live_from)
    };
    if let Some(before) = periods.iter().find(cut) {
        let next = periods.iter().map(|period| period.live_from).filter(|start| *start > dropped.live_from).min();
        publications::set_end(tx, before.id, earlier(before.planned_until, next)).await?;
    }
    Ok(())
}

/// Ends an article at an instant: what begins from then on is dropped, and the last of what begins before ends then,
/// whether that is earlier or later than was planned. What ends before because another takes over would end then too if
/// the other were dropped.
pub(super) async fn end_from(tx: &mut Tx, periods: &[Period], at: DateTime<Utc>) -> Result<()> {
    let last = last_before(periods, at).map(|last| last.id);
    // The latest first: nothing may be in the way of one that goes on longer.
    for period in periods.iter().rev() {
        let gives_way = periods.iter().any(|next| period.live_until == Some(next.live_from));
        if period.live_from >= at || last == Some(period.id) {
            publications::end(tx, period, at).await?;
        } else if gives_way {
            publications::set_plan(tx, period.id, Some(at), period.live_until).await?;
        }
    }
    Ok(())
}

/// The last of the periods that begin before an instant.
pub(super) fn last_before(periods: &[Period], at: DateTime<Utc>) -> Option<&Period> {
    periods.iter().filter(|period| period.live_from < at).max_by_key(|period| period.live_from)
}

/// Gives what has not begun its times anew, after periods before it came or went, and the article its first publication,
/// which is written with its standing.
pub(super) async fn settle(tx: &mut Tx, article: &mut Article, now: DateTime<Utc>) -> Result<()> {
    let publications::Row { first, mut before, planned } = publications::row(tx, article.id, now).await?;
    for mut period in planned {
        let published_at = first.unwrap_or(period.live_from);
        let modified_at =
            modified_at(before.map(|before| before.modified_at), published_at, period.live_from, period.minor);
        if (period.published_at, period.modified_at) != (published_at, modified_at) {
            publications::set_times(tx, period.id, published_at, modified_at).await?;
        }
        period.modified_at = modified_at;
        before = Some(period);
    }
    article.first_published_at = first;
    Ok(())
}

/// What a period says of the last significant change: none in the first, that of the one before in a minor one, and
/// otherwise its own beginning.
#[expect(clippy::option_option, reason = "no period before, and one that knows of no change, are two things")]
fn modified_at(
    before: Option<Option<DateTime<Utc>>>,
    published_at: DateTime<Utc>,
    from: DateTime<Utc>,
    minor: bool,
) -> Option<DateTime<Utc>> {
    match before {
        None => None,
        Some(before) if minor => before,
        Some(_) => Some(from).filter(|from| *from > published_at),
    }
}

/// The earlier of two ends, where none is for good.
pub(super) fn earlier(a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    a.into_iter().chain(b).min()
}
