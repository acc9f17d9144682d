//! The writing door: a pool of connections, and one transaction per request.

use std::ops::{AsyncFn, AsyncFnOnce};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use deadpool::managed::{PoolError, TimeoutType, Timeouts};
use diesel::{ConnectionError, QueryResult};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, AsyncPgConnection, SimpleAsyncConnection, TransactionManager,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::time::timeout;
use uuid::Uuid;

use super::audit;
use super::reader::is_broken;
use super::statements::counter;
use crate::base::error::{Error, Result};
use crate::base::id::new_id;

const CONNECT_WITHIN: Duration = Duration::from_secs(1);
/// Where no transaction has moved on for so long, the database does not answer, and waiting is in vain.
const STUCK_AFTER: Duration = Duration::from_millis(500);
/// For so many times that long, waiting goes on while others move on: a queue of writers is a queue and no failure.
const LONGEST_QUEUE: usize = 4;
/// Whoever comes when so many wait for each connection is turned away at once.
const MOST_BEFORE: usize = 16;
/// Who was let in waits with so many: whoever had to be looked up first is not turned away after that for the queue.
const MOST_INSIDE: usize = 32;
/// For a look, and for the beginning of a transaction: longer than any lock is waited for.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
const WRITE_LIMITS: &str = "SET statement_timeout = '5s'; SET lock_timeout = '2s'; \
     SET idle_in_transaction_session_timeout = '10s'; SET plan_cache_mode = force_generic_plan; SET timezone = 'UTC'";

/// Writes look up by key what is named to them, which a plan for any values does as well, and once.
const FOR_WRITING: &str = "BEGIN";
/// A list of few rows is found in another way than one of many.
const FOR_READING: &str = "BEGIN; SET LOCAL plan_cache_mode = auto";
const FOR_MUCH: &str =
    "SET LOCAL statement_timeout = '50s'; SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL jit = off";

/// The driver hands on no SQLSTATE for what only waits, so the words of it have to be known (`errors.rs`): in English,
/// wherever the server lets this user have them so.
const IN_ENGLISH: &str = "SELECT set_config('lc_messages', 'C', false) \
     WHERE has_parameter_privilege('lc_messages', 'SET')";

/// Many ask at the same time. To start a helper takes longer than nearly every statement here does by itself: a list of a
/// region of 100,000 articles took 6 ms with one, and 1.5 without.
const BY_ITSELF: &str = "SET max_parallel_workers_per_gather = 0";

/// A connection of the pool.
pub(super) type Connection = Object<AsyncPgConnection>;

/// Hears the tags of what a transaction changed, as soon as it is durable.
type Told = Arc<dyn Fn(&[String]) + Send + Sync>;

/// Connections that may write. Cloning shares the pool.
#[derive(Clone)]
pub struct Database {
    url: String,
    pool: Pool<AsyncPgConnection>,
    told: Option<Told>,
    /// This instance, as its announcements name it.
    origin: Uuid,
    progress: Arc<Progress>,
}

/// What all transactions of a pool tell of.
#[derive(Debug, Default)]
struct Progress {
    /// How many statements were begun and connections given back: while it grows, the database answers.
    steps: AtomicUsize,
    /// Whether the outcome of some commit has remained unknown.
    doubted: AtomicBool,
}

impl Database {
    /// A pool of at most `size` connections; none is opened yet.
    ///
    /// # Errors
    /// When the pool cannot be built.
    pub fn new(url: &str, size: usize) -> Result<Self> {
        let mut config = ManagerConfig::default();
        // Verified would send a statement at every checkout; a broken connection shows itself at the first query.
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(|url| connect(url, WRITE_LIMITS).boxed());
        let manager = AsyncDieselConnectionManager::new_with_config(url, config);
        let pool = Pool::builder(manager)
            .max_size(size)
            .create_timeout(Some(CONNECT_WITHIN))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(Error::internal)?;
        Ok(Self { url: url.to_owned(), pool, told: None, origin: new_id(), progress: Arc::default() })
    }

    /// The same, telling `told` the tags of each transaction before the writer hears that it succeeded.
    #[must_use]
    pub fn telling(self, told: impl Fn(&[String]) + Send + Sync + 'static) -> Self {
        Self { told: Some(Arc::new(told)), ..self }
    }

