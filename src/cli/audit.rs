//! `dateline audit verify`: whether the audit log is what the program wrote.

use clap::{Args, Subcommand};

use super::failure::{Failure, Outcome};
use super::home::{Home, plural};
use crate::base::config::Config;
use crate::store::{audit, migrations};

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    Verify(Verify),
}

/// Compute every hash of the audit log anew: an entry that was altered, removed or put in is named. Ends with 1 if there is
/// one.
#[derive(Args, Debug)]
pub struct Verify {
    /// What an earlier verification printed, kept elsewhere. Who can write the whole database can also compute all hashes
    /// anew; against that only a copy outside helps.
    #[arg(long, value_name = "NUMBER:HASH", value_parser = head)]
    since: Option<(i64, String)>,
}

/// Checks, and prints number and hash of the newest entry alone on standard output.
///
/// # Errors
/// When something does not fit.
pub async fn audit(config: &Config, what: Audit) -> Outcome {
    let Audit::Verify(asked) = what;
    let home = Home::open(config).await?;
    home.visit(async |home| {
        // Whoever verifies changes nothing, and an empty database is not a log that is whole.
        if migrations::pending(&home.url()).await? > 0 {
            return Err(Failure::new(format!(
                "There is no audit log of this version in the {}.\n  fix: name the database with DATABASE_URL or \
                 DATELINE_DATA_DIR; after an update, run `dateline migrate` first.",
                home.described()
            )));
        }
        let found = audit::verify(&home.database()?, asked.since.as_ref()).await?;
        if found.faults.is_empty() {
            let noun = if found.entries == 1 { "entry" } else { "entries" };
            eprintln!("The audit log is whole: {} {noun}. Keep this elsewhere for --since:", found.entries);
            println!("{}:{}", found.head.0, found.head.1);
            return Ok(());
        }
        for fault in &found.faults {
            eprintln!("{fault}");
        }
        let count = found.faults.len();
        Err(Failure::new(format!("The audit log is not what was written: {count} {}.", plural("fault", count))))
    })
    .await
}

fn head(text: &str) -> Result<(i64, String), String> {
    let parts = text.split_once(':').and_then(|(number, hash)| Some((number.parse().ok()?, hash)));
    match parts {
        Some((number, hash)) if number >= 0 && hash.len() == 64 => Ok((number, hash.to_ascii_lowercase())),
        _ => Err("is not what a verification prints: a number, a colon and 64 hexadecimal digits".to_owned()),
    }
}
