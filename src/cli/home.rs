//! The database that a command works on: the one that is named by `DATABASE_URL`, or the embedded one.

use std::fmt::Display;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::failure::{Failure, Outcome};
use super::kept;
use super::postgres::{Cluster, DATABASE, Options};
use crate::base::config::Config;
use crate::base::progress::Progress;
use crate::store::inspect::{Unreached, pools_transactions, reach};
use crate::store::{Database, migrations};

/// How long a command waits for a server that may be starting just now.
const WAIT_AT_MOST: Duration = Duration::from_mins(1);
const LOOK_EVERY: Duration = Duration::from_millis(500);
const SAY_AGAIN_AFTER: Duration = Duration::from_secs(10);
/// Enough for a command that does one thing after another.
const FEW_CONNECTIONS: usize = 2;

/// A database that answers.
pub enum Home {
    /// The program's own server.
    Embedded(Box<Cluster>),
    /// Somebody's server.
    Given(String),
}

impl Home {
    /// Starts the embedded server, or waits until the given one answers.
    ///
    /// # Errors
    /// When there is none in the end.
    pub async fn open(config: &Config) -> Outcome<Self> {
        Self::within(config, WAIT_AT_MOST).await
    }

    /// As [`open`](Self::open), without waiting for a given server: whoever examines it wants to know how it is now.
    ///
    /// # Errors
    /// When there is none.
    pub async fn at_once(config: &Config) -> Outcome<Self> {
        Self::within(config, Duration::ZERO).await
    }

    async fn within(config: &Config, patience: Duration) -> Outcome<Self> {
        match &config.database_url {
            Some(url) => {
                wait_for(url, patience).await?;
                if pools_transactions(url).await? {
                    return Err(Failure::new(format!(
                        "What answers at {} pools transactions, and this program needs sessions: it listens to changes, \
                         and sets limits for each connection.\n  fix: set pool_mode = session for this database in \
                         PgBouncer, or name PostgreSQL itself in DATABASE_URL.",
                        Config::database_place(url)
                    )));
                }
                Ok(Self::Given(url.clone()))
            }
            None => Ok(Self::Embedded(Box::new(start(config).await?))),
        }
    }

    /// As [`open`](Self::open), with the schema of this program.
    ///
    /// # Errors
    /// Also when a migration fails.
    pub async fn open_migrated(config: &Config) -> Outcome<Self> {
        let home = Self::open(config).await?;
        match home.migrate().await {
            Ok(_) => Ok(home),
            Err(failure) => {
                home.close().await?;
                Err(failure)
            }
        }
    }

    /// Where the database is.
    pub fn url(&self) -> String {
        match self {
            Self::Embedded(cluster) => cluster.url(DATABASE),
            Self::Given(url) => url.clone(),
        }
    }

