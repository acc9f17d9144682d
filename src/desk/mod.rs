//! What editors do: verbs over several tables, one transaction each. Who may is asked here where it depends on the
//! object, and in the handler's signature where it does not.

pub mod announce;
pub mod articles;
pub mod authors;
mod counted;
pub mod media;
pub mod people;
pub mod regions;
pub mod sessions;
pub mod slugs;
pub mod stale;
pub mod tokens;
pub mod topics;
mod unknown;
