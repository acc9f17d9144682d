//! What the public is shown. One view, one file; views are the only types that are written as JSON.

mod article_body;
mod article_card;
mod article_page;
mod article_page_bundle;
mod author;
mod author_card;
mod correction;
mod hero;
mod media;
mod place;
mod region;
mod region_card;
mod region_page_bundle;
mod related_link;
mod site;
mod topic;

pub use article_body::ArticleBody;
pub use article_card::{ArticleCard, ArticleCardList};
pub use article_page::{ArticleMeta, ArticlePage, Byline, CorrectionNote, OpenGraph, Translation};
pub use article_page_bundle::{ArticlePageBundle, Suggestion, SuggestionReason};
pub use author::{Author, AuthorList};
pub use author_card::{AuthorCard, Avatar, CardAuthor};
pub use correction::{Correction, CorrectionList};
pub use hero::Hero;
pub use media::{Media, MediaList};
pub use place::{Place, PlaceKind};
pub use region::{Region, RegionBranch, RegionEntry, RegionList, RegionTree};
pub use region_card::{RegionCard, SectionCard, TopicCard};
pub use region_page_bundle::RegionPageBundle;
pub use related_link::{RelatedLink, RelatedLinkList};
pub use site::{Site, SiteLink};
pub use topic::{Topic, TopicList};
