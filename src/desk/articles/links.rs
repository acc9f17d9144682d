//! Related links: the ordered list that editors keep, and the inline ones that are drawn from the body.

use std::collections::HashMap;

use uuid::Uuid;

use super::apply::Circumstances;
use super::input::{LinkInput, TargetInput};
use super::known::Known;
use super::moves::{illegal, standing};
use super::stale::with_conflicts;
use super::write::{Written, edited, held};
use crate::base::error::{Code, Error, Fault, Result, faultless};
use crate::base::id::new_id;
use crate::desk::unknown::unknown;
use crate::rules::address::{NO_ADDRESS, is_web};
use crate::rules::article::{Content, Link, LinkKind};
use crate::rules::body::{related_targets, set_target};
use crate::rules::fields::ArticleField;
use crate::rules::permission::Principal;
use crate::rules::reference::IdOrSlug;
use crate::rules::version::Expected;
use crate::store::{Tx, lookup, publications};

/// The most links of one article, without the inline ones.
const MOST_LINKS: usize = 100;

/// What is said of an external link to an article here.
const ELSEWHERE: &str = "is required of an external link: one to an article here is of another kind";

/// The list that was sent as links; one that was there before keeps its id.
pub(super) async fn resolve(
    tx: &mut Tx,
    about: &Circumstances<'_>,
    before: &[Link],
    sent: &[LinkInput],
    at: &str,
    faults: &mut Vec<Fault>,
) -> Result<Vec<Link>> {
    let keys: Vec<IdOrSlug> = sent.iter().filter_map(|link| key(&link.target)).collect();
    let mut known = visible(tx, about, &keys).await?;
    // What is linked already may stay, whoever linked it: its id was in the list that is sent back.
    known.extend(before.iter().filter_map(|link| link.target).map(|id| (IdOrSlug::Id(id), id)));
    let mut links: Vec<Link> = Vec::new();
    for (index, link) in sent.iter().enumerate() {
        let place = if at.is_empty() { String::new() } else { format!("{at}/{index}") };
        if let Some(mut new) = one(about, link, &known, &place, faults) {
            let same = |old: &&Link| old.kind == new.kind && old.target == new.target && old.url == new.url;
            if let Some(old) = before.iter().find(same) {
                new.id = old.id;
            }
            if links.iter().any(|earlier| same(&earlier)) {
                faults.push(Fault::at(format!("{place}/target"), "repeated", "is linked twice in one kind"));
            }
            links.push(new);
        }
    }
    Ok(links)
}

fn one(
    about: &Circumstances<'_>,
    sent: &LinkInput,
    known: &HashMap<IdOrSlug, Uuid>,
    place: &str,
    faults: &mut Vec<Fault>,
) -> Option<Link> {
    let target = &sent.target;
    let mut fault = |member: &str, code: &str, detail: &str| {
        faults.push(Fault::at(format!("{place}{member}"), code, detail));
        None
    };
    if sent.kind == LinkKind::Inline {
        return fault("/kind", "inline", "is made from the body and cannot be sent");
    }
    if [target.id.is_some(), target.slug.is_some(), target.url.is_some()].iter().filter(|given| **given).count() != 1 {
        return fault("/target", "one_target", "has not exactly one of id, slug and url");
    }
    let link =
        Link { id: new_id(), kind: sent.kind, target: None, url: None, title: target.title.clone(), block_id: None };
    if sent.kind == LinkKind::External && target.url.is_none() {
        return fault("/target/url", "required", ELSEWHERE);
    }
    if let Some(url) = &target.url {
        if !is_web(url) {
            return fault("/target/url", "url", NO_ADDRESS);
        }
        if target.title.is_none() {
            return fault("/target/title", "required", "is required beside url");
        }
        return Some(Link { url: Some(url.clone()), ..link });
    }
    let id = key(target).and_then(|key| known.get(&key).copied());
    match id {
        None => {
            let named = target.slug.clone().or_else(|| target.id.map(|id| id.to_string())).unwrap_or_default();
            faults.push(unknown(format!("{place}/target"), "article", &named));
            None
        }
        Some(id) if id == about.id => fault("/target", "self_link", "is this article itself"),
        Some(id) => Some(Link { target: Some(id), ..link }),
    }
}

fn key(target: &TargetInput) -> Option<IdOrSlug> {
    target.id.map(IdOrSlug::Id).or_else(|| target.slug.as_ref()?.parse().ok())
}

