//! Embargoes: nothing of an article is live before an instant, whoever publishes it and however.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::moves::moving;
use super::publish::allowed;
use crate::base::clock::{Clock, Timestamp};
use crate::base::error::{Code, Error, Fault, Result};
use crate::desk::announce::announce;
use crate::rules::article::Content;
use crate::rules::permission::{Principal, Right};
use crate::rules::version::Expected;
use crate::rules::workflow::Verb;
use crate::store::Tx;
use crate::store::articles::{self, Article};
use crate::store::records::Event;

/// Sets the embargo, or lifts it. What is live already stays; what is planned is never moved: an embargo that it would
/// break is refused. One that is in force ends early only for who may break it, and with a reason.
///
/// # Errors
/// 403, 404, 409 when something planned begins before, 412, 422.
pub async fn embargo(
    tx: &mut Tx,
    by: &Principal,
    id: Uuid,
    seen: &Expected,
    (until, reason): (Option<DateTime<Utc>>, Option<&str>),
    clock: &Clock,
) -> Result<(Article, Content)> {
    let (mut article, content, periods, now) = moving(tx, by, id, seen, Verb::Embargo, clock).await?;
    allowed(tx, by, &content, &periods).await?;
    if until.is_some_and(|until| until <= now) {
        return Err(Error::invalid(vec![Fault::at("/until", "past", "lies in the past")]));
    }
    let in_force = article.embargo_until.filter(|until| *until > now);
    if let Some(old) = in_force.filter(|old| until.is_none_or(|until| until < *old)) {
        end_early(tx, by, &article, (old, reason, "/reason"), now).await?;
    }
    let early: Vec<Value> = periods
        .iter()
        .filter(|period| period.live_from > now && until.is_some_and(|until| period.live_from < until))
        .map(|period| json!({ "period": period.id, "live_from": Timestamp(period.live_from) }))
        .collect();
    if !early.is_empty() {
        let detail = "Something is planned before the embargo would end. Move or drop it first.";
        return Err(Error::new(Code::Embargoed, detail).with("planned", early));
    }
    article.embargo_until = until;
    articles::set_standing(tx, &article).await?;
    announce(tx, by, told("article.embargoed", &article, until, reason), now).await?;
    Ok((article, content))
}

/// Lets the article go live at `from`. If it is under embargo then, that takes the right to break it and a reason, and the
/// embargo ends then.
///
/// # Errors
/// 409 under embargo, 403 without the right to break it, 422 for a reason without an embargo.
pub(super) async fn unless_embargoed(
    tx: &mut Tx,
    by: &Principal,
    article: &mut Article,
    from: DateTime<Utc>,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    match (article.embargo_until.filter(|until| *until > from), reason) {
        (None, None) => Ok(()),
        (None, Some(_)) => {
            let fault = Fault::at("/break_embargo", "no_embargo", "breaks nothing: no embargo is in force then");
            Err(Error::invalid(vec![fault]))
        }
        (Some(until), None) => Err(articles::embargoed(until)),
        (Some(until), Some(_)) => {
            end_early(tx, by, article, (until, reason, "/break_embargo"), now).await?;
            // Who breaks it for a time that lies ahead does not let anybody publish until then.
            article.embargo_until = Some(from).filter(|from| *from > now);
            articles::set_standing(tx, article).await
        }
    }
}

async fn end_early(
    tx: &mut Tx,
    by: &Principal,
    article: &Article,
    (until, reason, pointer): (DateTime<Utc>, Option<&str>, &str),
    now: DateTime<Utc>,
) -> Result<()> {
    if !by.may(Right::BreakEmbargo) {
        let right = Right::BreakEmbargo.as_str();
        let detail = format!("An embargo ends early only with the right {right} from role and token.");
        return Err(Error::new(Code::Forbidden, detail));
    }
    if reason.is_none() {
        let fault = Fault::at(pointer, "required", "is required: why does the embargo end early?");
        return Err(Error::invalid(vec![fault]));
    }
    announce(tx, by, told("article.embargo_broken", article, Some(until), reason), now).await
}

fn told<'a>(name: &'a str, article: &Article, until: Option<DateTime<Utc>>, reason: Option<&str>) -> Event<'a> {
    let details = json!({ "slug": article.slug, "embargo_until": until.map(Timestamp), "reason": reason });
    Event { name, subject_id: article.id, tags: Vec::new(), details }
}
