//! Making a revision live, now or at a planned time, and ending it. Live is a row with a period; nothing has to run for
//! it to begin or to end.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::moves::{illegal, moving, standing};
use super::render::{Rendered, rendered};
use super::settle::settle_merged;
use crate::base::error::{Code, Error, Fault, Result};
use crate::base::id::new_id;
use crate::desk::announce::announce;
use crate::rules::article::{ArticleStage, ArticleType, Content};
use crate::rules::permission::{Principal, Right};
use crate::rules::search;
use crate::rules::version::Expected;
use crate::rules::workflow::Verb;
use crate::store::articles::{self, Article};
use crate::store::publications::{self, NewPublication, Period};
use crate::store::records::Event;
use crate::store::{Tx, lookup, region_tree};

/// How an article is to go live.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// When; now without.
    pub at: Option<DateTime<Utc>>,
    /// Until just before; for good without.
    pub until: Option<DateTime<Utc>>,
    /// A small change that does not raise `modified_at`.
    pub minor: bool,
}

/// Makes the present revision live. A period that was open then gives way; one that is planned for later stays.
///
/// # Errors
/// 404, 403 outside the caller's regions, 409 when exactly this is live, 412, 422 when something is missing or the
/// times cannot be.
pub async fn publish(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    plan: Plan,
    now: DateTime<Utc>,
) -> Result<(Article, Content)> {
    region_tree::hold_still(tx).await?;
    let from = plan.at.unwrap_or(now);
    let verb = if from > now { Verb::Schedule } else { Verb::Publish };
    let (mut article, mut content, periods) = moving(tx, by, id, seen, verb, now).await?;
    settle_merged(tx, &mut content).await?;
    ready(&content, &plan, from, now)?;
    allowed(tx, by, &content).await?;
    let open = periods.iter().find(|period| period.is_live(from));
    if open.is_some_and(|open| open.revision == article.version && plan.until == open.live_until) {
        let at = standing(&article, &periods, now);
        return Err(illegal(by, verb, &at, "This version is live then already."));
    }
    let next = periods.iter().map(|period| period.live_from).filter(|start| *start > from).min();
    let until = earlier(plan.until, next);
    if let Some(open) = open {
        publications::end(tx, open, from).await?;
    }
    let last = publications::last(tx, id).await?;
    let published_at = article.first_published_at.filter(|first| *first <= from).unwrap_or(from);
    let modified_at = modified_at(last.as_ref(), published_at, from, plan.minor);
    let Rendered { card, content: page, bodies, words, authors } = rendered(tx, &content).await?;
    let regions = content.all_regions();
    publications::insert(
        tx,
        &NewPublication {
            id: new_id(),
            article_id: id,
            revision: article.version,
            period: (from, until),
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
            search: (
                search::document(&content.headline),
                search::document(&words.summary),
                search::document(&words.body),
            ),
            regions: &regions,
            authors: &authors,
            topics: &content.topics,
            links: &content.links,
        },
    )
    .await?;
    if article.first_published_at != Some(published_at) {
        articles::set_first_published(tx, id, Some(published_at)).await?;
        publications::set_published_at(tx, id, published_at, now).await?;
    }
    // Whoever publishes has approved.
    article.stage = ArticleStage::Approved.to_string();
    article.approved_revision = Some(article.version);
    articles::set_standing(tx, &article).await?;
    let name = if from > now { "article.scheduled" } else { "article.published" };
    let showing = publications::showing(tx, id, now).await?;
    announce(tx, by, told(name, &article, &content, &showing, from), now).await?;
    Ok((Article { first_published_at: Some(published_at), ..article }, content))
}

