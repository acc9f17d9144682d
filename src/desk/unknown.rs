//! What is said of a name that names nothing.

use crate::base::error::Fault;

/// The fault of a reference to something that there is not, or that the caller may not know of: the same for both.
pub fn unknown(at: impl Into<String>, noun: &str, sent: &str) -> Fault {
    let of = if noun == "asset" { "media" } else { noun };
    Fault::at(at, &format!("unknown_{of}"), format!("{sent:?} is no {noun}"))
}
