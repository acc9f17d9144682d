//! What is said of an article that is not there: nothing, or why it was taken down.

use chrono::{DateTime, Utc};

use crate::base::error::Error;
use crate::http::App;
use crate::rules::reference::IdOrSlug;
use crate::store::takedowns;

/// 410 or 451 with the public reason for what was taken down, and 404 for everything else.
pub(super) async fn absent(app: &App, key: &IdOrSlug, now: DateTime<Utc>) -> Error {
    match takedowns::of(app.reader(), key, now).await {
        Ok(None) => Error::not_found(),
        Ok(Some(takedown)) => takedown.told(),
        Err(error) => error,
    }
}
