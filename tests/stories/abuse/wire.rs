//! What is no HTTP, or two requests that look like one: refused or closed, one answer at most, and others never notice.

use std::time::{Duration, Instant};

use crate::support::{TestApp, json, statuses};

const GET: &str = "GET /v1/topics HTTP/1.1\r\n";
const POST: &str = "POST /v1/newsroom/topics HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n";
const HIDDEN: &str = "GET /v1/topics?hidden=1 HTTP/1.1\r\nHost: a.example\r\n\r\n";

#[actix_web::test]
async fn requests_that_hide_another_are_answered_once_and_refused() {
    let app = TestApp::start().await;
    for head in [
        format!("{POST}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        format!("{POST}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n"),
        format!("{POST}Content-Length: 2\r\nContent-Length: 9\r\n\r\n{{}}"),
        format!("{POST}Content-Length: 2, 2\r\n\r\n{{}}"),
        format!("{POST}Content-Length: +2\r\n\r\n{{}}"),
        format!("{POST}Content-Length: -2\r\n\r\n{{}}"),
        format!("{POST}Content-Length: 2 2\r\n\r\n{{}}"),
        format!("{POST}Content-Length: 0x2\r\n\r\n{{}}"),
        format!("{POST}Content-Length: 18446744073709551616\r\n\r\n{{}}"),
        format!("{POST}Content-Length : 2\r\n\r\n{{}}"),
        format!("{POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        format!("{POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        format!("{POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n"),
        format!("{POST}X-A: b\r\n Content-Length: 2\r\n\r\n{{}}"),
        format!("{GET}Host: a.example\r\nHost: b.example\r\n\r\n"),
        format!("{GET}\r\n"),
    ] {
        let heard = app.told(format!("{head}{HIDDEN}")).await;
        let refused = matches!(statuses(&heard).as_slice(), [] | ["400"]);
        assert!(refused && is_explained(&heard), "{head:?} was answered {heard}");
    }
    app.reader().get("/v1/topics").send().await.expect(200);
}

/// Whether what was refused got a problem with an id, as every refusal does.
fn is_explained(heard: &str) -> bool {
    let head = heard.to_ascii_lowercase();
    heard.is_empty() || (head.contains("application/problem+json") && head.contains("x-request-id: "))
}

#[actix_web::test]
async fn what_is_no_request_is_refused_or_closed() {
    let app = TestApp::start().await;
    let many = (0..97).map(|n| format!("X-{n}: 1\r\n")).collect::<Vec<_>>().concat();
    let large = format!("X-Large: {}\r\n", "x".repeat(140_000));
    for (name, bytes) in [
        ("garbage", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec()),
        ("NUL in a header", format!("{GET}Host: a.example\r\nX-A: a\0b\r\n\r\n").into_bytes()),
        ("NUL in the path", b"GET /v1/topics\0 HTTP/1.1\r\nHost: a.example\r\n\r\n".to_vec()),
        ("0xFF in the path", b"GET /v1/topics/\xff HTTP/1.1\r\nHost: a.example\r\n\r\n".to_vec()),
        ("a bare CR", format!("{GET}Host: a.example\r\nX-A: a\rX-B: b\r\n\r\n").into_bytes()),
        ("another version", b"GET /v1/topics HTTP/9.9\r\nHost: a.example\r\n\r\n".to_vec()),
        ("no version", b"GET /v1/topics\r\n\r\n".to_vec()),
        ("a quote in the query", b"GET /v1/topics?q=\"a\" HTTP/1.1\r\nHost: a.example\r\n\r\n".to_vec()),
        ("a space in the path", b"GET /v1/to pics HTTP/1.1\r\nHost: a.example\r\n\r\n".to_vec()),
        ("97 headers", format!("{GET}Host: a.example\r\n{many}\r\n").into_bytes()),
        ("a header of 140 kB", format!("{GET}Host: a.example\r\n{large}\r\n").into_bytes()),
        ("a header without a name", format!("{GET}Host: a.example\r\n: x\r\n\r\n").into_bytes()),
        ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()),
    ] {
        let heard = app.told(bytes).await;
        let refused = matches!(statuses(&heard).as_slice(), [] | ["400" | "404" | "431"]);
        assert!(refused && is_explained(&heard), "{name} was answered {heard}");
    }
    app.reader().get("/v1/topics").send().await.expect(200);
}

#[actix_web::test]
async fn what_is_refused_first_takes_no_answer_with_it_that_is_empty() {
    let app = TestApp::start().await;
    let refused = "GET /v1/topics?nope=1 HTTP/1.1\r\nHost: a.example\r\n\r\n";
    let empty = "GET /v1/topics/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
    for _ in 0..10 {
        let heard = app.told(format!("{refused}{empty}")).await;
        assert_eq!(statuses(&heard).len(), 2, "{heard}");
        assert!(heard.contains("unknown_parameter") && heard.contains("content-length: 0"), "{heard}");
    }
}

#[actix_web::test]
async fn odd_but_well_formed_requests_are_one_request_each() {
    let app = TestApp::start().await;
    let close = "Connection: close\r\n";
    for (bytes, status) in [
        (format!("GET /v1/topics HTTP/1.1\nHost: a.example\n{}\n", "Connection: close\n"), "200"),
        (format!("GET http://evil.example/v1/topics HTTP/1.1\r\nHost: evil.example\r\n{close}\r\n"), "200"),
        (format!("OPTIONS * HTTP/1.1\r\nHost: a.example\r\n{close}\r\n"), "404"),
        (format!("CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n{close}\r\n"), "404"),
        ("GET /v1/topics HTTP/1.0\r\n\r\n".to_owned(), "200"),
    ] {
        let heard = app.told(&bytes).await;
        assert_eq!(statuses(&heard), [status], "{bytes:?} was answered {heard}");
        assert!(!heard.contains("evil"), "{heard}");
    }
}

#[actix_web::test]
async fn who_sends_slowly_is_told_so_and_keeps_nobody_waiting() {
    // With fewer connections some of the crowd would be turned away, and not be slow.
    let app = TestApp::with("2026-01-05T08:00:00Z", |settings| settings.pool_size = 16).await;
    let editor = app.editor().await;
    let token = editor.token();
    let head = format!("{POST}Authorization: Bearer {token}\r\nContent-Length: 100\r\n\r\n");
    let at_most = Duration::from_secs(16);
    let mut crowd = Vec::new();
    for _ in 0..200 {
        let mut wire = app.wire().await;
        wire.say(format!("{head}{{")).await;
        crowd.push(wire);
    }
    let mut best = Duration::MAX;
    for n in 0..10 {
        let started = Instant::now();
        app.reader().get("/v1/topics").send().await.expect(200);
        editor.post("/v1/newsroom/topics", json!({ "name": format!("Topic {n}") })).send().await.expect(201);
        best = best.min(started.elapsed());
    }
    assert!(best < Duration::from_secs(1), "others waited {best:?}");
    let body = async {
        let mut wire = app.wire().await;
        wire.say(format!("{head}{{\"name\":")).await;
        wire.hear_out(at_most).await
    };
    let drops = async {
        let mut wire = app.wire().await;
        wire.say(&head).await;
        for _ in 0..30 {
            wire.say(" ").await;
            tokio::time::sleep(Duration::from_millis(400)).await;
        }
        wire.hear_out(at_most).await
    };
    let half_head = async {
        let mut wire = app.wire().await;
        wire.say("GET /v1/topics HTTP/1.1\r\nHost: a.exa").await;
        wire.hear_out(at_most).await
    };
    let (body, drops, half_head) = tokio::join!(body, drops, half_head);
    drop(crowd);
    for (name, (heard, took)) in [("body", &body), ("head", &half_head)] {
        assert!(statuses(heard).iter().all(|status| *status == "408"), "{name}: {heard}");
        assert!(*took > Duration::from_secs(4) && *took < Duration::from_secs(14), "{name} took {took:?}");
    }
    assert_eq!(statuses(&body.0), ["408"]);
    assert!(body.0.contains("\"request_timeout\""), "{}", body.0);
    assert_eq!(statuses(&drops.0), ["408"], "{}", drops.0);
}
