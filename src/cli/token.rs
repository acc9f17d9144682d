//! `dateline token create`: an API token for a tool, made from the machine itself.

use chrono::TimeDelta;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};

use super::failure::{Failure, Outcome};
use super::home::Home;
use crate::base::clock::{Clock, Timestamp};
use crate::base::config::Config;
use crate::base::error::{Code, Error};
use crate::desk::tokens::{self, NewToken};
use crate::rules::email;
use crate::rules::permission::Right;
use crate::store::people;
use crate::store::records::Doer;

/// What to do with API tokens.
#[derive(Debug, Subcommand)]
pub enum Token {
    Create(Create),
}

/// Make an API token that acts for a user. It is shown once; only its hash is kept.
#[derive(Args, Debug)]
pub struct Create {
    /// E-mail address of the user for whom it acts.
    #[arg(long)]
    user: String,
    /// What people call it, such as "wire import".
    #[arg(long)]
    name: String,
    /// What it allows, separated by commas.
    #[arg(long, value_delimiter = ',', required = true,
        value_parser = PossibleValuesParser::new(Right::ALL.map(Right::as_str)).try_map(|scope| scope.parse::<Right>()))]
    scopes: Vec<Right>,
    /// In how many days it ends.
    #[arg(long, default_value_t = tokens::DEFAULT_DAYS, value_parser = clap::value_parser!(i64).range(1..=tokens::LONGEST_DAYS))]
    days: i64,
}

/// Makes a token and prints it alone on standard output; everything else goes to standard error.
///
/// # Errors
/// When there is no such user, or the user's role does not allow the scopes.
pub async fn token(config: &Config, what: Token) -> Outcome {
    let Token::Create(new) = what;
    let address = email::normal(&new.user).map_err(|fault| Failure::new(format!("--user {fault}.")))?;
    let home = Home::open_migrated(config).await?;
    home.visit(async |home| {
        let now = Clock::system().now();
        let database = home.database()?;
        let (token, secret) = database
            .write(async |tx| {
                let user = people::by_email(tx, &address).await?.ok_or_else(Error::not_found)?;
                let expires_at = Some(now + TimeDelta::days(new.days));
                let wanted = NewToken { user_id: user.id, name: new.name, scopes: new.scopes, expires_at };
                tokens::create(tx, &Doer::at_the_console(), wanted, now).await
            })
            .await
            .map_err(|error| named(error, &address))?;
        eprintln!("A token for {address} until {}, shown this once:", Timestamp(token.expires_at));
        println!("{secret}");
        Ok(())
    })
    .await
}

fn named(error: Error, address: &str) -> Failure {
    if error.code == Code::NotFound {
        return Failure::new(format!("There is no user {address}.\n  fix: dateline user create --email {address} ..."));
    }
    error.into()
}
