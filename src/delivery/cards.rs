//! The cards of a list: those that are kept, as they are, and the others drawn and kept for the next reader.

use serde_json::value::RawValue;

use super::scene::Scene;
use super::tags::Tags;
use super::views::ArticleCard;
use crate::base::error::{Error, Result};
use crate::http::App;
use crate::http::cursor::PageMeta;
use crate::store::cards::{CardFilter, CardRow, Drawn, Listed};
use crate::store::documents::Card;
use crate::store::live::{Known, Moment};

/// The cards of these rows as JSON, in order; what they show is added to `tags`.
///
/// # Errors
/// 500 when a card cannot be written.
pub(super) fn drawn<T>(
    app: &App,
    rows: &[Listed],
    known: &Known<CardFilter, T>,
    moment: Moment,
    tags: &mut Tags,
) -> Result<Vec<String>> {
    let scene = Scene { directory: &known.directory, settings: &app.settings };
    let mut fresh = Vec::new();
    let mut cards = Vec::with_capacity(rows.len());
    for listed in rows {
        let (json, own) = match &listed.card {
            Drawn::Kept(json, own) => (json.clone(), own.clone()),
            Drawn::Row(row) => {
                let (json, own) = draw(row, &scene)?;
                let (article, publication) = (listed.id, listed.publication);
                let times = (row.published_at, row.updated_at, row.modified_at);
                fresh.push(Card { article, publication, times, json: json.clone(), tags: own.clone() });
                (json, own)
            }
        };
        own.split(' ').for_each(|tag| tags.add(tag.to_owned()));
        cards.push(json);
    }
    // The cards of a former version would take the place of the present ones.
    if !fresh.is_empty() && !moment.is_past() {
        app.documents.keep_cards(fresh, known.directory.version());
    }
    Ok(cards)
}

/// Cards as values, for answers that are written member by member.
///
/// # Errors
/// 500 when one is no JSON.
pub(super) fn raw(cards: Vec<String>) -> Result<Vec<Box<RawValue>>> {
    cards.into_iter().map(|card| RawValue::from_string(card).map_err(Error::internal)).collect()
}

/// A list with nothing left out. The cards are as they were written, so nobody has to read them.
///
/// # Errors
/// 500 when the rest cannot be written.
pub(super) fn listed(cards: &[String], meta: &PageMeta) -> Result<Vec<u8>> {
    let meta = serde_json::to_vec(meta).map_err(Error::internal)?;
    let length = cards.iter().map(|card| card.len() + 1).sum::<usize>() + meta.len() + 20;
    let mut list = Vec::with_capacity(length);
    list.extend_from_slice(br#"{"data":["#);
    for (place, card) in cards.iter().enumerate() {
        list.extend_from_slice(if place == 0 { b"" } else { b"," });
        list.extend_from_slice(card.as_bytes());
    }
    list.extend_from_slice(br#"],"meta":"#);
    list.extend_from_slice(&meta);
    list.push(b'}');
    Ok(list)
}

fn draw(row: &CardRow, scene: &Scene<'_>) -> Result<(String, String)> {
    let json = serde_json::to_string(&ArticleCard::of(row, scene)).map_err(Error::internal)?;
    let mut tags = Tags::default();
    tags.card(row, scene);
    Ok((json, tags.finish().join(" ")))
}
