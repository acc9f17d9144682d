//! Applies what was sent to an article's content: names become ids, the body is read and cleaned, credits and inline
//! links are drawn from it. All faults are found before any is told.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use super::credits;
use super::hero;
use super::input::{ArticlePatch, BodyInput, BylineInput};
use super::known::Known;
use super::links;
use crate::base::aside::aside;
use crate::base::error::{Fault, Result, faultless};
use crate::desk::unknown::unknown;
use crate::rules::address::{NO_ADDRESS, is_web};
use crate::rules::article::{Byline, Content, ExternalId};
use crate::rules::body::{self, Block, Parsed, Warning};
use crate::rules::change::Change;
use crate::rules::credit;
use crate::rules::permission::Principal;
use crate::rules::plain_text;
use crate::rules::reference::IdOrSlug;
use crate::rules::slug;
use crate::store::Tx;

/// What an application needs to know beside the patch.
pub(super) struct Circumstances<'a> {
    pub by: &'a Principal,
    /// The article itself, which cannot be its own target.
    pub id: Uuid,
    /// Host of the public site, so that absolute links to it are links inside.
    pub site: &'a str,
    pub now: chrono::DateTime<chrono::Utc>,
    /// Names that were looked up before.
    pub known: &'a Known,
}

/// Changes the content; answers what cleaning took out.
///
/// # Errors
/// 422 with every fault.
pub(super) async fn apply(
    tx: &mut Tx,
    about: &Circumstances<'_>,
    content: &mut Content,
    mut patch: ArticlePatch,
) -> Result<Vec<Warning>> {
    let (mut faults, mut warnings) = (Vec::new(), Vec::new());
    clean(&mut patch, &mut warnings);
    plain(content, &patch, &mut faults);
    relations(tx, about, content, &patch, &mut faults).await?;
    let credit_sent = patch.credit_line.value().is_some();
    let names_sent = patch.bylines.value().is_some() || patch.sources.value().is_some();
    let body_sent = !matches!(patch.body, Change::Keep);
    let mut found_credit = None;
    match patch.body {
        Change::Keep => {}
        Change::Clear => content.body.clear(),
        Change::Set(sent) => match read(sent, std::mem::take(&mut content.body)).await? {
            Ok(parsed) => {
                content.body = parsed.blocks;
                warnings.extend(parsed.warnings);
                found_credit = parsed.credit;
            }
            Err(wrong) => faults.extend(wrong.into_iter().map(|fault| Fault {
                pointer: Some(format!("/body/content{}", fault.pointer.unwrap_or_default())),
                ..fault
            })),
        },
    }
    content.credit_line = patch.credit_line.over(content.credit_line.take());
    let people_sent = patch.bylines.value().is_some();
    credits::settle(tx, content, found_credit, credit_sent, names_sent, &mut warnings).await?;
    if content.credit_line.as_ref().is_some_and(|line| line.chars().count() > credit::LONGEST) {
        let place = if people_sent { "/bylines" } else { "/sources" };
        let detail =
            format!("makes a credit line of more than {} characters: send a shorter one beside", credit::LONGEST);
        faults.push(Fault::at(place, "max_length", detail));
    }
    match patch.related {
        Change::Keep => {}
        Change::Clear => content.links = links::split(std::mem::take(&mut content.links)).0,
        Change::Set(sent) => {
            let (inline, before) = links::split(std::mem::take(&mut content.links));
            let others = links::resolve(tx, about, &before, &sent, "/related", &mut faults).await?;
            content.links = inline.into_iter().chain(others).collect();
        }
    }
    if body_sent {
        links::draw_inline(tx, about, content).await?;
    }
    faultless(faults)?;
    Ok(warnings)
}

/// Reads and cleans a body; beside the workers, if there is much of it.
async fn read(sent: BodyInput, before: Vec<Block>) -> Result<std::result::Result<Parsed, Vec<Fault>>> {
    aside(weight(&sent.content), move || body::parse(sent.format, &sent.content, &before)).await
}

/// How many bytes of text there are in a value.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(members) => members.values().map(weight).sum(),
        _ => 0,
    }
}

/// Takes out of headline and summaries what nobody sees in them, or what would turn about what stands behind them.
fn clean(patch: &mut ArticlePatch, warnings: &mut Vec<Warning>) {
    let sent = [
        ("/headline", patch.headline.as_mut()),
        ("/summary", patch.summary.value_mut()),
        ("/kicker", patch.kicker.value_mut()),
        ("/meta_title", patch.meta_title.value_mut()),
        ("/meta_description", patch.meta_description.value_mut()),
    ];
    for (pointer, text) in sent.into_iter().filter_map(|(pointer, text)| Some((pointer, text?))) {
        let (kept, removed) = plain_text::clean(text);
        *text = kept;
        warnings.extend(removed.into_iter().map(|c| Warning {
            pointer: pointer.to_owned(),
            code: "character_removed".to_owned(),
            detail: format!("the character U+{:04X} was removed", u32::from(c)),
        }));
    }
}

