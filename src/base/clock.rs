//! Time as the program sees it: one clock that tests can move, and the one written form of an instant.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Datelike, SecondsFormat, SubsecRound, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// Where "now" comes from. Cloning shares the clock.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    fixed_at_ms: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self { fixed_at_ms: None }
    }

    /// A clock that stands still until it is [`set`](Self::set).
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self { fixed_at_ms: Some(Arc::new(AtomicI64::new(at.timestamp_millis()))) }
    }

    /// Moves a fixed clock; the machine's clock stays as it is.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Some(ms) = &self.fixed_at_ms {
            ms.store(at.timestamp_millis(), Ordering::SeqCst);
        }
    }

    /// The present instant in whole milliseconds, the precision that is stored and shown.
    #[expect(clippy::disallowed_methods, reason = "the only place that reads the machine's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        self.fixed_at_ms
            .as_ref()
            .and_then(|ms| DateTime::from_timestamp_millis(ms.load(Ordering::SeqCst)))
            .unwrap_or_else(Utc::now)
            .trunc_subsecs(3)
    }
}

/// An instant as the API writes it: RFC 3339 in UTC with milliseconds, `2026-01-05T09:00:00.000Z`.
/// Input carries any offset; a local time without one is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-01-05T09:00:00.000Z")]
pub struct Timestamp(pub DateTime<Utc>);

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl FromStr for Timestamp {
    type Err = &'static str;

    /// # Errors
    /// Says what is wrong with the text: no offset, no such day, a leap second, finer than a millisecond, or a year
    /// outside 1 to 9999.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The reader below also takes a space for the T and signs that are not ASCII.
        let exact = text.is_ascii() && text.as_bytes().get(10).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'T'));
        let at = Some(text).filter(|_| exact).and_then(|text| DateTime::parse_from_rfc3339(text).ok());
        let at = at.ok_or("is not an RFC 3339 time with an offset, such as 2026-01-05T09:00:00Z")?;
        if at.nanosecond() >= 1_000_000_000 {
            return Err("names a leap second, which no clock here has");
        }
        if at.nanosecond() % 1_000_000 != 0 {
            return Err("is finer than a millisecond");
        }
        let at = at.with_timezone(&Utc);
        if !(1..=9999).contains(&at.year()) {
            return Err("lies outside the years 1 to 9999");
        }
        Ok(Self(at))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
