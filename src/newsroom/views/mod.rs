//! What the newsroom is shown. One view, one file; views are the only types that are written as JSON.

mod access;
mod article;
mod article_card;
mod author;
mod import;
mod link;
mod media;
mod presence;
mod reference;
mod region;
mod revision;
mod revision_diff;
mod schedule;
mod token;
mod topic;
mod user;

pub use access::{AccessTokens, KeySet, Me, PublicKey};
pub use article::StaffArticle;
pub use article_card::{StaffArticleCard, StaffArticleList};
pub use author::{StaffAuthor, StaffAuthorList};
pub use import::{ArticleImport, ImportProblem, ImportedArticle};
pub use link::{Backlink, BacklinkList, StaffLink, StaffLinkList};
pub use media::{StaffMedia, StaffMediaList};
pub use presence::{StaffLease, StaffPresence};
pub use reference::{ArticleMention, StaffPerson, StaffReference};
pub use region::{StaffRegion, StaffRegionCard, StaffRegionEntry, StaffRegionList, StaffRegionTree};
pub use revision::{StaffRevision, StaffRevisionList, StaffRevisionSummary};
pub use revision_diff::StaffRevisionDiff;
pub use schedule::{ScheduleEntry, ScheduleEntryList};
pub use token::{StaffToken, StaffTokenCreated, StaffTokenList};
pub use topic::{StaffTopic, StaffTopicList};
pub use user::{StaffUser, StaffUserList};
