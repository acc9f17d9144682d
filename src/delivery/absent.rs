//! What is said of an article that is not there: nothing, or why it was taken down.

use crate::base::error::Error;
use crate::rules::reference::IdOrSlug;
use crate::store::live::Moment;
use crate::store::{Reader, takedowns};

/// 410 or 451 with the public reason for what was taken down, and 404 for everything else.
pub(super) async fn absent(reader: &Reader, key: &IdOrSlug, now: Moment) -> Error {
    match takedowns::of(reader, key, now).await {
        Ok(None) => Error::not_found(),
        Ok(Some(takedown)) => takedown.told(),
        Err(error) => error,
    }
}
