//! What people do with Dateline, told through HTTP.

mod article_lists;
mod articles;
mod bulk;
mod cache;
mod failures;
mod local_postgres;
mod manners;
mod publishing;
mod related_links;
mod revisions;
mod sign_in;
mod token_table;
mod tokens;
mod topics;
mod upsert;
mod users;