    /// This instance, as its announcements name it.
    pub fn origin(&self) -> Uuid {
        self.origin
    }

    /// Whether a change of this instance may come true later than it was told of, so that its notice must be heeded.
    pub fn has_doubts(&self) -> bool {
        self.progress.doubted.load(Ordering::Acquire)
    }

    /// Where the server is, for connections outside of the pool.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Opens a transaction with these words.
    async fn begin(&self, words: &str) -> Result<Tx> {
        let mut tries = self.pool.status().max_size;
        loop {
            let mut connection = self.connection(MOST_INSIDE).await?;
            match timeout(ANSWER_WITHIN, AnsiTransactionManager::begin_transaction_sql(&mut *connection, words)).await {
                Ok(Ok(())) => {
                    return Ok(Tx {
                        connection: Some(connection),
                        touched: Vec::new(),
                        audited: Vec::new(),
                        told: self.told.clone(),
                        origin: self.origin,
                        committing: false,
                        progress: Arc::clone(&self.progress),
                    });
                }
                // The connection broke while it lay in the pool: nothing has been done yet, so another one may serve.
                Ok(Err(error)) => {
                    drop(Object::take(connection));
                    if tries == 0 {
                        return Err(Error::unavailable(error));
                    }
                    tries -= 1;
                }
                Err(silent) => {
                    drop(Object::take(connection));
                    return Err(Error::unavailable(silent));
                }
            }
        }
    }

    /// Runs `act` in one transaction: committed if it succeeds, undone if it fails.
    ///
    /// # Errors
    /// What `act` answers, or 503.
    pub async fn write<T>(&self, act: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        within(self.begin(FOR_WRITING).await?, act).await
    }

    /// As [`write`](Self::write), for what looks through lists: each statement is planned for its values.
    ///
    /// # Errors
    /// What `act` answers, or 503.
    pub async fn read<T>(&self, act: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        within(self.begin(FOR_READING).await?, act).await
    }

    /// A connection, in turn: waited for while others move on, given up soon where nobody does, and not waited for where
    /// `most` for each connection wait already.
    async fn connection(&self, most: usize) -> Result<Connection> {
        let patience = Timeouts { wait: Some(STUCK_AFTER), create: Some(CONNECT_WITHIN), recycle: None };
        let status = self.pool.status();
        if status.waiting >= most * status.max_size {
            return Err(Error::unavailable("too many wait for a connection"));
        }
        let mut seen = self.progress.steps.load(Ordering::Relaxed);
        for _ in 1..LONGEST_QUEUE {
            match self.pool.timeout_get(&patience).await {
                Err(PoolError::Timeout(TimeoutType::Wait)) => {}
                got => return got.map_err(Error::unavailable),
            }
            let now = self.progress.steps.load(Ordering::Relaxed);
            if now == seen {
                return Err(Error::unavailable("every connection is stuck"));
            }
            seen = now;
        }
        self.pool.timeout_get(&patience).await.map_err(Error::unavailable)
    }

    /// Looks once, outside of a transaction; of those who wait, whoever comes for this is turned away first. A connection that turns out to be broken is thrown away, and the look
    /// repeated on another one, as often as the pool may hold broken ones.
    ///
    /// # Errors
    /// 503 when no connection is free in time or the server does not answer.
    pub(super) async fn outside_tx<T>(
        &self,
        query: impl AsyncFn(&mut AsyncPgConnection) -> QueryResult<T>,
    ) -> Result<T> {
        let mut tries = self.pool.status().max_size;
        loop {
            let mut connection = self.connection(MOST_BEFORE).await?;
            match timeout(ANSWER_WITHIN, query(&mut connection)).await {
                Ok(Err(error)) if is_broken(&error) && tries > 0 => {
                    drop(Object::take(connection));
                    tries -= 1;
                }
                Ok(outcome) => {
                    self.progress.steps.fetch_add(1, Ordering::Relaxed);
                    return outcome.map_err(Error::from);
                }
                Err(silent) => {
                    drop(Object::take(connection));
                    return Err(Error::unavailable(silent));
                }
            }
        }
    }

    /// Closes all connections; later calls answer 503.
    pub fn close(&self) {
        self.pool.close();
    }
}

async fn within<T>(mut tx: Tx, act: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
    match act(&mut tx).await {
        Ok(value) => tx.commit().await.map(|()| value),
        Err(error) => {
            tx.rollback().await;
            Err(error)
        }
    }
}

