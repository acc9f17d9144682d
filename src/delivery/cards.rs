//! The cards of a list: those that are kept, as they are, and the others drawn and kept for the next reader.

use serde_json::value::RawValue;

use super::scene::Scene;
use super::tags::Tags;
use super::views::ArticleCard;
use crate::base::error::{Error, Result};
use crate::http::App;
use crate::store::cards::{CardFilter, CardRow, Listed};
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
) -> Result<Vec<Box<RawValue>>> {
    let scene = Scene { directory: &known.directory, settings: &app.settings };
    let mut fresh = Vec::new();
    let mut cards = Vec::with_capacity(rows.len());
    for listed in rows {
        let (json, own) = match (&listed.kept, &listed.row) {
            (Some(kept), _) => (kept.clone(), listed.tags.clone().unwrap_or_default()),
            (None, Some(row)) => {
                let (json, own) = draw(row, &scene)?;
                let (article, publication) = (listed.id, listed.publication);
                fresh.push(Card { article, publication, json: json.clone(), tags: own.clone() });
                (json, own)
            }
            (None, None) => return Err(Error::internal("an article of a list has no card")),
        };
        own.split(' ').for_each(|tag| tags.add(tag.to_owned()));
        cards.push(RawValue::from_string(json).map_err(Error::internal)?);
    }
    // The cards of a former version would take the place of the present ones.
    if !fresh.is_empty() && !moment.is_past() {
        app.documents.keep_cards(fresh, known.directory.version());
    }
    Ok(cards)
}

fn draw(row: &CardRow, scene: &Scene<'_>) -> Result<(String, String)> {
    let json = serde_json::to_string(&ArticleCard::of(row, scene)).map_err(Error::internal)?;
    let mut tags = Tags::default();
    tags.card(row, scene);
    Ok((json, tags.finish().join(" ")))
}
