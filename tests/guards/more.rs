//! Requests whose answer hangs on more than their operation: on what they ask beyond the least, or on what stands around
//! their object.

use dateline::rules::permission::Right;
use dateline::rules::workflow::{Verb, is_regional};
use serde_json::{Value, json};

use super::operations::Operation;

/// When the embargo of an article would end that is broken.
pub const EMBARGO: &str = "2026-01-06T05:00:00Z";
const SOONER: &str = "2026-01-06T04:00:00Z";
const WHY: &str = "The ministry published it itself.";

/// What there is beyond the least that an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    /// Nothing.
    Nothing,
    /// The article is under embargo, and the request breaks it.
    Breaking,
    /// The article is live.
    Live,
    /// The editor may publish in another region only.
    Elsewhere,
    /// Both.
    LiveElsewhere,
    /// Readers see the asset.
    Shown,
    /// Not for the caller but for somebody else.
    ForAnother,
}

impl More {
    /// What stands behind the operation in the access table.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Breaking => "+breaking",
            Self::Live => "+live",
            Self::Elsewhere => "+elsewhere",
            Self::LiveElsewhere => "+live_elsewhere",
            Self::Shown => "+shown",
            Self::ForAnother => "+for_another",
        }
    }

    /// The right that this needs beside that of the operation; none where it hangs on regions or on whose it is.
    pub fn right(self) -> Option<Right> {
        match self {
            Self::Breaking => Some(Right::BreakEmbargo),
            Self::Live => Some(Right::Publish),
            Self::ForAnother => Some(Right::People),
            Self::Nothing | Self::Elsewhere | Self::LiveElsewhere | Self::Shown => None,
        }
    }

    /// Whether the editor is limited to a region, and the article stands in another.
    pub fn is_elsewhere(self) -> bool {
        matches!(self, Self::Elsewhere | Self::LiveElsewhere)
    }

    /// Whether the article is live that is otherwise a draft.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Live | Self::LiveElsewhere)
    }

    /// What the body of such a request has beside.
    pub fn members(self, operation: &Operation) -> Value {
        match (self, operation.id.as_str()) {
            (Self::Breaking, "embargo_article") => json!({ "until": SOONER, "reason": WHY }),
            (Self::Breaking, "schedule_article" | "reschedule_article") => {
                json!({ "at": SOONER, "break_embargo": WHY })
            }
            (Self::Breaking, _) => json!({ "break_embargo": WHY }),
            _ => json!({}),
        }
    }
}

/// All of them. Whatever can break an embargo is among them, and whatever is bound to regions.
pub fn requests(operations: &[Operation]) -> Vec<(&Operation, More)> {
    let named = |id: &str| operations.iter().find(|one| one.id == id).unwrap_or_else(|| panic!("no operation {id}"));
    let breaks = |one: &&Operation| one.takes("break_embargo") || one.id == "embargo_article";
    let mut all: Vec<(&Operation, More)> = operations.iter().filter(breaks).map(|one| (one, More::Breaking)).collect();
    assert!(all.len() >= 5, "less breaks an embargo than did: {}", all.len());
    let regional = Verb::ALL.iter().filter(|verb| is_regional(**verb));
    all.extend(regional.map(|verb| (named(&format!("{verb}_article")), More::Elsewhere)));
    all.push((named("delete_article"), More::Live));
    all.push((named("delete_article"), More::LiveElsewhere));
    all.push((named("patch_media"), More::Shown));
    all.push((named("create_token"), More::ForAnother));
    all
}
