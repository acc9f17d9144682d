//! Create, change, trash, restore and upsert of the working copy. Each makes a revision, unless a change changes nothing.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::apply::{Circumstances, apply};
use super::input::{ArticleCreate, ArticlePatch};
use super::known::Known;
use super::moves::{illegal, permit, put_away};
use super::stale::{unless_changed, with_patch};
use super::{legal_hold, publish};
use crate::base::clock::Clock;
use crate::base::error::{Code, Error, Fault, Result};
use crate::base::id::new_id;
use crate::desk::announce::announce;
use crate::rules::article::{ArticleType, Content, ExternalId};
use crate::rules::body::Warning;
use crate::rules::permission::Principal;
use crate::rules::reference::IdOrSlug;
use crate::rules::slug;
use crate::rules::version::{Expected, Upsert};
use crate::rules::workflow::Verb;
use crate::store::Tx;
use crate::store::articles::{self, Article, Stamp, VisibleTo};
use crate::store::records::Event;
use crate::store::{publications, region_tree};

/// An article as it stands after a write, and what cleaning took out of what was sent.
#[derive(Debug)]
pub struct Written {
    /// Its row.
    pub article: Article,
    /// Its content.
    pub content: Content,
    /// What was taken out.
    pub warnings: Vec<Warning>,
}

/// Whose articles the caller may see and write.
pub fn seen_by(by: &Principal) -> VisibleTo {
    if by.sees_all_articles() { VisibleTo::Everybody } else { VisibleTo::Creator(by.user_id) }
}

/// Makes an article.
///
/// # Errors
/// 409 when slug or external id is taken, 422 with every fault.
pub async fn create(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    new: ArticleCreate,
    now: DateTime<Utc>,
) -> Result<Written> {
    create_knowing(tx, by, site, new, now, &Known::default()).await
}

/// As [`create`], one of many: names that were found for another one are known.
pub(super) async fn create_knowing(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    new: ArticleCreate,
    now: DateTime<Utc>,
    known: &Known,
) -> Result<Written> {
    let id = new_id();
    let wanted = new.slug.is_some();
    let mut content = blank(&new.headline);
    let about = Circumstances { by, id, site, now, known };
    let warnings = apply(tx, &about, &mut content, new.into()).await?;
    if !wanted {
        content.slug = slug::from_text(&content.headline);
    }
    unless_elsewhere(tx, id, &content.external_ids).await?;
    let stamp = Stamp { by: Some(by.user_id), verb: "created", at: now };
    let article = articles::insert(tx, id, &mut content, !wanted, stamp).await?.ok_or_else(taken)?;
    announce(tx, by, told("article.created", &article), now).await?;
    Ok(Written { article, content, warnings })
}

/// Changes an article.
///
/// # Errors
/// 404, 409, 412, 422 with every fault.
pub async fn patch(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    id: Uuid,
    seen: &Expected,
    patch: ArticlePatch,
    now: DateTime<Utc>,
) -> Result<Written> {
    let about = Circumstances { by, id, site, now, known: &Known::default() };
    let (article, before) = match held(tx, by, id, seen).await {
        Err(stale) if stale.code == Code::Stale => return Err(with_patch(tx, &about, seen, stale, patch).await),
        held => held?,
    };
    let mut content = before.clone();
    let warnings = apply(tx, &about, &mut content, patch).await?;
    let mut done = edited(tx, by, (&article, &before), content, "edited", now).await?;
    done.warnings = warnings;
    Ok(done)
}

