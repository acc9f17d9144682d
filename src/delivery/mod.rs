//! The reading side: GET only, anonymous, cacheable. Nothing here can reach a working copy.

mod absent;
pub mod article_query;
pub mod articles;
pub mod as_of;
pub mod authors;
mod cards;
pub mod corrections;
mod json_ld;
pub mod media;
pub mod pages;
pub mod regions;
pub mod related;
pub mod resolve;
pub mod scene;
mod tags;
pub mod topics;
pub mod views;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of delivery, below `/v1`.
pub fn mount(config: &mut ServiceConfig<'_>) {
    articles::mount(config);
    authors::mount(config);
    corrections::mount(config);
    media::mount(config);
    pages::mount(config);
    regions::mount(config);
    related::mount(config);
    resolve::mount(config);
    topics::mount(config);
}
