//! Differences of documents and of texts.

use dateline::rules::json_diff;
use dateline::rules::word_diff::{self, TextChange, TextGrain};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Applies the operations as any program would that reads RFC 6902.
fn applied(from: &Value, to: &Value) -> Value {
    let patch = serde_json::to_value(json_diff::between(from, to)).expect("JSON");
    let patch: json_patch::Patch = serde_json::from_value(patch).expect("a patch");
    let mut document = from.clone();
    json_patch::patch(&mut document, &patch).expect("a patch that fits");
    document
}

fn operations(from: &Value, to: &Value) -> Value {
    serde_json::to_value(json_diff::between(from, to)).expect("JSON")
}

/// Small documents in which the same keys, ids and values come again and again.
fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4).prop_map(Value::from),
        "[ab~/]{0,2}".prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map("[a-c~/]{0,2}", inner.clone(), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
            vec(("[a-f]", inner), 0..8)
                .prop_map(|items| items.into_iter().map(|(id, says)| json!({ "id": id, "says": says })).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(crate::stories::tried())]

    #[test]
    fn the_difference_applied_to_the_one_gives_the_other(from in document(), to in document()) {
        prop_assert_eq!(applied(&from, &to), to.clone());
        prop_assert_eq!(operations(&to, &to), json!([]));
    }

    #[test]
    fn two_texts_are_both_in_their_difference(from in "([a-c]{1,3}[ \\n，。]){0,30}|\\PC{0,60}", to in "([a-c]{1,3}[ \\n，。]){0,30}|\\PC{0,60}") {
        let found = word_diff::between(&from, &to);
        let without = |out: TextChange| found.runs.iter().filter(|run| run.change != out).map(|run| run.text.as_str()).collect::<String>();
        prop_assert_eq!(without(TextChange::Insert), from.clone());
        prop_assert_eq!(without(TextChange::Delete), to.clone());
        prop_assert!(found.runs.windows(2).all(|two| two[0].change != two[1].change));
    }
}

#[test]
fn a_block_before_all_others_is_one_operation() {
    let block = |id: &str, words: &str| json!({ "id": id, "html": words });
    let from = json!({ "blocks": [block("a", "A"), block("b", "B"), block("c", "C")] });
    let to = json!({ "blocks": [block("x", "X"), block("a", "A"), block("c", "C!")] });
    assert_eq!(
        operations(&from, &to),
        json!([
            { "op": "add", "path": "/blocks/0", "value": block("x", "X") },
            { "op": "remove", "path": "/blocks/2" },
            { "op": "replace", "path": "/blocks/2/html", "value": "C!" },
        ])
    );
}

#[test]
fn words_are_told_apart() {
    let found =
        word_diff::between("Two governments want a supply chain.", "Three governments want a joint supply chain.");
    let told: Vec<(&str, &str)> = found.runs.iter().map(|run| (run.change.as_str(), run.text.as_str())).collect();
    assert_eq!(
        told,
        [
            ("delete", "Two"),
            ("insert", "Three"),
            ("equal", " governments want a "),
            ("insert", "joint "),
            ("equal", "supply chain."),
        ]
    );
}

#[test]
fn long_texts_do_not_take_long() {
    let word = |n: usize, seed: usize| {
        let blank = if n.is_multiple_of(12) { "\n" } else { " " };
        format!("w{}{blank}", (n * 7 + seed * n) % 97)
    };
    let text = |seed: usize| (0..60_000).map(|n| word(n, seed)).collect::<Vec<_>>().concat();
    let begun = std::time::Instant::now();
    let found = word_diff::between(&text(1), &text(5));
    assert_eq!(found.grain, TextGrain::Line);
    let short = word_diff::between(&text(1)[..190_000], &text(5)[..190_000]);
    assert_eq!(short.grain, TextGrain::Word);
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
}
