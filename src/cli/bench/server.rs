//! Servers as a user would start them: processes of their own, which are stopped when they are dropped.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::client::Client;
use crate::cli::failure::{Failure, Outcome};

const READY_WITHIN: Duration = Duration::from_mins(1);
const STOPPED_WITHIN: Duration = Duration::from_secs(3);
/// Linux counts in hundredths of a second.
const MICROSECONDS_PER_TICK: f64 = 10_000.0;
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A running server.
pub(super) struct Server {
    child: Child,
    pub address: SocketAddr,
    /// What it says on standard error: a pipe that nobody reads would stop it one day.
    words: PathBuf,
}

impl Server {
    /// `dateline serve` on the database, with so much memory for answers. It logs what it logs by default.
    ///
    /// # Errors
    /// When it does not come up.
    pub(super) fn dateline(database: &str, cache_mib: usize) -> Outcome<Self> {
        let address = free_address()?;
        let mut command = itself()?;
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("DATELINE_") {
                command.env_remove(name);
            }
        }
        command
            .arg("serve")
            .env("DATABASE_URL", database)
            .env("DATELINE_JWT_SECRET", "for-measuring-only-on-this-machine-for-some-minutes")
            .env("DATELINE_BIND", address.to_string())
            .env("DATELINE_CACHE_MIB", cache_mib.to_string())
            // One address sends everything.
            .env("DATELINE_RATE_TOKEN", "0")
            .env("DATELINE_RATE_ADDRESS", "0");
        Self::start(command, address, "/readyz")
    }

    /// The bare handler with the answers of another server.
    ///
    /// # Errors
    /// When it does not come up.
    pub(super) fn bare(from: SocketAddr, paths: &Path) -> Outcome<Self> {
        let address = free_address()?;
        let mut command = itself()?;
        command.args(["bench", "bare", "--bind", &address.to_string(), "--from", &from.to_string(), "--paths"]);
        command.arg(paths);
        Self::start(command, address, "/readyz")
    }

    /// Starts a program and waits until it answers.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn start(mut command: Command, address: SocketAddr, look_at: &str) -> Outcome<Self> {
        let words = std::env::temp_dir().join(format!("dateline-bench-said-{}", address.port()));
        let said = File::create(&words).map_err(|error| Failure::new(format!("{}: {error}.", words.display())))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        let child =
            command.spawn().map_err(|error| Failure::new(format!("A server could not be started: {error}.")))?;
        let mut server = Self { child, address, words };
        let began = Instant::now();
        loop {
            let answer = Client::connect(address, None).and_then(|mut client| client.get(look_at));
            if answer.is_ok_and(|answer| answer.status < 500) {
                return Ok(server);
            }
            let ended = server.child.try_wait().ok().flatten().is_some();
            if ended || began.elapsed() > READY_WITHIN {
                let said = std::fs::read_to_string(&server.words).unwrap_or_default();
                return Err(Failure::new(format!("A server did not come up at {address}:\n{said}")));
            }
            sleep(LOOK_EVERY);
        }
    }

    /// Its memory in MiB, where the system tells.
    pub(super) fn memory(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1024.0)
    }

    /// Processor time that it has used, in microseconds, where the system tells.
    pub(super) fn used(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
        let ticks = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
        Some(ticks * MICROSECONDS_PER_TICK)
    }
}

impl Drop for Server {
    /// Asks it to stop first: a server that is killed at once leaves its children behind.
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let began = Instant::now();
        while began.elapsed() < STOPPED_WITHIN && self.child.try_wait().ok().flatten().is_none() {
            sleep(LOOK_EVERY);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.words);
    }
}

/// An address that was free a moment ago.
///
/// # Errors
/// When there is none.
pub(super) fn free_address() -> Outcome<SocketAddr> {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    free.map_err(|error| Failure::new(format!("No port is free: {error}.")))
}

fn itself() -> Outcome<Command> {
    let program = std::env::current_exe();
    Ok(Command::new(program.map_err(|error| Failure::new(format!("This program cannot be found: {error}.")))?))
}
