//! What the newsroom is shown. One view, one file; views are the only types that are written as JSON.

mod access;
mod token;
mod topic;
mod user;

pub use access::{AccessTokens, KeySet, Me, PublicKey};
pub use token::{StaffToken, StaffTokenCreated, StaffTokenList};
pub use topic::{StaffTopic, StaffTopicList};
pub use user::{StaffUser, StaffUserList};
