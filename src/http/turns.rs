//! Queues for what costs much: a few at a time, some more waiting, and 429 for the rest.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::base::error::{Code, Error, Result};

/// A queue. Shared by all workers.
#[derive(Debug)]
pub struct Turns {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    full: &'static str,
}

/// A place in the queue, held from before the body is read.
#[derive(Debug)]
pub struct Place {
    _place: OwnedSemaphorePermit,
}

/// The right to work, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _place: Place,
    _turn: OwnedSemaphorePermit,
}

impl Turns {
    /// So many at once, and so many who wait; more are told that it is `full`.
    pub fn new(at_once: usize, waiting: usize, full: &'static str) -> Self {
        Self { places: Arc::new(Semaphore::new(at_once + waiting)), turns: Arc::new(Semaphore::new(at_once)), full }
    }

    /// The queue for requests that carry many writes: each may hold hundreds of MiB while it is worked on.
    pub fn of_imports() -> Self {
        Self::new(2, 6, "Too many imports are worked on at the moment.")
    }

    /// Stands in line.
    ///
    /// # Errors
    /// 429 when too many do.
    pub fn place(&self) -> Result<Place> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let full = |_| Error::new(Code::TooManyRequests, self.full).after(1);
        place.map(|place| Place { _place: place }).map_err(full)
    }

    /// Waits until it is this one's turn.
    ///
    /// # Errors
    /// None that can happen: the queue is never closed.
    pub async fn turn(&self, place: Place) -> Result<Turn> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(Error::internal)?;
        Ok(Turn { _place: place, _turn: turn })
    }
}
