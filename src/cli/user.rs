//! `dateline user create`: somebody who may sign in, made from the machine itself; the first admin comes to be this way.

use std::io::{IsTerminal as _, Read as _, stdin};

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};
use console::Term;

use super::failure::{Failure, Outcome};
use super::home::Home;
use super::kept;
use crate::base::clock::Clock;
use crate::base::config::Config;
use crate::base::id::random_bytes;
use crate::desk::people::{self, NewUser};
use crate::rules::password;
use crate::rules::permission::Role;
use crate::store::records::Doer;

/// Longer input is no password; reading stops there.
const MOST_INPUT: u64 = 4096;

/// What to do with users.
#[derive(Debug, Subcommand)]
pub enum User {
    Create(Create),
}

/// Add a user who may sign in. The password is asked for without showing it, or read from standard input.
#[derive(Args, Debug)]
pub struct Create {
    /// E-mail address, with which the user signs in.
    #[arg(long)]
    email: String,
    /// Name, as the newsroom shows it.
    #[arg(long)]
    name: String,
    /// What they may do; each role may all that the one before it may.
    #[arg(long, value_parser = PossibleValuesParser::new(Role::ALL.map(Role::as_str)).try_map(|role| role.parse::<Role>()))]
    role: Role,
    /// Make up a password and show it once.
    #[arg(long)]
    generate: bool,
}

/// Adds a user.
///
/// # Errors
/// When the address is taken, or the password may not be chosen.
pub async fn user(config: &Config, what: User) -> Outcome {
    let User::Create(new) = what;
    let (password, made) = if new.generate { (kept::password(), true) } else { (typed()?, false) };
    let about = [new.email.as_str(), new.name.as_str(), config.fixed().site_name.as_str()];
    password::check(&password, &about).map_err(|(_, fault)| Failure::new(format!("The password {fault}.")))?;
    let hash = password::hash(&password, &random_bytes())?;
    let home = Home::open_migrated(config).await?;
    home.visit(async |home| {
        let now = Clock::system().now();
        let new = NewUser { email: new.email, name: new.name, role: new.role, regions: Vec::new(), author: None };
        let database = home.database()?;
        let person = database
            .write(async |tx| people::create_user(tx, &Doer::at_the_console(), new, Some(hash), now).await)
            .await?;
        println!("Added {} <{}> as {}.", person.user.name, person.user.email, person.user.role);
        if made {
            println!("The password, shown this once: {password}");
        }
        Ok(())
    })
    .await
}

/// A password from the keyboard, twice and without echo, or the first line of standard input.
fn typed() -> Outcome<String> {
    if !stdin().is_terminal() {
        let mut text = String::new();
        let read = stdin().take(MOST_INPUT).read_to_string(&mut text);
        read.map_err(|error| Failure::new(format!("Could not read the password from standard input: {error}.")))?;
        return match text.lines().next() {
            Some(line) if !line.is_empty() => Ok(line.to_owned()),
            _ => Err(Failure::new("No password came from standard input.\n  fix: pipe it in, or use --generate.")),
        };
    }
    let first = asked("Password: ")?;
    if asked("The same again: ")? == first { Ok(first) } else { Err(Failure::new("The two passwords differ.")) }
}

fn asked(question: &str) -> Outcome<String> {
    let term = Term::stderr();
    let answer = term.write_str(question).and_then(|()| term.read_secure_line());
    answer.map_err(|error| Failure::new(format!("Could not ask for the password: {error}.")))
}