/// Ends what is live, now or at a planned time, and drops what is planned after that.
///
/// # Errors
/// 404, 403 outside the caller's regions, 409 when nothing is live or planned, 412, 422 for a time in the past.
pub async fn unpublish(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(Article, Content)> {
    region_tree::hold_still(tx).await?;
    let (article, content, periods) = moving(tx, by, id, seen, Verb::Unpublish, now).await?;
    allowed(tx, by, &content).await?;
    let at = at.unwrap_or(now);
    if at < now {
        return Err(Error::invalid(vec![Fault::at("/at", "past", "lies in the past")]));
    }
    end_from(tx, &periods, at).await?;
    let first_published_at = still_first(tx, &article, now).await?;
    let showing = publications::showing(tx, id, now).await?;
    announce(tx, by, told("article.unpublished", &article, &content, &showing, at), now).await?;
    Ok((Article { first_published_at, ..article }, content))
}

/// When the article first went live, after something of it ended: never, if nothing of it ever was live.
async fn still_first(tx: &mut Tx, article: &Article, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let recent = article.first_published_at.is_some_and(|first| first >= now);
    if recent && publications::last(tx, article.id).await?.is_none() {
        articles::set_first_published(tx, article.id, None).await?;
        return Ok(None);
    }
    Ok(article.first_published_at)
}

/// Ends everything of an article on its way to the trash.
pub(super) async fn end_all(
    tx: &mut Tx,
    by: &Principal,
    article: &Article,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<()> {
    region_tree::hold_still(tx).await?;
    let periods = publications::present(tx, article.id, now).await?;
    if periods.is_empty() {
        return Ok(());
    }
    if !by.may(Right::Publish) {
        return Err(Error::new(
            Code::Forbidden,
            "The article is live or scheduled, and ending that needs articles:publish.",
        ));
    }
    allowed(tx, by, content).await?;
    end_from(tx, &periods, now).await?;
    still_first(tx, article, now).await?;
    let showing = publications::showing(tx, article.id, now).await?;
    announce(tx, by, told("article.unpublished", article, content, &showing, now), now).await
}

async fn end_from(tx: &mut Tx, periods: &[Period], at: DateTime<Utc>) -> Result<()> {
    for period in periods.iter().filter(|period| period.live_until.is_none_or(|until| until > at)) {
        publications::end(tx, period, at).await?;
    }
    Ok(())
}

/// What must be there before readers see it.
fn ready(content: &Content, plan: &Plan, from: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    let mut faults = Vec::new();
    if content.primary_region.is_none() && content.kind != ArticleType::Page {
        faults.push(Fault::at("/primary_region", "required", "is required for publishing: set it on the article"));
    }
    if content.body.is_empty() {
        faults.push(Fault::at("/body", "required", "is empty: write one before publishing"));
    }
    if from < now {
        faults.push(Fault::at("/at", "past", "lies in the past"));
    }
    if plan.until.is_some_and(|until| until <= from) {
        faults.push(Fault::at("/until", "order", "is not later than the beginning"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Editors may be limited to regions; then the section has to lie under one of them.
async fn allowed(tx: &mut Tx, by: &Principal, content: &Content) -> Result<()> {
    if by.regions.is_empty() {
        return Ok(());
    }
    if is_inside(tx, by, content).await? {
        Ok(())
    } else {
        Err(Error::new(Code::Forbidden, "The article's section is not among the regions that you may publish in."))
    }
}

/// Whether the section of the article lies under one of the caller's regions.
pub(super) async fn is_inside(tx: &mut Tx, by: &Principal, content: &Content) -> Result<bool> {
    match content.primary_region {
        Some(region) => lookup::is_under(tx, region, &by.regions).await,
        None => Ok(false),
    }
}

fn modified_at(
    last: Option<&Period>,
    published_at: DateTime<Utc>,
    from: DateTime<Utc>,
    minor: bool,
) -> Option<DateTime<Utc>> {
    match last {
        None => None,
        Some(last) if minor => last.modified_at,
        Some(_) => Some(from).filter(|from| *from > published_at),
    }
}

fn earlier(a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    a.into_iter().chain(b).min()
}

/// Lists are told by one tag for all: an article leaves the lists of its former regions, authors and topics too. Of the
/// articles that show this one, each is told by its own tag, because an answer never names what it does not show.
fn told<'a>(name: &'a str, article: &Article, content: &Content, showing: &[Uuid], at: DateTime<Utc>) -> Event<'a> {
    let mut tags = vec![format!("article:{}", article.id), "list:articles".to_owned(), "list:media".to_owned()];
    tags.extend(showing.iter().map(|id| format!("article:{id}")));
    tags.extend(content.all_regions().iter().map(|id| format!("list:region:{id}")));
    tags.extend(content.bylines.iter().map(|byline| format!("list:author:{}", byline.author)));
    tags.extend(content.topics.iter().map(|id| format!("list:topic:{id}")));
    let at = crate::base::clock::Timestamp(at).to_string();
    Event {
        name,
        subject_id: article.id,
        tags,
        details: json!({ "slug": content.slug, "revision": article.version, "at": at }),
    }
}
