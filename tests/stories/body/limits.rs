//! Bodies made to hurt: each is read or refused within a second or, not optimised, within a few.

#![expect(clippy::format_collect, reason = "bodies of a test are made once")]

use std::time::{Duration, Instant};

use dateline::rules::body::{self, Format, MOST_BLOCKS, MOST_BYTES, Parsed, parse, render};
use serde_json::{Value, json};

/// Time on the processor, so that other tests beside this one do not count.
fn spent() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

/// An answer within a second is the aim. Without optimisation all takes several times as long, and what grows with the square
/// of what is sent takes minutes.
const AT_MOST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 4 } else { 1 });

#[track_caller]
fn quickly<T>(what: &str, act: impl FnOnce() -> T) -> T {
    let (start, before) = (Instant::now(), spent());
    let answer = act();
    let took = before.zip(spent()).map_or_else(|| start.elapsed(), |(before, after)| after.saturating_sub(before));
    assert!(took < AT_MOST, "{what} took {took:?}");
    answer
}

fn filled(unit: &str) -> String {
    unit.repeat(MOST_BYTES / unit.len())
}

fn try_html(content: &str) -> Result<Parsed, String> {
    parse(Format::Html, &Value::from(content), &[]).map_err(|faults| format!("{faults:?}"))
}

#[test]
fn a_megabyte_of_anything_is_answered_quickly() {
    for unit in [
        "<div>",
        "<b>",
        "<p>",
        "<a href=x>",
        "<em><strong>",
        "<table>",
        "<table>a<tr>b",
        "<table><b>",
        "<ul><li>",
        "<blockquote>",
        "<svg>",
        "<template>",
        "<math><mi>",
        "<p>a</p>",
        "</p>",
        "</b>",
        "<br>",
        "<!---->",
        "<!--",
        "<",
        "&",
        "&amp",
        "a<b ",
        "<a/b",
        "<![CDATA[",
        "<svg><![CDATA[]]>",
        "<script>",
        "<select><option>",
        "<form><div></form>",
        "<b></p>",
        "<b><p>",
        "<a><p>",
        "<i></b>",
        "a ",
        "<img src=https://a.example/b>",
        "<figure><figcaption>",
        "<textarea>",
        "<td>",
        "<font size=1><p>x",
    ] {
        let _ = quickly(unit, || try_html(&filled(unit)));
        // As much as is not refused for its length alone.
        let marks = unit.matches(['<', '&']).count().max(1);
        let _ = quickly(unit, || try_html(&unit.repeat(59_000 / marks)));
        let _ = quickly(unit, || try_html(&format!("{}{}", unit.repeat(19_000 / marks), "<p>a".repeat(900))));
    }
}

#[test]
fn formatting_that_is_opened_and_never_closed_is_not_copied_without_end() {
    let open: String = (0..20_000).map(|n| format!("<b id={n}>")).collect();
    let paragraphs = "<p>x".repeat(100_000);
    let refused = quickly("open", || try_html(&format!("{open}{paragraphs}")));
    assert!(refused.expect_err("refused").contains("too_complex"));
}

#[test]
fn floods_of_attributes_are_refused_wherever_they_hide() {
    let flood: String = (0..100_000).map(|n| format!(" a{n}")).collect();
    for start in [
        "<a",
        "</a",
        "<a<b",
        "<<p",
        "<a x=\">\"",
        "<!-- <a x=\" --><b",
        "<script><a x=\"</script><b",
        "<textarea></textarea",
        "<svg><![CDATA[]]><b",
        "<a x='",
        "<!doctype html><b",
        "<?x><b",
        "<a/",
        "<a x=y/",
        "&<b",
        "&am<b",
        "<a =",
        "<title><!-- </title><b",
    ] {
        let answer = quickly(start, || try_html(&format!("<p>{start}{flood}>x</p>")));
        if start != "<a x='" {
            assert!(answer.expect_err(start).contains("attributes"), "{start}");
        }
    }
    let long = format!("<p title=\"{}\">words</p>", "a < b \" c='".repeat(2_000).replace('"', "'"));
    assert_eq!(try_html(&long).expect("a long value is no flood").blocks[0].words(), "words");
}

