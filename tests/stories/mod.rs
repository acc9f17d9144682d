//! What people do with Dateline, told through HTTP.

mod cache;
mod failures;
mod local_postgres;
mod manners;
mod sign_in;
mod token_table;
mod tokens;
mod topics;
mod users;
