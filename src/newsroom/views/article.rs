//! An article as the newsroom sees it: the working copy whole, and what is live or planned of it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::correction::StaffCorrection;
use super::link::StaffLink;
use super::presence::StaffLease;
use super::reference::{ArticleMention, StaffPerson, StaffReference};
use crate::base::clock::Timestamp;
use crate::rules::article::{
    ArticleStage, ArticleStatus, ArticleType, BylineRole, Content, ExternalId, SourceCredit, first_of_each,
};
use crate::rules::body::{Block, Format, Warning, as_html};
use crate::rules::workflow::{LiveState, Standing, Verb};
use crate::store::articles::Article;
use crate::store::surroundings::{Asset, Showing, Surroundings};
use crate::store::takedowns::Takedown;

/// An article as the newsroom sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffArticle {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000001")]
    pub id: Uuid,
    /// Goes up with every write; also the `ETag` and the number of the newest revision.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    /// Where the working copy stands, and what is live of it.
    pub status: ArticleStatus,
    /// Where it stands on its way to publication.
    pub stage: ArticleStage,
    /// What whoever moved it there had to say.
    #[schema(example = json!(null), max_length = 2000)]
    pub stage_note: Option<String>,
    /// The revision that was approved last; the stage is `approved` only while nothing was written since.
    #[schema(example = json!(null), minimum = 1)]
    pub approved_revision: Option<i32>,
    /// Whose work it is now.
    pub assignee: Option<StaffPerson>,
    /// When it is due.
    pub deadline: Option<Timestamp>,
    /// Nothing of it goes live before.
    pub embargo_until: Option<Timestamp>,
    /// What is live of it, whatever is being written.
    pub live_state: LiveState,
    /// Why it is taken down, if it is.
    pub takedown: Option<StaffTakedown>,
    /// What was put right in public, the newest first.
    #[schema(max_items = 10_000)]
    pub corrections: Vec<StaffCorrection>,
    /// What you can do with it now. More verbs may be added.
    #[schema(max_items = 40)]
    pub actions: Vec<Verb>,
    /// Its slug; former ones go on resolving.
    #[schema(example = "tokyo-and-ottawa-team-up-on-a-battery-metals-backbone", max_length = 120)]
    pub slug: String,
    /// What kind of article it is.
    pub r#type: ArticleType,
    /// BCP 47 tag.
    #[schema(example = "en", max_length = 35)]
    pub language: String,
    /// The headline, as text.
    #[schema(example = "Tokyo and Ottawa Team Up on a Battery Metals ‘Backbone’", max_length = 300)]
    pub headline: String,
    /// The standfirst, as text.
    #[schema(example = "A delegation spent a week in Canada’s mining provinces", max_length = 1000)]
    pub summary: String,
    /// The label over the headline; `null` shows the section's name.
    #[schema(example = json!(null), max_length = 100)]
    pub kicker: Option<String>,
    /// The body.
    pub body: StaffBody,
    /// The section that it stands in.
    pub primary_region: Option<StaffReference>,
    /// Further regions, in order.
    #[schema(max_items = 50)]
    pub regions: Vec<StaffReference>,
    /// In order.
    #[schema(max_items = 50)]
    pub topics: Vec<StaffReference>,
    /// People, in order.
    #[schema(max_items = 50)]
    pub bylines: Vec<StaffByline>,
    /// Outside sources, in order.
    #[schema(max_items = 20)]
    pub sources: Vec<SourceCredit>,
    /// Sources and people as printed.
    #[schema(example = "Example Wire with additional editing by Sean O’Mara", max_length = 2000)]
    pub credit_line: Option<String>,
    /// The picture over it.
    pub hero: Option<StaffHero>,
    /// Links: the inline ones as they stand in the body, then the others in their order.
    #[schema(max_items = 2100)]
    pub related: Vec<StaffLink>,
    /// Names that other systems have for it.
    #[schema(max_items = 21)]
    pub external_ids: Vec<ExternalId>,
    /// For search engines; `null` takes the headline.
    #[schema(example = json!(null), max_length = 300)]
    pub meta_title: Option<String>,
    /// For search engines; `null` takes the summary.
    #[schema(example = json!(null), max_length = 1000)]
    pub meta_description: Option<String>,
    /// Where the original stands, if it is not here.
    #[schema(example = json!(null), max_length = 2000)]
    pub canonical_url: Option<String>,
    /// Id of the article that this one translates.
    #[schema(example = json!(null))]
    pub translation_of_id: Option<Uuid>,
    /// That article, if you may know of it.
    pub translation_of: Option<ArticleMention>,
    /// Private to the newsroom.
    #[schema(example = json!(null), max_length = 5000)]
    pub note: Option<String>,
    /// The periods that are not over, the earliest first: what is live now and what is planned.
    #[schema(max_items = 1000)]
    pub live: Vec<LivePeriod>,
    /// Who is editing it now; `null` for nobody. A sign, not a lock.
    pub being_edited: Option<StaffLease>,
    /// Who made it; `null` for the program itself.
    pub created_by: Option<StaffPerson>,
    /// Who wrote it last.
    pub updated_by: Option<StaffPerson>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was written last.
    pub updated_at: Timestamp,
    /// When it first went live, or is going to; `null` if it never did and nothing is planned.
    pub first_published_at: Option<Timestamp>,
    /// When it was put away.
    pub archived_at: Option<Timestamp>,
    /// When it went to the trash.
    pub deleted_at: Option<Timestamp>,
    /// Only in answers of writes: what was taken out of what was sent, and what readers will see that you may not expect.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200, nullable = false)]
    pub warnings: Option<Vec<Warning>>,
}

