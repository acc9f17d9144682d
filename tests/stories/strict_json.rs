//! JSON is taken as it was sent, or not at all.

use dateline::http::strict_json::parse;
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn what_would_change_is_refused() {
    for odd in [
        r#"{"a":1,"a":2}"#,
        r#"{"x":[{"b":null,"b":null}]}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#""a\u0000b""#,
        r#"{"\u0000":1}"#,
        "18446744073709551616",
        "-9223372036854775809",
        "1e400",
        "9007199254740993.0",
        "1e16",
        "-1e300",
        "1e-400",
        "0.12345678901234567890123",
        "[1.00000000000000000001]",
        "-12345678901234567.5",
        "{\"\\\\\":0.1234567890123456789}",
        "1.7976931348623157081e308",
        "[0.0e-0, 4e-325]",
        "",
        " ",
        "{",
        "[1,]",
        "01",
        "1 2",
        "NaN",
        "Infinity",
        "'a'",
        "{a:1}",
        "// a\n1",
        r#""\ud800""#,
        "\u{feff}1",
        &"[".repeat(200),
    ] {
        assert!(parse(odd).is_err(), "{odd}");
    }
}

#[test]
fn what_is_exact_is_kept() {
    for fine in [
        "0",
        "-0",
        "0.1",
        "1.50",
        "1e3",
        "1.5e-7",
        "0.0",
        "0e5",
        "-0.000e9",
        "0.1000000000000000000000",
        "0.30000000000000004",
        "-0.5e-3",
        "1200e-2",
        "123.456E+2",
        r#"["0.12345678901234567890123", "\\"]"#,
        "18446744073709551615",
        "-9223372036854775808",
        "9007199254740991.0",
        r#""\ud83d\ude00""#,
        "[[],{}]",
        " null ",
        r#"{"a":"0e-9"}"#,
    ] {
        assert_eq!(parse(fine).ok(), serde_json::from_str(fine).ok(), "{fine}");
    }
    assert_eq!(parse(r#"{"a":{"b":1},"c":{"b":1}}"#), Ok(json!({ "a": { "b": 1 }, "c": { "b": 1 } })));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e15..1e15f64).prop_map(Value::from),
        "[^\\x00]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[^\\x00]{0,6}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(crate::stories::tried())]

    #[test]
    fn unambiguous_json_is_read_as_by_everybody(value in any_json()) {
        let text = value.to_string();
        prop_assert_eq!(parse(&text), Ok(serde_json::from_str::<Value>(&text).expect("JSON")));
    }

    #[test]
    fn a_key_that_stands_twice_is_refused(key in "[^\\x00]{0,6}", value in any_json()) {
        let key = Value::from(key);
        let text = format!("[{{{key}:1,{key}:{value}}}]");
        prop_assert!(parse(&text).is_err());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}|[0-9eE.,:{}\\[\\]\" +-]{0,40}") {
        if let Ok(value) = parse(&text) {
            prop_assert_eq!(value, serde_json::from_str::<Value>(&text).expect("JSON"));
        }
    }
}
