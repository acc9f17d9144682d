//! The reading door of delivery: one connection per worker, shared by all its requests. Queries that are awaited
//! together are pipelined, so that they cost one round trip. The session is read-only: a write fails in PostgreSQL too.
//! Where there are read replicas, it goes to one of them while that has everything that this instance was told of.

use std::cell::Cell;
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
use super::replicas::Replicas;
use crate::base::error::{Error, Result};

const CONNECT_WITHIN: Duration = Duration::from_secs(1);
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// The database still has to answer in time when the replica did not.
const REPLICA_ANSWERS_WITHIN: Duration = Duration::from_secs(1);
/// Each statement is planned once: its way goes by the indexes whatever the values are, and a plan for each value would
/// cost more than most answers, as would compiling it.
const READ_LIMITS: &str = "SET default_transaction_read_only = on; SET statement_timeout = '2s'; \
     SET plan_cache_mode = force_generic_plan; SET jit = off; SET timezone = 'UTC'";

/// The last words of a connection that an administrator, or a stop of the server, ends; there is no SQLSTATE to go by.
const TERMINATED: &str = "terminating connection";

/// Connections that can only read, one to the database and one to a replica if there is any. One belongs to each worker.
pub struct Reader {
    directories: Directories,
    replicas: Replicas,
    /// Which replica is this worker's.
    number: usize,
    primary: Door,
    replica: Option<Door>,
    side: Cell<Side>,
    turns: Cell<u32>,
}

/// Where a query went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Primary,
    Replica,
}

/// One server, and the connection to it that all requests of a worker share.
struct Door {
    url: String,
    connection: Mutex<Option<Arc<AsyncPgConnection>>>,
}

impl Reader {
    /// A reader that connects at its first query. All workers share the directories; they take turns at the replicas.
    pub fn new(url: &str, replicas: Replicas, worker: usize, directories: Directories) -> Self {
        let number = worker.checked_rem(replicas.count()).unwrap_or(0);
        let replica = replicas.url(number).map(Door::to);
        let (side, turns) = (Cell::new(Side::Primary), Cell::new(0));
        Self { directories, replicas, number, primary: Door::to(url), replica, side, turns }
    }

    /// Authors, regions and topics in memory.
    pub(super) fn directories(&self) -> &Directories {
        &self.directories
    }

    /// Runs one query, on the replica where it is fresh and answers, and otherwise on the database. A connection that
    /// turns out to be broken is replaced, and the query sent once more.
    ///
    /// # Errors
    /// 503 when the server does not answer in time.
    pub(super) async fn run<T>(&self, query: impl AsyncFn(&AsyncPgConnection) -> QueryResult<T>) -> Result<T> {
        if let Some(replica) = self.replica.as_ref().filter(|_| self.replicas.is_fresh(self.number)) {
            self.turn_to(Side::Replica);
            match replica.once(&query, REPLICA_ANSWERS_WITHIN).await {
                Ok(value) => return Ok(value),
                Err(Failed::Broken | Failed::Unreached(_)) => self.replicas.doubt(self.number),
                Err(Failed::Answered(_)) => {}
            }
        }
        self.turn_to(Side::Primary);
        self.run_at_primary(query).await
    }

    /// The same, on the database itself: for what has to be as new as something that was read already.
    ///
    /// # Errors
    /// 503 when the server does not answer in time.
    pub(super) async fn run_at_primary<T>(
        &self,
        query: impl AsyncFn(&AsyncPgConnection) -> QueryResult<T>,
    ) -> Result<T> {
        match self.primary.once(&query, ANSWER_WITHIN).await {
            Err(Failed::Broken) => {}
            Ok(value) => return Ok(value),
            Err(Failed::Answered(error) | Failed::Unreached(error)) => return Err(error),
        }
        self.primary.once(&query, ANSWER_WITHIN).await.map_err(|failed| match failed {
            Failed::Broken => Error::unavailable("the connection breaks again and again"),
            Failed::Answered(error) | Failed::Unreached(error) => error,
        })
    }

    /// How often queries went to another server than the one before. What was read one after the other at the same turn
    /// came from one server, the newer the later.
    pub(super) fn turns(&self) -> u32 {
        self.turns.get()
    }

    /// Reads from the database until the replica was looked at again.
    pub(super) fn leave_replica(&self) {
        self.replicas.doubt(self.number);
    }

    fn turn_to(&self, side: Side) {
        if self.side.replace(side) != side {
            self.turns.set(self.turns.get().wrapping_add(1));
        }
    }
}

/// What may come of a query besides its rows.
enum Failed {
    /// The connection broke: another one may serve.
    Broken,
    /// There is no connection.
    Unreached(Error),
    /// This is the answer.
    Answered(Error),
}

impl Door {
    fn to(url: &str) -> Self {
        Self { url: url.to_owned(), connection: Mutex::new(None) }
    }

    async fn once<T>(
        &self,
        query: &impl AsyncFn(&AsyncPgConnection) -> QueryResult<T>,
        patience: Duration,
    ) -> std::result::Result<T, Failed> {
        let connection = self.connection().await.map_err(Failed::Unreached)?;
        let failed = match timeout(patience, query(&connection)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) if !is_broken(&error) => return Err(Failed::Answered(error.into())),
            Ok(Err(_)) => Failed::Broken,
            Err(slow) => Failed::Answered(Error::unavailable(slow)),
        };
        self.forget(&connection).await;
        Err(failed)
    }

    /// The connection, or a new one. Who waits for another to open it waits no longer than for his own.
    async fn connection(&self) -> Result<Arc<AsyncPgConnection>> {
        let opened = async {
            let mut slot = self.connection.lock().await;
            if let Some(open) = slot.as_ref() {
                return Ok(Arc::clone(open));
            }
            let opened = Arc::new(connect(&self.url, READ_LIMITS).await.map_err(Error::unavailable)?);
            *slot = Some(Arc::clone(&opened));
            Ok(opened)
        };
        timeout(CONNECT_WITHIN, opened).await.map_err(Error::unavailable)?
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
