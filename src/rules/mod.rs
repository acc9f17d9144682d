//! Newsroom knowledge, pure: no SQL, no HTTP, no clock.

pub mod address;
pub mod article;
pub mod author;
pub mod body;
pub mod change;
pub mod credit;
pub mod email;
pub mod media;
pub mod name;
pub mod opaque;
pub mod page;
pub mod password;
pub mod permission;
pub mod published;
pub mod reference;
pub mod region;
pub mod search;
pub mod slug;
pub mod token;
pub mod version;
pub mod workflow;
