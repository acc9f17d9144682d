//! A draft in the shape in which delivery reads what is live. What stands around it, the targets of its links and its
//! translations, is there only as far as it is live.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Json, Nullable};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::around::{self, AroundRow, Centre, Traits};
use super::cards::{CardRow, CardSql, card_columns};
use super::corrections::told_by;
use super::directory::{ASSET, Asset, AssetSql};
use super::live::Moment;
use super::pages::{ArticleRow, LinkRow, Whole};
use super::publications::Bodies;
use super::sql::Sql;
use super::types::Parsed;
use super::{RawJson, Tx};
use crate::base::error::Result;
use crate::rules::article::{Content, Link};
use crate::rules::body::Format;

/// A rendered draft, and the times that it would say of itself.
#[derive(Debug)]
pub struct Draft {
    /// The article.
    pub article_id: Uuid,
    /// What was rendered.
    pub content: Content,
    /// What its card shows.
    pub card: RawJson,
    /// What its page shows beside card and body.
    pub rest: RawJson,
    /// The body in every form.
    pub bodies: Bodies,
    /// Those of its byline, in order.
    pub authors: Vec<Uuid>,
    /// First publication.
    pub published_at: DateTime<Utc>,
    /// Last significant change.
    pub modified_at: Option<DateTime<Utc>>,
    /// When this version went live.
    pub updated_at: DateTime<Utc>,
}

/// The draft with the body in `forms`, and with what it leads to as far as that is live at `now`.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn whole(tx: &mut Tx, draft: Draft, forms: &[Format], now: DateTime<Utc>) -> Result<Whole> {
    let content = &draft.content;
    let targets: Vec<Uuid> = content.links.iter().filter_map(|link| link.target).collect();
    let linked: HashMap<Uuid, CardRow> =
        live(tx, &targets, now).await?.into_iter().map(|card| (card.id, card)).collect();
    let translations = translations(tx, draft.article_id, content.translation_of, now).await?;
    let asset = match &content.hero {
        Some(hero) => asset(tx, hero.media).await?,
        None => None,
    };
    // No publication; the links are told to belong to it all the same.
    let publication = Uuid::nil();
    let led = |link: &Link| LinkRow::to(publication, Some(link), link.target.and_then(|id| linked.get(&id).cloned()));
    let links = content.links.iter().map(led);
    let translated = translations.into_iter().map(|card| LinkRow::to(publication, None, Some(card)));
    let kept = |form: Format, body: RawJson| Some(body).filter(|_| forms.contains(&form));
    let Bodies { blocks, html, markdown, text, portable_text } = draft.bodies;
    Ok(Whole {
        links: links.chain(translated).collect(),
        article: ArticleRow {
            publication,
            live_until: None,
            next_start: None,
            corrections: corrections(tx, draft.article_id, now).await?,
            rest: draft.rest,
            // Any form may have to be made again without a link that is hidden now.
            blocks: Some(blocks).filter(|_| !forms.is_empty()),
            html: kept(Format::Html, html),
            markdown: kept(Format::Markdown, markdown),
            text: kept(Format::Text, text),
            portable_text: kept(Format::PortableText, portable_text),
            card: CardRow {
                id: draft.article_id,
                slug: content.slug.clone(),
                kind: content.kind.as_str().to_owned(),
                language: content.language.clone(),
                headline: content.headline.clone(),
                primary_region: content.primary_region,
                published_at: draft.published_at,
                modified_at: draft.modified_at,
                updated_at: draft.updated_at,
                card: Parsed(Arc::new(draft.card.parse()?)),
                asset,
            },
        },
    })
}

/// What stands around the draft on its page, as far as that is live at `now`.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn around(tx: &mut Tx, draft: &Draft, now: DateTime<Utc>) -> Result<Vec<AroundRow>> {
    let content = &draft.content;
    let linked: Vec<Uuid> = content.links.iter().filter_map(|link| link.target).collect();
    let traits = Traits {
        article: draft.article_id,
        section: content.primary_region,
        topics: &content.topics,
        authors: &draft.authors,
        regions: &content.all_regions(),
        linked: &linked,
    };
    Ok(around::of(tx.conn()?, Some(Centre::Draft(&traits)), Moment::now(now)).await?)
}

async fn corrections(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<Option<RawJson>> {
    let query = Sql::<Nullable<Json>>::new("SELECT ").then(|sql| told_by(sql, |sql| sql.id(id), Moment::now(now)));
    Ok(query.get_result(tx.conn()?).await?)
}

async fn live(tx: &mut Tx, ids: &[Uuid], now: DateTime<Utc>) -> Result<Vec<CardRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<CardSql>::new("SELECT ")
        .then(card_columns)
        .text(" FROM publications p LEFT JOIN media m ON m.id = p.hero_media_id WHERE p.article_id = ANY(")
        .ids(ids)
        .text(") AND ")
        .live_at("p", Moment::now(now));
    Ok(query.load(tx.conn()?).await?)
}

/// What is live of the original and of its other translations.
async fn translations(tx: &mut Tx, id: Uuid, original: Option<Uuid>, now: DateTime<Utc>) -> Result<Vec<CardRow>> {
    let original = original.unwrap_or(id);
    let query = Sql::<CardSql>::new("SELECT ")
        .then(card_columns)
        .text(" FROM publications p LEFT JOIN media m ON m.id = p.hero_media_id WHERE (p.article_id = ")
        .id(original)
        .text(" OR p.translation_of = ")
        .id(original)
        .text(") AND p.article_id <> ")
        .id(id)
        .text(" AND ")
        .live_at("p", Moment::now(now))
        .text(" ORDER BY p.language, p.article_id");
    Ok(query.load(tx.conn()?).await?)
}

async fn asset(tx: &mut Tx, id: Uuid) -> Result<Option<Asset>> {
    let query = Sql::<Nullable<AssetSql>>::new("SELECT ").text(ASSET).text(" FROM media m WHERE m.id = ").id(id);
    let rows: Vec<Option<Asset>> = query.load(tx.conn()?).await?;
    Ok(rows.into_iter().next().flatten())
}
