//! Many articles in one request: each by itself, or all or nothing.

use chrono::{DateTime, Utc};

use super::input::ArticleCreate;
use super::write::{Written, create};
use crate::base::error::{Error, Fault, Result};
use crate::rules::permission::Principal;
use crate::store::Tx;

/// What became of one row.
pub type Outcome = std::result::Result<Written, Error>;

/// Creates each article that can be; one that cannot leaves no trace and stops none of the others.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn create_each(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    new: Vec<ArticleCreate>,
    now: DateTime<Utc>,
) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::with_capacity(new.len());
    for article in new {
        let outcome = tx.attempt(async |tx| create(tx, by, site, article, now).await).await?;
        if let Err(error) = &outcome
            && error.code.status() >= 500
        {
            return outcome.map(|_| Vec::new());
        }
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// Creates all articles or none.
///
/// # Errors
/// That of the first row which cannot be created, its pointers below `/articles/N`.
pub async fn create_all(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    new: Vec<ArticleCreate>,
    now: DateTime<Utc>,
) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::with_capacity(new.len());
    for (index, article) in new.into_iter().enumerate() {
        outcomes.push(Ok(create(tx, by, site, article, now).await.map_err(|error| below(index, error))?));
    }
    Ok(outcomes)
}

fn below(index: usize, mut error: Error) -> Error {
    if error.faults.is_empty() {
        error.faults.push(Fault::at("", error.code.as_str(), error.detail.clone()));
    }
    for fault in &mut error.faults {
        fault.pointer = Some(format!("/articles/{index}{}", fault.pointer.take().unwrap_or_default()));
    }
    error
}
