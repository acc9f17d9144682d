//! Slugs out of headlines in every script.

use dateline::rules::slug::{LONGEST, check, family, from_text, numbered};
use proptest::prelude::*;

#[test]
fn headlines_become_readable_names() {
    for (headline, slug) in [
        (
            "China ‘May Lift Retirement Age’ to Ease Pension Strain",
            "china-may-lift-retirement-age-to-ease-pension-strain",
        ),
        ("Sean O’Mara's week", "sean-omaras-week"),
        ("Größe & Übermaß", "grosse-ubermass"),
        ("İstanbul'da ışık", "istanbulda-isik"),
        ("北京反击", "bei-jing-fan-ji"),
        ("서울의 봄", "seoulyi-bom"),
        ("Ａ １", "a-1"),
        ("  --a--b--  ", "a-b"),
        ("", "untitled"),
        ("!?…", "untitled"),
    ] {
        assert_eq!(from_text(headline), slug, "{headline}");
    }
    assert!(!from_text("😀🚀").is_empty());
}

#[test]
fn long_headlines_are_cut_at_a_words_end() {
    let slug = from_text(&"word ".repeat(2_000));
    assert!(slug.len() <= LONGEST && slug.ends_with("-word"), "{slug}");
    assert_eq!(from_text(&"a".repeat(10_000)).len(), LONGEST);
}

#[test]
fn nothing_looks_like_an_id() {
    for id in ["0198f3c2-7b1a-7c3e-9a52-4d6f8e0b1c2d", "0198f3c27b1a7c3e9a524d6f8e0b1c2d"] {
        assert!(check(id).is_err());
        assert!(check(&from_text(id)).is_ok());
        assert_eq!(from_text(id), format!("id-{id}"));
    }
}

#[test]
fn odd_slugs_are_refused() {
    for odd in ["", "A", "a--b", "-a", "a-", "a_b", "a b", "é", "a/b", "a.b", &"a".repeat(121)] {
        assert!(check(odd).is_err(), "{odd}");
    }
}

proptest! {
    #![proptest_config(crate::stories::tried())]

    #[test]
    fn any_text_makes_a_slug_that_stays(text in "\\PC{0,200}|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", n in 2..100_000u32) {
        let slug = from_text(&text);
        prop_assert_eq!(check(&slug), Ok(()), "{}", slug);
        prop_assert_eq!(from_text(&slug), slug.clone());
        prop_assert_eq!(check(&numbered(&slug, n)), Ok(()));
        let other = numbered(&slug, n);
        prop_assert_eq!(family(&other), family(&slug));
    }

    #[test]
    fn all_choices_of_a_slug_are_one_family(slug in "[a-c]{1,3}(-[a-c0-9]{1,4}){0,30}", n in 2..=u32::MAX) {
        let slug: String = slug.chars().take(LONGEST).collect();
        let slug = slug.trim_end_matches('-');
        let other = numbered(slug, n);
        prop_assert_eq!(family(&other), family(slug));
        prop_assert!(!family(slug).is_empty() && slug.starts_with(family(slug)));
    }
}
