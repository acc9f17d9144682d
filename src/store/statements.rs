//! Counts the SQL statements that one request sends, so that a test can hold the count against the page size.

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;

use diesel::connection::{Instrumentation, InstrumentationEvent};

tokio::task_local! {
    static CURRENT: Statements;
}

/// The count of one request. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub struct Statements(Rc<Cell<u32>>);

impl Statements {
    /// How many statements were sent so far, without `BEGIN` and `COMMIT`.
    pub fn count(&self) -> u32 {
        self.0.get()
    }

    /// Runs the future so that its statements are counted here.
    pub async fn counting<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }

    /// The count of the request that is running, or a fresh one outside of a request.
    pub fn current() -> Self {
        CURRENT.try_with(Self::clone).unwrap_or_default()
    }
}

/// Reports each statement of a connection to the request that sent it.
pub(super) fn counter() -> impl Instrumentation {
    // Each of these events is followed by the statement that it is about.
    let mut is_bracket = false;
    move |event: InstrumentationEvent<'_>| match event {
        InstrumentationEvent::BeginTransaction { .. }
        | InstrumentationEvent::CommitTransaction { .. }
        | InstrumentationEvent::RollbackTransaction { .. } => is_bracket = true,
        InstrumentationEvent::StartQuery { .. } if is_bracket => is_bracket = false,
        InstrumentationEvent::StartQuery { .. } => {
            let _ = CURRENT.try_with(|now| now.0.set(now.0.get().saturating_add(1)));
        }
        _ => {}
    }
}
