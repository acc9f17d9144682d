//! Work after the reply: what time alone makes due. Every instance does it; one that finds a job taken by another goes on
//! to the next. Nothing that the public sees waits for any of it.

use std::ops::AsyncFn;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::base::clock::Clock;
use crate::base::error::Result;
use crate::desk::articles::purge;
use crate::store::leftovers::{self, Leftover, take_job};
use crate::store::{Database, Tx};

const FIRST_AFTER: Duration = Duration::from_secs(30);
const EVERY: Duration = Duration::from_mins(5);
/// So that a large heap is worked off over several rounds, and requests find the database in between.
const MOST_BATCHES: usize = 100;

/// How long things are kept where that is a setting.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// Days in the trash.
    pub trash_days: u32,
}

/// Sweeps for ever, now and then.
pub async fn run(database: &Database, clock: &Clock, keep: Keep) {
    tokio::time::sleep(FIRST_AFTER).await;
    loop {
        sweep(database, keep, clock.now()).await;
        tokio::time::sleep(EVERY).await;
    }
}

/// Does everything that is due at `now`. A job that fails does not keep the others from being done.
pub async fn sweep(database: &Database, keep: Keep, now: DateTime<Utc>) {
    let trash = job(database, "trash", purge::BATCH, async |tx| purge::purge(tx, keep.trash_days, now).await);
    tell("articles in the trash", trash.await);
    for what in Leftover::ALL {
        let done = job(database, what.name(), leftovers::BATCH, async |tx| leftovers::remove(tx, what, now).await);
        tell(what.name(), done.await);
    }
}

/// One job, a batch per transaction until one is not full; answers how much was done.
async fn job(
    database: &Database,
    name: &str,
    full: usize,
    batch: impl AsyncFn(&mut Tx) -> Result<usize>,
) -> Result<usize> {
    let mut all = 0;
    for _ in 0..MOST_BATCHES {
        let done = database.write(async |tx| if take_job(tx, name).await? { batch(tx).await } else { Ok(0) }).await?;
        all += done;
        if done < full {
            break;
        }
    }
    Ok(all)
}

fn tell(what: &str, outcome: Result<usize>) {
    match outcome {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "{what} removed"),
        Err(error) => tracing::warn!(%error, "{what} could not be removed"),
    }
}
