//! What people do with Dateline, told through HTTP, and what is so small that it needs none.

mod article_lists;
mod articles;
mod body;
mod bulk;
mod cache;
mod credits;
mod failures;
mod local_postgres;
mod manners;
mod publishing;
mod queries;
mod related_links;
mod revisions;
mod sign_in;
mod slugs;
mod strict_json;
mod times;
mod token_table;
mod tokens;
mod topics;
mod upsert;
mod users;
