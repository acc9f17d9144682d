//! Making a revision live, now or at a planned time, and ending it. Live is a row with a period; nothing has to run for
//! it to begin or to end.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::embargo::unless_embargoed;
use super::links::redraw_inline;
use super::moves::{illegal, moving, standing};
use super::periods::{Slot, end_from, last_before, place, settle};
use super::settle::settle_merged;
use super::write::Written;
use crate::base::clock::{Clock, Timestamp};
use crate::base::error::{Code, Error, Fault, Result, faultless};
use crate::base::id::new_id;
use crate::desk::announce::announce;
use crate::rules::article::{ArticleStage, ArticleType, Content};
use crate::rules::body::Warning;
use crate::rules::change::Change;
use crate::rules::permission::{Principal, Right};
use crate::rules::tag::tag;
use crate::rules::version::Expected;
use crate::rules::workflow::Verb;
use crate::store::articles::{self, Article};
use crate::store::corrections::{self, Correction};
use crate::store::documents;
use crate::store::publications::{self, Period};
use crate::store::records::Event;
use crate::store::{Tx, lookup, region_tree};

/// How an article is to go live.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Which revision; the present one without.
    pub revision: Option<i32>,
    /// When; now without.
    pub at: Option<DateTime<Utc>>,
    /// Until just before this instant; without, as long as what it takes over from, and otherwise for good.
    pub until: Option<DateTime<Utc>>,
    /// A small change that does not raise `modified_at`.
    pub minor: bool,
    /// Why it goes live although it is under embargo.
    pub break_embargo: Option<String>,
    /// Host of the public site, so that absolute links to it are links inside.
    pub site: String,
}

/// Makes a revision live, and tells the article's corrections beside it. A period that was open then gives way; one that
/// is planned for later stays.
///
/// # Errors
/// 404, 403 outside the caller's regions, 409 when exactly this is live or an embargo forbids it, 412, 422 when
/// something is missing or the times cannot be.
pub async fn publish(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    plan: Plan,
    clock: &Clock,
) -> Result<(Written, Vec<Correction>)> {
    let verb = if plan.at.is_some_and(|at| at > clock.now()) { Verb::Schedule } else { Verb::Publish };
    let Begun { article, content, revision, gave_way, .. } =
        goes_live(tx, by, id, seen, (verb, plan), None, clock).await?;
    let corrections = corrections::of(tx, id).await?;
    let undone = corrections.first().is_some_and(|last| undoes(revision, (last.from_revision, last.to_revision)));
    let warning = || Warning {
        pointer: "/revision".to_owned(),
        code: "undoes_correction".to_owned(),
        detail: format!("revision {revision} is older than the one that put right what was wrong"),
    };
    let warnings = undone.then(warning).into_iter().chain(replaced(gave_way.as_ref())).collect();
    Ok((Written { article, content, warnings }, corrections))
}

/// Warns of a plan that gave way because another one was made for the same instant.
pub(super) fn replaced(gave_way: Option<&Period>) -> Option<Warning> {
    let period = gave_way?;
    Some(Warning {
        pointer: "/at".to_owned(),
        code: "plan_replaced".to_owned(),
        detail: format!("revision {} was planned for {}, and gives way", period.revision, Timestamp(period.live_from)),
    })
}

/// Plans that are dropped, as the audit log tells of them.
pub(super) fn told_of<'a>(periods: impl IntoIterator<Item = &'a Period>) -> serde_json::Value {
    let told = |one: &Period| json!({ "id": one.id, "revision": one.revision, "live_from": Timestamp(one.live_from) });
    periods.into_iter().map(told).collect()
}

/// Whether a revision takes back a correction: it is the one that was wrong, or older than the one that put it right.
pub(super) fn undoes(revision: i32, (wrong, right): (i32, i32)) -> bool {
    revision == wrong || revision < right
}

/// What went live, or will.
pub(super) struct Begun {
    pub(super) article: Article,
    pub(super) content: Content,
    /// The revision that readers saw before, if they saw one.
    pub(super) before: Option<i32>,
    pub(super) revision: i32,
    /// The plan for the same instant that gave way.
    pub(super) gave_way: Option<Period>,
    /// When this was decided.
    pub(super) now: DateTime<Utc>,
}

