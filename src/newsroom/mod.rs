//! The writing side: authenticated, never cached. Each file is the handlers of one noun, each handler a sentence.

mod article_filter;
pub mod article_imports;
pub mod article_links;
pub mod article_merges;
pub mod article_presence;
pub mod article_revisions;
pub mod articles;
pub mod audit;
pub mod auth;
pub mod authors;
mod grant;
pub mod legal_holds;
pub mod media;
mod passwords;
pub mod previews;
pub mod publishing;
pub mod regions;
pub mod schedule;
pub mod takedowns;
pub mod tokens;
pub mod topics;
pub mod users;
pub mod views;
pub mod workflow;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of the newsroom, below `/v1/newsroom`.
pub fn mount(config: &mut ServiceConfig<'_>) {
    audit::mount(config);
    authors::mount(config);
    media::mount(config);
    regions::mount(config);
    tokens::mount(config);
    article_imports::mount(config);
    articles::mount(config);
    publishing::mount(config);
    schedule::mount(config);
    takedowns::mount(config);
    article_links::mount(config);
    article_merges::mount(config);
    article_presence::mount(config);
    article_revisions::mount(config);
    legal_holds::mount(config);
    previews::mount(config);
    topics::mount(config);
    users::mount(config);
    workflow::mount(config);
}
