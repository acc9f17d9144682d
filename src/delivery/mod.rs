//! The reading side: GET only, anonymous, cacheable. Nothing here can reach a working copy.

pub mod topics;
pub mod views;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of delivery, below `/v1`.
pub fn mount(config: &mut ServiceConfig<'_>) {
    topics::mount(config);
}
