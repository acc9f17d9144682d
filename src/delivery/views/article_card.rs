//! An article as lists show it.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::author_card::CardAuthor;
use super::hero::Hero;
use super::region_card::{RegionCard, TopicCard, cards};
use crate::base::clock::Timestamp;
use crate::delivery::scene::Scene;
use crate::http::cursor::PageMeta;
use crate::rules::article::{ArticleType, first_of_each};
use crate::store::cards::CardRow;

/// An article as lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ArticleCard {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000001")]
    pub id: Uuid,
    /// Its slug, for addresses.
    #[schema(example = "tokyo-and-ottawa-team-up-on-a-battery-metals-backbone", max_length = 120)]
    pub slug: String,
    /// Its path on the site.
    #[schema(example = "/north-asia/tokyo-and-ottawa-team-up-on-a-battery-metals-backbone", max_length = 300)]
    pub path: String,
    /// Its address on the site.
    #[schema(
        example = "https://news.example.org/north-asia/tokyo-and-ottawa-team-up-on-a-battery-metals-backbone",
        max_length = 2300
    )]
    pub url: String,
    /// What kind of article it is.
    #[schema(value_type = ArticleType, example = "news")]
    pub r#type: String,
    /// BCP 47 tag.
    #[schema(example = "en", max_length = 35)]
    pub language: String,
    /// The label over the headline; the section's name is shown without.
    #[schema(example = "Exclusive", max_length = 100)]
    pub kicker: Option<String>,
    /// Text.
    #[schema(example = "Tokyo and Ottawa Team Up on a Battery Metals ‘Backbone’", max_length = 300)]
    pub headline: String,
    /// The standfirst, as text.
    #[schema(example = "A delegation spent a week in Canada’s mining provinces", max_length = 1000)]
    pub summary: String,
    /// Who wrote it, in words: the authors, or else those who reported or wrote, or else the agencies.
    #[schema(example = "Example Wire", max_length = 11_000)]
    pub byline: Option<String>,
    /// People, in order.
    #[schema(max_items = 50)]
    pub authors: Vec<CardAuthor>,
    /// The section it stands in.
    pub primary_region: Option<RegionCard>,
    /// All its regions, the section first.
    #[schema(max_items = 51)]
    pub regions: Vec<RegionCard>,
    /// In order.
    #[schema(max_items = 50)]
    pub topics: Vec<TopicCard>,
    /// The picture over it.
    pub hero: Option<Hero>,
    /// When it was first published.
    pub published_at: Timestamp,
    /// When it last changed significantly.
    pub modified_at: Option<Timestamp>,
    /// When this version of it went live.
    pub updated_at: Timestamp,
    /// How long it takes to read.
    #[schema(example = 2, minimum = 1)]
    pub reading_minutes: u32,
}

/// One page of articles.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleCardList {
    /// The articles of this page.
    #[schema(max_items = 100, value_type = Vec<ArticleCard>)]
    pub data: Vec<Box<RawValue>>,
    /// Where the list goes on.
    pub meta: PageMeta,
}

impl ArticleCard {
    /// The card with names for its ids.
    pub fn of(row: &CardRow, scene: &Scene<'_>) -> Self {
        let card = row.rendered();
        let path = scene.article_path(row.primary_region, &row.slug);
        let authors = card
            .people
            .iter()
            .filter_map(|person| Some(CardAuthor::of(scene.directory.author(person.author)?, person.role)));
        Self {
            id: row.id,
            slug: row.slug.clone(),
            url: scene.url(&path),
            path,
            r#type: row.kind.clone(),
            language: row.language.clone(),
            headline: row.headline.clone(),
            authors: first_of_each(authors, |author| (author.id, author.role)),
            primary_region: row.primary_region.and_then(|id| scene.directory.region(id)).map(RegionCard::from),
            regions: cards(&card.regions, scene.directory),
            topics: card.topics.iter().filter_map(|id| scene.directory.topic(*id)).map(TopicCard::from).collect(),
            hero: row
                .asset
                .as_ref()
                .zip(card.hero.as_ref())
                .map(|(asset, used)| Hero::of(asset, used, card.file_photo)),
            published_at: row.published_at.into(),
            modified_at: row.modified_at.map(Timestamp),
            updated_at: row.updated_at.into(),
            reading_minutes: card.reading_minutes,
            kicker: card.kicker.clone(),
            summary: card.summary.clone(),
            byline: card.byline.clone(),
        }
    }
}
