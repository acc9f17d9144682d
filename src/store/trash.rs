//! What was thrown away: found when its time is over, and removed with all that belongs to it.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Tx;
use super::schema::{articles, legal_holds, publications, slugs};
use crate::base::error::Result;

/// At most `most` articles that went into the trash before that instant and that no legal hold keeps: id and slug, each
/// locked. Those that somebody is working on are left for another time.
pub async fn due(tx: &mut Tx, before: DateTime<Utc>, most: i64) -> Result<Vec<(Uuid, String)>> {
    let held = legal_holds::table.filter(legal_holds::article_id.eq(articles::id));
    let query = articles::table
        .filter(articles::deleted_at.le(before).and(diesel::dsl::not(exists(held))))
        .order(articles::deleted_at.asc())
        .limit(most)
        .select((articles::id, articles::slug))
        .for_update()
        .skip_locked();
    Ok(query.load(tx.conn()?).await?)
}

/// Removes articles with everything that was theirs: revisions, publications, links from and to them. The slugs under
/// which readers found one stay taken, the others are free again. Other articles that translated one of them translate
/// nothing any more.
pub async fn remove(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    diesel::update(articles::table.filter(articles::translation_of.eq_any(ids)))
        .set(articles::translation_of.eq(None::<Uuid>))
        .execute(tx.conn()?)
        .await?;
    let shown = publications::table.filter(publications::article_id.eq_any(ids)).select(publications::slug);
    diesel::update(slugs::table.filter(slugs::article_id.eq_any(ids).and(slugs::slug.eq_any(shown))))
        .set((slugs::article_id.eq(None::<Uuid>), slugs::current.eq(false)))
        .execute(tx.conn()?)
        .await?;
    diesel::delete(publications::table.filter(publications::article_id.eq_any(ids))).execute(tx.conn()?).await?;
    diesel::delete(slugs::table.filter(slugs::article_id.eq_any(ids))).execute(tx.conn()?).await?;
    diesel::delete(articles::table.filter(articles::id.eq_any(ids))).execute(tx.conn()?).await?;
    Ok(())
}
