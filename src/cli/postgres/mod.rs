//! A PostgreSQL server of one's own, so that the program runs on a machine on which nothing was prepared: found binaries,
//! or downloaded ones, a cluster in a folder, reached through a private unix socket, stopped when the program ends.

mod binaries;
mod cluster;
mod place;
mod wheel;

use std::fmt;
use std::path::PathBuf;

pub use cluster::Cluster;

/// The database that every cluster has.
pub const DATABASE: &str = "dateline";

/// How a cluster is run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where data, socket and log lie. Somewhere else is chosen when the program runs as root and the database's user
    /// could not reach it; [`Cluster::folder`] says where.
    pub folder: PathBuf,
    /// The folder of `initdb` and `postgres`; searched for when absent.
    pub binaries: Option<PathBuf>,
    /// Settings of the server, such as `fsync` and `off`.
    pub settings: Vec<(String, String)>,
    /// Whether the folder goes when the server stops.
    pub throw_away: bool,
}

impl Options {
    fn turns_off(&self, setting: &str) -> bool {
        self.settings.iter().any(|(name, value)| name == setting && value == "off")
    }
}

/// Why there is no server, in words for the person at the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

type Result<T> = std::result::Result<T, Failure>;

/// Turns an error of the operating system into a sentence that says what was tried.
fn failed_to<E: fmt::Display>(what: impl fmt::Display) -> impl FnOnce(E) -> Failure {
    move |error| Failure(format!("Could not {what}: {error}."))
}
