//! What is planned of an article: moved to another time, or dropped.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::embargo::unless_embargoed;
use super::links::redraw_inline;
use super::moves::moving;
use super::periods::{Slot, drop_planned, earlier, place, settle};
use super::publish::{allowed, pinned, replaced, tell, told_of};
use super::write::Written;
use crate::base::clock::{Clock, Timestamp};
use crate::base::error::{Error, Fault, Result, faultless};
use crate::rules::article::Content;
use crate::rules::change::Change;
use crate::rules::permission::Principal;
use crate::rules::version::Expected;
use crate::rules::workflow::Verb;
use crate::store::articles::{self, Article};
use crate::store::publications::{self, Period};
use crate::store::{Tx, region_tree};

/// Other times for a period.
#[derive(Clone, Debug)]
pub struct Replan {
    /// Which one.
    pub period: Uuid,
    /// Its beginning, unless it has begun.
    pub at: Option<DateTime<Utc>>,
    /// Its end.
    pub until: Change<DateTime<Utc>>,
    /// Why it goes live although it is under embargo.
    pub break_embargo: Option<String>,
    /// Host of the public site, so that absolute links to it are links inside.
    pub site: String,
}

/// Gives a period other times; an end that is not named stays as it was planned. The revision that it shows stays pinned,
/// and what it took over from gets its time back first.
///
/// # Errors
/// 403, 404, 409, 412, 422 for a period that is over or for times that cannot be.
pub async fn reschedule(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    plan: Replan,
    clock: &Clock,
) -> Result<Written> {
    region_tree::hold_still(tx).await?;
    let (mut article, content, periods, now) = moving(tx, by, id, seen, Verb::Reschedule, clock).await?;
    allowed(tx, by, &content, &periods).await?;
    let period = chosen(&periods, plan.period)?.clone();
    let is_kept = plan.until == Change::Keep;
    let until = plan.until.over(period.planned_until);
    let from = plan.at.unwrap_or(period.live_from);
    in_order(&period, from, (until, is_kept), now)?;
    let mut gave_way = None;
    if period.live_from <= now {
        let next = periods.iter().map(|one| one.live_from).filter(|start| *start > period.live_from).min();
        publications::set_plan(tx, period.id, until, earlier(until, next)).await?;
    } else {
        unless_embargoed(tx, by, &mut article, from, plan.break_embargo.as_deref(), now).await?;
        let mut shown = pinned(tx, &article, &content, period.revision).await?;
        redraw_inline(tx, by, (id, &plan.site), &mut shown, now).await?;
        allowed(tx, by, &shown, &periods).await?;
        drop_planned(tx, &periods, &period).await?;
        let periods = publications::present(tx, id, now).await?;
        let own_end = until.map_or(Change::Clear, Change::Set);
        let slot = Slot { id: period.id, revision: period.revision, from, until: own_end, minor: period.minor };
        gave_way = place(tx, &mut article, &shown, &periods, slot, now).await?;
    }
    settle(tx, &mut article, now).await?;
    articles::set_standing(tx, &article).await?;
    let details = json!({
        "revision": period.revision, "at": Timestamp(from), "until": until.map(Timestamp), "dropped": told_of(&gave_way),
    });
    tell(tx, by, ("article.rescheduled", &article, &content), details, now).await?;
    Ok(Written { article, content, warnings: replaced(gave_way.as_ref()).into_iter().collect() })
}

/// Drops one period that has not begun, or all of them. What a dropped one would have taken over from goes on.
///
/// # Errors
/// 403, 404, 409, 412, 422 for a period that has begun.
pub async fn unschedule(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    only: Option<Uuid>,
    clock: &Clock,
) -> Result<(Article, Content)> {
    region_tree::hold_still(tx).await?;
    let (mut article, content, periods, now) = moving(tx, by, id, seen, Verb::Unschedule, clock).await?;
    allowed(tx, by, &content, &periods).await?;
    let dropped: Vec<&Period> = match only {
        Some(one) => vec![chosen(&periods, one)?],
        None => periods.iter().filter(|period| period.live_from > now).collect(),
    };
    for one in &dropped {
        if one.live_from <= now {
            let fault = Fault::at("/period", "begun", "has begun: withdraw it, or give it another end");
            return Err(Error::invalid(vec![fault]));
        }
        let periods = publications::present(tx, id, now).await?;
        drop_planned(tx, &periods, chosen(&periods, one.id)?).await?;
    }
    settle(tx, &mut article, now).await?;
    articles::set_standing(tx, &article).await?;
    let details = json!({ "dropped": told_of(dropped) });
    tell(tx, by, ("article.unscheduled", &article, &content), details, now).await?;
    Ok((article, content))
}

fn chosen(periods: &[Period], id: Uuid) -> Result<&Period> {
    let unknown = || Fault::at("/period", "unknown_period", "is no period of it that is live or planned");
    periods.iter().find(|period| period.id == id).ok_or_else(|| Error::invalid(vec![unknown()]))
}

fn in_order(
    period: &Period,
    from: DateTime<Utc>,
    (until, is_kept): (Option<DateTime<Utc>>, bool),
    now: DateTime<Utc>,
) -> Result<()> {
    let mut faults = Vec::new();
    let begun = period.live_from <= now;
    if begun && from != period.live_from {
        faults.push(Fault::at("/at", "begun", "cannot change: the period has begun"));
    }
    if !begun && from < now {
        faults.push(Fault::at("/at", "past", "lies in the past"));
    }
    if is_kept && until.is_some_and(|until| until <= from) {
        faults.push(Fault::at("/at", "order", "is not earlier than the end that was planned: send until too"));
    } else if until.is_some_and(|until| until <= from) {
        faults.push(Fault::at("/until", "order", "is not later than the beginning"));
    } else if until.is_some_and(|until| until < now) {
        faults.push(Fault::at("/until", "past", "lies in the past"));
    }
    faultless(faults)
}
