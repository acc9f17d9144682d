//! The article as one whole: everything that a revision keeps and a publication shows, with ids for what it refers to.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::Block;
use super::workflow::LiveState;

macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $( $(#[doc = $variant_doc:literal])+ $variant:ident = $word:literal, )+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $( $(#[doc = $variant_doc])+ $variant, )+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The word that is stored and written.
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.iter().copied().find(|known| known.as_str() == text);
                found.ok_or_else(|| {
                    format!("is none of {}", Self::ALL.iter().map(|known| known.as_str()).collect::<Vec<_>>().join(", "))
                })
            }
        }
    };
}

pub(super) use words;

words! {
    /// What kind of article it is. More kinds may be added.
    ArticleType {
        /// A report of what happened.
        News = "news",
        /// What it means.
        Analysis = "analysis",
        /// What somebody thinks of it.
        Opinion = "opinion",
        /// The background, for those who come new to it.
        Explainer = "explainer",
        /// A long read.
        Feature = "feature",
        /// Questions and answers.
        Interview = "interview",
        /// A few lines.
        Brief = "brief",
        /// Reports as it happens.
        Live = "live",
        /// A page of the site itself: about, privacy, ...
        Page = "page",
    }
}

words! {
    /// Why one article leads to another thing. More kinds may be added.
    LinkKind {
        /// Stands inside the body; made from it, never sent.
        Inline = "inline",
        /// "Also on" this site.
        AlsoOn = "also_on",
        /// The list under the article.
        ReadMore = "read_more",
        /// Related in another way.
        Related = "related",
        /// This article updates the other one.
        UpdateOf = "update_of",
        /// Somewhere else on the web.
        External = "external",
    }
}

words! {
    /// Where the working copy stands, and what is live of it.
    ArticleStatus {
        /// Never published.
        Draft = "draft",
        /// Not live, but going to be.
        Scheduled = "scheduled",
        /// Live now.
        Live = "live",
        /// Was live, is no more.
        Withdrawn = "withdrawn",
        /// Taken down, until an administrator allows it again.
        Killed = "killed",
        /// In the trash.
        Trashed = "trashed",
    }
}

impl ArticleStatus {
    /// The status that follows from the trash and from what is live.
    pub fn of(deleted_at: Option<DateTime<Utc>>, live: LiveState) -> Self {
        match (deleted_at, live) {
            (Some(_), _) => Self::Trashed,
            (_, LiveState::Never) => Self::Draft,
            (_, LiveState::Scheduled) => Self::Scheduled,
            (_, LiveState::Live) => Self::Live,
            (_, LiveState::Withdrawn) => Self::Withdrawn,
            (_, LiveState::Killed) => Self::Killed,
        }
    }
}

words! {
    /// Where the working copy stands on its way to publication.
    ArticleStage {
        /// Being written.
        Draft = "draft",
        /// Waiting for an editor.
        InReview = "in_review",
        /// Ready to be published.
        Approved = "approved",
    }
}

words! {
    /// What a person did for an article. More roles may be added.
    BylineRole {
        /// Wrote it.
        Author = "author",
        /// Edited wire copy in addition.
        AdditionalEditing = "additional_editing",
        /// Reported in addition.
        AdditionalReporting = "additional_reporting",
        /// Reported.
        Reporting = "reporting",
        /// Edited.
        Editing = "editing",
        /// Wrote what others reported.
        Writing = "writing",
        /// Translated it.
        Translation = "translation",
        /// Took the pictures.
        Photo = "photo",
    }
}

words! {
    /// What an outside source gave. More roles may be added.
    SourceRole {
        /// The text.
        Wire = "wire",
        /// A part of the work.
        Partner = "partner",
        /// A picture from the archive.
        FilePhoto = "file_photo",
    }
}

/// A person's part in an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Byline {
    /// The author.
    pub author: Uuid,
    /// What the person did.
    pub role: BylineRole,
}

