//! Read replicas: servers that follow the database, from which delivery reads while they have everything that this
//! instance was told of.
//!
//! What a replica has is known by positions in the log. One is taken on the database, at an instant; once the replica
//! has replayed it, whatever was committed before that instant can be read there. So a change that was told at noon sends
//! reads to the database until a position from after noon has arrived, which is soon; and a replica that falls behind, or
//! cannot be asked, ages out of the bound by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::sql_types::{Bool, Nullable, Text};
use diesel::{QueryResult, QueryableByName};
use diesel_async::AsyncPgConnection;
use futures_util::future::join_all;
use tokio::time::{sleep, timeout};

use super::database::connect;
use crate::base::error::{Error, Result};

const LOOK_EVERY: Duration = Duration::from_millis(50);
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
const LIMITS: &str = "SET default_transaction_read_only = on; SET statement_timeout = '1s'; SET timezone = 'UTC'";

/// All replicas of the database. Cloning shares what is known of them.
#[derive(Clone, Debug)]
pub struct Replicas(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    started: Instant,
    /// How old what a replica answers may be at most.
    bound: Duration,
    /// When this instance was last told of a change. Instants here are microseconds since `started`.
    changed: AtomicU64,
    all: Vec<Replica>,
}

#[derive(Debug)]
struct Replica {
    url: String,
    /// It has all that was committed before this instant; 0 while nothing is known.
    has_until: AtomicU64,
}

#[derive(QueryableByName)]
struct Position {
    #[diesel(sql_type = Text)]
    database: String,
    #[diesel(sql_type = Text)]
    position: String,
}

#[derive(QueryableByName)]
struct Arrival {
    #[diesel(sql_type = Text)]
    database: String,
    #[diesel(sql_type = Nullable<Bool>)]
    arrived: Option<bool>,
}

impl Replicas {
    /// Replicas that nothing is known of yet. What they answer may be `bound` old.
    pub fn new(urls: &[String], bound: Duration) -> Self {
        let all = urls.iter().map(|url| Replica { url: url.clone(), has_until: AtomicU64::new(0) }).collect();
        Self(Arc::new(Inner { started: Instant::now(), bound, changed: AtomicU64::new(0), all }))
    }

    /// Notes that something was changed, by this instance or another: from now on a replica has to show that it has it.
    pub fn changed(&self) {
        self.0.changed.fetch_max(self.now(), Ordering::AcqRel);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.all.len()
    }

    /// Where the replica with this number is.
    pub(super) fn url(&self, number: usize) -> Option<&str> {
        self.0.all.get(number).map(|replica| &*replica.url)
    }

    /// Whether the replica with this number has everything that was told of, and is young enough.
    pub fn is_fresh(&self, number: usize) -> bool {
        let Some(replica) = self.0.all.get(number) else { return false };
        let has_until = replica.has_until.load(Ordering::Acquire);
        let bound = u64::try_from(self.0.bound.as_micros()).unwrap_or(u64::MAX);
        has_until > self.0.changed.load(Ordering::Acquire) && self.now() - has_until <= bound
    }

    /// Notes that a replica did not answer: it is left alone until it was looked at again.
    pub(super) fn doubt(&self, number: usize) {
        if let Some(replica) = self.0.all.get(number) {
            replica.has_until.store(0, Ordering::Release);
        }
    }

    /// Follows all of them for ever, beside the database under `primary`.
    pub async fn follow(&self, primary: &str) {
        if self.count() == 0 {
            return std::future::pending().await;
        }
        join_all(self.0.all.iter().map(|replica| self.follow_one(primary, replica))).await;
    }

    async fn follow_one(&self, primary: &str, replica: &Replica) {
        loop {
            // What it is known to have it still has, until that is too old.
            if let Err(error) = self.follow_while_well(primary, replica).await {
                tracing::warn!(%error, "a read replica cannot be followed");
            }
            sleep(TRY_AGAIN_AFTER).await;
        }
    }

    /// Asks the replica for one position after the other, each taken when the one before has arrived.
    async fn follow_while_well(&self, primary: &str, replica: &Replica) -> Result<()> {
        let mut primary = opened(primary).await?;
        let mut follower = opened(&replica.url).await?;
        loop {
            let taken = self.now();
            let wanted = within(position(&mut primary)).await?;
            loop {
                let found = within(arrival(&mut follower, &wanted.position)).await?;
                if found.database != wanted.database {
                    return Err(Error::internal("it follows another database"));
                }
                match found.arrived {
                    None => return Err(Error::internal("it follows no database")),
                    Some(true) => break,
                    Some(false) => sleep(LOOK_EVERY).await,
                }
            }
            replica.has_until.store(taken, Ordering::Release);
            sleep(LOOK_EVERY).await;
        }
    }

    fn now(&self) -> u64 {
        // Never 0, which stands for not known.
        u64::try_from(self.0.started.elapsed().as_micros()).unwrap_or(u64::MAX).max(1)
    }
}

/// The cluster, as it names itself and all that were copied from it, the line of its history that is followed, and the
/// database in it: a server and its replicas say the same.
pub(super) const NAME: &str = "(SELECT system_identifier FROM pg_control_system())::text || ' ' \
     || (SELECT timeline_id FROM pg_control_checkpoint())::text || ' ' || current_database() AS database";

async fn position(conn: &mut AsyncPgConnection) -> QueryResult<Position> {
    let question = format!("SELECT {NAME}, pg_current_wal_insert_lsn()::text AS position");
    diesel_async::RunQueryDsl::get_result(diesel::sql_query(question), conn).await
}

async fn arrival(conn: &mut AsyncPgConnection, position: &str) -> QueryResult<Arrival> {
    let question = format!(
        "SELECT {NAME}, CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() >= $1::pg_lsn END AS arrived"
    );
    diesel_async::RunQueryDsl::get_result(diesel::sql_query(question).bind::<Text, _>(position), conn).await
}

async fn opened(url: &str) -> Result<AsyncPgConnection> {
    timeout(ANSWER_WITHIN, connect(url, LIMITS)).await.map_err(Error::unavailable)?.map_err(Error::unavailable)
}

async fn within<T>(asked: impl Future<Output = QueryResult<T>>) -> Result<T> {
    Ok(timeout(ANSWER_WITHIN, asked).await.map_err(Error::unavailable)??)
}
