//! All SQL. One file per table family; reads take a [`Reader`] or a [`Tx`], writes a `&mut Tx`, and time is a parameter.

pub mod article_lists;
mod article_moves;
mod article_writes;
pub mod articles;
pub mod authors;
pub mod bulk_load;
pub mod bulk_writes;
pub mod callers;
pub mod cards;
pub mod changes;
mod database;
pub mod databases;
pub mod directory;
mod errors;
pub mod greeting;
pub mod health;
pub mod idempotency;
pub mod inspect;
mod keyset;
pub mod live;
pub mod lookup;
pub mod media;
pub mod migrations;
pub mod pages;
pub mod people;
pub mod presence;
pub mod publications;
mod reader;
pub mod records;
pub mod region_tree;
pub mod regions;
pub mod retired;
#[allow(clippy::wildcard_imports, reason = "as diesel prints it")]
pub mod schema;
pub mod sessions;
mod sql;
mod statements;
pub mod surroundings;
pub mod tokens;
pub mod topics;
mod types;

pub use database::{Database, Tx};
pub use errors::constraint_is_named;
pub use reader::Reader;
pub use statements::Statements;
pub use types::{RawJson, Stored};
