//! `dateline doctor`: looks at everything that the server needs, and says what is wrong and how to mend it.

use std::fmt::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::TimeDelta;

use super::failure::{Failure, Outcome};
use super::home::{Home, plural};
use crate::base::clock::Clock;
use crate::base::config::{Config, Faults, Source, near_misses};
use crate::rules::local_time::ZONES_VERSION;
use crate::store::inspect::{self, Condition};
use crate::store::migrations;

const OLDEST: i32 = 15;
const NEWEST: i32 = 18;
const LARGEST_SKEW: TimeDelta = TimeDelta::seconds(2);
const LEAST_FREE_KIB: u64 = 512 * 1024;
const COMFORTABLE_FREE_KIB: u64 = 4 * 1024 * 1024;
/// PostgreSQL keeps some for its owner, and people look in with a few.
const SPARE_CONNECTIONS: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Ok,
    Warn,
    Fault,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fault => "fault",
        })
    }
}

/// What was found, line by line.
#[derive(Default)]
struct Report {
    text: String,
    faults: usize,
}

impl Report {
    fn say(&mut self, level: Level, subject: &str, finding: &str, fix: &str) {
        if level == Level::Fault {
            self.faults += 1;
        }
        let _ = writeln!(self.text, "{level:<6} {subject:<12} {finding}");
        if !fix.is_empty() {
            let _ = writeln!(self.text, "{:<19} fix: {fix}", "");
        }
    }

    fn ok(&mut self, subject: &str, finding: &str) {
        self.say(Level::Ok, subject, finding, "");
    }

    /// Says that it is fine, or else how it is not.
    fn judge(&mut self, fine: bool, subject: &str, finding: &str, otherwise: Level, fix: &str) {
        if fine { self.ok(subject, finding) } else { self.say(otherwise, subject, finding, fix) }
    }
}

/// Examines and prints what was found.
///
/// # Errors
/// When anything is a fault.
pub async fn doctor(source: &Source, config: Result<Config, Faults>) -> Outcome {
    let mut report = Report::default();
    for (name, known) in near_misses(source) {
        report.say(Level::Warn, "settings", &format!("{name} is not a setting"), &format!("Did you mean {known}?"));
    }
    match config {
        Err(faults) => {
            for wrong in faults.0 {
                report.say(Level::Fault, "settings", &format!("{} {}", wrong.name, wrong.fault), &wrong.fix);
            }
        }
        Ok(config) => {
            report.ok("settings", "all are valid");
            report.ok("time zones", &format!("IANA {ZONES_VERSION}"));
            addresses(&config, &mut report);
            database(&config, &mut report).await;
        }
    }
    print!("{}", report.text);
    match report.faults {
        0 => Ok(()),
        count => Err(Failure::new(format!("{count} {} to mend.", plural("fault", count)))),
    }
}

fn addresses(config: &Config, report: &mut Report) {
    let public = !config.bind.ip().is_loopback();
    let named = config.public_url.is_some() || !public;
    let finding =
        if named { "links lead where the server listens" } else { "links lead to this machine's own address" };
    report.judge(named, "public URL", finding, Level::Warn, "Set DATELINE_PUBLIC_URL to how clients reach the API.");
    let local = config.fixed().site_url.host_str().is_none_or(|host| host == "localhost" || host == "127.0.0.1");
    if config.database_url.is_some() {
        let finding = format!("canonical links lead to {}", config.fixed().site_url);
        report.judge(!local, "site URL", &finding, Level::Warn, "Set DATELINE_SITE_URL to the site that readers see.");
    }
}

async fn database(config: &Config, report: &mut Report) {
    let home = match Home::at_once(config).await {
        Ok(home) => home,
        Err(failure) => {
            report.say(Level::Fault, "database", &failure.to_string().replace("\n  fix: ", " "), "");
            return;
        }
    };
    report.ok("database", &home.described());
    secret(config, &home, report);
    if let Some(folder) = home.folder() {
        disk(folder, report);
    }
    if let Err(failure) = server(config, &home, report).await {
        report.say(Level::Fault, "database", &failure.to_string(), "");
    }
    if let Err(failure) = home.close().await {
        report.say(Level::Warn, "database", &failure.to_string(), "");
    }
}

fn secret(config: &Config, home: &Home, report: &mut Report) {
    match (&config.jwt_secret, home.folder()) {
        (Some(secret), _) => report.ok("secret", &format!("set, {} bytes, not a known one", secret.len())),
        (None, Some(folder)) => {
            report.ok("secret", &format!("the embedded database keeps its own in {}", folder.display()));
        }
        (None, None) => report.say(Level::Fault, "secret", "not set", "Set DATELINE_JWT_SECRET."),
    }
}

