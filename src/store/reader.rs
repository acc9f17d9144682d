//! The reading door of delivery: one connection per worker, shared by all its requests. Queries that are awaited
//! together are pipelined, so that they cost one round trip. The session is read-only: a write fails in PostgreSQL too.
//! Where there are read replicas, it goes to one of them while that has everything that this instance was told of.
//!
//! What is over is read through connections of its own, because a session looks at one instant: the schema `past` has
//! the tables of the present as they were then, under the same names.

use std::cell::Cell;
use std::ops::AsyncFn;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::Timestamptz;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::database::connect;
use super::directory::Directories;
use super::live::Moment;
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
/// As above, but planned for the values: how much has changed since then decides how to find what was.
const PAST_LIMITS: &str = "SET default_transaction_read_only = on; SET statement_timeout = '2s'; SET jit = off; \
     SET timezone = 'UTC'; SELECT set_config('dateline.present', current_setting('search_path'), false)";
const GO_TO: &str = "SELECT set_config('dateline.as_of', $1::text, false), \
     set_config('search_path', past.path($1, current_setting('dateline.present')), false)";

/// The last words of a connection that an administrator, or a stop of the server, ends; there is no SQLSTATE to go by.
const TERMINATED: &str = "terminating connection";

/// Connections that can only read, one to the database and one to a replica if there is any; for the past two more. One
/// belongs to each worker. Cloning shares the connections.
#[derive(Clone)]
pub struct Reader {
    directories: Directories,
    replicas: Replicas,
    /// Which replica is this worker's.
    number: usize,
    present: Rc<Doors>,
    past: Rc<Doors>,
    /// The instant that is read about, if it is over.
    as_of: Option<DateTime<Utc>>,
}

/// The servers that a worker reads from.
struct Doors {
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
    limits: &'static str,
    connection: Mutex<Option<Arc<AsyncPgConnection>>>,
    /// Held while the session looks at somebody's instant.
    turn: Mutex<()>,
}

impl Reader {
    /// A reader that connects at its first query. All workers share the directories; they take turns at the replicas.
    pub fn new(url: &str, replicas: Replicas, worker: usize, directories: Directories) -> Self {
        let number = worker.checked_rem(replicas.count()).unwrap_or(0);
        let doors = |limits| {
            let replica = replicas.url(number).map(|url| Door::to(url, limits));
            let (side, turns) = (Cell::new(Side::Primary), Cell::new(0));
            Rc::new(Doors { primary: Door::to(url, limits), replica, side, turns })
        };
        let (present, past) = (doors(READ_LIMITS), doors(PAST_LIMITS));
        Self { directories, replicas, number, present, past, as_of: None }
    }

    /// The same reader at another instant: all that it reads is as it was then.
    #[must_use]
    pub fn at(&self, now: Moment) -> Self {
        Self { as_of: now.is_past().then(|| now.at()), ..self.clone() }
    }

    /// Whether it reads what is over.
    pub(super) fn is_past(&self) -> bool {
        self.as_of.is_some()
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
        if let Some(replica) = self.doors().replica.as_ref().filter(|_| self.replicas.is_fresh(self.number)) {
            self.turn_to(Side::Replica);
            match replica.once(self.as_of, &query, REPLICA_ANSWERS_WITHIN).await {
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
        let primary = &self.doors().primary;
        match primary.once(self.as_of, &query, ANSWER_WITHIN).await {
            Err(Failed::Broken) => {}
            Ok(value) => return Ok(value),
            Err(Failed::Answered(error) | Failed::Unreached(error)) => return Err(error),
        }
        primary.once(self.as_of, &query, ANSWER_WITHIN).await.map_err(|failed| match failed {
            Failed::Broken => Error::unavailable("the connection breaks again and again"),
            Failed::Answered(error) | Failed::Unreached(error) => error,
        })
    }

    /// How often queries went to another server than the one before. What was read one after the other at the same turn
    /// came from one server, the newer the later.
    pub(super) fn turns(&self) -> u32 {
        self.doors().turns.get()
    }

    /// Reads from the database until the replica was looked at again.
    pub(super) fn leave_replica(&self) {
        self.replicas.doubt(self.number);
    }

    fn doors(&self) -> &Doors {
        if self.is_past() { &self.past } else { &self.present }
    }

    fn turn_to(&self, side: Side) {
        let Doors { side: last, turns, .. } = self.doors();
        if last.replace(side) != side {
            turns.set(turns.get().wrapping_add(1));
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
    fn to(url: &str, limits: &'static str) -> Self {
        Self { url: url.to_owned(), limits, connection: Mutex::new(None), turn: Mutex::new(()) }
    }

    /// Sends the query; `as_of` an instant, after everybody else's at this door.
    async fn once<T>(
        &self,
        as_of: Option<DateTime<Utc>>,
        query: &impl AsyncFn(&AsyncPgConnection) -> QueryResult<T>,
        patience: Duration,
    ) -> std::result::Result<T, Failed> {
        let waited = async {
            match as_of {
                Some(_) => Some(self.turn.lock().await),
                None => None,
            }
        };
        let turn = timeout(patience, waited).await.map_err(|slow| Failed::Answered(Error::unavailable(slow)))?;
        let connection = self.connection().await.map_err(Failed::Unreached)?;
        let answer = async {
            if let Some(at) = as_of {
                go_to(&connection, at).await?;
            }
            query(&connection).await
        };
        let failed = match timeout(patience, answer).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) if !is_broken(&error) => return Err(Failed::Answered(error.into())),
            Ok(Err(_)) => Failed::Broken,
            Err(slow) => Failed::Answered(Error::unavailable(slow)),
        };
        drop(turn);
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
            let opened = Arc::new(connect(&self.url, self.limits).await.map_err(Error::unavailable)?);
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

/// Lets all that follows on this connection see what was at an instant.
async fn go_to(mut conn: &AsyncPgConnection, at: DateTime<Utc>) -> QueryResult<()> {
    diesel::sql_query(GO_TO).bind::<Timestamptz, _>(at).execute(&mut conn).await?;
    Ok(())
}

/// Whether the connection, not the query, is what failed.
pub(super) fn is_broken(error: &DieselError) -> bool {
    matches!(
        error,
        DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _)
            | DieselError::BrokenTransactionManager
    ) || matches!(error, DieselError::DatabaseError(_, last_words) if last_words.message().starts_with(TERMINATED))
}
