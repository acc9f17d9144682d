//! The queue for hashing passwords: 19 MiB and tens of milliseconds of a core each, so one at a time, a few waiting,
//! and 429 for the rest. Whatever is signing in, the other cores go on serving.

use super::turns::Turns;
use crate::base::error::{Error, Result};
use crate::base::id::random_bytes;
use crate::rules::password;

const AT_ONCE: usize = 1;
const WAITING: usize = 16;

/// The queue. Shared by all workers.
#[derive(Debug)]
pub struct Passwords(Turns);

impl Default for Passwords {
    fn default() -> Self {
        Self(Turns::new(AT_ONCE, WAITING, "Too many sign-ins are being checked at the moment."))
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

    /// The turn goes with the work: it is not interrupted when the client goes away, and still counts.
    async fn queued<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = self.0.turn(self.0.place()?).await?;
        let work = move || {
            let _held = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}