/// The articles that are meant and that the caller may know of: those that are live, own ones, and for editors all.
pub(super) async fn visible(
    tx: &mut Tx,
    about: &Circumstances<'_>,
    keys: &[IdOrSlug],
) -> Result<HashMap<IdOrSlug, Uuid>> {
    let found = lookup::articles(tx, keys).await?;
    if about.by.sees_all_articles() || found.is_empty() {
        return Ok(found.into_iter().map(|(key, (id, _))| (key, id)).collect());
    }
    let ids: Vec<Uuid> = found.values().map(|(id, _)| *id).collect();
    let live = publications::live_among(tx, &ids, about.now).await?;
    let may_know = |id: &Uuid, creator: &Option<Uuid>| *creator == Some(about.by.user_id) || live.contains(id);
    Ok(found.into_iter().filter(|(_, (id, creator))| may_know(id, creator)).map(|(key, (id, _))| (key, id)).collect())
}

/// Of the articles that are meant, those that the body led to before: they may stay, whoever linked them. Without its
/// link, a block that leads to what is not live would be shown.
async fn still_linked(tx: &mut Tx, before: &[Link], keys: &[IdOrSlug]) -> Result<HashMap<IdOrSlug, Uuid>> {
    if before.is_empty() {
        return Ok(HashMap::new());
    }
    let was_there = |id: &Uuid| before.iter().any(|link| link.target == Some(*id));
    let found = lookup::articles(tx, keys).await?;
    Ok(found.into_iter().filter(|(_, (id, _))| was_there(id)).map(|(key, (id, _))| (key, id)).collect())
}

/// One article by id or slug, if the caller may know of it.
pub(super) async fn visible_article(tx: &mut Tx, about: &Circumstances<'_>, text: &str) -> Result<Option<Uuid>> {
    let Ok(key) = text.parse::<IdOrSlug>() else { return Ok(None) };
    Ok(visible(tx, about, std::slice::from_ref(&key)).await?.get(&key).copied())
}

/// The inline links of an article, and the others.
pub(super) fn split(links: Vec<Link>) -> (Vec<Link>, Vec<Link>) {
    links.into_iter().partition(|link| link.kind == LinkKind::Inline)
}

/// Finds the articles that the body's related-link blocks lead to, marks the blocks, and puts an inline link for each
/// before the others.
pub(super) async fn draw_inline(tx: &mut Tx, about: &Circumstances<'_>, content: &mut Content) -> Result<()> {
    let targets = related_targets(&content.body);
    let slugs: Vec<Option<IdOrSlug>> = targets.iter().map(|target| slug_in(&target.href, about.site)).collect();
    let keys: Vec<IdOrSlug> = slugs.iter().flatten().cloned().collect();
    let (before, kept) = split(std::mem::take(&mut content.links));
    let mut known = visible(tx, about, &keys).await?;
    known.extend(still_linked(tx, &before, &keys).await?);
    let mut links = Vec::new();
    for (target, slug) in targets.iter().zip(&slugs) {
        let id = slug.as_ref().and_then(|slug| known.get(slug)).filter(|id| **id != about.id);
        set_target(&mut content.body, &target.block_id, id.map(Uuid::to_string).as_deref());
        let Some(id) = id else { continue };
        let same = before.iter().find(|link| link.block_id.as_ref() == Some(&target.block_id));
        links.push(Link {
            id: same.map_or_else(new_id, |link| link.id),
            kind: LinkKind::Inline,
            target: Some(*id),
            url: None,
            title: Some(target.title.clone()),
            block_id: Some(target.block_id.clone()),
        });
    }
    links.extend(kept);
    content.links = links;
    Ok(())
}

/// Draws the links in the body anew for readers. Whoever wrote it may not have known what it leads to, so that a block was
/// left unmarked which must be hidden until that is live.
pub(super) async fn redraw_inline(
    tx: &mut Tx,
    by: &Principal,
    (id, site): (Uuid, &str),
    content: &mut Content,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    if content.body.iter().all(|block| block.kind != "related_link" || block.payload.contains_key("article_id")) {
        return Ok(());
    }
    draw_inline(tx, &Circumstances { by, id, site, now, known: &Known::default() }, content).await
}

