//! The laws that libFuzzer tries for as long as wanted (`tests/fuzz/run`), tried here on a little that was made up, so that
//! they go on fitting the library.

#[path = "../fuzz/src/lib.rs"]
pub(super) mod laws;

use proptest::prelude::*;

type Law = fn(&[u8]);

/// Every law, with text from which it can get somewhere.
const LAWS: &[(Law, &[&str])] = &[
    (laws::slug, &["\u{4eac}-a 1", "0198c0de-7000-7000-8000-00000000dead"]),
    (laws::cursor, &["AXsia2V5IjoiIn0", "-_"]),
    (laws::query, &["region=asia,europe&limit=7&", "q=%41+b", "as_of=2026-01-05T09:00:00Z"]),
    (laws::times, &["2026-01-05T09:00:00.120+09:00", "24:00"]),
    (laws::merge_patch, &["{\"a\":1,\"b\":[2]}{\"a\":[1],\"b\":2}", "{\"a\":1}{\"a\":2}"]),
    (laws::html, &["<p>a<b>c</p>", "<table><td>", "<ul><li>x", "<img src=https://a.example/b alt=''>"]),
    (laws::markdown, &["# a\n\n", "- b\n", "| c |\n|---|\n", "**d** *e* `f`", "> g"]),
    (laws::cleaner, &["<em>a", "<a href='javascript:b'>", "<svg><script>", "&lt;", "<q>"]),
    (laws::portable_text, &["[{\"_type\":\"block\",\"children\":[{\"_type\":\"span\",\"text\":\"a\"}]}]", "[{}]"]),
    (laws::strict_json, &["{\"a\":1,\"a\":2}", "1e400", "[0.10]"]),
];

#[test]
fn what_is_fuzzed_holds_for_what_it_starts_from() {
    for (law, seeds) in LAWS {
        for seed in *seeds {
            law(seed.as_bytes());
        }
    }
}

proptest! {
    #![proptest_config(crate::stories::tried())]

    #[test]
    fn what_is_fuzzed_holds_for_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..80), text in "\\PC{0,80}") {
        for (law, seeds) in LAWS {
            law(&bytes);
            law(text.as_bytes());
            for seed in *seeds {
                let at = bytes.len() % (seed.len() + 1);
                let at = (0..=at).rev().find(|at| seed.is_char_boundary(*at)).unwrap_or(0);
                law(format!("{}{text}{}", &seed[..at], &seed[at..]).as_bytes());
            }
        }
    }
}
