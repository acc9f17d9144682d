//! Putting right what is public: a correction with a note, and the end of a story everywhere at once.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::moves::moving;
use super::periods::{end_from, settle};
use super::publish::{Plan, allowed, goes_live, tell};
use crate::base::error::{Error, Result};
use crate::base::id::new_id;
use crate::rules::article::Content;
use crate::rules::permission::Principal;
use crate::rules::version::Expected;
use crate::rules::workflow::Verb;
use crate::store::articles::{self, Article};
use crate::store::corrections::{self, NewCorrection};
use crate::store::takedowns::{self, NewTakedown};
use crate::store::{Tx, publications, region_tree};

/// Publishes a revision at once in place of the one that is live, and says in public what was wrong.
///
/// # Errors
/// As publishing; 409 when nothing is live.
pub async fn correct(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    (note, revision): (&str, Option<i32>),
    now: DateTime<Utc>,
) -> Result<(Article, Content)> {
    let plan = Plan { revision, ..Plan::default() };
    let (article, content, wrong) = goes_live(tx, by, id, seen, (Verb::Correct, plan), now).await?;
    let wrong = wrong.ok_or_else(|| Error::internal("a correction took over from nothing"))?;
    let new = NewCorrection {
        id: new_id(),
        article_id: id,
        from_revision: wrong.revision,
        to_revision: revision.unwrap_or(article.version),
        note,
        created_by: by.user_id,
        corrected_at: now,
    };
    corrections::insert(tx, &new).await?;
    Ok((article, content))
}

/// Takes an article down everywhere at once, and what is planned of it too. In its place, under every slug that it was
/// ever live under, stands the reason.
///
/// # Errors
/// 403, 404, 409 when nothing of it is, was or is going to be live, 412.
pub async fn kill(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    (reason, is_legal): (&str, bool),
    now: DateTime<Utc>,
) -> Result<(Article, Content)> {
    region_tree::hold_still(tx).await?;
    let (mut article, content, periods) = moving(tx, by, id, seen, Verb::Kill, now).await?;
    allowed(tx, by, &content, &periods).await?;
    let slugs = publications::slugs_shown(tx, id, now).await?;
    end_from(tx, &periods, now).await?;
    settle(tx, &mut article, now).await?;
    let new = NewTakedown {
        id: new_id(),
        article_id: id,
        slugs: &slugs,
        reason,
        is_legal,
        created_by: by.user_id,
        taken_down_at: now,
    };
    takedowns::insert(tx, &new).await?;
    article.killed_at = Some(now);
    articles::set_standing(tx, &article).await?;
    tell(tx, by, ("article.killed", &article, &content), json!({ "reason": reason, "legal": is_legal }), now).await?;
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
    now: DateTime<Utc>,
) -> Result<(Article, Content)> {
    let (mut article, content, _) = moving(tx, by, id, seen, Verb::Reinstate, now).await?;
    takedowns::lift(tx, id, by.user_id, now).await?;
    article.killed_at = None;
    articles::set_standing(tx, &article).await?;
    tell(tx, by, ("article.reinstated", &article, &content), json!({ "reason": reason }), now).await?;
    Ok((article, content))
}
