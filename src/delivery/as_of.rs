//! As it was: what the public saw at an instant that is over, in the words, names and order of then.
//!
//! What is taken down now is not shown as of any time, nor is an article that was purged from the trash or an asset that
//! was removed.

use utoipa::IntoParams;

use crate::base::clock::Timestamp;
use crate::base::error::{Error, Fault, Result};
use crate::http::App;
use crate::http::deliver::Freshness;
use crate::http::listing::{ByName, Only};
use crate::http::query::{FromParams, Params};
use crate::store::Reader;
use crate::store::live::Moment;

/// The parameter `as_of`, as it was read.
#[derive(Clone, Copy, Debug)]
pub struct AsOf(Option<Timestamp>);

impl AsOf {
    /// Takes `as_of`.
    pub fn from_params(params: &mut Params) -> Self {
        Self(params.take("as_of"))
    }

    /// The instant that is asked about, now unless another one is named, and who reads what was there then.
    ///
    /// # Errors
    /// 400 for one that lies ahead: nobody outside may see the schedule.
    pub fn reader(self, app: &App) -> Result<(Moment, Reader)> {
        let now = app.now();
        let moment = match self.0 {
            None => Moment::now(now),
            Some(at) if at.0 <= now => Moment::past(at.0),
            Some(_) => {
                let fault = Fault::of("as_of", "future", "lies ahead: what will be seen is not told");
                return Err(Error::parameters(vec![fault]));
            }
        };
        Ok((moment, app.reader().at(moment)))
    }
}

/// The instant that is asked about.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsOfParams {
    /// What the public saw at this instant, which must be over.
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

/// The clock changes nothing of what is over. A write may: one that takes an article down, removes it for good, or lets it
/// out again. It tells the article's tags, but has no time that could be told beforehand or afterwards. The other tags
/// stay, because a write of an instant that is just over may still be under way.
pub fn lasting(moment: Moment, fresh: Freshness) -> Freshness {
    if moment.is_past() { Freshness { boundary: None, last_modified: None, dated: false, ..fresh } } else { fresh }
}
