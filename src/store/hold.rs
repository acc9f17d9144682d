//! Locks on what is no row, such as a name that nothing has yet. They are PostgreSQL's advisory ones, and go with the
//! transaction.

use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;

use super::Tx;
use crate::base::error::Result;
use crate::base::secret::sha256;

diesel::define_sql_function! {
    fn pg_advisory_xact_lock(key: BigInt);
}
diesel::define_sql_function! {
    fn pg_advisory_xact_lock_shared(key: BigInt);
}
diesel::define_sql_function! {
    fn pg_try_advisory_xact_lock(key: BigInt) -> Bool;
}

/// The key of a name. That two names have the same one is unlikely, and then one waits for the other.
pub(super) fn key_of(name: &[u8]) -> i64 {
    sha256(name).first_chunk::<8>().map_or(0, |bytes| i64::from_le_bytes(*bytes))
}

/// Waits until nobody else holds the key, and holds it alone.
pub(super) async fn alone(tx: &mut Tx, key: i64) -> Result<()> {
    diesel::select(pg_advisory_xact_lock(key)).execute(tx.conn()?).await?;
    Ok(())
}

/// Waits until nobody holds the key alone, and holds it with others.
pub(super) async fn together(tx: &mut Tx, key: i64) -> Result<()> {
    diesel::select(pg_advisory_xact_lock_shared(key)).execute(tx.conn()?).await?;
    Ok(())
}

/// Holds the key alone, unless somebody else holds it: then `false`, at once.
pub(super) async fn at_once(tx: &mut Tx, key: i64) -> Result<bool> {
    Ok(diesel::select(pg_try_advisory_xact_lock(key)).get_result(tx.conn()?).await?)
}
