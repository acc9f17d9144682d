//! All SQL. One file per table family; reads take a [`Reader`] or a [`Tx`], writes a `&mut Tx`, and time is a parameter.

mod database;
mod errors;
pub mod idempotency;
pub mod migrations;
pub mod people;
mod reader;
pub mod records;
pub mod retired;
pub mod schema;
mod statements;
pub mod topics;
mod types;

pub use database::{Database, Tx};
pub use errors::constraint_is_named;
pub use reader::Reader;
pub use statements::Statements;
pub use types::RawJson;