/// Writes the article that has the external id, or makes it. What is not sent of an existing one stays.
///
/// # Errors
/// As [`create`] and [`patch`]; 404 if the article is not the caller's to see.
pub async fn upsert(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    external: ExternalId,
    mut new: ArticleCreate,
    held_to: Upsert,
    now: DateTime<Utc>,
) -> Result<(Written, bool)> {
    articles::hold_external_id(tx, &external).await?;
    let found = articles::by_external_id(tx, &external).await?;
    if found.is_none() || new.external_ids.is_some() {
        let ids = new.external_ids.get_or_insert_default();
        if !ids.contains(&external) {
            ids.push(external);
        }
    }
    let seen = match (found, held_to) {
        (None, Upsert::Change(_)) => return Err(Error::new(Code::Stale, "There is no article with this external id.")),
        (Some(id), Upsert::New) => return Err(there_already(tx, by, id).await?),
        (_, Upsert::Change(seen)) => seen,
        (_, Upsert::Either | Upsert::New) => Expected::Any,
    };
    match found {
        None => Ok((create(tx, by, site, new, now).await?, true)),
        Some(id) => Ok((patch(tx, by, site, id, &seen, new.into(), now).await?, false)),
    }
}

/// 412 with the version that is there, for who may see it.
async fn there_already(tx: &mut Tx, by: &Principal, id: Uuid) -> Result<Error> {
    let detail = "There is an article with this external id.";
    let told = match articles::read(tx, &IdOrSlug::Id(id), seen_by(by)).await? {
        Some((article, content)) => unless_changed(tx, &Expected::Weak, &article, &content).await.err(),
        None => None,
    };
    let stale = told.unwrap_or_else(|| Error::new(Code::Stale, detail));
    Ok(Error { detail: detail.to_owned(), ..stale })
}

/// Puts an article into the trash; what is live or scheduled of it ends.
///
/// # Errors
/// 404, 412; 403 when it is live and the caller may not unpublish; 409 under a legal hold.
pub async fn trash(tx: &mut Tx, by: &Principal, id: Uuid, seen: &Expected, clock: &Clock) -> Result<()> {
    // In the order of all who end what is live.
    region_tree::hold_still(tx).await?;
    let (article, content) = held(tx, by, id, seen).await?;
    let now = clock.now();
    legal_hold::unless_held(tx, id).await?;
    publish::end_all(tx, by, &article, &content, now).await?;
    articles::set_deleted(tx, &article, Some(now)).await?;
    let before = content.clone();
    written(tx, by, (&article, &before), content, ("trashed", "article.trashed"), now).await.map(|_| ())
}

/// Takes an article out of the trash, which makes a revision, or out of the archive. What was live stays withdrawn.
///
/// # Errors
/// 404, 412, 409 when it is in neither.
pub async fn restore(tx: &mut Tx, by: &Principal, id: Uuid, seen: &Expected, now: DateTime<Utc>) -> Result<Written> {
    let (article, content) = articles::lock(tx, id, seen_by(by)).await?.ok_or_else(Error::not_found)?;
    unless_changed(tx, seen, &article, &content).await?;
    let periods = publications::present(tx, id, now).await?;
    permit(tx, by, Verb::Restore, (&article, &content, &periods), now).await?;
    if article.deleted_at.is_none() {
        let article = Article { archived_at: None, moves: article.moves + 1, ..article };
        articles::set_standing(tx, &article).await?;
        announce(tx, by, told("article.restored", &article), now).await?;
        return Ok(Written { article, content, warnings: Vec::new() });
    }
    articles::set_deleted(tx, &article, None).await?;
    let before = content.clone();
    written(tx, by, (&article, &before), content, ("restored", "article.restored"), now).await
}

/// The article, locked, if the caller may write it and has seen its present version.
///
/// # Errors
/// 404, 409 in the trash and in the archive, 412.
pub async fn held(tx: &mut Tx, by: &Principal, id: Uuid, seen: &Expected) -> Result<(Article, Content)> {
    // Whoever is late is told so without waiting for those who are writing.
    if *seen != Expected::Any
        && let Some(version) = articles::version(tx, id).await?
        && !seen.accepts(version)
    {
        let found = articles::read(tx, &IdOrSlug::Id(id), seen_by(by)).await?;
        let (article, content) = found.ok_or_else(Error::not_found)?;
        unless_changed(tx, seen, &article, &content).await?;
    }
    let (article, content) = articles::lock(tx, id, seen_by(by)).await?.ok_or_else(Error::not_found)?;
    unless_changed(tx, seen, &article, &content).await?;
    unless_put_away(tx, by, (&article, &content)).await?;
    Ok((article, content))
}

