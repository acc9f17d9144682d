//! One reading per address: who comes while it is under way waits for its end and then looks again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

/// The readings that are under way.
#[derive(Default)]
pub struct Flights(Mutex<HashMap<String, watch::Receiver<()>>>);

/// What a request is to do.
pub enum Role<'a> {
    /// Read; the flight ends when this is dropped, also when the request is.
    Lead(Lead<'a>),
    /// Wait until the reading has ended.
    Follow(watch::Receiver<()>),
}

/// Holds a flight open.
pub struct Lead<'a> {
    flights: &'a Flights,
    key: String,
    /// Dropped with the flight, which wakes those who wait.
    _open: watch::Sender<()>,
}

impl Flights {
    /// Joins the reading of this address, or begins it.
    pub fn join(&self, key: &str) -> Role<'_> {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(key) {
            return Role::Follow(flight.clone());
        }
        let (open, end) = watch::channel(());
        flights.insert(key.to_owned(), end);
        Role::Lead(Lead { flights: self, key: key.to_owned(), _open: open })
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        self.flights.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// Waits until the reading has ended, however it did.
pub async fn landed(mut flight: watch::Receiver<()>) {
    // Nothing is ever sent: the channel closes when the leader is dropped.
    while flight.changed().await.is_ok() {}
}