/// A body: its blocks, and all of them as HTML.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffBody {
    /// The form that can be sent back as it is, with `blocks` as `content`.
    #[schema(example = "blocks")]
    pub format: Format,
    /// In order.
    #[schema(max_items = 2000)]
    pub blocks: Vec<Block>,
    /// The same as HTML.
    #[schema(example = "<p>Two governments want a joint supply chain.</p>", max_length = 4_000_000)]
    pub html: String,
}

/// A person's part in an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffByline {
    /// What the person did.
    pub role: BylineRole,
    /// The person.
    pub author: StaffReference,
}

/// The picture over an article: the asset, and what is said of it here instead of the asset's own words.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffHero {
    /// The asset with its own words.
    pub media: StaffHeroMedia,
    /// What it shows; `null` takes the asset's own text.
    #[schema(example = "A person in an orange suit walks towards a mine entrance in snow", max_length = 1000)]
    pub alt: Option<String>,
    /// What is written under it; `null` takes the asset's own text.
    #[schema(example = "A worker near the entrance of a Canadian nickel mine.", max_length = 2000)]
    pub caption: Option<String>,
    /// Who is owed the credit; `null` takes the asset's own text.
    #[schema(example = "File photo: Example Wire", max_length = 500)]
    pub credit_line: Option<String>,
}

/// The asset over an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffHeroMedia {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000401")]
    pub id: Uuid,
    /// Where its bytes are.
    #[schema(example = "https://media.example.org/mine-worker.jpg", max_length = 2000)]
    pub url: String,
    /// Its media type.
    #[schema(example = "image/jpeg", max_length = 100)]
    pub mime_type: String,
    /// In pixels.
    #[schema(example = 1600, minimum = 1)]
    pub width: Option<i32>,
    /// In pixels.
    #[schema(example = 900, minimum = 1)]
    pub height: Option<i32>,
    /// What it shows.
    #[schema(example = "A person walks towards a mine entrance", max_length = 1000)]
    pub alt: String,
    /// What is written under it.
    #[schema(example = "A Canadian nickel mine.", max_length = 2000)]
    pub caption: String,
    /// Who is owed the credit.
    #[schema(example = "Example Wire", max_length = 500)]
    pub credit_line: String,
}

/// A period in which a revision is, or is going to be, live.
#[derive(Debug, Serialize, ToSchema)]
pub struct LivePeriod {
    /// Its id, for rescheduling.
    #[schema(example = "0198c0de-7000-7000-8000-000000000501")]
    pub id: Uuid,
    /// The revision that is shown; what is written after it is not.
    #[schema(example = 3, minimum = 1)]
    pub revision: i32,
    /// From this instant on.
    pub live_from: Timestamp,
    /// Until just before this instant; `null` for good.
    pub live_until: Option<Timestamp>,
}

/// Why an article is taken down.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffTakedown {
    /// What readers are told in its place.
    #[schema(example = "This article was withdrawn because its source did not exist.", max_length = 2000)]
    pub reason: String,
    /// Whether the law asks for it.
    #[schema(example = false)]
    pub legal: bool,
    /// Since when.
    pub taken_down_at: Timestamp,
}

