//! A legal hold as administrators see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::reference::StaffPerson;
use crate::base::clock::Timestamp;
use crate::store::legal_holds::LegalHold;

/// Why an article cannot be deleted.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffLegalHold {
    /// Why.
    #[schema(example = "Example v. Example Press, see file 12", max_length = 1000)]
    pub reason: String,
    /// Who said so.
    pub placed_by: Option<StaffPerson>,
    /// When.
    pub placed_at: Timestamp,
}

impl StaffLegalHold {
    /// The hold with the name of who placed it.
    pub fn of(hold: LegalHold, name: Option<&String>) -> Self {
        Self { placed_by: StaffPerson::of(hold.placed_by, name), reason: hold.reason, placed_at: hold.placed_at.into() }
    }
}