/// Makes a revision live. The note of a correction goes into the audit log.
pub(super) async fn goes_live(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    (verb, plan): (Verb, Plan),
    note: Option<&str>,
    clock: &Clock,
) -> Result<Begun> {
    region_tree::hold_still(tx).await?;
    let (mut article, content, periods, now) = moving(tx, by, id, seen, verb, clock).await?;
    let from = plan.at.unwrap_or(now);
    let revision = plan.revision.unwrap_or(article.version);
    let mut shown = pinned(tx, &article, &content, revision).await?;
    redraw_inline(tx, by, (id, &plan.site), &mut shown, now).await?;
    ready(&shown, &plan, from, now)?;
    allowed(tx, by, &shown, &periods).await?;
    let open = periods.iter().find(|period| period.is_live(from)).cloned();
    let same = |open: &Period| open.revision == revision && (plan.until.is_none() || plan.until == open.planned_until);
    let is_live = open.as_ref().is_some_and(same);
    // What was put right without a word can be told of afterwards.
    let wrong = match &open {
        Some(_) if is_live && verb == Verb::Correct => untold(tx, id, revision, now).await?,
        open => open.as_ref().map(|open| open.revision),
    };
    if is_live && (verb != Verb::Correct || wrong.is_none()) {
        let detail = "This version is live then already.";
        let at = standing(&article, &periods, now);
        return Err(illegal(tx, by, Some(verb), &at, (&article, &content, &periods), detail).await);
    }
    unless_embargoed(tx, by, &mut article, from, plan.break_embargo.as_deref(), now).await?;
    let until = plan.until.map_or(Change::Keep, Change::Set);
    let slot = Slot { id: new_id(), revision, from, until, minor: plan.minor };
    let gave_way = place(tx, &mut article, &shown, &periods, slot, now).await?;
    if revision == article.version {
        // Whoever publishes has approved.
        article.stage = ArticleStage::Approved.to_string();
        article.approved_revision = Some(revision);
    }
    articles::set_standing(tx, &article).await?;
    let name = match verb {
        Verb::Schedule => "article.scheduled",
        Verb::Correct => "article.corrected",
        _ => "article.published",
    };
    let at = Timestamp(from);
    let mut details = json!({ "revision": revision, "at": at, "dropped": told_of(&gave_way) });
    if let (Some(wrong), Some(note), Some(details)) = (wrong, note, details.as_object_mut()) {
        details.extend([("from_revision".to_owned(), json!(wrong)), ("note".to_owned(), json!(note))]);
    }
    tell(tx, by, (name, &article, &shown), details, now).await?;
    Ok(Begun { article, content, before: wrong, revision, gave_way, now })
}

/// The revision that readers saw before this one, unless a correction says so already.
async fn untold(tx: &mut Tx, id: Uuid, revision: i32, now: DateTime<Utc>) -> Result<Option<i32>> {
    if corrections::of(tx, id).await?.iter().any(|told| told.to_revision == revision) {
        return Ok(None);
    }
    publications::shown_before(tx, id, revision, now).await
}

/// Ends an article, now or at a planned time, and drops what is planned after that. An end that was planned before gives
/// way, also to a later one.
///
/// # Errors
/// 404, 403 outside the caller's regions, 409 when nothing is live or planned, 412, 422 for a time in the past.
pub async fn unpublish(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    at: Option<DateTime<Utc>>,
    clock: &Clock,
) -> Result<(Article, Content)> {
    region_tree::hold_still(tx).await?;
    let (mut article, content, periods, now) = moving(tx, by, id, seen, Verb::Unpublish, clock).await?;
    allowed(tx, by, &content, &periods).await?;
    let at = at.unwrap_or(now);
    if at < now {
        return Err(Error::invalid(vec![Fault::at("/at", "past", "lies in the past")]));
    }
    end_from(tx, &periods, at).await?;
    settle(tx, &mut article, now).await?;
    articles::set_standing(tx, &article).await?;
    tell(tx, by, ("article.unpublished", &article, &content), ended(&periods, at, now), now).await?;
    Ok((article, content))
}

/// What the audit log is told of an end: the revision that readers see until then.
fn ended(periods: &[Period], at: DateTime<Utc>, now: DateTime<Utc>) -> serde_json::Value {
    let shown = last_before(periods, at).or_else(|| periods.iter().find(|period| period.is_live(now)));
    let dropped = periods.iter().filter(|period| period.live_from > now && period.live_from >= at);
    json!({ "revision": shown.map(|shown| shown.revision), "at": Timestamp(at), "dropped": told_of(dropped) })
}

