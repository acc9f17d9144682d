//! A correction as the newsroom sees it: with the revisions between which it lies.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::reference::StaffPerson;
use crate::base::clock::Timestamp;
use crate::store::corrections::Correction;

/// What was put right in public.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffCorrection {
    /// Its id.
    #[schema(example = "0198c0de-7000-7000-8000-000000000601")]
    pub id: Uuid,
    /// What readers are told, as text.
    #[schema(example = "An earlier version named the wrong city.", max_length = 2000)]
    pub note: String,
    /// The revision that was wrong.
    #[schema(example = 1, minimum = 1)]
    pub from_revision: i32,
    /// The revision that took its place.
    #[schema(example = 2, minimum = 1)]
    pub to_revision: i32,
    /// When.
    pub corrected_at: Timestamp,
    /// Who made it.
    pub corrected_by: Option<StaffPerson>,
}

impl StaffCorrection {
    /// The correction, with the name of the user if they are among these.
    pub fn of(one: &Correction, names: &HashMap<Uuid, String>) -> Self {
        Self {
            id: one.id,
            note: one.note.clone(),
            from_revision: one.from_revision,
            to_revision: one.to_revision,
            corrected_at: one.corrected_at.into(),
            corrected_by: StaffPerson::of(one.created_by, one.created_by.and_then(|id| names.get(&id))),
        }
    }
}
