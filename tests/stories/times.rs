//! Instants as they are written.

use dateline::base::clock::Timestamp;
use proptest::prelude::*;

#[test]
fn any_offset_is_read_and_utc_written() {
    for (sent, written) in [
        ("2026-01-05T09:00:00Z", "2026-01-05T09:00:00.000Z"),
        ("2026-01-05T09:00:00.5+09:00", "2026-01-05T00:00:00.500Z"),
        ("2026-01-05t09:00:00.123z", "2026-01-05T09:00:00.123Z"),
        ("2026-01-05T09:00:00.120000000-00:00", "2026-01-05T09:00:00.120Z"),
        ("2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"),
    ] {
        assert_eq!(sent.parse::<Timestamp>().expect(sent).to_string(), written);
    }
}

#[test]
fn what_is_no_exact_instant_is_refused() {
    for odd in [
        "",
        "now",
        "infinity",
        "-infinity",
        "2026-01-05",
        "2026-01-05T09:00:00",
        "2026-01-05T09:00Z",
        "2026-01-05 09:00:00Z",
        "2026-01-05T24:00:00Z",
        "2026-01-05T09:60:00Z",
        "2026-01-05T09:00:60Z",
        "2026-12-31T23:59:60Z",
        "2025-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-05T09:00:00.0001Z",
        "2026-01-05T09:00:00+25:00",
        "2026-01-05T09:00:00−01:00",
        "2026-01-05T09:00:00 Z",
        "0000-12-31T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+01:00",
        "12026-01-05T09:00:00Z",
        "+2026-01-05T09:00:00Z",
        "1767603600",
        " 2026-01-05T09:00:00Z",
        "2026-01-05T09:00:00Z\n",
        "２026-01-05T09:00:00Z",
    ] {
        assert!(odd.parse::<Timestamp>().is_err(), "{odd:?}");
    }
}

proptest! {
    #![proptest_config(crate::stories::tried())]

    #[test]
    fn what_is_written_reads_back(ms in -62_135_596_800_000..253_402_300_799_999i64) {
        let at = Timestamp(chrono::DateTime::from_timestamp_millis(ms).expect("in range"));
        prop_assert_eq!(at.to_string().parse(), Ok(at));
        prop_assert_eq!(serde_json::from_value::<Timestamp>(serde_json::to_value(at).expect("JSON")).expect("a time"), at);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}|[0-9T:Z+. -]{0,30}") {
        let _ = text.parse::<Timestamp>();
    }
}