/// The items, of those that say the same only the first: two authors may have been merged into one.
pub fn first_of_each<T, K: PartialEq>(items: impl IntoIterator<Item = T>, says: impl Fn(&T) -> K) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for item in items {
        if !kept.iter().any(|earlier| says(earlier) == says(&item)) {
            kept.push(item);
        }
    }
    kept
}

/// An outside source, such as an agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceCredit {
    /// Its name as it is printed.
    #[schema(example = "Example Wire", min_length = 1, max_length = 200)]
    pub name: String,
    /// What it gave.
    #[schema(example = "wire")]
    pub role: SourceRole,
}

/// The picture over the article, with what is said of it here rather than on the asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeroUse {
    /// The asset.
    pub media: Uuid,
    /// Instead of the asset's own text.
    pub alt: Option<String>,
    /// Instead of the asset's own text.
    pub caption: Option<String>,
    /// Instead of the asset's own text.
    pub credit_line: Option<String>,
}

/// A name that another system has for the article.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalId {
    /// Which system or register.
    #[schema(example = "wire", min_length = 1, max_length = 60, pattern = "^[a-z0-9][a-z0-9_.-]*$")]
    pub scheme: String,
    /// The name there.
    #[schema(
        example = "tr:20230314-battery-metals",
        min_length = 1,
        max_length = 200,
        pattern = "^[^\\x00-\\x1f\\x7f]+$"
    )]
    pub value: String,
}

/// A link to an article here or to something elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// One id for life.
    pub id: Uuid,
    /// Why.
    pub kind: LinkKind,
    /// The article, for a link inside.
    pub target: Option<Uuid>,
    /// The address, for a link outside.
    pub url: Option<String>,
    /// The words to show; a link inside shows the headline without.
    pub title: Option<String>,
    /// The body's block that it stands in, for an inline link.
    pub block_id: Option<String>,
}

/// Everything that editors write of an article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The readable name in its address.
    pub slug: String,
    /// What kind of article it is.
    #[serde(rename = "type")]
    pub kind: ArticleType,
    /// BCP 47 tag.
    pub language: String,
    /// Text.
    pub headline: String,
    /// The standfirst: text.
    pub summary: String,
    /// The label over the headline, instead of the region's name.
    pub kicker: Option<String>,
    /// Cleaned blocks.
    pub body: Vec<Block>,
    /// The section it stands in.
    pub primary_region: Option<Uuid>,
    /// Further regions, in order.
    pub regions: Vec<Uuid>,
    /// In order.
    pub topics: Vec<Uuid>,
    /// In order.
    pub bylines: Vec<Byline>,
    /// In order.
    pub sources: Vec<SourceCredit>,
    /// Sources and people as they are printed.
    pub credit_line: Option<String>,
    /// The picture over it.
    pub hero: Option<HeroUse>,
    /// Links, the inline ones first, then in order.
    pub links: Vec<Link>,
    /// Names that other systems have for it.
    pub external_ids: Vec<ExternalId>,
    /// For search engines, instead of the headline.
    pub meta_title: Option<String>,
    /// For search engines, instead of the summary.
    pub meta_description: Option<String>,
    /// Where the original stands, if it is not here.
    pub canonical_url: Option<String>,
    /// The article that this one translates.
    pub translation_of: Option<Uuid>,
    /// Private to the newsroom.
    pub note: Option<String>,
}

impl Content {
    /// The regions of the article, its section first, each once.
    pub fn all_regions(&self) -> Vec<Uuid> {
        let mut all: Vec<Uuid> = Vec::new();
        for region in self.primary_region.iter().chain(&self.regions) {
            if !all.contains(region) {
                all.push(*region);
            }
        }
        all
    }

    /// Everything that the newsroom keeps beside articles and that this names: people, topics, regions, the picture.
    pub fn names(&self) -> Vec<Uuid> {
        let people = self.bylines.iter().map(|byline| byline.author);
        let hero = self.hero.iter().map(|hero| hero.media);
        people.chain(self.topics.iter().copied()).chain(self.all_regions()).chain(hero).collect()
    }
}
