//! A look at a database server from outside of the pool: whether it answers, and whether it is fit to be used.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Integer, Text, Timestamptz};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use futures_util::future::try_join;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::replicas::NAME;
use crate::base::error::{Error, Result};

const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// Why a server could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// Nobody answers, or it is starting up or full: waiting may help. What was said.
    NotYet(String),
    /// It answers that the user or the password is wrong.
    Refused,
    /// It answers that there is no such database.
    NoDatabase,
}

/// Connects once and lets go again.
///
/// # Errors
/// Why that was not possible.
pub async fn reach(url: &str) -> std::result::Result<(), Unreached> {
    let attempt = tokio::time::timeout(ANSWER_WITHIN, tokio_postgres::connect(url, NoTls));
    let Ok(outcome) = attempt.await else { return Err(Unreached::NotYet("it does not answer".to_owned())) };
    match outcome {
        Ok((client, connection)) => {
            drop(client);
            // It ends by itself now that the client is gone; how does not matter.
            let _ = connection.await;
            Ok(())
        }
        Err(error) => Err(match error.code() {
            Some(code) if *code == SqlState::INVALID_CATALOG_NAME => Unreached::NoDatabase,
            Some(code) if code.code().starts_with("28") => Unreached::Refused,
            _ => Unreached::NotYet(cause(&error)),
        }),
    }
}

fn cause(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(said), _) => said.message().to_owned(),
        (None, Some(source)) => source.to_string(),
        (None, None) => error.to_string(),
    }
}

/// Whether something in between gives each transaction whichever connection is free. A session is none then: what is set
/// in it hits others, and what it listens to is not heard.
///
/// # Errors
/// 503 when two connections cannot be had.
pub async fn pools_transactions(url: &str) -> Result<bool> {
    let asked = async {
        let (one, other) = try_join(connected(url), connected(url)).await?;
        // In this order no pool can look like two sessions by giving away its connections in turn.
        let (a, b) = (server_of(&one).await?, server_of(&other).await?);
        let (b_again, a_again) = (server_of(&other).await?, server_of(&one).await?);
        Ok::<_, tokio_postgres::Error>(a == b || a != a_again || b != b_again)
    };
    tokio::time::timeout(ANSWER_WITHIN, asked).await.map_err(Error::unavailable)?.map_err(Error::unavailable)
}

/// It is driven until the client is dropped.
async fn connected(url: &str) -> std::result::Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// The process that answers, by the protocol that every pool understands.
async fn server_of(client: &Client) -> std::result::Result<Option<String>, tokio_postgres::Error> {
    let said = client.simple_query("SELECT pg_backend_pid()").await?;
    Ok(said.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    }))
}

/// What a server says of itself.
#[derive(Clone, Debug, QueryableByName)]
pub struct Condition {
    /// Such as 150020 for 15.20.
    #[diesel(sql_type = Integer)]
    pub version: i32,
    /// Whether a crash of the machine loses nothing.
    #[diesel(sql_type = Bool)]
    pub durable: bool,
    /// Its time.
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
    /// Encoding of the database, such as UTF8.
    #[diesel(sql_type = Text)]
    pub encoding: String,
    /// Whether it only follows another server.
    #[diesel(sql_type = Bool)]
    pub standby: bool,
    /// What it and the servers that follow it in this database have in common, and no others.
    #[diesel(sql_type = Text)]
    pub database: String,
    /// Whether this user may make schemas and extensions.
    #[diesel(sql_type = Bool)]
    pub may_create: bool,
    /// Needed extensions that are not installed on it.
    #[diesel(sql_type = Array<Text>)]
    pub missing: Vec<String>,
    /// Connections that it takes in all.
    #[diesel(sql_type = Integer)]
    pub connections: i32,
}

/// Asks the server about itself.
///
/// # Errors
/// 503 when it does not answer.
pub async fn examine(url: &str) -> Result<Condition> {
    let mut connection = AsyncPgConnection::establish(url).await.map_err(Error::unavailable)?;
    let question = format!(
        "SELECT {NAME}, current_setting('server_version_num')::int AS version, \
        current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on' AS durable, \
        clock_timestamp() AS now, \
        (SELECT pg_encoding_to_char(encoding)::text FROM pg_database WHERE datname = current_database()) AS encoding, \
        pg_is_in_recovery() AS standby, \
        has_database_privilege(current_database(), 'CREATE') AS may_create, \
        ARRAY(SELECT needed FROM unnest(ARRAY['btree_gist', 'unaccent']) AS needed \
              WHERE needed NOT IN (SELECT name FROM pg_available_extensions)) AS missing, \
        current_setting('max_connections')::int AS connections"
    );
    Ok(diesel::sql_query(question).get_result(&mut connection).await?)
}
