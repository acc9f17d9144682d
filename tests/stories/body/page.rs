//! The page that a newsroom tool sends.

use dateline::rules::body::{Format, related_targets, render, word_count};

use super::{codes, html, read, said};
use serde_json::json;

const PAGE: &str = include_str!("page.html");

#[test]
fn a_page_becomes_six_paragraphs_and_a_link_in_its_place() {
    let parsed = html(PAGE);
    let kinds: Vec<&str> = parsed.blocks.iter().map(|block| block.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["paragraph", "paragraph", "paragraph", "related_link", "paragraph", "paragraph"],
        "{:#?}",
        said(&parsed.blocks)
    );
}

#[test]
fn its_link_has_label_address_and_title() {
    let blocks = html(PAGE).blocks;
    let targets = related_targets(&blocks);
    assert_eq!(targets.len(), 1);
    assert_eq!(targets[0].label.as_deref(), Some("Also on DL"));
    assert_eq!(targets[0].href, "/north-asia/china-may-lift-retirement-age");
    assert_eq!(targets[0].title, "China ‘May Lift Retirement Age’ to Ease Pension Strain");
}

#[test]
fn what_is_taken_out_is_named_and_nothing_of_it_stays() {
    let parsed = html(PAGE);
    let codes = codes(&parsed);
    for code in [
        "comment_removed",
        "attribute_removed",
        "spacer_removed",
        "tracking_removed",
        "element_removed",
        "credit_moved",
    ] {
        assert!(codes.contains(&code), "{code} is missing in {codes:?}");
    }
    let rendered = render(&parsed.blocks).html;
    for gone in ["wp:", "style=", "class=", "tracker.example", "fbq", "<img", "&nbsp;", "Example Wire"] {
        assert!(!rendered.contains(gone), "{gone} is still in {rendered}");
    }
    let spacers = parsed.warnings.iter().find(|warning| warning.code == "spacer_removed").expect("spacers");
    assert_eq!(spacers.detail, "an empty paragraph was removed, after block 1, 3 times in all");
}

#[test]
fn words_stay_as_typed() {
    let blocks = html(PAGE).blocks;
    assert!(blocks[1].words().ends_with("about “lasting and resilient” deliveries."));
    assert!(blocks[2].words().ends_with("<em>“For storage batteries there are few partners that matter more.”</em>"));
    assert!(blocks[0].words().contains("Japan’s industry ministry"));
}

#[test]
fn the_credit_list_moves_to_the_credit_line() {
    assert_eq!(html(PAGE).credit.as_deref(), Some("Example Wire with additional editing by Sean O’Mara"));
}

#[test]
fn the_same_post_twice_gives_the_same_ids() {
    assert_eq!(html(PAGE).blocks, html(PAGE).blocks);
}

#[test]
fn words_are_counted_in_every_script() {
    let count = |text: &str| word_count(&read(Format::Text, text).blocks);
    assert_eq!(count("Two governments want a joint supply chain."), 7);
    assert_eq!(count("日本と加拿大"), 6);
    assert_eq!(count("東京 and Seoul 서울은"), 5);
    assert_eq!(count("— … 42"), 1);
    let list = json!([{ "type": "list", "ordered": true, "items": ["one", "two words"] }, { "type": "divider" }]);
    assert_eq!(word_count(&read(Format::Blocks, list).blocks), 3);
    let link = json!([{ "type": "related_link", "label": "More", "title": "Three hidden words", "href": "/a/b" }]);
    assert_eq!(word_count(&read(Format::Blocks, link).blocks), 0);
}

#[test]
fn reading_takes_a_minute_at_least() {
    use dateline::rules::body::reading_minutes;
    assert_eq!([reading_minutes(0, "en"), reading_minutes(230, "en"), reading_minutes(231, "en-GB")], [1, 1, 2]);
    assert_eq!([reading_minutes(450, "zh-Hant"), reading_minutes(451, "ja")], [1, 2]);
}
