//! Query strings are read strictly; cursors belong to the list that made them.

#![expect(clippy::format_collect, reason = "the query of a test is made once")]

use dateline::base::secret::Key;
use dateline::http::cursor;
use dateline::http::query::{FromParams, Params, Query};
use dateline::rules::page::Position;
use proptest::prelude::*;
use uuid::Uuid;

#[derive(Debug, PartialEq)]
struct Wanted {
    limit: Option<i64>,
    words: Option<String>,
    flag: Option<bool>,
    list: Option<Vec<String>>,
}

impl FromParams for Wanted {
    fn from_params(params: &mut Params) -> Self {
        Self {
            limit: params.number("limit", 1, 100),
            words: params.words("q", 10),
            flag: params.flag("flag"),
            list: params.list("list", 3),
        }
    }
}

fn read(raw: &str) -> Result<Wanted, String> {
    Query::<Wanted>::read(raw).map(|query| query.0).map_err(|error| format!("{error:?}"))
}

#[test]
fn what_is_well_said_is_read() {
    assert_eq!(read(""), Ok(Wanted { limit: None, words: None, flag: None, list: None }));
    let wanted = Wanted {
        limit: Some(7),
        words: Some("a b&=é".to_owned()),
        flag: Some(true),
        list: Some(vec!["x".to_owned(), "y".to_owned()]),
    };
    assert_eq!(read("limit=7&q=a+b%26%3D%C3%A9&flag=true&list=x,y"), Ok(wanted));
    assert_eq!(read("q=a%20b").expect("a space").words.as_deref(), Some("a b"));
    assert_eq!(read("q=a%2Bb").expect("a plus").words.as_deref(), Some("a+b"));
}

#[test]
fn what_is_odd_is_refused_by_name() {
    for (raw, code) in [
        ("limit=0", "out_of_range"),
        ("limit=101", "out_of_range"),
        ("limit=%2B7", "out_of_range"),
        ("limit=7.0", "out_of_range"),
        ("limit=99999999999999999999", "out_of_range"),
        ("limit= 7", "out_of_range"),
        ("limit", "empty"),
        ("limit=", "empty"),
        ("q=%20", "empty"),
        ("limit=1&limit=1", "repeated"),
        ("limit=1&%6Cimit=2", "repeated"),
        ("limits=1", "did you mean limit"),
        ("zzz=1", "unknown_parameter"),
        ("=1", "unknown_parameter"),
        ("q=%", "encoding"),
        ("q=%4", "encoding"),
        ("q=%GG", "encoding"),
        ("q=%FF", "encoding"),
        ("q=%C3", "encoding"),
        ("q=%00", "encoding"),
        ("q=%0A", "encoding"),
        ("q=%ED%A0%80", "encoding"),
        ("q=%+1", "encoding"),
        ("%=1", "encoding"),
        ("q=12345678901", "max_length"),
        ("flag=TRUE", "unknown_value"),
        ("flag=1", "unknown_value"),
        ("list=a,b,c,d", "too_many"),
        ("list=a,a", "repeated"),
        ("list=a,,b", "empty"),
        ("list=,", "empty"),
    ] {
        let error = read(raw).expect_err(raw);
        assert!(error.contains(code), "{raw}: {error}");
    }
    let many: String = (0..60).map(|n| format!("p{n}=1&")).collect();
    assert!(read(&many).expect_err("many").contains("too_many"));
}

fn place() -> impl Strategy<Value = Position> {
    ("\\PC{0,30}", any::<u128>(), any::<bool>()).prop_map(|(key, id, back)| Position {
        key,
        id: Uuid::from_u128(id),
        back,
    })
}

proptest! {
    #![proptest_config(crate::stories::tried())]

    #[test]
    fn any_query_is_read_or_refused(raw in "\\PC{0,60}|[a-z%&=+,0-9A-F]{0,60}") {
        let _ = read(&raw);
    }

    #[test]
    fn any_words_can_be_sent(words in "[^\\x00-\\x1f\\x7f-\\x9f]{1,10}") {
        prop_assume!(!words.trim().is_empty());
        let raw: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", &words).finish();
        prop_assert_eq!(read(&raw).expect("readable").words, Some(words));
    }

    #[test]
    fn a_cursor_leads_back_and_no_other_text_does(position in place(), at in any::<prop::sample::Index>(), bit in 0..6u8) {
        let key = Key::derive(b"secret", "cursor");
        let cursor = cursor::write(&key, "articles\nregion=x", &position);
        prop_assert_eq!(cursor::read(&key, "articles\nregion=x", &cursor).expect("its own"), position);
        prop_assert!(cursor::read(&key, "articles\nregion=y", &cursor).is_err());
        prop_assert!(cursor::read(&key, "articles", &cursor).is_err());
        prop_assert!(cursor::read(&Key::derive(b"other", "cursor"), "articles\nregion=x", &cursor).is_err());
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut letters: Vec<char> = cursor.chars().collect();
        let at = at.index(letters.len());
        let value = alphabet.find(letters[at]).expect("a letter of base64") ^ (1 << bit);
        letters[at] = alphabet.chars().nth(value).expect("a letter");
        prop_assert!(cursor::read(&key, "articles\nregion=x", &letters.iter().collect::<String>()).is_err());
        prop_assert!(cursor::read(&key, "articles\nregion=x", &cursor[..at]).is_err());
    }

    #[test]
    fn any_text_is_no_cursor(text in "\\PC{0,60}|[A-Za-z0-9_-]{0,80}") {
        prop_assert!(cursor::read(&Key::derive(b"secret", "cursor"), "articles", &text).is_err());
    }
}
