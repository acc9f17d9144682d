//! Times in the demo's files: written from the instant of loading, as `-2d5h50m` or `+18h`, so that the newsroom is
//! always of today.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer};

/// A distance from the instant of loading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(TimeDelta);

impl Moment {
    /// The instant, counted from `loaded_at`.
    pub(super) fn after(self, loaded_at: DateTime<Utc>) -> DateTime<Utc> {
        loaded_at + self.0
    }

    /// Reads a sign, then days, hours and minutes, each at most once and in this order.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (sign, mut rest) = match text.split_at_checked(1)? {
            ("-", rest) => (-1, rest),
            ("+", rest) => (1, rest),
            _ => return None,
        };
        if rest.is_empty() {
            return None;
        }
        let mut minutes: i64 = 0;
        for (unit, worth) in [('d', 24 * 60), ('h', 60), ('m', 1)] {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at_checked(digits)?;
            if let Some(after) = after.strip_prefix(unit) {
                minutes += number.parse::<i64>().ok().filter(|number| *number < 1_000)? * worth;
                rest = after;
            }
        }
        rest.is_empty().then(|| Self(TimeDelta::minutes(sign * minutes)))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        Self::read(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no time such as -2d5h30m")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_from_the_instant_of_loading() {
        let loaded_at: DateTime<Utc> = "2026-01-05T08:00:00Z".parse().unwrap();
        let at = |text: &str| Moment::read(text).map(|moment| moment.after(loaded_at).to_rfc3339());
        assert_eq!(at("-2d5h50m").as_deref(), Some("2026-01-03T02:10:00+00:00"));
        assert_eq!(at("+18h").as_deref(), Some("2026-01-06T02:00:00+00:00"));
        for wrong in ["", "-", "2d", "-5", "-1m1h", "-1h ", "-dh"] {
            assert_eq!(at(wrong), None, "{wrong:?}");
        }
    }
}
