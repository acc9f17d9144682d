//! One article with everything that its page shows.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::article_body::ArticleBody;
use super::author_card::AuthorCard;
use super::hero::Hero;
use super::region_card::{RegionCard, SectionCard, TopicCard};
use super::related_link::RelatedLink;
use crate::base::clock::Timestamp;
use crate::base::error::Result;
use crate::delivery::json_ld;
use crate::delivery::scene::Scene;
use crate::rules::article::{ArticleType, BylineRole, SourceCredit, first_of_each};
use crate::rules::body::{Format, escape};
use crate::rules::published::{Card, Corrected, Correction, Rest};
use crate::store::pages::{LinkRow, Whole};

use super::article_card::ArticleCard;

/// One article, complete: a page is drawn from this answer alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticlePage {
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
    /// Where the original stands: its address on the site, unless it was taken over from elsewhere.
    #[schema(
        example = "https://news.example.org/north-asia/tokyo-and-ottawa-team-up-on-a-battery-metals-backbone",
        max_length = 2300
    )]
    pub canonical_url: String,
    /// What kind of article it is.
    #[schema(value_type = ArticleType, example = "news")]
    pub r#type: String,
    /// BCP 47 tag.
    #[schema(example = "en", max_length = 35)]
    pub language: String,
    /// The same article in other languages, as far as it is live.
    #[schema(max_items = 200)]
    pub translations: Vec<Translation>,
    /// The label over the headline; the section's name is shown without.
    #[schema(example = "Exclusive", max_length = 100)]
    pub kicker: Option<String>,
    /// The section it stands in, with everything above it.
    pub primary_region: Option<SectionCard>,
    /// All its regions, the section first.
    #[schema(max_items = 51)]
    pub regions: Vec<RegionCard>,
    /// In order.
    #[schema(max_items = 50)]
    pub topics: Vec<TopicCard>,
    /// Text, quotes as they were typed.
    #[schema(example = "Tokyo and Ottawa Team Up on a Battery Metals ‘Backbone’", max_length = 300)]
    pub headline: String,
    /// The standfirst, as text.
    #[schema(example = "A delegation spent a week in Canada’s mining provinces", max_length = 1000)]
    pub summary: String,
    /// Who wrote it, in words: the authors, or else those who reported or wrote, or else the agencies.
    #[schema(example = "Example Wire", max_length = 11_000)]
    pub byline: Option<String>,
    /// Everybody who had a part in it, once each, in order.
    #[schema(max_items = 50)]
    pub authors: Vec<AuthorCard>,
    /// Who did what, in order.
    #[schema(max_items = 50)]
    pub bylines: Vec<Byline>,
    /// Outside sources, in order.
    #[schema(max_items = 20)]
    pub sources: Vec<SourceCredit>,
    /// Sources and people as they are printed.
    #[schema(example = "Example Wire with additional editing by Sean O’Mara", max_length = 2000)]
    pub credit_line: Option<String>,
    /// When it was first published.
    pub published_at: Timestamp,
    /// When it last changed significantly.
    pub modified_at: Option<Timestamp>,
    /// When this version of it went live.
    pub updated_at: Timestamp,
    /// The picture over it.
    pub hero: Option<Hero>,
    /// What it leads to: the links in the body first, then the others in order.
    #[schema(max_items = 2100)]
    pub related: Vec<RelatedLink>,
    /// What it got wrong and put right: what was said when it was corrected, the oldest first, then the notes in the body.
    #[schema(max_items = 4000)]
    pub corrections: Vec<CorrectionNote>,
    /// How long it takes to read.
    #[schema(example = 2, minimum = 1)]
    pub reading_minutes: u32,
    /// Words of the body.
    #[schema(example = 160, minimum = 0)]
    pub word_count: u32,
    /// For search engines and social networks.
    pub meta: ArticleMeta,
    /// A schema.org `NewsArticle`. It has no `<`, so that it may stand inside a script element as it is.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>, example = json!({ "@context": "https://schema.org", "@type": "NewsArticle" }))]
    pub json_ld: Box<RawValue>,
    /// The body, in each form that was asked for.
    pub body: ArticleBody,
}

/// The article in another language.
#[derive(Debug, Serialize, ToSchema)]
pub struct Translation {
    /// The other article.
    #[schema(example = "0198c0de-7000-7000-8000-000000000002")]
    pub id: Uuid,
    /// BCP 47 tag.
    #[schema(example = "ja", max_length = 35)]
    pub language: String,
    /// Text.
    #[schema(example = "日本とカナダ、電池金属で協力", max_length = 300)]
    pub headline: String,
    /// Its slug, for addresses.
    #[schema(example = "denchi-kinzoku", max_length = 120)]
    pub slug: String,
    /// Its address on the site.
    #[schema(example = "https://news.example.org/north-asia/denchi-kinzoku", max_length = 2300)]
    pub url: String,
}

/// A person's part in an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct Byline {
    /// What the person did.
    #[schema(example = "additional_editing")]
    pub role: BylineRole,
    /// The name as it was printed.
    #[schema(example = "Sean O’Mara", max_length = 200)]
    pub name: String,
    /// The person.
    pub author: AuthorCard,
}

/// What an article got wrong and put right.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectionNote {
    /// Its id; none for a note in the body.
    #[schema(example = "0198c0de-7000-7000-8000-000000000601")]
    pub id: Option<Uuid>,
    /// The block of the body that says so, if one does.
    #[schema(example = "p4xv2k9q1m", max_length = 40)]
    pub block_id: Option<String>,
    /// Its words as inline HTML.
    #[schema(example = "An earlier version named the wrong city.", max_length = 100_000)]
    pub html: String,
    /// When it was put right; none for a note in the body.
    pub corrected_at: Option<Timestamp>,
}

