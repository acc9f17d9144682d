//! Parameters that are none, and values that mean something elsewhere: to SQL, to search, to a clock, to a parser.

use std::time::{Duration, Instant};

use super::operations;
use crate::support::{Stage, TestApp, json};

/// What an answer may take. The best of three tries counts, since other tests run at the same time.
const AT_MOST: Duration = Duration::from_millis(200);

#[actix_web::test]
async fn no_operation_takes_a_parameter_that_is_not_in_the_document() {
    let app = TestApp::start().await;
    let (reader, admin) = (app.reader(), app.admin().await);
    for read in operations().into_iter().filter(|operation| operation.pattern.starts_with("/v1/")) {
        let who = if read.is_newsroom() { &admin } else { &reader };
        for query in [
            "lmit=5",
            "limit[]=1",
            "filter[email][starts_with]=a",
            "where[updated_by][email]=x",
            "filter[author.user.role]=admin",
            "include=author.user",
            "include=related.related.related.related",
            "populate=*",
            "select=password_hash",
            "_method=DELETE",
            "next=//evil.example",
            "%ff=1",
            "a%00=1",
            "=1",
        ] {
            let method = read.method.parse().unwrap();
            let refused = who.request(method, format!("{}?{query}", read.path)).send().await;
            assert_eq!(refused.status(), 400, "{} {}?{query}: {refused}", read.method, read.pattern);
            assert_eq!(refused.code(), "invalid_parameter");
            assert!(!refused.text().contains("password_hash") || query.contains("password_hash"), "{refused}");
        }
        let many: String = (0..1000).map(|n| format!("f{n}=1&")).take(500).collect();
        let refused = who.request(read.method.parse().unwrap(), format!("{}?{many}", read.path)).send().await;
        assert_eq!(refused.status(), 400, "{refused}");
    }
}

#[actix_web::test]
async fn a_parameter_is_sent_once_and_says_something_that_is_text() {
    let app = TestApp::start().await;
    let (reader, admin) = (app.reader(), app.admin().await);
    for read in operations().into_iter().filter(|operation| operation.method == "GET") {
        let who = if read.is_newsroom() { &admin } else { &reader };
        for name in read.parameters() {
            for query in [
                format!("{name}="),
                name.to_string(),
                format!("{name}=%20"),
                format!("{name}=1&{name}=1"),
                format!("{name}=1&%{:02x}{}=1", name.as_bytes()[0], &name[1..]),
                format!("{name}[]=1"),
                format!("{name}[0]=1"),
                format!("{name}.x=1"),
                format!("{name}=%00"),
                format!("{name}=a%00b"),
                format!("{name}=%ff"),
                format!("{name}=%C0%80"),
                format!("{name}=%ED%A0%80"),
                format!("{name}=%0d%0aSet-Cookie:%20a=b"),
                format!("{name}=%zz"),
            ] {
                let refused = who.get(format!("{}?{query}", read.path)).send().await;
                assert_eq!(refused.status(), 400, "{}?{query}: {refused}", read.pattern);
                assert!(refused.find_header("set-cookie").is_none());
            }
        }
    }
}

#[actix_web::test]
async fn a_number_is_whole_in_bounds_and_in_one_spelling() {
    let app = TestApp::start().await;
    let (reader, admin) = (app.reader(), app.admin().await);
    let lists = operations().into_iter().filter(|operation| operation.parameters().contains(&"limit"));
    for list in lists.collect::<Vec<_>>() {
        let who = if list.is_newsroom() { &admin } else { &reader };
        for odd in [
            "0",
            "-1",
            "-0",
            "101",
            "1e1",
            "1e9",
            "1.0",
            "NaN",
            "Infinity",
            "null",
            "0x1",
            "01",
            "%2B1",
            "+1",
            "1,2",
            "1%20",
            "%D9%A1",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551616",
        ] {
            let refused = who.get(format!("{}?limit={odd}", list.path)).send().await;
            assert_eq!(refused.status(), 400, "{}?limit={odd}: {refused}", list.pattern);
            assert_eq!(refused.faults(), ["limit out_of_range"]);
        }
    }
}

