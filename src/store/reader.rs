//! The reading door of delivery: one connection per worker, shared by all its requests. Queries that are awaited
//! together are pipelined, so that they cost one round trip. The session is read-only: a write fails in PostgreSQL too.

use std::ops::AsyncFn;
use std::sync::Arc;
use std::time::Duration;

use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_async::AsyncPgConnection;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::database::connect;
use super::directory::Directories;
use crate::base::error::{Error, Result};

const CONNECT_WITHIN: Duration = Duration::from_secs(1);
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// Each statement is planned once: its way goes by the indexes whatever the values are, and a plan for each value would
/// cost more than most answers, as would compiling it.
const READ_LIMITS: &str = "SET default_transaction_read_only = on; SET statement_timeout = '2s'; \
     SET plan_cache_mode = force_generic_plan; SET jit = off; SET timezone = 'UTC'";

/// The last words of a connection that an administrator, or a stop of the server, ends; there is no SQLSTATE to go by.
const TERMINATED: &str = "terminating connection";

/// A connection that can only read. One belongs to each worker.
pub struct Reader {
    url: String,
    directories: Directories,
    connection: Mutex<Option<Arc<AsyncPgConnection>>>,
}

impl Reader {
    /// A reader that connects at its first query. All workers share the directories.
    pub fn new(url: &str, directories: Directories) -> Self {
        Self { url: url.to_owned(), directories, connection: Mutex::new(None) }
    }

    /// Authors, regions and topics in memory.
    pub(super) fn directories(&self) -> &Directories {
        &self.directories
    }

    /// Runs one query. A connection that turns out to be broken is replaced, and the query sent once more.
    ///
    /// # Errors
    /// 503 when the server does not answer in time.
    pub(super) async fn run<T>(&self, query: impl AsyncFn(&AsyncPgConnection) -> QueryResult<T>) -> Result<T> {
        let connection = self.connection().await?;
        match timeout(ANSWER_WITHIN, query(&connection)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) if !is_broken(&error) => return Err(error.into()),
            Ok(Err(_)) => self.forget(&connection).await,
            Err(slow) => {
                self.forget(&connection).await;
                return Err(Error::unavailable(slow));
            }
        }
        let connection = self.connection().await?;
        timeout(ANSWER_WITHIN, query(&connection)).await.map_err(Error::unavailable)?.map_err(Error::from)
    }

    async fn connection(&self) -> Result<Arc<AsyncPgConnection>> {
        let mut slot = self.connection.lock().await;
        if let Some(open) = slot.as_ref() {
            return Ok(Arc::clone(open));
        }
        let opened = timeout(CONNECT_WITHIN, connect(&self.url, READ_LIMITS))
            .await
            .map_err(Error::unavailable)?
            .map_err(Error::unavailable)?;
        let opened = Arc::new(opened);
        *slot = Some(Arc::clone(&opened));
        Ok(opened)
    }

    async fn forget(&self, broken: &Arc<AsyncPgConnection>) {
        let mut slot = self.connection.lock().await;
        if slot.as_ref().is_some_and(|open| Arc::ptr_eq(open, broken)) {
            *slot = None;
        }
    }
}

/// Whether the connection, not the query, is what failed.
pub(super) fn is_broken(error: &DieselError) -> bool {
    matches!(
        error,
        DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _)
            | DieselError::BrokenTransactionManager
    ) || matches!(error, DieselError::DatabaseError(_, last_words) if last_words.message().starts_with(TERMINATED))
}
