//! What a publication shows of the article itself, made once, when it is published.

use serde::Serialize;
use uuid::Uuid;

use crate::base::error::Result;
use crate::rules::article::{Content, HeroUse, SourceCredit};
use crate::rules::body::{self, Block, reading_minutes, word_count};
use crate::store::{RawJson, Tx, lookup};

/// The rendered parts of a publication.
pub(super) struct Rendered {
    pub card: RawJson,
    pub content: RawJson,
    pub words: Words,
    /// Author, role, name as printed.
    pub authors: Vec<(Uuid, &'static str, String)>,
}

/// The text to search in.
pub(super) struct Words {
    pub summary: String,
    pub body: String,
}

/// What a card shows. `store::cards` reads it back.
#[derive(Serialize)]
struct Card<'a> {
    summary: &'a str,
    kicker: Option<&'a str>,
    credit_line: Option<&'a str>,
    hero: Option<&'a HeroUse>,
    reading_minutes: u32,
}

/// What the page shows beside the card.
#[derive(Serialize)]
struct Page<'a> {
    blocks: &'a [Block],
    html: String,
    markdown: String,
    text: String,
    portable_text: serde_json::Value,
    sources: &'a [SourceCredit],
    word_count: u32,
    meta_title: Option<&'a str>,
    meta_description: Option<&'a str>,
    canonical_url: Option<&'a str>,
}

/// Renders an article for publication.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn rendered(tx: &mut Tx, content: &Content) -> Result<Rendered> {
    let renditions = body::render(&content.body);
    let words = word_count(&content.body);
    let card = Card {
        summary: &content.summary,
        kicker: content.kicker.as_deref(),
        credit_line: content.credit_line.as_deref(),
        hero: content.hero.as_ref(),
        reading_minutes: reading_minutes(words, &content.language),
    };
    let body_words = renditions.text.clone();
    let page = Page {
        blocks: &content.body,
        html: renditions.html,
        markdown: renditions.markdown,
        text: renditions.text,
        portable_text: renditions.portable_text,
        sources: &content.sources,
        word_count: words,
        meta_title: content.meta_title.as_deref(),
        meta_description: content.meta_description.as_deref(),
        canonical_url: content.canonical_url.as_deref(),
    };
    let ids: Vec<Uuid> = content.bylines.iter().map(|byline| byline.author).collect();
    let names = lookup::author_names(tx, &ids).await?;
    let authors = content
        .bylines
        .iter()
        .filter_map(|byline| names.get(&byline.author).map(|name| (name.id, byline.role.as_str(), name.name.clone())))
        .collect();
    let summary = format!("{} {}", content.summary, content.credit_line.as_deref().unwrap_or_default());
    Ok(Rendered {
        card: RawJson::of(&card)?,
        content: RawJson::of(&page)?,
        words: Words { summary, body: body_words },
        authors,
    })
}
