//! Who is editing an article.

use serde::Serialize;
use utoipa::ToSchema;

use super::reference::StaffPerson;
use crate::base::clock::Timestamp;
use crate::store::presence::Lease;

/// Whether somebody is editing an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffPresence {
    /// Who; `null` for nobody.
    pub being_edited: Option<StaffLease>,
}

/// Somebody who is editing an article. A sign, not a lock: the `ETag` decides what may be written.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffLease {
    /// Who.
    pub by: StaffPerson,
    /// Without a break since.
    pub since: Timestamp,
    /// Unless it is renewed, until then.
    pub expires_at: Timestamp,
}

impl From<Lease> for StaffLease {
    fn from(lease: Lease) -> Self {
        Self {
            by: StaffPerson { id: lease.user_id, name: lease.name },
            since: lease.since.into(),
            expires_at: lease.expires_at.into(),
        }
    }
}
