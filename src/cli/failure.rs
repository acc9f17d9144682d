//! Why a command stopped, in words for the person at the terminal.

use std::fmt;

use crate::base::config::Faults;
use crate::base::error::Error;

/// A failure of a command.
#[derive(Debug)]
pub struct Failure(String);

/// What commands return.
pub type Outcome<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure in its words: what went wrong and what to do.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self(faults.to_string())
    }
}

impl From<Error> for Failure {
    /// Where the program failed, its cause is what helps: no client reads this.
    fn from(error: Error) -> Self {
        let faults = error.faults.iter().map(|fault| {
            let place = fault.pointer.as_deref().or(fault.parameter.as_deref()).unwrap_or_default();
            format!("\n  {} {}", place.trim_start_matches('/'), fault.detail)
        });
        let faults: String = faults.collect();
        let ours = error.code.status() >= 500;
        match error.source {
            _ if !faults.is_empty() => Self(format!("{}{faults}", error.code.title())),
            Some(source) if ours => Self(chain(source.as_ref())),
            _ => Self(error.detail),
        }
    }
}

/// An error with all its causes, each once.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let text = next.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        cause = next.source();
    }
    words
}
