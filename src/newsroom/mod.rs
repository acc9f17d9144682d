//! The writing side: authenticated, never cached. Each file is the handlers of one noun, each handler a sentence.

pub mod auth;
mod grant;
mod passwords;
pub mod tokens;
pub mod topics;
pub mod users;
pub mod views;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of the newsroom, below `/v1/newsroom`.
pub fn mount(config: &mut ServiceConfig<'_>) {
    tokens::mount(config);
    topics::mount(config);
    users::mount(config);
}
