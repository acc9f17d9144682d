//! The reading side: GET only, anonymous, cacheable. Nothing here can reach a working copy.

pub mod article_query;
pub mod articles;
mod json_ld;
pub mod pages;
pub mod related;
pub mod resolve;
mod scene;
mod tags;
pub mod topics;
pub mod views;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of delivery, below `/v1`.
pub fn mount(config: &mut ServiceConfig<'_>) {
    articles::mount(config);
    related::mount(config);
    resolve::mount(config);
    pages::mount(config);
    topics::mount(config);
}
