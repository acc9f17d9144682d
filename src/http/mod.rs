//! The manners that both faces share: strict input, one form of errors, conditional requests, cursors, credentials.
//! Nothing here knows a resource.

pub mod actor;
pub mod app;
pub mod attempts;
pub mod body;
pub mod cache;
pub mod cached;
pub mod condition;
pub mod cursor;
pub mod deliver;
pub mod docs;
mod docs_answers;
mod docs_components;
mod docs_details;
mod docs_examples;
mod docs_problems;
mod docs_rights;
pub mod entrance;
pub mod entry;
pub mod fallback;
pub mod form;
pub mod health;
pub mod idempotency;
pub mod listing;
pub mod manners;
pub mod passwords;
pub mod path;
pub mod problem;
pub mod query;
pub mod rates;
pub mod reply;
pub mod schemas;
pub mod strict_json;
pub mod turns;
mod windows;
mod yaml;

pub use actor::Actor;
pub use app::App;
pub use body::{Body, OptionalBody, PartsBody};
pub use condition::{IfMatch, OptionalIfMatch};
pub use deliver::Delivered;
pub use form::Form;
pub use path::Path;
pub use query::Query;
pub use reply::{Reply, Tagged};