impl From<&Takedown> for StaffTakedown {
    fn from(takedown: &Takedown) -> Self {
        Self { reason: takedown.reason.clone(), legal: takedown.is_legal, taken_down_at: takedown.taken_down_at.into() }
    }
}

impl StaffArticle {
    /// An article with what it names, where it stands, and what the caller can do with it.
    pub fn of(
        article: &Article,
        content: Content,
        around: &Surroundings,
        (standing, actions): (&Standing, Vec<Verb>),
    ) -> Self {
        let named = |id: &Uuid, names: &std::collections::HashMap<Uuid, crate::store::lookup::Named>| {
            names.get(id).cloned().map(StaffReference::from)
        };
        let person = |id: Option<Uuid>| StaffPerson::of(id, id.and_then(|id| around.people.get(&id)));
        let topics = first_of_each(content.topics.iter().filter_map(|id| named(id, &around.topics)), |topic| topic.id);
        let bylines = content.bylines.iter().filter_map(|byline| {
            Some(StaffByline { role: byline.role, author: named(&byline.author, &around.authors)? })
        });
        Self {
            id: article.id,
            version: article.version,
            status: ArticleStatus::of(article.deleted_at, standing.live),
            stage: standing.stage,
            stage_note: article.stage_note.clone(),
            approved_revision: article.approved_revision,
            assignee: person(article.assignee_id),
            deadline: article.deadline.map(Timestamp),
            embargo_until: article.embargo_until.map(Timestamp),
            live_state: standing.live,
            takedown: around.takedown.as_ref().map(StaffTakedown::from),
            corrections: around.corrections.iter().map(|one| StaffCorrection::of(one, &around.people)).collect(),
            actions,
            related: content.links.iter().map(|link| StaffLink::of(link, around)).collect(),
            bylines: first_of_each(bylines, |byline| (byline.author.id, byline.role)),
            hero: content.hero.and_then(|hero| {
                Some(StaffHero {
                    media: around.hero.as_ref()?.into(),
                    alt: hero.alt,
                    caption: hero.caption,
                    credit_line: hero.credit_line,
                })
            }),
            slug: content.slug,
            r#type: content.kind,
            language: content.language,
            headline: content.headline,
            summary: content.summary,
            kicker: content.kicker,
            primary_region: content.primary_region.and_then(|id| named(&id, &around.regions)),
            regions: content.regions.iter().filter_map(|id| named(id, &around.regions)).collect(),
            topics,
            sources: content.sources,
            credit_line: content.credit_line,
            external_ids: content.external_ids,
            meta_title: content.meta_title,
            meta_description: content.meta_description,
            canonical_url: content.canonical_url,
            translation_of_id: content.translation_of,
            translation_of: content
                .translation_of
                .and_then(|id| Some(ArticleMention::of(id, around.articles.get(&id)?))),
            note: content.note,
            body: StaffBody { format: Format::Blocks, html: as_html(&content.body), blocks: content.body },
            live: around.periods.iter().map(LivePeriod::from).collect(),
            being_edited: around.being_edited.clone().map(StaffLease::from),
            created_by: person(article.created_by),
            updated_by: person(article.updated_by),
            created_at: article.created_at.into(),
            updated_at: article.updated_at.into(),
            first_published_at: article.first_published_at.map(Timestamp),
            archived_at: article.archived_at.map(Timestamp),
            deleted_at: article.deleted_at.map(Timestamp),
            warnings: None,
        }
    }

    /// The answer of a write.
    #[must_use]
    pub fn warning(self, warnings: Vec<Warning>) -> Self {
        Self { warnings: Some(warnings), ..self }
    }
}

impl From<&Showing> for LivePeriod {
    fn from(period: &Showing) -> Self {
        Self {
            id: period.id,
            revision: period.revision,
            live_from: period.live_from.into(),
            live_until: period.live_until.map(Timestamp),
        }
    }
}

impl From<&Asset> for StaffHeroMedia {
    fn from(asset: &Asset) -> Self {
        Self {
            id: asset.id,
            url: asset.url.clone(),
            mime_type: asset.mime_type.clone(),
            width: asset.width,
            height: asset.height,
            alt: asset.alt.clone(),
            caption: asset.caption.clone(),
            credit_line: asset.credit_line.clone(),
        }
    }
}
