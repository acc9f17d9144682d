//! Brings a database to the schema of this binary, one process at a time.

use diesel::sql_types::BigInt;
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::base::error::{Error, Result};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
/// Any fixed number serves; all instances use this one.
const LOCK: i64 = 7_236_551_204;

/// Applies what is missing and answers the names of what was applied. `tell` hears each name before it runs.
///
/// # Errors
/// 503 when the server does not answer, 500 when a migration fails; then that migration is undone.
pub async fn migrate(url: &str, tell: impl Fn(&str) + Send) -> Result<Vec<String>> {
    let mut connection = AsyncPgConnection::establish(url).await.map_err(Error::unavailable)?;
    // A session lock: it outlives each migration's own transaction and goes with the connection.
    diesel::select(pg_advisory_lock(LOCK)).execute(&mut connection).await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    let mut applied = Vec::new();
    for migration in harness.pending_migrations(MIGRATIONS).map_err(Error::internal)? {
        let name = migration.name().to_string();
        tell(&name);
        harness.run_migration(&migration).map_err(Error::internal)?;
        applied.push(name);
    }
    Ok(applied)
}

/// How many migrations of this binary the database lacks.
///
/// # Errors
/// 503 when the server does not answer.
pub async fn pending(url: &str) -> Result<usize> {
    let connection = AsyncPgConnection::establish(url).await.map_err(Error::unavailable)?;
    let mut harness = AsyncMigrationHarness::new(connection);
    Ok(harness.pending_migrations(MIGRATIONS).map_err(Error::internal)?.len())
}

/// Undoes every migration, the newest first.
///
/// # Errors
/// As [`migrate`].
pub async fn revert_all(url: &str) -> Result<()> {
    let connection = AsyncPgConnection::establish(url).await.map_err(Error::unavailable)?;
    let mut harness = AsyncMigrationHarness::new(connection);
    harness.revert_all_migrations(MIGRATIONS).map_err(Error::internal)?;
    Ok(())
}

diesel::define_sql_function! {
    fn pg_advisory_lock(key: BigInt) -> diesel::sql_types::Bool;
}