/// Lets the article be worked on, unless it is in the trash or in the archive.
///
/// # Errors
/// 409 with what can be done instead.
pub(super) async fn unless_put_away(
    tx: &mut Tx,
    by: &Principal,
    (article, content): (&Article, &Content),
) -> Result<()> {
    let Some(detail) = put_away(article.place()) else { return Ok(()) };
    // What is put away is neither live nor planned.
    let at = article.standing(false, false);
    Err(illegal(tx, by, Some(Verb::Edit), &at, (article, content, &[]), detail).await)
}

/// Writes the next revision of what was edited and tells of it; `verb` is the edit's name in the history. An edit that
/// changes nothing writes nothing: the version stays, and so does an approval.
pub(super) async fn edited(
    tx: &mut Tx,
    by: &Principal,
    (article, before): (&Article, &Content),
    content: Content,
    verb: &str,
    now: DateTime<Utc>,
) -> Result<Written> {
    if content == *before {
        return Ok(Written { article: article.clone(), content, warnings: Vec::new() });
    }
    if content.external_ids != before.external_ids {
        unless_elsewhere(tx, article.id, &content.external_ids).await?;
    }
    written(tx, by, (article, before), content, (verb, "article.edited"), now).await
}

/// Lets an article have these external ids unless others have them; whose they are is not told. Of two that want one at
/// the same moment, the database refuses the second.
async fn unless_elsewhere(tx: &mut Tx, id: Uuid, ids: &[ExternalId]) -> Result<()> {
    let taken = articles::external_ids_elsewhere(tx, id, ids).await?;
    let of_another = ids.iter().enumerate().filter(|(_, id)| taken.contains(id));
    let fault = |(index, id): (usize, &ExternalId)| {
        let detail = format!("{} {:?} is another article's", id.scheme, id.value);
        Fault::at(format!("/external_ids/{index}"), "taken", detail)
    };
    let faults: Vec<Fault> = of_another.map(fault).collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(Error::new(Code::Conflict, "Another article has this external id.").with_faults(faults))
}

/// Writes the next revision of what was held, and tells of it: `verb` in the history, `event` to the world.
///
/// # Errors
/// 403 for a move out of regions that are not the caller's, 409 for a slug that is taken.
async fn written(
    tx: &mut Tx,
    by: &Principal,
    (article, before): (&Article, &Content),
    content: Content,
    (verb, event): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Written> {
    publish::unless_moved_away(tx, by, (article, before), &content).await?;
    let stamp = Stamp { by: Some(by.user_id), verb, at: now };
    let article = articles::update(tx, article, before, &content, stamp).await?.ok_or_else(taken)?;
    announce(tx, by, told(event, &article), now).await?;
    Ok(Written { article, content, warnings: Vec::new() })
}

/// The working copy touches no cached answer, so its tags are the newsroom's own.
fn told<'a>(name: &'a str, article: &Article) -> Event<'a> {
    Event {
        name,
        subject_id: article.id,
        tags: Vec::new(),
        details: json!({ "slug": article.slug, "version": article.version }),
    }
}

pub(super) fn taken() -> Error {
    Error::new(Code::Conflict, "The slug is taken.").with_faults(vec![Fault::at("/slug", "taken", "is taken")])
}

fn blank(headline: &str) -> Content {
    Content {
        slug: String::new(),
        kind: ArticleType::News,
        language: "en".to_owned(),
        headline: headline.to_owned(),
        summary: String::new(),
        kicker: None,
        body: Vec::new(),
        primary_region: None,
        regions: Vec::new(),
        topics: Vec::new(),
        bylines: Vec::new(),
        sources: Vec::new(),
        credit_line: None,
        hero: None,
        links: Vec::new(),
        external_ids: Vec::new(),
        meta_title: None,
        meta_description: None,
        canonical_url: None,
        translation_of: None,
        note: None,
    }
}
