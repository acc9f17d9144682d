//! As it was: what the public saw at an instant that is over.
//!
//! Which articles were live, in which words, with which links and in which order is what it was then. The names of
//! authors, regions, topics and media, and the tree of regions, are the present ones: they have no history. What was
//! taken down since, or purged from the trash, is not shown as of any time.

use utoipa::IntoParams;

use crate::base::clock::Timestamp;
use crate::base::error::{Error, Fault, Result};
use crate::http::App;
use crate::http::deliver::Freshness;
use crate::http::listing::{ByName, Only};
use crate::http::query::{FromParams, Params};
use crate::store::live::Moment;

/// The parameter `as_of`, as it was read.
#[derive(Clone, Copy, Debug)]
pub struct AsOf(Option<Timestamp>);

impl AsOf {
    /// Takes `as_of`.
    pub fn from_params(params: &mut Params) -> Self {
        Self(params.take("as_of"))
    }

    /// The instant that is asked about: now, unless another one is named.
    ///
    /// # Errors
    /// 400 for one that lies ahead: nobody outside may see the schedule.
    pub fn moment(self, app: &App) -> Result<Moment> {
        let now = app.now();
        match self.0 {
            None => Ok(Moment::now(now)),
            Some(at) if at.0 <= now => Ok(Moment::past(at.0)),
            Some(_) => {
                Err(Error::parameters(vec![Fault::of("as_of", "future", "lies ahead: what will be seen is not told")]))
            }
        }
    }
}

/// The instant that is asked about, of what has no history.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsOfParams {
    /// An instant that is over. Authors, topics and regions have no history: they are shown as they are now, whichever
    /// instant is asked about, and so they are named in everything that is shown as of then.
    #[param(required = false, example = "2026-01-05T09:00:00Z", value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
}

/// Members, and the instant that is asked about.
impl FromParams for (Only, AsOf) {
    fn from_params(params: &mut Params) -> Self {
        (Only::from_params(params), AsOf::from_params(params))
    }
}

/// A list by name, and the instant that is asked about.
impl FromParams for (ByName, AsOf) {
    fn from_params(params: &mut Params) -> Self {
        (ByName::from_params(params), AsOf::from_params(params))
    }
}

/// The clock changes nothing of what is over. Writes may: one that takes an article down, or renames an author. They have
/// their tags, but no time that could be told beforehand or afterwards.
pub fn lasting(moment: Moment, fresh: Freshness) -> Freshness {
    if moment.is_past() { Freshness { boundary: None, last_modified: None, ..fresh } } else { fresh }
}
