//! Moves of the working copy: handed to an editor and back, approved, given to somebody, put away and taken out again.
//! They make no revision: the version is that of the content, the moves since are counted beside it, and the audit log
//! keeps who made them.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::publish::{allowed, is_inside};
use super::stale::unless_changed;
use super::write::seen_by;
use crate::base::clock::{Clock, Timestamp};
use crate::base::error::{Code, Error, Fault, Result};
use crate::desk::announce::announce;
use crate::rules::article::{ArticleStage, Content};
use crate::rules::change::Change;
use crate::rules::permission::{Principal, Role};
use crate::rules::version::Expected;
use crate::rules::workflow::{self, Place, Refusal, Standing, Verb};
use crate::store::articles::{self, Article};
use crate::store::publications::{self, Period};
use crate::store::records::Event;
use crate::store::surroundings::Surroundings;
use crate::store::{Tx, legal_holds, people};

/// What goes along with a move: to whom, until when, and what is to be said.
#[derive(Debug, Default)]
pub struct Handover {
    /// What whoever moves it has to say.
    pub note: Change<String>,
    /// Whose work it is from now on.
    pub assignee: Change<Uuid>,
    /// When it is due.
    pub deadline: Change<DateTime<Utc>>,
}

/// Makes one of the moves [`Verb::Assign`], [`Verb::Submit`], [`Verb::RequestChanges`], [`Verb::Approve`]. A note
/// belongs to its move: the next one leaves none behind unless it has its own.
///
/// # Errors
/// 403, 404, 409 with what is legal, 412, 422 for somebody who could not work on it.
pub async fn hand_over(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    (verb, with): (Verb, Handover),
    clock: &Clock,
) -> Result<(Article, Content)> {
    let (mut article, content, periods, now) = moving(tx, by, id, seen, verb, clock).await?;
    if verb == Verb::Approve {
        allowed(tx, by, &content, &periods).await?;
    }
    let name = match verb {
        Verb::Submit => {
            article.stage = ArticleStage::InReview.to_string();
            "article.submitted"
        }
        Verb::RequestChanges => {
            article.stage = ArticleStage::Draft.to_string();
            "article.changes_requested"
        }
        Verb::Approve => {
            article.stage = ArticleStage::Approved.to_string();
            article.approved_revision = Some(article.version);
            "article.approved"
        }
        _ => "article.assigned",
    };
    let before = if verb == Verb::Assign { article.stage_note.take() } else { None };
    article.stage_note = with.note.over(before);
    article.deadline = with.deadline.over(article.deadline);
    if let Change::Set(user) = &with.assignee {
        unless_blind(tx, &article, *user).await?;
    }
    article.assignee_id = with.assignee.over(article.assignee_id);
    articles::set_standing(tx, &article).await?;
    announce(tx, by, told(name, &article), now).await?;
    Ok((article, content))
}

/// Puts an article away that is neither live nor planned.
///
/// # Errors
/// 403, 404, 409 with what is legal, 412.
pub async fn archive(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    clock: &Clock,
) -> Result<(Article, Content)> {
    let (mut article, content, periods, now) = moving(tx, by, id, seen, Verb::Archive, clock).await?;
    // Whoever works on own articles only puts these away wherever they stand.
    if by.sees_all_articles() {
        allowed(tx, by, &content, &periods).await?;
    }
    article.archived_at = Some(now);
    articles::set_standing(tx, &article).await?;
    announce(tx, by, told("article.archived", &article), now).await?;
    Ok((article, content))
}

/// What the caller can do with the article now. What readers would see of it takes regions in which he may publish, and
/// what a legal hold keeps is not deleted.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn actions(
    tx: &mut Tx,
    by: &Principal,
    at: &Standing,
    content: &Content,
    around: &Surroundings,
) -> Result<Vec<Verb>> {
    let shown: Vec<Option<Uuid>> = around.periods.iter().map(|period| period.primary_region).collect();
    possible(tx, by, at, (content, &shown), around.is_held).await
}

/// The same of an article in whose periods readers see it, or will, in the sections `shown`.
async fn possible(
    tx: &mut Tx,
    by: &Principal,
    at: &Standing,
    (content, shown): (&Content, &[Option<Uuid>]),
    is_held: bool,
) -> Result<Vec<Verb>> {
    let mut verbs = workflow::legal(at, |right| by.may(right));
    verbs.retain(|verb| !is_held || *verb != Verb::Delete);
    // Who deletes what readers see, or will, ends that.
    let is_bound = |verb: &Verb| workflow::is_regional(*verb) || (*verb == Verb::Delete && !shown.is_empty());
    if by.sees_all_articles()
        && verbs.iter().any(is_bound)
        && !is_inside(tx, by, content, shown.iter().copied()).await?
    {
        verbs.retain(|verb| !is_bound(verb));
    }
    Ok(verbs)
}

