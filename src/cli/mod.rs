//! What one types: one file per command.

mod audit;
mod banner;
mod bench;
mod demo;
mod doctor;
mod failure;
mod home;
mod kept;
mod log;
mod migrate;
mod openapi;
pub mod postgres;
mod regions;
mod serve;
mod stop;
mod token;
mod user;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::base::config::{Config, Faults, Source, help, near_misses};
use failure::Outcome;

/// A headless CMS for newsrooms.
///
/// Without a command it serves. Without settings it starts its own PostgreSQL, loads a demo newsroom once, and prints
/// where everything is.
#[derive(Debug, Parser)]
#[command(name = "dateline", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer requests until Ctrl-C or SIGTERM (what is done without a command).
    Serve,
    /// Bring the database to the schema of this program.
    Migrate,
    /// Load the demo newsroom into a database that has none.
    Demo,
    /// Users.
    #[command(subcommand)]
    User(user::User),
    /// API tokens.
    #[command(subcommand)]
    Token(token::Token),
    /// Regions.
    #[command(subcommand)]
    Regions(regions::Regions),
    /// The audit log.
    #[command(subcommand)]
    Audit(audit::Audit),
    Openapi(openapi::Openapi),
    Bench(Box<bench::Measure>),
    /// Examine settings, database and machine; ends with 1 if something must be mended.
    Doctor,
}

impl Cli {
    /// Reads the arguments; answers `--help` and `--version` itself, with all settings at the end of the help.
    pub fn of_arguments() -> Self {
        let command = Self::command().after_help(help());
        let mut matches = command.get_matches();
        Self::from_arg_matches_mut(&mut matches).unwrap_or_else(|error| error.exit())
    }

    /// Does what was asked.
    pub async fn run(self) -> ExitCode {
        match self.act().await {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                let _ = writeln!(std::io::stderr(), "\ndateline: {failure}");
                ExitCode::FAILURE
            }
        }
    }

    async fn act(self) -> Outcome {
        let command = self.command.unwrap_or(Command::Serve);
        if let Command::Openapi(what) = &command {
            return openapi::openapi(what);
        }
        let (source, config) = settings();
        if matches!(command, Command::Doctor) {
            return doctor::doctor(&source, config).await;
        }
        let config = config?;
        for (name, known) in near_misses(&source) {
            let _ = writeln!(std::io::stderr(), "{name} is not a setting and is ignored; did you mean {known}?");
        }
        match command {
            Command::Serve | Command::Openapi(_) | Command::Doctor => serve::serve(&config).await,
            Command::Migrate => migrate::migrate(&config).await,
            Command::Demo => demo::demo(&config).await,
            Command::User(what) => user::user(&config, what).await,
            Command::Token(what) => token::token(&config, what).await,
            Command::Regions(what) => regions::regions(&config, what).await,
            Command::Bench(what) => bench::bench(config, *what).await,
            Command::Audit(what) => audit::audit(&config, what).await,
        }
    }
}

fn settings() -> (Source, Result<Config, Faults>) {
    match Source::here() {
        Ok(source) => {
            let config = Config::read(&source);
            (source, config)
        }
        Err(faults) => (Source::default(), Err(faults)),
    }
}
