//! Whether a region may stand where it is put: the parent and the members exist, nothing leads in a circle, and the
//! tree stays within its levels. All faults are found before any is told.

use uuid::Uuid;

use crate::base::error::{Fault, Result};
use crate::desk::unknown::unknown;
use crate::rules::reference::IdOrSlug;
use crate::rules::region::{MOST_LEVELS, RegionName, Shape};
use crate::store::{Tx, lookup};

/// A region that is being put somewhere, in the taxonomy as it is.
pub(super) struct Checked {
    pub id: Uuid,
    pub shape: Shape,
}

impl Checked {
    /// The parent that was named; the shape has the region under it from then on.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn parent(&mut self, tx: &mut Tx, sent: Option<&str>, faults: &mut Vec<Fault>) -> Result<Option<Uuid>> {
        let Some(text) = sent else { return Ok(None) };
        let keys: Vec<IdOrSlug> = text.parse().into_iter().collect();
        let found = lookup::regions(tx, &keys).await?;
        let Some(parent) = keys.first().and_then(|key| found.get(key).copied()) else {
            faults.push(unknown("/parent", "region", text));
            return Ok(None);
        };
        if self.shape.would_circle(parent, self.id) {
            faults.push(Fault::at("/parent", "circle", "is this region itself, or lies below it"));
        } else if self.shape.level(parent) + self.shape.height(self.id) > MOST_LEVELS {
            faults.push(Fault::at("/parent", "too_deep", format!("would make more than {MOST_LEVELS} levels")));
        } else {
            self.shape.put_under(self.id, parent);
        }
        Ok(Some(parent))
    }

    /// The members that were named; the shape has them from then on.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn members(&mut self, tx: &mut Tx, sent: &[String], faults: &mut Vec<Fault>) -> Result<Vec<Uuid>> {
        let keys: Vec<IdOrSlug> = sent.iter().filter_map(|text| text.parse().ok()).collect();
        let found = lookup::regions(tx, &keys).await?;
        let mut members: Vec<Uuid> = Vec::new();
        for (index, text) in sent.iter().enumerate() {
            let at = format!("/members/{index}");
            match text.parse().ok().and_then(|key: IdOrSlug| found.get(&key).copied()) {
                None => faults.push(unknown(at, "region", text)),
                Some(member) if members.contains(&member) => faults.push(Fault::at(at, "repeated", "stands twice")),
                Some(member) if self.shape.would_circle(self.id, member) => {
                    faults.push(Fault::at(at, "circle", "is this region itself, or lies above it"));
                }
                Some(member) => members.push(member),
            }
        }
        for member in &members {
            self.shape.add_member(self.id, *member);
        }
        Ok(members)
    }
}

/// Each language once.
pub(super) fn names_once(names: &[RegionName]) -> Vec<Fault> {
    let repeated = |index: &usize| {
        let language = names.get(*index).map(|name| &name.language);
        names.iter().take(*index).any(|earlier| Some(&earlier.language) == language)
    };
    let at = |index| Fault::at(format!("/names/{index}/language"), "repeated", "stands twice");
    (0..names.len()).filter(repeated).map(at).collect()
}
