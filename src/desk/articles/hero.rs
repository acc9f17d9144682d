//! The picture over an article: what is sent of it, and how that changes the one that was there.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::apply::Circumstances;
use super::write::seen_by;
use crate::base::error::{Fault, Result};
use crate::desk::unknown::unknown;
use crate::rules::article::HeroUse;
use crate::rules::change::Change;
use crate::rules::reference::IdOrSlug;
use crate::store::{Tx, media};

/// The picture over the article.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeroInput {
    /// Id or slug of the asset.
    #[schema(example = "mine-worker", min_length = 1, max_length = 200)]
    pub media: String,
    /// What it shows, instead of the asset's own text.
    #[serde(default)]
    #[schema(example = "A person in an orange suit walks towards a mine entrance in snow", max_length = 1000)]
    pub alt: Option<String>,
    /// What is written under it, instead of the asset's own text.
    #[serde(default)]
    #[schema(example = "A worker near the entrance of a Canadian nickel mine.", max_length = 2000)]
    pub caption: Option<String>,
    /// Who is owed the credit, instead of the asset's own text.
    #[serde(default)]
    #[schema(example = "File photo: Example Wire", max_length = 500)]
    pub credit_line: Option<String>,
}

/// What changes of the picture over the article: a merge-patch. What is not named stays, with another asset too.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeroPatch {
    /// Id or slug of another asset; required where there is no picture yet.
    #[serde(default)]
    #[schema(example = "mine-worker", min_length = 1, max_length = 200, nullable = false)]
    pub media: Option<String>,
    /// What it shows; `null` goes back to the asset's own text.
    #[serde(default)]
    #[schema(
        value_type = Option<String>,
        example = "A person in an orange suit walks towards a mine entrance in snow",
        max_length = 1000
    )]
    pub alt: Change<String>,
    /// What is written under it; `null` goes back to the asset's own text.
    #[serde(default)]
    #[schema(
        value_type = Option<String>,
        example = "A worker near the entrance of a Canadian nickel mine.",
        max_length = 2000
    )]
    pub caption: Change<String>,
    /// Who is owed the credit; `null` goes back to the asset's own text.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "File photo: Example Wire", max_length = 500)]
    pub credit_line: Change<String>,
}

impl From<HeroInput> for HeroPatch {
    /// The whole picture anew: what was not sent of it is not there.
    fn from(new: HeroInput) -> Self {
        let whole = |text: Option<String>| text.map_or(Change::Clear, Change::Set);
        Self {
            media: Some(new.media),
            alt: whole(new.alt),
            caption: whole(new.caption),
            credit_line: whole(new.credit_line),
        }
    }
}

/// Whether the caller may know of an asset.
pub(super) async fn may_show(tx: &mut Tx, about: &Circumstances<'_>, id: Uuid) -> Result<bool> {
    let by = about.by;
    Ok(by.sees_all_articles() || media::seen_in(tx, seen_by(by), &IdOrSlug::Id(id), about.now).await?.is_some())
}

/// The picture after the patch. The asset is one that the caller may know of, or the one that is there already.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn changed(
    tx: &mut Tx,
    about: &Circumstances<'_>,
    before: Option<HeroUse>,
    patch: HeroPatch,
    faults: &mut Vec<Fault>,
) -> Result<Option<HeroUse>> {
    let media = match &patch.media {
        None => before.as_ref().map(|hero| hero.media),
        Some(sent) => match sent.parse::<IdOrSlug>() {
            Ok(key) => about.known.media(tx, &key).await?,
            Err(_) => None,
        },
    };
    let stays = |id: &Uuid| before.as_ref().is_some_and(|hero| hero.media == *id);
    let media = match media {
        Some(id) if !stays(&id) && !may_show(tx, about, id).await? => None,
        found => found,
    };
    let Some(media) = media else {
        faults.push(match patch.media {
            None => Fault::at("/hero/media", "required", "is required: there is no picture yet"),
            Some(sent) => unknown("/hero/media", "asset", &sent),
        });
        return Ok(None);
    };
    let (alt, caption, credit_line) = before.map(|hero| (hero.alt, hero.caption, hero.credit_line)).unwrap_or_default();
    Ok(Some(HeroUse {
        media,
        alt: patch.alt.over(alt),
        caption: patch.caption.over(caption),
        credit_line: patch.credit_line.over(credit_line),
    }))
}