/// What needs no look-up.
fn plain(content: &mut Content, patch: &ArticlePatch, faults: &mut Vec<Fault>) {
    if let Some(headline) = &patch.headline {
        if plain_text::is_blank(headline) {
            faults.push(Fault::at("/headline", "blank", "shows nothing"));
        }
        content.headline.clone_from(headline);
    }
    if let Some(kind) = patch.r#type {
        content.kind = kind;
    }
    if let Some(language) = &patch.language {
        content.language.clone_from(language);
    }
    if let Some(wanted) = &patch.slug {
        if let Err(detail) = slug::check(wanted) {
            faults.push(Fault::at("/slug", "slug", detail));
        }
        content.slug.clone_from(wanted);
    }
    content.summary = patch.summary.clone().over(Some(std::mem::take(&mut content.summary))).unwrap_or_default();
    content.kicker = patch.kicker.clone().over(content.kicker.take());
    content.meta_title = patch.meta_title.clone().over(content.meta_title.take());
    content.meta_description = patch.meta_description.clone().over(content.meta_description.take());
    content.note = patch.note.clone().over(content.note.take());
    content.sources = patch.sources.clone().over(Some(std::mem::take(&mut content.sources))).unwrap_or_default();
    content.canonical_url = patch.canonical_url.clone().over(content.canonical_url.take());
    if content.canonical_url.as_ref().is_some_and(|url| !is_web(url)) {
        faults.push(Fault::at("/canonical_url", "url", NO_ADDRESS));
    }
    if let Change::Set(ids) = &patch.external_ids
        && let Some(index) = first_repeated(ids)
    {
        faults.push(Fault::at(format!("/external_ids/{index}"), "repeated", "stands twice"));
    }
    content.external_ids =
        patch.external_ids.clone().over(Some(std::mem::take(&mut content.external_ids))).unwrap_or_default();
}

fn first_repeated(ids: &[ExternalId]) -> Option<usize> {
    ids.iter()
        .enumerate()
        .find(|(index, id)| ids.iter().take(*index).any(|earlier| earlier == *id))
        .map(|(index, _)| index)
}

async fn relations(
    tx: &mut Tx,
    about: &Circumstances<'_>,
    content: &mut Content,
    patch: &ArticlePatch,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    regions(tx, about, content, patch, faults).await?;
    if let Some(sent) = patch.topics.value() {
        let found = about.known.topics(tx, sent).await?;
        content.topics = each_once(sent, "/topics", "topic", faults, |text| found.get(text).copied());
    } else if patch.topics == Change::Clear {
        content.topics.clear();
    }
    match &patch.bylines {
        Change::Keep => {}
        Change::Clear => content.bylines.clear(),
        Change::Set(sent) => content.bylines = bylines(tx, about, sent, faults).await?,
    }
    match &patch.hero {
        Change::Keep => {}
        Change::Clear => content.hero = None,
        Change::Set(sent) => {
            content.hero = hero::changed(tx, about, content.hero.take(), sent.clone(), faults).await?;
        }
    }
    match &patch.translation_of {
        Change::Keep => {}
        Change::Clear => content.translation_of = None,
        // What was named already may stay, whoever named it: its id was in the answer that is sent back.
        Change::Set(sent) if content.translation_of.is_some_and(|id| sent.parse() == Ok(IdOrSlug::Id(id))) => {}
        Change::Set(sent) => match links::visible_article(tx, about, sent).await? {
            Some(id) if id != about.id => content.translation_of = Some(id),
            _ => faults.push(Fault::at(
                "/translation_of",
                "unknown_article",
                format!("{sent:?} is no article, or this one"),
            )),
        },
    }
    Ok(())
}

async fn regions(
    tx: &mut Tx,
    about: &Circumstances<'_>,
    content: &mut Content,
    patch: &ArticlePatch,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let sent_primary = patch.primary_region.value();
    let sent = patch.regions.value().map(Vec::as_slice).unwrap_or_default();
    let keys: Vec<IdOrSlug> = sent_primary.into_iter().chain(sent).filter_map(|text| text.parse().ok()).collect();
    let found = about.known.regions(tx, &keys).await?;
    let named = |text: &String| text.parse().ok().and_then(|key: IdOrSlug| found.get(&key).copied());
    match &patch.primary_region {
        Change::Keep => {}
        Change::Clear => content.primary_region = None,
        Change::Set(text) => {
            content.primary_region = named(text);
            if content.primary_region.is_none() {
                faults.push(unknown("/primary_region", "region", text));
            }
        }
    }
    match &patch.regions {
        Change::Keep => {}
        Change::Clear => content.regions.clear(),
        Change::Set(sent) => {
            content.regions = each_once(sent, "/regions", "region", faults, named);
        }
    }
    Ok(())
}

async fn bylines(
    tx: &mut Tx,
    about: &Circumstances<'_>,
    sent: &[BylineInput],
    faults: &mut Vec<Fault>,
) -> Result<Vec<Byline>> {
    let keys: Vec<IdOrSlug> = sent.iter().filter_map(|byline| byline.author.parse().ok()).collect();
    let found: HashMap<IdOrSlug, Uuid> = about.known.authors(tx, &keys).await?;
    let mut bylines: Vec<Byline> = Vec::new();
    for (index, byline) in sent.iter().enumerate() {
        let place = format!("/bylines/{index}/author");
        match byline.author.parse().ok().and_then(|key: IdOrSlug| found.get(&key)) {
            None => faults.push(unknown(place, "author", &byline.author)),
            Some(author) => {
                let byline = Byline { author: *author, role: byline.role };
                if bylines.contains(&byline) {
                    faults.push(Fault::at(place, "repeated", "stands twice in this role"));
                }
                bylines.push(byline);
            }
        }
    }
    Ok(bylines)
}

/// The ids of what was named; unknown and repeated ones are faults.
fn each_once(
    sent: &[String],
    at: &str,
    noun: &str,
    faults: &mut Vec<Fault>,
    named: impl Fn(&String) -> Option<Uuid>,
) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for (index, text) in sent.iter().enumerate() {
        match named(text) {
            None => faults.push(unknown(format!("{at}/{index}"), noun, text)),
            Some(id) if ids.contains(&id) => {
                faults.push(Fault::at(format!("{at}/{index}"), "repeated", "stands twice"));
            }
            Some(id) => ids.push(id),
        }
    }
    ids
}
