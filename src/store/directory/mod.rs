//! Authors, regions and topics in memory: one immutable snapshot that all workers share. Every write of these raises a
//! version in the database; every read of delivery looks at it, and loads the snapshot anew when it differs. Of those of the
//! past the last ones are kept.

mod entries;
mod load;

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tokio::sync::Mutex;

use super::prepared::Prepare as _;
use super::schema::reference_version;
use super::statements::Statements;
use super::{Reader, Tx};
use crate::base::error::Result;

pub use entries::{Directory, KnownAuthor, KnownRegion, KnownTopic};
pub use load::Asset;
pub(super) use load::{ASSET, AssetSql};

/// So many snapshots of the past are kept.
const PASTS: usize = 2;

/// Where the snapshot lies. Cloning shares it.
#[derive(Clone, Default)]
pub struct Directories(Arc<Slot>);

#[derive(Default)]
struct Slot {
    present: RwLock<Option<Arc<Directory>>>,
    /// The last one in front. What was at a version does not change any more.
    past: RwLock<VecDeque<Arc<Directory>>>,
    /// Held while a worker loads, so that the others wait for its snapshot instead of loading too.
    loading: Mutex<()>,
}

impl Directories {
    /// The snapshot, if it is not older than `version`, 0 being any; else a new one. For a reader of the past the one of
    /// that version.
    pub(super) async fn at_least(&self, reader: &Reader, version: i64) -> Result<Arc<Directory>> {
        if reader.is_past() {
            return self.exactly(reader, version).await;
        }
        if let Some(present) = self.present(version) {
            return Ok(present);
        }
        let _alone = self.0.loading.lock().await;
        if let Some(present) = self.present(version) {
            return Ok(present);
        }
        let loaded = loaded(reader).await?;
        *self.0.present.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&loaded));
        Ok(loaded)
    }

    async fn exactly(&self, reader: &Reader, version: i64) -> Result<Arc<Directory>> {
        let fits = |kept: &&Arc<Directory>| version == 0 || kept.version == version;
        if let Some(kept) = self.0.past.read().unwrap_or_else(PoisonError::into_inner).iter().find(fits) {
            return Ok(Arc::clone(kept));
        }
        let loaded = loaded(reader).await?;
        let mut past = self.0.past.write().unwrap_or_else(PoisonError::into_inner);
        past.retain(|kept| kept.version != loaded.version);
        past.push_front(Arc::clone(&loaded));
        past.truncate(PASTS);
        Ok(loaded)
    }

    fn present(&self, version: i64) -> Option<Arc<Directory>> {
        let present = self.0.present.read().unwrap_or_else(PoisonError::into_inner);
        present.as_ref().filter(|present| present.version >= version).cloned()
    }
}

/// Done once for each change of the reference data, so it is not counted as a part of any request.
async fn loaded(reader: &Reader) -> Result<Arc<Directory>> {
    Ok(Arc::new(Statements::default().counting(load::load(reader)).await?))
}

/// Tells all readers that what they hold in memory is not the present any more.
/// What was changed in this transaction was as before until `now`.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn bump(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    diesel::update(reference_version::table)
        .set((reference_version::version.eq(reference_version::version + 1), reference_version::changed_at.eq(now)))
        .prepared()
        .execute(tx.conn()?)
        .await?;
    Ok(())
}
