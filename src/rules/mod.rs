//! Newsroom knowledge, pure: no SQL, no HTTP, no clock.

pub mod change;
pub mod name;
pub mod page;
pub mod permission;
pub mod reference;
pub mod slug;
pub mod token;
pub mod version;
