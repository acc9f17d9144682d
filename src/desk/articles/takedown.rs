//! Putting right what is public: a correction with a note, and the end of a story everywhere at once.

use serde_json::json;
use uuid::Uuid;

use super::moves::moving;
use super::periods::{end_from, settle};
use super::publish::{Begun, Plan, allowed, goes_live, tell, told_of, undoes};
use super::write::Written;
use crate::base::clock::{Clock, Timestamp};
use crate::base::error::{Error, Result};
use crate::base::id::new_id;
use crate::rules::article::Content;
use crate::rules::body::Warning;
use crate::rules::permission::Principal;
use crate::rules::version::Expected;
use crate::rules::workflow::Verb;
use crate::store::articles::{self, Article};
use crate::store::corrections::{self, NewCorrection};
use crate::store::publications::{self, Period};
use crate::store::takedowns::{self, NewTakedown};
use crate::store::{Tx, region_tree};

/// What was wrong, and what is right.
#[derive(Clone, Debug, Default)]
pub struct Amendment {
    /// What readers are told.
    pub note: String,
    /// The revision that is right; the present one without.
    pub revision: Option<i32>,
    /// Why it goes live although the article is under embargo.
    pub break_embargo: Option<String>,
    /// Host of the public site, so that absolute links to it are links inside.
    pub site: String,
}

/// Publishes a revision at once in place of the one that is live, and says in public what was wrong; of one that is live
/// already, what was wrong with the one that readers saw before. Warns of what is planned and would take that back.
///
/// # Errors
/// As publishing; 409 when nothing is live, or nothing else ever was.
pub async fn correct(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    Amendment { note, revision, break_embargo, site }: Amendment,
    clock: &Clock,
) -> Result<Written> {
    let plan = Plan { revision, break_embargo, site, ..Plan::default() };
    let begun = goes_live(tx, by, id, seen, (Verb::Correct, plan), Some(&note), clock).await?;
    let Begun { article, content, before, revision: right, now, .. } = begun;
    let wrong = before.ok_or_else(|| Error::internal("a correction took over from nothing"))?;
    let new = NewCorrection {
        id: new_id(),
        article_id: id,
        from_revision: wrong,
        to_revision: right,
        note: &note,
        created_by: by.user_id,
        corrected_at: now,
    };
    corrections::insert(tx, &new).await?;
    let periods = publications::present(tx, id, now).await?;
    let undone = periods.iter().enumerate().filter(|(_, period)| period.live_from > now);
    let undone = undone.filter(|(_, period)| undoes(period.revision, (wrong, right)));
    let warning = |(index, period): (usize, &Period)| Warning {
        pointer: format!("/live/{index}"),
        code: "undoes_correction".to_owned(),
        detail: format!("revision {} takes this back at {}", period.revision, Timestamp(period.live_from)),
    };
    Ok(Written { warnings: undone.map(warning).collect(), article, content })
}

/// Takes an article down everywhere at once, and what is planned of it too. In its place, under every slug that it was
/// ever live under, stands the reason. Of one that is down already, the reason is replaced.
///
/// # Errors
/// 403, 404, 409 when nothing of it is, was or is going to be live, 412.
pub async fn kill(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    (reason, is_legal): (&str, bool),
    clock: &Clock,
) -> Result<(Article, Content)> {
    region_tree::hold_still(tx).await?;
    let (mut article, content, periods, now) = moving(tx, by, id, seen, Verb::Kill, clock).await?;
    allowed(tx, by, &content, &periods).await?;
    let new = NewTakedown {
        id: new_id(),
        article_id: id,
        slugs: &[],
        reason,
        is_legal,
        created_by: by.user_id,
        taken_down_at: now,
        told_from: now,
    };
    if let Some(before) = takedowns::in_force(tx, id).await? {
        takedowns::amend(tx, &before, new).await?;
        articles::set_standing(tx, &article).await?;
        let before = json!({ "reason": before.reason, "legal": before.is_legal });
        let details = json!({ "reason": reason, "legal": is_legal, "before": before });
        tell(tx, by, ("article.killed", &article, &content), details, now).await?;
        return Ok((article, content));
    }
    let slugs = publications::slugs_shown(tx, id, now).await?;
    let dropped = told_of(periods.iter().filter(|period| period.live_from > now));
    end_from(tx, &periods, now).await?;
    settle(tx, &mut article, now).await?;
    takedowns::insert(tx, &NewTakedown { slugs: &slugs, ..new }).await?;
    article.killed_at = Some(now);
    articles::set_standing(tx, &article).await?;
    let details = json!({ "reason": reason, "legal": is_legal, "dropped": dropped });
    tell(tx, by, ("article.killed", &article, &content), details, now).await?;
    Ok((article, content))
}

/// Allows what was killed to be published again. Nothing of it is live until it is.
///
/// # Errors
/// 403, 404, 409 when it is not killed, 412.
pub async fn reinstate(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    reason: &str,
    clock: &Clock,
) -> Result<(Article, Content)> {
    let (mut article, content, _, now) = moving(tx, by, id, seen, Verb::Reinstate, clock).await?;
    takedowns::lift(tx, id, by.user_id, now).await?;
    article.killed_at = None;
    articles::set_standing(tx, &article).await?;
    tell(tx, by, ("article.reinstated", &article, &content), json!({ "reason": reason }), now).await?;
    Ok((article, content))
}