/// For search engines and social networks.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleMeta {
    /// The title of the page.
    #[schema(example = "Tokyo and Ottawa Team Up on a Battery Metals ‘Backbone’", max_length = 300)]
    pub title: String,
    /// What it is about.
    #[schema(example = "A delegation spent a week in Canada’s mining provinces", max_length = 1000)]
    pub description: String,
    /// The Open Graph properties, by their names without `og:`.
    pub open_graph: OpenGraph,
}

/// Open Graph properties.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenGraph {
    /// `article`.
    #[schema(example = "article", max_length = 40)]
    pub r#type: String,
    /// The title to share.
    #[schema(example = "Tokyo and Ottawa Team Up on a Battery Metals ‘Backbone’", max_length = 300)]
    pub title: String,
    /// The words to share.
    #[schema(example = "A delegation spent a week in Canada’s mining provinces", max_length = 1000)]
    pub description: String,
    /// The canonical address.
    #[schema(example = "https://news.example.org/north-asia/battery-metals-backbone", max_length = 2300)]
    pub url: String,
    /// The picture to share.
    #[schema(example = "https://media.example.org/mine-worker.jpg", max_length = 2000)]
    pub image: Option<String>,
    /// What the picture shows.
    #[schema(example = "A person in an orange suit walks towards a mine entrance in snow", max_length = 1000)]
    pub image_alt: Option<String>,
    /// The site's name.
    #[schema(example = "The Example Times", max_length = 200)]
    pub site_name: String,
    /// Language of the article, with an underscore.
    #[schema(example = "en", max_length = 35)]
    pub locale: String,
}

impl ArticlePage {
    /// The article with names for its ids, without what is not live.
    ///
    /// # Errors
    /// 500 when it was not rendered by this program.
    pub fn of(whole: &Whole, forms: &[Format], scene: &Scene<'_>) -> Result<Self> {
        let row = &whole.article.card;
        let card = row.rendered();
        let rest = whole.article.rendered()?;
        let short = ArticleCard::of(row, scene);
        let section = row.primary_region.and_then(|id| scene.directory.region(id));
        let canonical_url = rest.canonical_url.clone().unwrap_or_else(|| short.url.clone());
        let bylines = bylines(card, scene);
        let authors = first_of_each(bylines.iter().map(|byline| byline.author.clone()), |author| author.id);
        let meta = ArticleMeta::of(&short, &rest, &canonical_url, scene);
        let corrected = whole.article.corrected()?;
        let json_ld = json_ld::article(&short, &bylines, &rest, &corrected, &canonical_url, scene)?;
        let corrections = corrected.iter().map(CorrectionNote::from);
        let corrections = corrections.chain(rest.corrections.into_iter().map(CorrectionNote::from)).collect();
        Ok(Self {
            id: short.id,
            slug: short.slug,
            path: short.path,
            url: short.url,
            canonical_url,
            r#type: short.r#type,
            language: short.language,
            translations: Translation::all(&whole.links, scene),
            kicker: short.kicker,
            primary_region: section.map(|region| SectionCard::of(region, scene.directory)),
            regions: short.regions,
            topics: short.topics,
            headline: short.headline,
            summary: short.summary,
            byline: short.byline,
            authors,
            bylines,
            sources: rest.sources,
            credit_line: card.credit_line.clone(),
            published_at: short.published_at,
            modified_at: short.modified_at,
            updated_at: short.updated_at,
            hero: short.hero,
            related: RelatedLink::all(&whole.links, scene),
            corrections,
            reading_minutes: short.reading_minutes,
            word_count: rest.word_count,
            meta,
            json_ld,
            body: ArticleBody::of(whole, forms)?,
        })
    }
}

impl From<&Corrected> for CorrectionNote {
    fn from(one: &Corrected) -> Self {
        Self { id: Some(one.id), block_id: None, html: escape(&one.note), corrected_at: Some(one.corrected_at.into()) }
    }
}

impl From<Correction> for CorrectionNote {
    fn from(one: Correction) -> Self {
        Self { id: None, block_id: Some(one.block_id), html: one.html, corrected_at: None }
    }
}

fn bylines(card: &Card, scene: &Scene<'_>) -> Vec<Byline> {
    let known = card.people.iter().filter_map(|person| {
        let author = AuthorCard::from(scene.directory.author(person.author)?);
        Some(Byline { role: person.role, name: person.name.clone(), author })
    });
    first_of_each(known, |byline| (byline.author.id, byline.role))
}

impl Translation {
    fn all(links: &[LinkRow], scene: &Scene<'_>) -> Vec<Self> {
        let live = links.iter().filter(|link| link.kind == "translation").filter_map(|link| link.card.as_ref());
        live.map(|card| Self {
            id: card.id,
            language: card.language.clone(),
            headline: card.headline.clone(),
            slug: card.slug.clone(),
            url: scene.url(&scene.article_path(card.primary_region, &card.slug)),
        })
        .collect()
    }
}

impl ArticleMeta {
    fn of(card: &ArticleCard, rest: &Rest, canonical_url: &str, scene: &Scene<'_>) -> Self {
        let title = rest.meta_title.as_ref().unwrap_or(&card.headline).clone();
        let description = rest.meta_description.as_ref().unwrap_or(&card.summary).clone();
        Self {
            open_graph: OpenGraph {
                r#type: "article".to_owned(),
                title: title.clone(),
                description: description.clone(),
                url: canonical_url.to_owned(),
                image: card.hero.as_ref().map(|hero| hero.url.clone()),
                image_alt: card.hero.as_ref().map(|hero| hero.alt.clone()),
                site_name: scene.settings.site_name.clone(),
                locale: card.language.replace('-', "_"),
            },
            title,
            description,
        }
    }
}