/// The slug at the end of a path of this site: `/section/slug`, or the same with the site's address before it.
fn slug_in(href: &str, site: &str) -> Option<IdOrSlug> {
    let path = match href.strip_prefix(site.trim_end_matches('/')) {
        Some(path) if path.starts_with('/') => path,
        _ if href.starts_with('/') => href,
        _ => return None,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    path.rsplit('/').next()?.parse().ok().filter(|key| matches!(key, IdOrSlug::Slug(_)))
}

/// Replaces the whole ordered list; inline links stay with the body.
///
/// # Errors
/// 404, 412, 422 with every fault.
pub async fn put_links(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    id: Uuid,
    seen: &Expected,
    sent: Vec<LinkInput>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Written> {
    change(tx, by, site, id, seen, now, async |tx, about, (_, links), faults| {
        *links = resolve(tx, about, links, &sent, "/related", faults).await?;
        Ok(())
    })
    .await
}

/// Adds a link at a place in the list, at its end without one.
///
/// # Errors
/// 404, 412, 422.
pub async fn post_link(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    id: Uuid,
    seen: &Expected,
    (sent, position): (LinkInput, Option<usize>),
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(Written, Uuid)> {
    let mut added = Uuid::nil();
    let article = change(tx, by, site, id, seen, now, async |tx, about, (_, links), faults| {
        let new = resolve(tx, about, &[], std::slice::from_ref(&sent), "", faults).await?;
        for link in new {
            if links.iter().any(|old| old.kind == link.kind && old.target == link.target && old.url == link.url) {
                faults.push(Fault::at("/target", "repeated", "is linked already in this kind"));
            }
            added = link.id;
            links.insert(position.unwrap_or(links.len()).min(links.len()), link);
        }
        if links.len() > MOST_LINKS {
            faults.push(Fault::at("", "max_items", format!("the article has {MOST_LINKS} links already")));
        }
        Ok(())
    })
    .await?;
    Ok((article, added))
}

/// What changes of a link.
#[derive(Clone, Debug, Default)]
pub struct LinkPatch {
    /// Another kind.
    pub kind: Option<LinkKind>,
    /// Other words.
    pub title: crate::rules::change::Change<String>,
    /// Another place in the list, from 0.
    pub position: Option<usize>,
}

/// Changes one link.
///
/// # Errors
/// 404, 409 for an inline link, 412, 422.
pub async fn patch_link(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    (id, link_id): (Uuid, Uuid),
    seen: &Expected,
    patch: LinkPatch,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Written> {
    change(tx, by, site, id, seen, now, async |_, _, (inline, links), faults| {
        let place = place_of(link_id, inline, links)?;
        let mut link = links.remove(place);
        link.kind = patch.kind.unwrap_or(link.kind);
        link.title = patch.title.over(link.title);
        if link.kind == LinkKind::Inline {
            faults.push(Fault::at("/kind", "inline", "is made from the body and cannot be sent"));
        }
        if link.kind == LinkKind::External && link.url.is_none() {
            faults.push(Fault::at("/kind", "leads_inside", "is external, and the link leads to an article here"));
        }
        if link.url.is_some() && link.title.is_none() {
            faults.push(Fault::at("/title", "required", "is required for a link elsewhere"));
        }
        if links.iter().any(|old| old.kind == link.kind && old.target == link.target && old.url == link.url) {
            faults.push(Fault::at("/kind", "repeated", "is linked already in this kind"));
        }
        links.insert(patch.position.unwrap_or(place).min(links.len()), link);
        Ok(())
    })
    .await
}

/// Takes one link out.
///
/// # Errors
/// 404, 409 for an inline link, 412.
pub async fn delete_link(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    (id, link_id): (Uuid, Uuid),
    seen: &Expected,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Written> {
    change(tx, by, site, id, seen, now, async |_, _, (inline, links), _| {
        links.remove(place_of(link_id, inline, links)?);
        Ok(())
    })
    .await
}

/// The place of a link in the list.
///
/// # Errors
/// 404, 409 for an inline link, which comes and goes with the body.
fn place_of(id: Uuid, inline: &[Link], links: &[Link]) -> Result<usize> {
    if inline.iter().any(|link| link.id == id) {
        let detail = "The link is made from the body. Change the block that it stands in.";
        return Err(Error::new(Code::IllegalMove, detail));
    }
    links.iter().position(|link| link.id == id).ok_or_else(Error::not_found)
}

/// One write of the list without its inline links, which are there to be looked at.
async fn change(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    id: Uuid,
    seen: &Expected,
    now: chrono::DateTime<chrono::Utc>,
    edit: impl AsyncFnOnce(&mut Tx, &Circumstances<'_>, (&[Link], &mut Vec<Link>), &mut Vec<Fault>) -> Result<()>,
) -> Result<Written> {
    let touched = |stale| with_conflicts(stale, &[ArticleField::Related]);
    let (article, before) = held(tx, by, id, seen).await.map_err(touched)?;
    let about = Circumstances { by, id, site, now, known: &Known::default() };
    let mut content = before.clone();
    let (inline, mut links) = split(std::mem::take(&mut content.links));
    let mut faults = Vec::new();
    if let Err(error) = edit(tx, &about, (&inline, &mut links), &mut faults).await {
        return Err(if error.code == Code::IllegalMove {
            let periods = publications::present(tx, id, now).await?;
            let at = standing(&article, &periods, now);
            illegal(tx, by, None, &at, (&article, &before, &periods), &error.detail).await
        } else {
            error
        });
    }
    faultless(faults)?;
    content.links = inline.into_iter().chain(links).collect();
    edited(tx, by, (&article, &before), content, "links", now).await
}
