//! Whether the database answers.

use diesel_async::RunQueryDsl;

use super::Database;
use crate::base::error::Result;

/// One trivial query.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn ping(db: &Database) -> Result<()> {
    let one = || diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1"));
    db.outside_tx(async |conn| one().execute(conn).await).await.map(drop)
}