#[actix_web::test]
async fn whatever_a_parameter_says_is_data() {
    let app = TestApp::start().await;
    let (reader, admin) = (app.reader(), app.admin().await);
    let odd = [
        "'",
        "%22)--",
        "%25",
        "_",
        "'||pg_sleep(5)--",
        "infinity",
        "2026-12-31T23:59:60Z",
        "10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
        "18446744073709551616",
        "%F0%9F%A6%80",
        "..%2F..%2Fetc%2Fpasswd",
        "0198c0de-7000-7000-8000-00000000dead",
    ];
    for read in operations().into_iter().filter(|operation| operation.method == "GET") {
        let who = if read.is_newsroom() { &admin } else { &reader };
        for name in read.parameters() {
            for value in odd {
                let path = format!("{}?{name}={value}", read.path);
                let mut best = Duration::MAX;
                for _ in 0..3 {
                    let started = Instant::now();
                    let answer = who.get(&path).send().await;
                    best = best.min(started.elapsed());
                    assert!(matches!(answer.status(), 200 | 400 | 404), "{path}: {answer}");
                    if best <= AT_MOST {
                        break;
                    }
                }
                assert!(best <= AT_MOST, "{path} took {best:?}");
            }
        }
        let long = who.get(format!("{}?q={}", read.path, "a".repeat(10_000))).send().await;
        assert_eq!(long.status(), 414, "{long}");
    }
}

#[actix_web::test]
async fn what_is_typed_into_a_search_costs_no_more_than_words() {
    let stage = Stage::set().await;
    stage.live("Hundred percent", json!({ "summary": "a % of the under_score" })).await;
    let admin = stage.app.admin().await;
    let odd = [
        "a".repeat(200),
        "a ".repeat(100).trim().to_owned(),
        "\"".repeat(200),
        "\"a\"".repeat(60),
        "(".repeat(200),
        ":*".repeat(100),
        "& | !".to_owned(),
        "-a -b -c".to_owned(),
        "or or or".to_owned(),
        "🦀".repeat(200),
        "\u{301}".repeat(200),
        "\u{202e}\u{200b}\u{2066}".to_owned(),
        "電".repeat(200),
        "%_%_%_%_%_%_%_%_%_%_".repeat(10),
        "\\".repeat(200),
        "'||pg_sleep(5)||'".to_owned(),
        "a'); DROP TABLE articles; --".to_owned(),
        "(a+)+$".to_owned(),
    ];
    for words in &odd {
        for path in [
            "/v1/articles",
            "/v1/topics",
            "/v1/authors",
            "/v1/regions",
            "/v1/newsroom/articles",
            "/v1/newsroom/topics",
            "/v1/newsroom/authors",
            "/v1/newsroom/regions",
            "/v1/newsroom/media",
            "/v1/newsroom/users",
        ] {
            let who = if path.starts_with("/v1/newsroom") { &admin } else { &stage.reader };
            let mut best = Duration::MAX;
            for _ in 0..3 {
                let started = Instant::now();
                let answer = who.get(path).query(&[("q", words)]).send().await;
                best = best.min(started.elapsed());
                assert!(matches!(answer.status(), 200 | 400), "{words:?} on {path}: {answer}");
                if best <= AT_MOST {
                    break;
                }
            }
            assert!(best <= AT_MOST, "{words:?} on {path} took {best:?}");
        }
    }
    // Marks that stand for anything elsewhere stand for themselves.
    let found = |q: &'static str| {
        let admin = admin.clone();
        async move {
            admin
                .get("/v1/newsroom/topics")
                .query(&[("q", q)])
                .send()
                .await
                .expect(200)
                .texts_in("/data", "/name")
                .len()
        }
    };
    for name in ["100% sure", "under_score", "back\\slash", "plain"] {
        admin.post("/v1/newsroom/topics", json!({ "name": name })).send().await.expect(201);
    }
    assert_eq!((found("%").await, found("_").await, found("\\").await, found("a%n").await), (1, 1, 1, 0));
}
