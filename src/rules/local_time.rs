//! Times as people plan them: an instant with its offset, or what a clock on the wall of a zone shows. The latter is taken
//! only if it is shown exactly once; it is never guessed which of two was meant.

use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDateTime, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::base::clock::Timestamp;
use crate::base::error::Fault;
use crate::rules::change::Change;

/// The last year for which the rules of all zones are written out here.
const LAST_YEAR: i32 = 2037;
/// No offset, and no step of one, is as long.
const LONG: Duration = Duration::hours(26);
const FORMS: [&str; 2] = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"];

/// A time that is planned: an instant with an offset, or the time on the clocks of a zone.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum PlannedTime {
    /// RFC 3339 with an offset.
    At(Timestamp),
    /// What the clocks of a zone show.
    Local(LocalTime),
}

/// What the clocks of a zone show, exactly once: a time that is skipped, or shown twice, when they are changed is refused.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalTime {
    /// Date and time without an offset, until the end of 2037.
    #[schema(
        example = "2026-03-29T09:00",
        max_length = 23,
        pattern = "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?$"
    )]
    pub local: String,
    /// IANA name of the zone.
    #[schema(example = "Europe/London", min_length = 1, max_length = 60)]
    pub zone: String,
}

/// Why a local time is no instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoInstant {
    /// The clocks skip it: the offsets before and after.
    Skipped(FixedOffset, FixedOffset),
    /// The clocks show it twice: the offsets of the first and of the second time.
    Twice(FixedOffset, FixedOffset),
}

impl PlannedTime {
    /// The instant that is meant; `pointer` leads to it in the body.
    ///
    /// # Errors
    /// The fault: no such date or zone, or a local time that the clocks skip or show twice, with both offsets.
    pub fn instant(&self, pointer: &str) -> Result<DateTime<Utc>, Fault> {
        match self {
            Self::At(at) => Ok(at.0),
            Self::Local(local) => local.instant(pointer),
        }
    }
}

impl PlannedTime {
    /// The instant that is meant, or none and one more fault.
    pub fn read(&self, pointer: &str, faults: &mut Vec<Fault>) -> Option<DateTime<Utc>> {
        self.instant(pointer).map_err(|fault| faults.push(fault)).ok()
    }
}

/// The same of what a patch says of a time; one that cannot be read keeps the old one, and is one more fault.
pub fn read_change(sent: &Change<PlannedTime>, pointer: &str, faults: &mut Vec<Fault>) -> Change<DateTime<Utc>> {
    match sent {
        Change::Set(at) => at.read(pointer, faults).map_or(Change::Keep, Change::Set),
        Change::Clear => Change::Clear,
        Change::Keep => Change::Keep,
    }
}

impl LocalTime {
    fn instant(&self, pointer: &str) -> Result<DateTime<Utc>, Fault> {
        let Self { local, zone } = self;
        let no_time = |detail: &str| Fault::at(format!("{pointer}/local"), "no_time", detail);
        let wall = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(local, form).ok());
        // Clocks on walls show no leap second, which the parser takes and would keep.
        let wall = wall.filter(|wall| wall.nanosecond() < 1_000_000_000);
        let wall = wall.ok_or_else(|| no_time("is no date and time"))?;
        if wall.year() < 1970 || wall.year() > LAST_YEAR {
            return Err(no_time("lies outside the years 1970 to 2037: send it with its offset"));
        }
        let tz: Tz = zone.parse().map_err(|_| {
            Fault::at(format!("{pointer}/zone"), "unknown_zone", "is no IANA zone, such as Europe/London")
        })?;
        instant(wall, tz).map_err(|why| match why {
            NoInstant::Skipped(before, after) => Fault::at(
                pointer,
                "skipped",
                format!(
                    "does not exist in {zone}: its clocks go from {before} to {after} then. \
                     Send {local} with one of these offsets"
                ),
            ),
            NoInstant::Twice(first, second) => Fault::at(
                pointer,
                "ambiguous",
                format!(
                    "happens twice in {zone}: at {first}, and again at {second}. Send {local} with one of these offsets"
                ),
            ),
        })
    }
}

/// The one instant at which the clocks of the zone show this.
///
/// # Errors
/// They never do, or twice.
pub fn instant(wall: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, NoInstant> {
    use chrono::offset::LocalResult::{Ambiguous, None, Single};
    match zone.from_local_datetime(&wall) {
        Single(at) => Ok(at.with_timezone(&Utc)),
        Ambiguous(first, second) => Err(NoInstant::Twice(first.offset().fix(), second.offset().fix())),
        None => {
            let (before, after) = around(wall, zone);
            Err(NoInstant::Skipped(before, after))
        }
    }
}

/// The offsets before and after the step that skips this time.
fn around(wall: NaiveDateTime, zone: Tz) -> (FixedOffset, FixedOffset) {
    let offset = |utc: NaiveDateTime| zone.offset_from_utc_datetime(&utc).fix();
    let shows = |utc: NaiveDateTime| utc + offset(utc);
    // The clocks show less than this time at the lower end, and more at the upper one.
    let (mut low, mut high) = (wall - LONG, wall + LONG);
    while high - low > Duration::seconds(1) {
        let middle = low + (high - low) / 2;
        if shows(middle) < wall {
            low = middle;
        } else {
            high = middle;
        }
    }
    (offset(low), offset(high))
}
