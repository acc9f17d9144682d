//! The queue for hashing passwords: 19 MiB and tens of milliseconds of a core each, so one at a time, a few waiting,
//! and 429 for the rest. Whatever is signing in, the other cores go on serving.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::base::error::{Code, Error, Result};
use crate::base::id::random_bytes;
use crate::rules::password;

const AT_ONCE: usize = 1;
const WAITING: usize = 16;

/// The queue. Shared by all workers.
#[derive(Debug)]
pub struct Passwords {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE + WAITING)), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// The argon2id hash of a password, in PHC form.
    ///
    /// # Errors
    /// 429 when too many wait.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.queued(move || password::hash(&password, &random_bytes())).await?
    }

    /// Whether the password is the one that was hashed. Without a hash it takes as long and is false.
    ///
    /// # Errors
    /// 429 when too many wait.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.queued(move || password::verify(&password, hash.as_deref())).await
    }

    /// Both permits go with the work: it is not interrupted when the client goes away, and still counts.
    async fn queued<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            Error::new(Code::TooManyRequests, "Too many sign-ins are being checked at the moment.").after(1)
        })?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(Error::internal)?;
        let work = move || {
            let _held = (place, turn);
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}
