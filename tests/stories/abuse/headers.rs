//! Headers by which a client tries to be somebody else, somewhere else, or to write headers of its own.

use crate::support::{Stage, TestApp, json};

const FORGED: &[(&str, &str)] = &[
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-proto", "gopher"),
    ("x-forwarded-prefix", "/evil"),
    ("x-forwarded-for", "203.0.113.66"),
    ("x-forwarded-port", "666"),
    ("forwarded", "for=203.0.113.66;host=evil.example;proto=gopher"),
    ("x-original-url", "/v1/newsroom/users"),
    ("x-rewrite-url", "/v1/newsroom/users"),
    ("x-http-method-override", "DELETE"),
    ("x-method-override", "DELETE"),
    ("x-real-ip", "203.0.113.66"),
    ("x-host", "evil.example"),
    ("host", "evil.example"),
    ("origin", "https://evil.example"),
    ("referer", "https://evil.example/"),
    ("accept", "text/html"),
    ("accept-language", "xx"),
    ("cookie", "session=evil"),
    ("range", "bytes=0-1"),
    ("te", "trailers"),
    ("x-request-id", "<script>evil</script>"),
];

#[actix_web::test]
async fn what_a_client_says_of_itself_leaves_no_trace_in_a_public_answer() {
    let stage = Stage::set().await;
    stage.live_many(2, json!({})).await;
    for (number, (name, value)) in FORGED.iter().enumerate() {
        // Each on an address that nobody has read before, so that nothing hides behind the cache.
        let path = format!("/v1/articles?limit=1&published_before=2026-01-05T10:00:00.{number:03}Z");
        let forged = stage.reader.get(&path).header(name, value).send().await.expect(200);
        let plain = stage.reader.get(&path).send().await.expect(200);
        assert_eq!(forged.bytes(), plain.bytes(), "{name}");
        for header in ["link", "etag", "vary", "surrogate-key", "access-control-allow-origin", "content-type"] {
            assert_eq!(forged.find_header(header), plain.find_header(header), "{header} after {name}");
        }
        assert!(!format!("{forged}").contains("evil"), "{forged}");
        assert!(forged.header("link").contains("http://api.example.org/"), "{forged}");
    }
}

#[actix_web::test]
async fn a_method_is_what_the_request_line_says() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let topic = editor.post("/v1/newsroom/topics", json!({ "name": "Ore" }));
    let topic = topic.header("x-http-method-override", "DELETE").send().await.expect(201);
    let path = format!("/v1/newsroom/topics/{}", topic.id());
    editor.get(&path).header("x-http-method-override", "DELETE").send().await.expect(200);
    editor.get(&path).send().await.expect(200);
}

#[actix_web::test]
async fn the_newsroom_is_shared_with_listed_origins_and_never_with_credentials() {
    let desk = "https://desk.example.org";
    let app = TestApp::with("2026-01-05T08:00:00Z", |settings| settings.cors_origins = vec![desk.to_owned()]).await;
    let editor = app.editor().await;
    for origin in [
        "https://evil.example",
        "null",
        "https://desk.example.org.evil.example",
        "https://evildesk.example.org",
        "http://desk.example.org",
        "https://desk.example.org:444",
        "https://DESK.example.org",
        "*",
    ] {
        for path in ["/v1/newsroom/topics", "/v1/auth/me"] {
            let read = editor.get(path).header("origin", origin).send().await.expect(200);
            assert_eq!(read.find_header("access-control-allow-origin"), None, "{origin}: {read}");
            let preflight = app.reader().request(reqwest::Method::OPTIONS, path).header("origin", origin);
            let preflight = preflight.header("access-control-request-method", "DELETE").send().await.expect(204);
            assert_eq!(preflight.find_header("access-control-allow-origin"), None, "{origin}: {preflight}");
            for answer in [read, preflight] {
                assert_eq!(answer.find_header("access-control-allow-credentials"), None);
                assert!(answer.header("vary").contains("Origin"), "{answer}");
            }
        }
    }
    let read = editor.get("/v1/newsroom/topics").header("origin", desk).send().await.expect(200);
    assert_eq!(read.header("access-control-allow-origin"), desk);
    assert_eq!(read.find_header("access-control-allow-credentials"), None);
    let public = app.reader().get("/v1/topics").header("origin", "https://evil.example").send().await.expect(200);
    assert_eq!(public.header("access-control-allow-origin"), "*");
    assert_eq!(public.find_header("access-control-allow-credentials"), None);
}

#[actix_web::test]
async fn credentials_neither_fill_nor_use_what_is_kept_for_everybody() {
    let stage = Stage::set().await;
    let story = stage.live("One", json!({})).await;
    let first = stage.editor.get(story.public()).send().await.expect(200);
    assert!(first.header("server-timing").contains("\"pass\""), "{first}");
    let anonymous = stage.reader.get(story.public()).send().await.expect(200);
    assert!(anonymous.header("server-timing").contains("\"miss\""), "{anonymous}");
    assert_eq!(first.bytes(), anonymous.bytes());
    let bad = stage.reader.get(story.public()).bearer("no.such.token").send().await.expect(200);
    assert_eq!(bad.bytes(), anonymous.bytes());
}

#[actix_web::test]
async fn a_request_id_is_a_plain_word_or_a_new_one() {
    let app = TestApp::start().await;
    for ours in ["0198c0de-7000-7000-8000-00000000dead", "1", "Root=1-67891233:abc/def+g_h.i@j=", &"a".repeat(128)] {
        let kept = app.reader().get("/v1/topics").header("x-request-id", ours).send().await.expect(200);
        assert_eq!(kept.header("x-request-id"), ours);
        let refused = app.reader().get("/v1/topics/none").header("x-request-id", ours).send().await.expect(404);
        assert_eq!(refused.text_at("/request_id"), ours);
    }
    for odd in ["a b", "a\tb", "%0d%0aSet-Cookie:a=b", "<script>", "a,b", "a\"b", "\u{e9}", "", &"a".repeat(129)] {
        let answer = app.reader().get("/v1/topics/none").header("x-request-id", odd).send().await.expect(404);
        assert!(uuid::Uuid::try_parse(answer.header("x-request-id")).is_ok(), "{odd}: {answer}");
        assert!(!answer.text().contains("Set-Cookie"));
    }
}
