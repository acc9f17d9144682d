//! Times on the wall in all zones of the world, around every change of their clocks until 2037.

use chrono::{DateTime, Duration, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use dateline::rules::local_time::{NoInstant, instant};

fn shift(zone: Tz, at: DateTime<Utc>) -> Duration {
    Duration::seconds(i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()))
}

fn day(year: i32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().expect("a day")
}

/// The instants at which the clocks of a zone are changed, from 2026 to 2037: the first with another offset.
fn changes(zone: Tz) -> Vec<DateTime<Utc>> {
    let mut found = Vec::new();
    let (mut at, end) = (day(2026), day(2038) - Duration::days(2));
    while at < end {
        let next = at + Duration::days(1);
        if shift(zone, at) != shift(zone, next) {
            let (mut low, mut high) = (at, next);
            while high - low > Duration::seconds(1) {
                let middle = low + (high - low) / 2;
                if shift(zone, middle) == shift(zone, at) { low = middle } else { high = middle }
            }
            found.push(high);
        }
        at = next;
    }
    found
}

/// The instants at which the clocks show this, found without asking the library: each offset of the days around is tried.
fn showing(zone: Tz, wall: NaiveDateTime) -> Vec<DateTime<Utc>> {
    let near = (-28..=28).map(|hours| shift(zone, wall.and_utc() + Duration::hours(hours)));
    let mut offsets: Vec<Duration> = near.collect();
    offsets.sort_unstable();
    offsets.dedup();
    let tried = offsets.into_iter().map(|offset| (wall.and_utc() - offset, offset));
    let mut instants: Vec<DateTime<Utc>> =
        tried.filter(|(at, offset)| shift(zone, *at) == *offset).map(|(at, _)| at).collect();
    instants.sort_unstable();
    instants
}

#[test]
fn a_local_time_is_taken_in_every_zone_exactly_if_its_clocks_show_it_once() {
    let (mut zones, mut steps, mut skipped, mut twice) = (0, 0, 0, 0);
    for zone in TZ_VARIANTS {
        zones += 1;
        for change in changes(zone) {
            steps += 1;
            let (before, after) = (shift(zone, change - Duration::seconds(1)), shift(zone, change));
            let (old, new) = (change.naive_utc() + before, change.naive_utc() + after);
            let (low, high) = (old.min(new), old.max(new));
            let tick = Duration::milliseconds(1);
            for wall in [low - tick, low, low + (high - low) / 2, high - tick, high, high + tick] {
                let answer = instant(wall, zone);
                match (showing(zone, wall).as_slice(), answer) {
                    ([one], Ok(at)) => assert_eq!(at, *one, "{zone} {wall}"),
                    ([], Err(NoInstant::Skipped(from, to))) => {
                        skipped += 1;
                        let told = [from, to].map(|offset| Duration::seconds(i64::from(offset.local_minus_utc())));
                        assert_eq!(told, [before, after], "{zone} {wall}");
                    }
                    ([first, second], Err(NoInstant::Twice(one, other))) => {
                        twice += 1;
                        let told = [one, other].map(|offset| Duration::seconds(i64::from(offset.local_minus_utc())));
                        assert_eq!(told, [shift(zone, *first), shift(zone, *second)], "{zone} {wall}");
                    }
                    (expected, answer) => panic!("{zone} {wall}: {expected:?}, but {answer:?}"),
                }
            }
        }
    }
    assert!(zones > 500 && steps > 3_000 && skipped > 3_000 && twice > 3_000, "{zones} {steps} {skipped} {twice}");
}
