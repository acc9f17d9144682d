//! Showing a draft to somebody outside: making the link, ending it, and rendering what it shows as publishing would.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::moves::illegal;
use super::render::{Rendered, rendered};
use super::settle::settle_merged;
use super::write::{held, seen_by};
use crate::base::clock::Timestamp;
use crate::base::error::{Error, Fault, Result, faultless};
use crate::base::id::new_id;
use crate::desk::announce::announce;
use crate::rules::body::Format;
use crate::rules::permission::Principal;
use crate::rules::preview::{DEFAULT_DAYS, LONGEST_DAYS};
use crate::rules::version::Expected;
use crate::store::Tx;
use crate::store::around::AroundRow;
use crate::store::articles::{self, Article};
use crate::store::drafts::{self, Draft};
use crate::store::pages::Whole;
use crate::store::previews::{self, Preview};
use crate::store::publications::{self, Period};
use crate::store::records::Event;
use crate::store::takedowns;

/// What a new link is made from.
#[derive(Clone, Debug)]
pub struct NewPreview {
    /// The revision to show for good; without one always the newest.
    pub revision: Option<i32>,
    /// When it ends; seven days from now without.
    pub expires_at: Option<DateTime<Utc>>,
    /// For whom it is.
    pub note: Option<String>,
}

/// Makes a link.
///
/// # Errors
/// 404, 409 in the trash and for what is taken down, 422 for no revision of the article or an end that is past or more than 90 days away.
pub async fn create(tx: &mut Tx, by: &Principal, id: Uuid, new: NewPreview, now: DateTime<Utc>) -> Result<Preview> {
    let (article, content) = held(tx, by, id, &Expected::Any).await?;
    if article.killed_at.is_some() {
        let detail = "The article is taken down: its draft is shown to nobody outside.";
        let at = article.standing(false, false);
        return Err(illegal(tx, by, None, &at, (&article, &content, &[]), detail).await);
    }
    let expires_at = new.expires_at.unwrap_or(now + TimeDelta::days(DEFAULT_DAYS));
    let mut faults = Vec::new();
    if new.revision.is_some_and(|number| !(1..=article.version).contains(&number)) {
        faults.push(Fault::at("/revision", "unknown_revision", "is no revision of the article"));
    }
    if expires_at <= now || expires_at > now + TimeDelta::days(LONGEST_DAYS) {
        let detail = format!("is not between now and {LONGEST_DAYS} days from now");
        faults.push(Fault::at("/expires_at", "out_of_range", detail));
    }
    faultless(faults)?;
    let preview = Preview {
        id: new_id(),
        article_id: id,
        revision: new.revision,
        note: new.note,
        created_by: Some(by.user_id),
        created_at: now,
        expires_at,
        revoked_at: None,
    };
    previews::insert(tx, &preview).await?;
    announce(tx, by, told("article.preview_created", &preview), now).await?;
    Ok(preview)
}

/// The link, with the name of who made it, if the caller may see its article.
///
/// # Errors
/// 404.
pub async fn find(tx: &mut Tx, by: &Principal, article_id: Uuid, id: Uuid) -> Result<(Preview, Option<String>)> {
    visible(tx, by, article_id).await?;
    previews::find_in(tx, article_id, id).await?.ok_or_else(Error::not_found)
}

/// Lets the caller through to the links of an article that they may see.
///
/// # Errors
/// 404.
pub async fn visible(tx: &mut Tx, by: &Principal, article_id: Uuid) -> Result<()> {
    articles::seen(tx, article_id, seen_by(by)).await.map(drop)
}

/// Revokes a link; one that is revoked stays so.
///
/// # Errors
/// 404.
pub async fn revoke(tx: &mut Tx, by: &Principal, article_id: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let (preview, _) = find(tx, by, article_id, id).await?;
    if previews::revoke(tx, id, now).await? {
        announce(tx, by, told("article.preview_revoked", &preview), now).await?;
    }
    Ok(())
}

/// What the link shows: the draft as it would be if it were published now. `None` for a link that shows nothing any more.
///
/// # Errors
/// 410 or 451 with the public reason for an article that is taken down, 503 when the database does not answer.
pub async fn shown(tx: &mut Tx, id: Uuid, forms: &[Format], now: DateTime<Utc>) -> Result<Option<Whole>> {
    let Some(draft) = draft(tx, id, forms, now).await? else { return Ok(None) };
    drafts::whole(tx, draft, forms, now).await.map(Some)
}

/// As [`shown`], with what would stand around it on its page.
///
/// # Errors
/// As [`shown`].
pub async fn shown_and_around(
    tx: &mut Tx,
    id: Uuid,
    forms: &[Format],
    now: DateTime<Utc>,
) -> Result<Option<(Whole, Vec<AroundRow>)>> {
    let Some(draft) = draft(tx, id, forms, now).await? else { return Ok(None) };
    let around = drafts::around(tx, &draft, now).await?;
    Ok(Some((drafts::whole(tx, draft, forms, now).await?, around)))
}

async fn draft(tx: &mut Tx, id: Uuid, forms: &[Format], now: DateTime<Utc>) -> Result<Option<Draft>> {
    let Some((preview, article)) = previews::open(tx, id, now).await? else { return Ok(None) };
    if let Some(takedown) = takedowns::in_force(tx, article.id).await? {
        return Err(takedown.told());
    }
    let number = preview.revision.unwrap_or(article.version);
    let Some((_, mut content)) = articles::revision(tx, article.id, number).await? else { return Ok(None) };
    settle_merged(tx, &mut content).await?;
    let last = publications::before(tx, article.id, now + TimeDelta::milliseconds(1)).await?;
    let (published_at, modified_at, updated_at) = times(&article, number, last.as_ref(), now);
    let Rendered { card, content: rest, bodies, authors, .. } = rendered(tx, &content, forms).await?;
    let authors = authors.into_iter().map(|(author, ..)| author).collect();
    let article_id = article.id;
    Ok(Some(Draft { article_id, content, card, rest, bodies, authors, published_at, modified_at, updated_at }))
}

/// Those of the period in which exactly this is live, or those that publishing now would give.
fn times(
    article: &Article,
    revision: i32,
    last: Option<&Period>,
    now: DateTime<Utc>,
) -> (DateTime<Utc>, Option<DateTime<Utc>>, DateTime<Utc>) {
    if let Some(live) = last.filter(|last| last.is_live(now) && last.revision == revision) {
        return (live.published_at, live.modified_at, live.live_from);
    }
    let published_at = article.first_published_at.filter(|first| *first <= now).unwrap_or(now);
    (published_at, last.map(|_| now).filter(|now| *now > published_at), now)
}

/// A link is told of as its article's, among whose entries it is looked for. It touches no cached answer.
fn told<'a>(name: &'a str, preview: &Preview) -> Event<'a> {
    let details = json!({
        "preview_id": preview.id,
        "revision": preview.revision,
        "expires_at": Timestamp(preview.expires_at).to_string(),
    });
    Event { name, subject_id: preview.article_id, tags: Vec::new(), details }
}
