//! What a publication shows of the article itself, made once, when it is published.

use uuid::Uuid;

use crate::base::aside::aside;
use crate::base::error::{Error, Result};
use crate::rules::article::{Content, SourceRole, first_of_each};
use crate::rules::body::{self, Block, Format, reading_minutes, word_count};
use crate::rules::published::{Card, Correction, Credited, Rest, byline, says_file_photo};
use crate::rules::search::{self, Words};
use crate::store::publications::Bodies;
use crate::store::{RawJson, Tx, lookup};

/// The rendered parts of a publication.
pub(super) struct Rendered {
    pub card: RawJson,
    pub content: RawJson,
    pub bodies: Bodies,
    /// To be found by.
    pub words: Words,
    /// Author, role, name as printed.
    pub authors: Vec<(Uuid, &'static str, String)>,
}

/// Renders an article, with its body in `forms`; beside the workers, if there is much of it.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn rendered(tx: &mut Tx, content: &Content, forms: &[Format]) -> Result<Rendered> {
    let people = credited(tx, content).await?;
    let (blocks, forms) = (content.body.clone(), forms.to_vec());
    let bytes = blocks.iter().map(|block| block.html.len()).sum();
    let drawn = aside(bytes, move || (bodies(&blocks, &forms), word_count(&blocks), search::in_body(&blocks)));
    let (bodies, words, body) = drawn.await?;
    Ok(Rendered {
        words: Words::of(content, body),
        authors: people.iter().map(|one| (one.author, one.role.as_str(), one.name.clone())).collect(),
        bodies: bodies?,
        content: RawJson::of(&rest(content, words))?,
        card: RawJson::of(&card(content, people, words))?,
    })
}

/// The people with the names that are printed now; one who was merged away stands under the present name.
async fn credited(tx: &mut Tx, content: &Content) -> Result<Vec<Credited>> {
    let ids: Vec<Uuid> = content.bylines.iter().map(|byline| byline.author).collect();
    let names = lookup::author_names(tx, &ids).await?;
    let people = content.bylines.iter().filter_map(|byline| {
        let person = names.get(&byline.author)?;
        Some(Credited { author: person.id, role: byline.role, name: person.name.clone() })
    });
    Ok(first_of_each(people, |person| (person.author, person.role)))
}

fn card(content: &Content, people: Vec<Credited>, words: u32) -> Card {
    let from_archive = content.sources.iter().any(|source| source.role == SourceRole::FilePhoto);
    let hero_credit = content.hero.as_ref().and_then(|hero| hero.credit_line.as_deref()).unwrap_or_default();
    Card {
        summary: content.summary.clone(),
        kicker: content.kicker.clone(),
        byline: byline(&people, &content.sources),
        credit_line: content.credit_line.clone(),
        people,
        regions: content.all_regions(),
        topics: content.topics.clone(),
        hero: content.hero.clone(),
        file_photo: from_archive || says_file_photo(hero_credit),
        reading_minutes: reading_minutes(words, &content.language),
    }
}

fn rest(content: &Content, words: u32) -> Rest {
    let corrections = content.body.iter().filter(|block| block.kind == "correction");
    Rest {
        sources: content.sources.clone(),
        word_count: words,
        meta_title: content.meta_title.clone(),
        meta_description: content.meta_description.clone(),
        canonical_url: content.canonical_url.clone(),
        corrections: corrections
            .map(|block| Correction { block_id: block.id.clone(), html: block.words().to_owned() })
            .collect(),
    }
}

/// The forms that are asked for; the others are `null`.
fn bodies(blocks: &[Block], forms: &[Format]) -> Result<Bodies> {
    let made = |form: Format| {
        let written = forms.contains(&form).then(|| body::written(blocks, form)).transpose();
        RawJson::of(&written.map_err(Error::internal)?)
    };
    Ok(Bodies {
        blocks: RawJson::of(&blocks)?,
        html: made(Format::Html)?,
        markdown: made(Format::Markdown)?,
        text: made(Format::Text)?,
        portable_text: made(Format::PortableText)?,
    })
}
