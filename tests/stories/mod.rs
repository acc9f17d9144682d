//! What people do with Dateline, told through HTTP.

mod cache;
mod failures;
mod local_postgres;
mod manners;
mod topics;
