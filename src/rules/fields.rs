//! The fields of an article, by the names under which they are sent: which of them differ, and which go together.

use super::article::{Content, Link, LinkKind, words};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

words! {
    /// A part of an article that is written by itself. More may be added.
    ArticleField {
        /// The headline.
        Headline = "headline",
        /// What kind of article it is.
        Type = "type",
        /// The language.
        Language = "language",
        /// The slug.
        Slug = "slug",
        /// The standfirst.
        Summary = "summary",
        /// The label over the headline.
        Kicker = "kicker",
        /// The body, with the links in it.
        Body = "body",
        /// The section.
        PrimaryRegion = "primary_region",
        /// Further regions.
        Regions = "regions",
        /// The topics.
        Topics = "topics",
        /// The people.
        Bylines = "bylines",
        /// The outside sources.
        Sources = "sources",
        /// Sources and people as printed.
        CreditLine = "credit_line",
        /// The picture over it.
        Hero = "hero",
        /// The links that are not in the body.
        Related = "related",
        /// Names that other systems have for it.
        ExternalIds = "external_ids",
        /// The title for search engines.
        MetaTitle = "meta_title",
        /// The summary for search engines.
        MetaDescription = "meta_description",
        /// Where the original stands.
        CanonicalUrl = "canonical_url",
        /// The article that it translates.
        TranslationOf = "translation_of",
        /// The newsroom's own note.
        Note = "note",
    }
}

/// The credits say the same as data and as text: who writes one of them writes all.
const CREDITS: [ArticleField; 3] = [ArticleField::Bylines, ArticleField::Sources, ArticleField::CreditLine];

impl ArticleField {
    /// The fields in which two contents differ.
    pub fn between(a: &Content, b: &Content) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|field| field.differs(a, b)).collect()
    }

    /// Those that are written together with this one, itself included.
    pub fn together(self) -> &'static [Self] {
        if CREDITS.contains(&self) {
            return &CREDITS;
        }
        Self::ALL.iter().position(|field| *field == self).and_then(|at| Self::ALL.get(at..=at)).unwrap_or_default()
    }

    /// Whether two contents differ here.
    pub fn differs(self, a: &Content, b: &Content) -> bool {
        match self {
            Self::Headline => a.headline != b.headline,
            Self::Type => a.kind != b.kind,
            Self::Language => a.language != b.language,
            Self::Slug => a.slug != b.slug,
            Self::Summary => a.summary != b.summary,
            Self::Kicker => a.kicker != b.kicker,
            Self::Body => a.body != b.body,
            Self::PrimaryRegion => a.primary_region != b.primary_region,
            Self::Regions => a.regions != b.regions,
            Self::Topics => a.topics != b.topics,
            Self::Bylines => a.bylines != b.bylines,
            Self::Sources => a.sources != b.sources,
            Self::CreditLine => a.credit_line != b.credit_line,
            Self::Hero => a.hero != b.hero,
            Self::Related => !listed(a).eq(listed(b)),
            Self::ExternalIds => a.external_ids != b.external_ids,
            Self::MetaTitle => a.meta_title != b.meta_title,
            Self::MetaDescription => a.meta_description != b.meta_description,
            Self::CanonicalUrl => a.canonical_url != b.canonical_url,
            Self::TranslationOf => a.translation_of != b.translation_of,
            Self::Note => a.note != b.note,
        }
    }

    /// Takes this field over from another content.
    pub fn take(self, from: &Content, to: &mut Content) {
        match self {
            Self::Headline => to.headline.clone_from(&from.headline),
            Self::Type => to.kind = from.kind,
            Self::Language => to.language.clone_from(&from.language),
            Self::Slug => to.slug.clone_from(&from.slug),
            Self::Summary => to.summary.clone_from(&from.summary),
            Self::Kicker => to.kicker.clone_from(&from.kicker),
            Self::Body => {
                to.body.clone_from(&from.body);
                to.links = inline(from).chain(listed(to)).cloned().collect();
            }
            Self::PrimaryRegion => to.primary_region = from.primary_region,
            Self::Regions => to.regions.clone_from(&from.regions),
            Self::Topics => to.topics.clone_from(&from.topics),
            Self::Bylines => to.bylines.clone_from(&from.bylines),
            Self::Sources => to.sources.clone_from(&from.sources),
            Self::CreditLine => to.credit_line.clone_from(&from.credit_line),
            Self::Hero => to.hero.clone_from(&from.hero),
            Self::Related => to.links = inline(to).chain(listed(from)).cloned().collect(),
            Self::ExternalIds => to.external_ids.clone_from(&from.external_ids),
            Self::MetaTitle => to.meta_title.clone_from(&from.meta_title),
            Self::MetaDescription => to.meta_description.clone_from(&from.meta_description),
            Self::CanonicalUrl => to.canonical_url.clone_from(&from.canonical_url),
            Self::TranslationOf => to.translation_of = from.translation_of,
            Self::Note => to.note.clone_from(&from.note),
        }
    }
}

fn inline(content: &Content) -> impl Iterator<Item = &Link> {
    content.links.iter().filter(|link| link.kind == LinkKind::Inline)
}

fn listed(content: &Content) -> impl Iterator<Item = &Link> {
    content.links.iter().filter(|link| link.kind != LinkKind::Inline)
}