    /// The folder of the embedded server, where the program keeps its own secrets too.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Embedded(cluster) => Some(cluster.folder()),
            Self::Given(_) => None,
        }
    }

    /// Which database it is, in a line for people.
    pub fn described(&self) -> String {
        match self {
            Self::Embedded(cluster) => {
                let whose = if cluster.is_joined() { ", which another dateline runs" } else { "" };
                format!("embedded PostgreSQL {} in {}{whose}", cluster.version(), cluster.folder().display())
            }
            Self::Given(url) => format!("PostgreSQL at {}", Config::database_place(url)),
        }
    }

    /// The secret that keys are made of: the one that is set, or for the embedded database a kept one; and the file
    /// in which it was kept just now, if it was.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn secret(&self, config: &Config) -> Outcome<(String, Option<PathBuf>)> {
        match (&config.jwt_secret, self.folder()) {
            (Some(secret), _) => Ok((secret.clone(), None)),
            (None, Some(folder)) => kept::signing_secret(folder),
            (None, None) => Err(Failure::new("DATELINE_JWT_SECRET is not set.")),
        }
    }

    /// A small pool for a command.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn database(&self) -> Outcome<Database> {
        Ok(Database::new(&self.url(), FEW_CONNECTIONS)?)
    }

    /// Brings the schema up to date and answers how many migrations that took.
    ///
    /// # Errors
    /// When the server goes away or a migration fails.
    pub async fn migrate(&self) -> Outcome<usize> {
        let url = self.url();
        let pending = migrations::pending(&url).await?;
        if pending == 0 {
            return Ok(0);
        }
        let progress = Progress::start("Migrating the database");
        progress.expect(u64::try_from(pending).unwrap_or_default());
        let applied = migrations::migrate(&url, |name| {
            progress.tell(name);
            progress.step();
        });
        let applied = applied.await?.len();
        progress.finish(&format!("Migrated the database: {applied} {} applied.", plural("migration", applied)));
        Ok(applied)
    }

    /// Stops the embedded server; a given one is not ours to stop.
    ///
    /// # Errors
    /// When it does not stop cleanly.
    pub async fn close(self) -> Outcome {
        let Self::Embedded(cluster) = self else { return Ok(()) };
        let stopped = tokio::task::spawn_blocking(move || cluster.stop()).await;
        stopped.map_err(|error| failed(&error))?.map_err(|failure| failed(&failure))
    }

    /// Runs `act` and then closes, whatever came of it.
    ///
    /// # Errors
    /// What `act` answers, or else what closing does.
    pub async fn visit<T>(self, act: impl AsyncFnOnce(&Self) -> Outcome<T>) -> Outcome<T> {
        let outcome = act(&self).await;
        let closed = self.close().await;
        let value = outcome?;
        closed.map(|()| value)
    }
}

/// `count` of something.
pub(super) fn plural(noun: &str, count: usize) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}

async fn start(config: &Config) -> Outcome<Cluster> {
    let options = Options {
        folder: config.data_dir.clone(),
        binaries: config.pg_bin.clone(),
        settings: Vec::new(),
        throw_away: false,
    };
    let started = tokio::task::spawn_blocking(move || Cluster::start(&options, &|line| say(line))).await;
    started.map_err(|error| failed(&error))?.map_err(|failure| {
        let hint = "Or set DATABASE_URL to a PostgreSQL 15 to 18 that you run yourself.";
        Failure::new(format!("{failure}\n{hint}"))
    })
}

async fn wait_for(url: &str, patience: Duration) -> Outcome {
    let place = Config::database_place(url);
    let began = Instant::now();
    let mut said: Option<(String, Instant)> = None;
    loop {
        let why = match reach(url).await {
            Ok(()) => return Ok(()),
            Err(Unreached::NotYet(why)) => why,
            Err(Unreached::Refused) => {
                return Err(Failure::new(format!(
                    "PostgreSQL at {place} refuses the user or the password.\n  fix: correct them in DATABASE_URL."
                )));
            }
            Err(Unreached::NoDatabase) => {
                return Err(Failure::new(format!(
                    "PostgreSQL answers, but there is no database {place}.\n  fix: create it with `createdb`, or correct \
                     its name in DATABASE_URL."
                )));
            }
        };
        let left = patience.saturating_sub(began.elapsed());
        if left.is_zero() {
            let waited = if patience.is_zero() { String::new() } else { format!(" after {} s", patience.as_secs()) };
            return Err(Failure::new(format!(
                "PostgreSQL at {place} cannot be used{waited}: {why}.\n  fix: start it, or correct \
                 DATABASE_URL; without DATABASE_URL the program starts its own."
            )));
        }
        if said.as_ref().is_none_or(|(last, at)| *last != why || at.elapsed() > SAY_AGAIN_AFTER) {
            let seconds = left.as_secs().max(1);
            say(format_args!(
                "Waiting for PostgreSQL at {place}: {why}. Waiting {seconds} s more; check that it runs, and DATABASE_URL."
            ));
            said = Some((why, Instant::now()));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn failed(error: &dyn Display) -> Failure {
    Failure::new(error.to_string())
}

fn say(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
