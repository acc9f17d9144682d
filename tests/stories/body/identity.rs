//! Block ids survive.

use std::collections::HashSet;

use dateline::rules::body::{Block, Format, parse};
use serde_json::{Value, json};

use super::{html, read};

const BODY: &str = "<p>Japan and Canada intend to shorten the road between mine and battery.</p>\
    <p>Sixteen companies travelled with the officials last week.</p>\
    <p>No contracts were named by either side of the table.</p><h2>Next</h2><p>Talks follow in April.</p>";

fn ids(blocks: &[Block]) -> Vec<&str> {
    blocks.iter().map(|block| block.id.as_str()).collect()
}

fn again(content: &str, previous: &[Block]) -> Vec<Block> {
    parse(Format::Html, &Value::from(content), previous).expect("readable").blocks
}

#[test]
fn an_edit_of_one_paragraph_keeps_all_ids() {
    let before = html(BODY).blocks;
    let after = again(&BODY.replace("last week", "this month"), &before);
    assert_ne!(after[1].content, before[1].content);
    assert_eq!(ids(&after), ids(&before));
}

#[test]
fn a_paragraph_that_says_something_else_gets_a_new_id_and_others_keep_theirs() {
    let before = html(BODY).blocks;
    let after = again(&BODY.replace("Talks follow in April.", "Nothing of this kind happened."), &before);
    assert_eq!(ids(&after)[..4], ids(&before)[..4]);
    assert_ne!(after[4].id, before[4].id);
}

#[test]
fn moved_and_inserted_paragraphs_keep_ids_apart() {
    let before = html(BODY).blocks;
    let after = again(&format!("<p>New first.</p>{BODY}<p>Talks follow in April.</p>"), &before);
    assert_eq!(ids(&after)[1..6], ids(&before)[..]);
    assert_eq!(ids(&after).into_iter().collect::<HashSet<_>>().len(), 7);
}

#[test]
fn an_edit_in_chinese_keeps_the_id() {
    let before = html("<p>日本和加拿大計劃縮短礦山與電池之間的距離</p>").blocks;
    assert_eq!(ids(&again("<p>日本和加拿大計劃縮短礦山與電池的距離</p>", &before)), ids(&before));
}

#[test]
fn ids_that_are_sent_are_kept_and_odd_ones_refused() {
    let sent =
        json!([{ "id": "my-own-1", "type": "paragraph", "content": "a" }, { "type": "paragraph", "content": "a" }]);
    assert_eq!(read(Format::Blocks, sent).blocks[0].id, "my-own-1");
    for odd in ["UPPER", "ü", "a b", &"a".repeat(41)] {
        assert!(parse(Format::Blocks, &json!([{ "id": odd, "type": "divider" }]), &[]).is_err(), "{odd}");
    }
    let twice = json!([{ "id": "a", "type": "divider" }, { "id": "a", "type": "divider" }]);
    assert!(parse(Format::Blocks, &twice, &[]).is_err());
}