async fn server(config: &Config, home: &Home, report: &mut Report) -> Outcome {
    let clock = Clock::system();
    let (url, before) = (home.url(), clock.now());
    let found = inspect::examine(&url).await?;
    let after = clock.now();
    let major = found.version / 10_000;
    let fine = (OLDEST..=NEWEST).contains(&major);
    let level = if major < OLDEST { Level::Fault } else { Level::Warn };
    report.judge(fine, "version", &format!("PostgreSQL {major}"), level, "Use PostgreSQL 15, 16, 17 or 18.");
    let fix = "Create the database with ENCODING 'UTF8'.";
    report.judge(found.encoding == "UTF8", "encoding", &found.encoding, Level::Fault, fix);
    let fine = found.missing.is_empty();
    let finding = if fine { "all are installed".to_owned() } else { format!("missing: {}", found.missing.join(", ")) };
    report.judge(fine, "extensions", &finding, Level::Fault, "Install PostgreSQL's contrib package on its machine.");
    if found.standby {
        report.say(Level::Fault, "standby", "the server only follows another", "Set DATABASE_URL to the primary.");
    }
    schema(&url, found.may_create, report).await?;
    let finding = if found.durable { "on" } else { "fsync or full_page_writes is off: a crash may lose everything" };
    let fix = "Turn both on in postgresql.conf and restart it.";
    report.judge(found.durable, "durability", finding, Level::Warn, fix);
    // The server's instant lies between ours, give or take what its clock is off.
    let skew = if found.now < before { before - found.now } else { (found.now - after).max(TimeDelta::zero()) };
    let finding = format!("{} ms between this machine and the database", skew.num_milliseconds());
    report.judge(skew <= LARGEST_SKEW, "clocks", &finding, Level::Warn, "Synchronise both by NTP.");
    // Each worker reads the present through one, and the past through another.
    let needed = config.fixed().pool_size + 2 * config.fixed().workers + SPARE_CONNECTIONS;
    let enough = usize::try_from(found.connections).is_ok_and(|offered| offered >= needed);
    let finding = format!("{} offered, {needed} wanted for one instance", found.connections);
    report.judge(enough, "connections", &finding, Level::Warn, "Lower DATELINE_POOL_SIZE, or raise max_connections.");
    for replica in &config.fixed().replica_urls {
        follower(replica, &found, report).await;
    }
    Ok(())
}

/// A replica that does not fit is no fault: it is not read from.
async fn follower(url: &str, primary: &Condition, report: &mut Report) {
    let fix = "Correct DATABASE_REPLICA_URLS, or the replica: until then everything is read from the database.";
    let place = Config::database_place(url);
    let (fine, finding) = match inspect::examine(url).await {
        Err(_) => (false, format!("{place} does not answer")),
        Ok(replica) if !replica.standby => (false, format!("{place} follows no other server")),
        Ok(replica) if replica.database != primary.database => (false, format!("{place} follows another database")),
        Ok(_) => (true, format!("{place} follows the database")),
    };
    report.judge(fine, "replica", &finding, Level::Warn, fix);
}

async fn schema(url: &str, may_create: bool, report: &mut Report) -> Outcome {
    let pending = migrations::pending(url).await?;
    let finding = if pending == 0 {
        "up to date".to_owned()
    } else {
        format!("{pending} {} pending", plural("migration", pending))
    };
    let fix = "Run `dateline migrate`; `dateline serve` does it too.";
    report.judge(pending == 0, "schema", &finding, Level::Warn, fix);
    if pending > 0 && !may_create {
        report.say(
            Level::Fault,
            "rights",
            "the user may not create extensions here",
            "GRANT CREATE ON DATABASE ... TO ...;",
        );
    }
    Ok(())
}

fn disk(folder: &Path, report: &mut Report) {
    let Some(free) = free_kib(folder) else {
        report.say(Level::Warn, "disk", "free space could not be found out", "");
        return;
    };
    let finding = format!("{} MiB free in {}", free / 1024, folder.display());
    let level = if free < LEAST_FREE_KIB { Level::Fault } else { Level::Warn };
    report.judge(
        free >= COMFORTABLE_FREE_KIB,
        "disk",
        &finding,
        level,
        "Make room, or set DATELINE_DATA_DIR elsewhere.",
    );
}

/// The standard library does not know; `df -P` is the same everywhere.
fn free_kib(folder: &Path) -> Option<u64> {
    let said = Command::new("df").arg("-Pk").arg(folder).stdin(Stdio::null()).output().ok()?;
    String::from_utf8(said.stdout).ok()?.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}