/// The article, locked, with its periods that are not over, if it stands where the move starts; and the instant of the
/// move, which is told when the lock is had: moves follow each other in time as they do in the database. The move is
/// counted in what is answered, and with [`articles::set_standing`] for good.
pub(super) async fn moving(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    verb: Verb,
    clock: &Clock,
) -> Result<(Article, Content, Vec<Period>, DateTime<Utc>)> {
    let (mut article, content) = articles::lock(tx, id, seen_by(by)).await?.ok_or_else(Error::not_found)?;
    let now = clock.now();
    unless_changed(tx, seen, &article, &content).await?;
    let periods = publications::present(tx, id, now).await?;
    permit(tx, by, verb, (&article, &content, &periods), now).await?;
    article.moves += 1;
    Ok((article, content, periods, now))
}

/// Where an article with these periods stands.
pub(super) fn standing(article: &Article, periods: &[Period], now: DateTime<Utc>) -> Standing {
    article.standing(periods.iter().any(|one| one.is_live(now)), periods.iter().any(|one| one.live_from > now))
}

/// An article with its content and its periods that are not over.
pub(super) type Found<'a> = (&'a Article, &'a Content, &'a [Period]);

/// Lets the move be made from there.
///
/// # Errors
/// 403 for who lacks the right, 409 with what he could do instead.
pub(super) async fn permit(
    tx: &mut Tx,
    by: &Principal,
    verb: Verb,
    found: Found<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    let at = standing(found.0, found.2, now);
    match workflow::check(verb, &at, |right| by.may(right)) {
        Ok(()) => Ok(()),
        Err(Refusal::Needs(right)) => Err(Error::new(
            Code::Forbidden,
            format!("To {} this article needs the right {} from role and token.", spoken(verb), right.as_str()),
        )),
        Err(Refusal::Illegal) => {
            let nothing = format!("There is nothing to {} as the article stands.", spoken(verb));
            Err(illegal(tx, by, Some(verb), &at, found, put_away(at.place).unwrap_or(&nothing)).await)
        }
    }
}

/// 409 with what the caller could do instead of the verb, if it was one.
pub(super) async fn illegal(
    tx: &mut Tx,
    by: &Principal,
    verb: Option<Verb>,
    at: &Standing,
    found: Found<'_>,
    detail: &str,
) -> Error {
    match instead(tx, by, verb, at, found).await {
        Ok(legal) => Error::new(Code::IllegalMove, detail).with("legal", legal),
        Err(error) => error,
    }
}

async fn instead(
    tx: &mut Tx,
    by: &Principal,
    verb: Option<Verb>,
    at: &Standing,
    (article, content, periods): Found<'_>,
) -> Result<Vec<Value>> {
    let is_held = legal_holds::is_held(tx, article.id).await?;
    let shown: Vec<Option<Uuid>> = periods.iter().map(|period| period.primary_region_id).collect();
    let verbs = possible(tx, by, at, (content, &shown), is_held).await?;
    Ok(verbs.into_iter().filter(|other| Some(*other) != verb).map(|verb| json!(verb)).collect())
}

/// Where an article lies that nobody can work on.
pub(super) fn put_away(place: Place) -> Option<&'static str> {
    match place {
        Place::Desk => None,
        Place::Archive => Some("The article is in the archive."),
        Place::Trash => Some("The article is in the trash."),
    }
}

fn spoken(verb: Verb) -> String {
    verb.as_str().replace('_', " ")
}

/// Who is given an article has to be somebody who can see it.
async fn unless_blind(tx: &mut Tx, article: &Article, user: Uuid) -> Result<()> {
    let fault = |code: &str, detail: &str| Err(Error::invalid(vec![Fault::at("/assignee", code, detail)]));
    let Some(user) = people::find_in(tx, user).await? else {
        return fault("unknown_user", "is not the id of a user");
    };
    if !user.is_active() {
        return fault("suspended", "is suspended");
    }
    if user.role()? < Role::Editor && article.created_by != Some(user.id) {
        return fault("unseen", "works on own articles only, and this is not one of them");
    }
    Ok(())
}

fn told<'a>(name: &'a str, article: &Article) -> Event<'a> {
    Event {
        name,
        subject_id: article.id,
        tags: Vec::new(),
        details: json!({
            "slug": article.slug, "version": article.version, "stage": article.stage,
            "assignee": article.assignee_id, "deadline": article.deadline.map(Timestamp),
        }),
    }
}
