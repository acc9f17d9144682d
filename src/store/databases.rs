//! Whole databases on a server that is ours to arrange.

use diesel::dsl::sql;
use diesel::sql_types::{Bool, Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use crate::base::error::{Error, Result};

/// Creates the database unless it is there, and answers whether it did. `url` leads to another database of the server.
///
/// # Errors
/// 503 when the server does not answer, 500 when it refuses.
pub async fn create_missing(url: &str, name: &str) -> Result<bool> {
    let mut connection = AsyncPgConnection::establish(url).await.map_err(Error::unavailable)?;
    if exists(&mut connection, name).await? {
        return Ok(false);
    }
    let quoted = name.replace('"', "\"\"");
    let created = connection
        .batch_execute(&format!("CREATE DATABASE \"{quoted}\" TEMPLATE template0 ENCODING 'UTF8'"))
        .await
        .map(|()| true);
    // Another program may have been faster.
    match created {
        Err(_) if exists(&mut connection, name).await? => Ok(false),
        created => Ok(created?),
    }
}

async fn exists(connection: &mut AsyncPgConnection, name: &str) -> Result<bool> {
    let there = sql::<Bool>("EXISTS (SELECT FROM pg_database WHERE datname = ").bind::<Text, _>(name).sql(")");
    Ok(diesel::select(there).get_result(connection).await?)
}
