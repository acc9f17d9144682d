//! What only earlier revisions of articles name. It is as much in use as what their working copies name: it cannot be
//! deleted.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Tx;
use super::schema::earlier_names;
use crate::base::error::Result;

/// Remembers what the next revision of an article no longer names.
pub(super) async fn remember(tx: &mut Tx, article: Uuid, dropped: &[Uuid]) -> Result<()> {
    if dropped.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = dropped
        .iter()
        .map(|named| (earlier_names::named_id.eq(named), earlier_names::article_id.eq(article)))
        .collect();
    diesel::insert_into(earlier_names::table).values(rows).on_conflict_do_nothing().execute(tx.conn()?).await?;
    Ok(())
}

/// How many articles named one of these in an earlier revision. To be counted after those that name it now: what is
/// dropped meanwhile is then found in one place or the other.
pub(super) async fn count(tx: &mut Tx, named: &[Uuid]) -> Result<i64> {
    let found = earlier_names::table.filter(earlier_names::named_id.eq_any(named));
    Ok(found.count().get_result(tx.conn()?).await?)
}