#[test]
fn what_is_refused_inside_of_blocks_is_refused_too() {
    let sent =
        json!([{ "type": "paragraph", "content": filled("<b id=1><i>").chars().take(99_990).collect::<String>() }]);
    assert!(quickly("blocks", || parse(Format::Blocks, &sent, &[])).is_err());
}

#[test]
fn deep_but_honest_nesting_keeps_its_words() {
    let deep = format!("{}words{}", "<div>".repeat(150), "</div>".repeat(150));
    assert_eq!(try_html(&deep).expect("readable").blocks[0].words(), "words");
    let deep = format!("{}words{}", "<q>".repeat(150), "</q>".repeat(150));
    assert!(try_html(&deep).expect("readable").blocks[0].words().contains("words"));
}

#[test]
fn bodies_have_at_most_so_many_blocks_and_bytes() {
    let paragraphs = |count: usize| (0..count).map(|n| format!("<p>Paragraph {n}</p>")).collect::<String>();
    assert_eq!(try_html(&paragraphs(MOST_BLOCKS)).expect("as many as may be").blocks.len(), MOST_BLOCKS);
    assert!(try_html(&paragraphs(MOST_BLOCKS + 1)).expect_err("one too many").contains("max_items"));
    assert!(try_html(&"a".repeat(MOST_BYTES + 1)).expect_err("too long").contains("max_length"));
    assert!(try_html(&"a".repeat(MOST_BYTES)).expect_err("one block too long").contains("max_length"));
}

#[test]
fn many_changed_blocks_are_compared_quickly() {
    let body = |turn: usize| -> String {
        (0..MOST_BLOCKS)
            .map(|n| {
                format!(
                    "<p>{}</p>",
                    (0..70).map(|word| format!("w{} ", (n * 7 + word + turn * 30) % 9_000)).collect::<String>()
                )
            })
            .collect()
    };
    let before = quickly("first", || try_html(&body(0))).expect("readable").blocks;
    let sent = Value::from(body(1));
    let after = quickly("second", || parse(Format::Html, &sent, &before)).expect("readable").blocks;
    assert_eq!(after.len(), MOST_BLOCKS);
    quickly("rendering", || render(&after));
}

#[test]
fn payloads_are_not_bottomless() {
    let deep = (0..20).fold(json!(1), |inner, _| json!([inner]));
    assert!(parse(Format::Blocks, &json!([{ "type": "mystery", "a": deep }]), &[]).is_err());
}

#[test]
fn floods_of_warnings_become_few() {
    let sent: String = (0..20_000).map(|n| format!("<p a{n}=b>x")).take(1_900).collect();
    let warnings = quickly("warnings", || try_html(&sent)).expect("readable").warnings;
    assert_eq!(warnings.len(), 51);
    let long = format!("<p {}=1>x</p>", "a".repeat(900_000));
    assert!(try_html(&long).expect("readable").warnings[0].detail.len() < 600);
}

#[test]
fn seven_hundred_lists_are_read_and_drawn_quickly() {
    let item = |n: usize| match n % 4 {
        0 => format!("The {n}th of many, of which one reads <em>on</em>"),
        1 => format!("Number {n}: what was said &amp; done"),
        _ => "Words that say what they say, and nothing else.".to_owned(),
    };
    let list = |n: usize| json!({ "type": "list", "items": (0..8).map(|m| item(8 * n + m)).collect::<Vec<_>>() });
    let sent = Value::Array((0..700).map(list).collect());
    let parsed = quickly("reading", || parse(Format::Blocks, &sent, &[]).expect("lists"));
    quickly("drawing HTML", || body::as_html(&parsed.blocks));
    for format in Format::ALL {
        quickly(format.as_str(), || body::written(&parsed.blocks, format).expect("JSON"));
    }
}
