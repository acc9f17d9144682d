//! What people do with Dateline, told through HTTP.

mod local_postgres;
mod topics;
