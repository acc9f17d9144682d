//! What people do with Dateline, told through HTTP.

mod failures;
mod local_postgres;
mod manners;
mod topics;
