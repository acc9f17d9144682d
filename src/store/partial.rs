//! What was sent, as far as its schema takes it.

use super::Tx;
use crate::base::error::{Code, Error, Fault, Result};

/// A value whose schema may have refused parts of it. These are left out, and nothing is written of the others: the
/// rules look at them all the same, so that all faults are told at once.
#[derive(Debug)]
pub struct Partial<T> {
    value: T,
    faults: Vec<Fault>,
}

impl<T> Partial<T> {
    /// A value that its schema takes.
    pub fn whole(value: T) -> Self {
        Self { value, faults: Vec::new() }
    }

    /// What is left of a value without the members that have faults.
    pub fn without(faults: Vec<Fault>, value: T) -> Self {
        Self { value, faults }
    }

    /// Acts on the value if it is whole. If it is not, undoes what was done.
    ///
    /// # Errors
    /// What `act` answers; of a value that is not whole 422, with its faults and those that `act` found in the rest.
    pub async fn write<O>(self, tx: &mut Tx, act: impl AsyncFnOnce(&mut Tx, T) -> Result<O>) -> Result<O> {
        let Self { value, mut faults } = self;
        if faults.is_empty() {
            return act(tx, value).await;
        }
        let tried = tx
            .attempt(async |tx| match act(tx, value).await {
                Ok(_) => Err::<(), _>(Error::invalid(Vec::new())),
                Err(error) => Err(error),
            })
            .await?;
        if let Err(Error { code: Code::Invalid, faults: mut more, .. }) = tried {
            more.retain(|fault| !faults.iter().any(|known| member(known) == member(fault)));
            faults.extend(more);
        }
        Err(Error::invalid(faults))
    }
}

/// The member of the body that a fault lies in.
fn member(fault: &Fault) -> Option<&str> {
    fault.pointer.as_deref()?.split('/').nth(1)
}