/// One transaction. Dropped without [`commit`](Self::commit), it takes its connection with it and nothing is written.
pub struct Tx {
    connection: Option<Object<AsyncPgConnection>>,
    touched: Vec<String>,
    /// Entries for the audit log, written when everything else is.
    audited: Vec<Value>,
    told: Option<Told>,
    origin: Uuid,
    /// Whether the server was asked to make it durable.
    committing: bool,
    progress: Arc<Progress>,
}

impl Tx {
    pub(super) fn origin(&self) -> Uuid {
        self.origin
    }

    /// Notes the tags of what is changed here.
    pub(super) fn touch(&mut self, tags: &[String]) {
        self.touched.extend_from_slice(tags);
    }

    /// Notes what the audit log is to say.
    pub(super) fn audit(&mut self, entry: Value) {
        self.audited.push(entry);
    }

    /// The connection, for queries of this floor only.
    ///
    /// # Errors
    /// 500 after the transaction has ended.
    pub(super) fn conn(&mut self) -> Result<&mut AsyncPgConnection> {
        self.progress.steps.fetch_add(1, Ordering::Relaxed);
        self.connection.as_deref_mut().ok_or_else(|| Error::internal("the transaction has ended"))
    }

    /// Gives each statement from here on as much time as the whole transaction has that may touch everything: it ends in
    /// the server before its client has given it up. Each is planned for its values, which may be one small region or the
    /// world.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(super) async fn be_patient(&mut self) -> Result<()> {
        Ok(self.conn()?.batch_execute(FOR_MUCH).await?)
    }

    /// Runs `act` so that its failure undoes only what it did: a savepoint.
    ///
    /// # Errors
    /// 503 when the database does not answer; the failure of `act` is the inner result.
    pub async fn attempt<T>(&mut self, act: impl AsyncFnOnce(&mut Self) -> Result<T>) -> Result<Result<T>> {
        AnsiTransactionManager::begin_transaction(self.conn()?).await?;
        let audited = self.audited.len();
        let outcome = act(self).await;
        if outcome.is_ok() {
            AnsiTransactionManager::commit_transaction(self.conn()?).await?;
        } else {
            self.audited.truncate(audited);
            AnsiTransactionManager::rollback_transaction(self.conn()?).await?;
        }
        Ok(outcome)
    }

    /// Makes everything durable.
    ///
    /// # Errors
    /// When the server does not confirm; then the outcome is unknown, and repeating the request with its
    /// idempotency key finds out.
    pub async fn commit(mut self) -> Result<()> {
        let audited = std::mem::take(&mut self.audited);
        if let Err(error) = audit::append(&mut self, audited).await {
            self.rollback().await;
            return Err(error);
        }
        let Some(connection) = self.connection.as_mut() else { return Ok(()) };
        self.committing = true;
        AnsiTransactionManager::commit_transaction(&mut **connection).await?;
        self.progress.steps.fetch_add(1, Ordering::Relaxed);
        drop(self.connection.take());
        Ok(())
    }

    /// Undoes everything.
    pub async fn rollback(mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        match timeout(ANSWER_WITHIN, AnsiTransactionManager::rollback_transaction(&mut *connection)).await {
            Ok(Ok(())) => drop(self.progress.steps.fetch_add(1, Ordering::Relaxed)),
            Ok(Err(_)) | Err(_) => drop(Object::take(connection)),
        }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // The server may still make durable what it was asked to, after everybody has been told.
            self.progress.doubted.fetch_or(self.committing, Ordering::AcqRel);
            drop(Object::take(connection));
        }
        // Told also when the outcome is unknown: to drop an answer too many is no harm.
        if let Some(told) = self.told.take().filter(|_| self.committing && !self.touched.is_empty()) {
            told(&self.touched);
        }
    }
}

/// Opens a connection with its limits set.
pub(super) fn connect<'a>(
    url: &'a str,
    limits: &'static str,
) -> BoxFuture<'a, diesel::ConnectionResult<AsyncPgConnection>> {
    async move {
        let mut connection = AsyncPgConnection::establish(url).await?;
        for setting in [limits, BY_ITSELF, IN_ENGLISH] {
            connection.batch_execute(setting).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        connection.set_instrumentation(counter());
        Ok(connection)
    }
    .boxed()
}
