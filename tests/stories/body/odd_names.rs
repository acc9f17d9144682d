//! Members under names that look like others once somebody takes a character out of them. What a member may hold hangs on
//! its name, so none of these may come around the cleaner, by whichever way it comes in.

use dateline::rules::body::{Format, Parsed, parse, render};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::cleaner::is_harmless;
use super::said;

const NAMES: &[&str] = &[
    "caption", "cite", "href", "url", "src", "poster", "items", "rows", "content", "html", "type", "id", "_type",
    "_key", "title", "images", "links", "note",
];
const ODD: &[&str] = &["\u{1}", "\u{7f}", "\u{85}", "\r\n", "\n", "\t", "\u{200b}", "\u{feff}", " "];
const NASTY: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><script>x</script>",
    "javascript:alert(1)",
    "data:text/html,<script>x</script>",
    "//evil.example",
    "words",
];

/// A name with something in it that does not show.
fn odd_name() -> impl Strategy<Value = String> {
    (prop::sample::select(NAMES), prop::sample::select(ODD), 0..6usize).prop_map(|(name, odd, place)| {
        let (start, end) = name.split_at(place.min(name.len()));
        format!("{start}{odd}{end}")
    })
}

fn members(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec((odd_name(), inner), 1..4).prop_map(|all| all.into_iter().collect())
}

fn nested() -> impl Strategy<Value = Value> {
    prop::sample::select(NASTY).prop_map(Value::from).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            members(inner.clone()).prop_map(Value::Object),
            prop::collection::vec(inner, 1..3).prop_map(Value::Array),
        ]
    })
}

/// A block that is fine but for odd members, of its own and of what lies in it.
fn block() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(
        &["gallery", "link_list", "image", "embed", "quote", "list", "mystery", "related_link"][..],
    );
    (kind, members(nested()), members(nested())).prop_map(|(kind, own, inner)| {
        let with = |fine: Value, odd: &Map<String, Value>| {
            let Value::Object(mut fine) = fine else { panic!("no object") };
            fine.extend(odd.clone());
            Value::Object(fine)
        };
        let web = json!({ "url": "https://m.example/a.jpg" });
        let fine = match kind {
            "gallery" => json!({ "images": [with(web, &inner)] }),
            "link_list" => json!({ "links": [with(json!({ "href": "/a", "title": "t" }), &inner)] }),
            "image" | "embed" => with(web, &inner),
            "quote" => json!({ "content": "words", "cite": "whose", "note": inner }),
            "list" => json!({ "items": ["one"], "ordered": false, "note": [inner] }),
            "related_link" => json!({ "href": "/a", "title": "t", "note": inner }),
            _ => json!({ "content": "words", "note": inner }),
        };
        let mut block = with(fine, &own);
        block["type"] = json!(kind);
        block
    })
}

/// One block as each way in takes it.
fn ways(block: &Value) -> [(Format, Value); 3] {
    let kind = block["type"].as_str().expect("a type");
    let mut payload = block.clone();
    payload.as_object_mut().expect("an object").remove("type");
    let quoted = payload.to_string().replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let shown = match kind {
        "quote" => "<p>words</p><cite>whose</cite>",
        "list" => "<p>one</p>",
        "link_list" | "related_link" => "<p>t</p>",
        "mystery" => "<p>words</p>",
        "embed" => "<p>https://m.example/a.jpg</p>",
        _ => "",
    };
    let mut portable = payload;
    portable["_type"] = json!(kind);
    [
        (Format::Blocks, json!([block])),
        (Format::Html, Value::from(format!("<div data-block=\"{kind}\" data-payload=\"{quoted}\">{shown}</div>"))),
        (Format::PortableText, json!([portable])),
    ]
}

/// Every member of a value, however deep, with its name.
fn each<'a>(value: &'a Value, act: &mut impl FnMut(&'a str, &'a Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| each(item, act)),
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            act(name, member);
            each(member, act);
        }),
        _ => {}
    }
}

/// Whether every member may hold what it holds.
fn is_clean(value: &Value) -> bool {
    let mut fine = true;
    each(value, &mut |name, member| {
        let text = member.as_str().unwrap_or("/");
        fine &= !name.contains(char::is_control);
        fine &= match name {
            "caption" | "cite" | "html" => is_harmless(text),
            "href" | "url" | "src" | "poster" => ["https://", "/a"].iter().any(|start| text.starts_with(start)),
            _ => true,
        };
    });
    fine
}

fn holds(parsed: &Parsed) -> Result<(), TestCaseError> {
    let blocks = serde_json::to_value(&parsed.blocks).expect("JSON");
    let renditions = render(&parsed.blocks);
    prop_assert!(is_clean(&blocks), "{blocks}");
    prop_assert!(is_clean(&renditions.portable_text), "{}", renditions.portable_text);
    prop_assert!(is_harmless(&renditions.html), "{}", renditions.html);
    let mut options = comrak::Options::default();
    options.render.r#unsafe = true;
    let drawn = comrak::markdown_to_html(&renditions.markdown, &options);
    prop_assert!(is_harmless(&drawn), "{}\n-> {drawn}", renditions.markdown);
    let again = parse(Format::Blocks, &blocks, &parsed.blocks).expect("what was cleaned can be read");
    prop_assert_eq!(said(&again.blocks), said(&parsed.blocks));
    prop_assert!(again.warnings.is_empty(), "{:?}", again.warnings);
    Ok(())
}

proptest! {
    #![proptest_config(crate::stories::tried())]

    #[test]
    fn no_name_brings_anything_around_the_cleaner(sent in block()) {
        for (format, content) in ways(&sent) {
            let parsed = parse(format, &content, &[]);
            prop_assert!(parsed.is_ok(), "{format}: {content}: {parsed:?}");
            holds(&parsed.expect("read"))?;
        }
    }
}

#[test]
fn a_script_under_a_name_with_a_control_character_is_not_kept() {
    for odd in ["\u{1}", "\u{7f}", "\u{85}"] {
        let sent = json!([
            { "type": "gallery", "images": [{ "url": "https://m.example/a.jpg", format!("cap{odd}tion"): "<script>x</script>" }] },
            { "type": "link_list", "links": [{ "href": "/a", "title": "t", format!("hre{odd}f"): "javascript:x" }] },
            { "type": "mystery", "deep": [{ format!("ur{odd}l"): "javascript:x" }] },
        ]);
        let parsed = parse(Format::Blocks, &sent, &[]).expect("readable");
        let kept = serde_json::to_string(&parsed.blocks).expect("JSON");
        assert!(!kept.contains("script"), "{kept}");
        let told = parsed.warnings.iter().filter(|warning| warning.code == "member_removed").count();
        assert_eq!(told, 3, "{:?}", parsed.warnings);
    }
}
