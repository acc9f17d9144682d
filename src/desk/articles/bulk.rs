//! Many articles in one request: each by itself, or all or nothing.

use chrono::{DateTime, Utc};

use super::input::ArticleCreate;
use super::known::Known;
use super::write::{Written, create_knowing};
use crate::base::error::{Code, Error, Fault, Result};
use crate::rules::permission::Principal;
use crate::store::{Partial, Tx};

/// One article as it was sent, or why it cannot be one.
pub type Row = std::result::Result<Partial<ArticleCreate>, Error>;

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
    sent: Vec<Row>,
    now: DateTime<Utc>,
) -> Result<Vec<Outcome>> {
    let known = Known::default();
    let mut outcomes = Vec::with_capacity(sent.len());
    for article in sent {
        let outcome = match article {
            Ok(article) => {
                let create = async |tx: &mut Tx, new| create_knowing(tx, by, site, new, now, &known).await;
                tx.attempt(async |tx| article.write(tx, create).await).await?
            }
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
/// That of the first row which cannot be created, with the faults of all such rows. Pointers start with `/articles/N`.
pub async fn create_all(
    tx: &mut Tx,
    by: &Principal,
    site: &str,
    sent: Vec<Row>,
    now: DateTime<Utc>,
) -> Result<Vec<Outcome>> {
    let outcomes = create_each(tx, by, site, sent, now).await?;
    let wrong = outcomes.iter().enumerate().filter_map(|(index, row)| Some((index, row.as_ref().err()?)));
    let faults: Vec<Fault> = wrong.flat_map(|(index, error)| below(index, error)).take(MOST_FAULTS).collect();
    match outcomes.into_iter().collect::<Result<Vec<Written>>>() {
        Ok(written) => Ok(written.into_iter().map(Ok).collect()),
        Err(first) if first.code == Code::Invalid => Err(Error::invalid(faults)),
        Err(first) => Err(first.with_faults(faults)),
    }
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