/// The content of a revision, with authors and topics that were merged away since replaced by those that took them in.
///
/// # Errors
/// 422 for a revision that there is not.
pub(super) async fn pinned(tx: &mut Tx, article: &Article, present: &Content, revision: i32) -> Result<Content> {
    let mut content = if revision == article.version {
        present.clone()
    } else {
        let found = articles::revision(tx, article.id, revision).await?;
        let unknown = || Error::invalid(vec![Fault::at("/revision", "unknown_revision", "is no revision of it")]);
        found.ok_or_else(unknown)?.1
    };
    settle_merged(tx, &mut content).await?;
    Ok(content)
}

/// Ends everything of an article on its way to the trash. The taxonomy is held still.
pub(super) async fn end_all(
    tx: &mut Tx,
    by: &Principal,
    article: &Article,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<()> {
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
    allowed(tx, by, content, &periods).await?;
    end_from(tx, &periods, now).await?;
    let mut article = article.clone();
    settle(tx, &mut article, now).await?;
    articles::set_standing(tx, &article).await?;
    tell(tx, by, ("article.unpublished", &article, content), ended(&periods, now, now), now).await
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
    faultless(faults)
}

/// Editors may be limited to regions; then all regions of the article have to lie under one of them, and so has each
/// section in which readers see it or will: else it would be enough to move the working copy first.
pub(super) async fn allowed(tx: &mut Tx, by: &Principal, content: &Content, periods: &[Period]) -> Result<()> {
    if is_inside(tx, by, content, periods.iter().map(|period| period.primary_region_id)).await? {
        return Ok(());
    }
    let words = "The article's section and further regions are not all among those that you may publish in.";
    Err(Error::new(Code::Forbidden, words))
}

/// Whether the article lies in the caller's regions, with its section in one of them; `shown` are the sections in which
/// readers see it or will.
pub(super) async fn is_inside(
    tx: &mut Tx,
    by: &Principal,
    content: &Content,
    shown: impl Iterator<Item = Option<Uuid>>,
) -> Result<bool> {
    if by.regions.is_empty() {
        return Ok(true);
    }
    let sections: Option<Vec<Uuid>> = shown.chain([content.primary_region]).collect();
    match sections {
        Some(sections) => lookup::are_under(tx, &[sections, content.all_regions()].concat(), &by.regions).await,
        None => Ok(false),
    }
}

/// Lets an editor who is limited to regions write the content in place of the one before: what stands in other sections
/// is not his to move, and neither is what readers may find in other regions.
pub(super) async fn unless_moved_away(
    tx: &mut Tx,
    by: &Principal,
    (article, before): (&Article, &Content),
    content: &Content,
) -> Result<()> {
    if by.regions.is_empty() || !by.sees_all_articles() {
        return Ok(());
    }
    let was_live = article.first_published_at.is_some();
    let section_moves = before.primary_region != content.primary_region;
    let nowhere = section_moves && was_live && before.primary_region.is_none();
    let stay = content.all_regions();
    let leaves = |region: &Uuid| {
        let is_section = before.primary_region == Some(*region);
        if is_section { section_moves } else { was_live && !stay.contains(region) }
    };
    let left: Vec<Uuid> = before.all_regions().into_iter().filter(leaves).collect();
    if nowhere || !lookup::are_under(tx, &left, &by.regions).await? {
        let words = "The article stands in a region that is not among yours, and only who may publish there moves it.";
        return Err(Error::new(Code::Forbidden, words));
    }
    Ok(())
}

/// Tells of what changes outside. Lists are told by one tag for all: an article leaves the lists of its former regions,
/// authors and topics too. Of the articles that show this one, each is told by its own tag, because an answer never names
/// what it does not show.
pub(super) async fn tell(
    tx: &mut Tx,
    by: &Principal,
    (name, article, content): (&str, &Article, &Content),
    mut details: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<()> {
    let showing = publications::showing(tx, article.id, now).await?;
    documents::outdate(tx, &[showing.as_slice(), &[article.id]].concat()).await?;
    let mut tags = vec![tag("article", article.id)];
    tags.extend(["list:articles", "list:corrections", "list:media"].map(str::to_owned));
    tags.extend(showing.iter().map(|id| tag("article", *id)));
    tags.extend(content.all_regions().iter().map(|id| tag("list:region", *id)));
    tags.extend(content.bylines.iter().map(|byline| tag("list:author", byline.author)));
    tags.extend(content.topics.iter().map(|id| tag("list:topic", *id)));
    if let Some(details) = details.as_object_mut() {
        details.insert("slug".to_owned(), json!(content.slug));
    }
    announce(tx, by, Event { name, subject_id: article.id, tags, details }, now).await
}
