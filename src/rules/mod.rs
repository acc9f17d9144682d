//! Newsroom knowledge, pure: no SQL, no HTTP, no clock.

pub mod address;
pub mod article;
pub mod author;
pub mod body;
pub mod change;
pub mod credit;
pub mod email;
pub mod fields;
pub mod json_diff;
pub mod media;
pub mod merge;
pub mod name;
pub mod opaque;
pub mod page;
pub mod password;
pub mod permission;
pub mod presence;
pub mod published;
pub mod reference;
pub mod region;
pub mod search;
pub mod slug;
pub mod token;
pub mod version;
pub mod word_diff;
pub mod workflow;
