//! Many articles in one request: each by itself, or all or nothing.

use chrono::{DateTime, Utc};

use super::input::ArticleCreate;
use super::known::Known;
use super::write::{Written, create_knowing};
use crate::base::error::{Code, Error, Fault, Result};
use crate::rules::permission::Principal;
use crate::store::Tx;

/// One article as it was sent, or why it cannot be one.
pub type Sent = std::result::Result<ArticleCreate, Error>;

/// What became of one row.
pub type Outcome = std::result::Result<Written, Error>;

/// The most faults that are told of all rows together.
const MOST_FAULTS: usize = 100;

/// Creates each article that can be; one that cannot leaves no trace and stops none of the others.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn create_each(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    sent: Vec<Sent>,
    now: DateTime<Utc>,
) -> Result<Vec<Outcome>> {
    let known = Known::default();
    let mut outcomes = Vec::with_capacity(sent.len());
    for article in sent {
        let outcome = match article {
            Ok(article) => tx.attempt(async |tx| create_knowing(tx, by, site, article, now, &known).await).await?,
            Err(error) => Err(error),
        };
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
/// 422 with the faults of all rows that cannot be articles; else that of the first row which cannot be created. Pointers
/// start with `/articles/N`.
pub async fn create_all(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    sent: Vec<Sent>,
    now: DateTime<Utc>,
) -> Result<Vec<Outcome>> {
    let wrong = sent.iter().enumerate().filter_map(|(index, row)| Some((index, row.as_ref().err()?)));
    let mut faults: Vec<Fault> = wrong.flat_map(|(index, error)| below(index, error)).collect();
    if !faults.is_empty() {
        faults.truncate(MOST_FAULTS);
        return Err(Error::invalid(faults));
    }
    let known = Known::default();
    let mut outcomes = Vec::with_capacity(sent.len());
    for (index, article) in sent.into_iter().enumerate() {
        let made = create_knowing(tx, by, site, article?, now, &known).await;
        outcomes.push(Ok(made.map_err(|error| Error { faults: below(index, &error), ..error })?));
    }
    Ok(outcomes)
}

/// The faults of a row, at its place.
fn below(index: usize, error: &Error) -> Vec<Fault> {
    if error.faults.is_empty() && error.code != Code::Unavailable {
        return vec![Fault::at(format!("/articles/{index}"), error.code.as_str(), error.detail.clone())];
    }
    let placed = |fault: &Fault| Fault {
        pointer: Some(format!("/articles/{index}{}", fault.pointer.as_deref().unwrap_or_default())),
        ..fault.clone()
    };
    error.faults.iter().map(placed).collect()
}
