//! What holds for every operation, shown on topics: bodies, parameters, paths, repeated requests, caches.

use super::topics::{TOPICS, staff_path, topic};
use crate::support::{TestApp, json};

#[actix_web::test]
async fn a_repeated_request_is_answered_with_the_first_answer() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let send = |name: &str| editor.post(TOPICS, json!({ "name": name })).key("wire-1");
    let first = send("Budget").send().await.expect(201);
    let again = send("Budget").send().await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.bytes(), first.bytes());
    assert_eq!((again.header("etag"), again.header("location")), (first.header("etag"), first.header("location")));
    assert!(first.find_header("idempotency-replayed").is_none());
    assert_eq!(send("Taxes").send().await.expect(422).code(), "key_reused");
    // Keys are each caller's own, and are kept for a day.
    app.editor().await.post(TOPICS, json!({ "name": "Taxes" })).key("wire-1").send().await.expect(201);
    app.set_clock("2026-01-06T08:00:01Z");
    send("Pensions").send().await.expect(201);
    let unfit = editor.post(TOPICS, json!({ "name": "Energy" })).key("two words").send().await.expect(400);
    assert_eq!(unfit.faults(), ["Idempotency-Key invalid_header"]);
}

#[actix_web::test]
async fn a_failed_request_does_not_use_its_key_up() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let taken = topic(&editor, "Rail").await;
    let send = || editor.post(TOPICS, json!({ "name": "Rail" })).key("again").send();
    send().await.expect(409);
    editor.delete(staff_path(&taken)).send().await.expect(204);
    send().await.expect(201);
}

#[actix_web::test]
async fn a_key_whose_first_request_still_runs_is_told_to_wait() {
    let app = TestApp::start().await;
    let second = app.editor().await.sends_twice_at_once().await.expect(409);
    assert_eq!((second.code(), second.header("retry-after")), ("in_flight", "1"));
}

#[actix_web::test]
async fn a_key_is_known_again_after_the_secret_was_changed() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let sent = json!({ "name": "Strikes" });
    let first = editor.post(TOPICS, sent.clone()).key("once").send().await.expect(201);
    let changed = "the secret of this year, which is long enough";
    let later = app
        .beside_with(|settings| {
            settings.jwt_previous_secrets = vec![std::mem::replace(&mut settings.jwt_secret, changed.to_owned())];
        })
        .await;
    let again = later.reader().post(TOPICS, sent).bearer(&editor.token()).key("once").send().await.expect(201);
    assert_eq!((again.id(), again.header("idempotency-replayed")), (first.id(), "true"));
}

#[actix_web::test]
async fn a_body_that_is_not_what_the_document_says_changes_nothing() {
    let app = TestApp::start().await;
    let (editor, database) = (app.editor().await, app.database().await);
    let refused = editor.post(TOPICS, json!({ "nmae": "Typo", "slug": "", "description": 7 })).send().await.expect(422);
    assert_eq!(
        refused.faults(),
        ["/description type", "/name required", "/nmae unknown_key", "/slug min_length"],
        "all at once"
    );
    let slug = json!({ "name": "Slugs", "slug": "Not A Slug" });
    assert_eq!(editor.post(TOPICS, slug).send().await.expect(422).faults(), ["/slug pattern"]);
    for body in [
        "[]",
        "null",
        "\"name\"",
        "",
        "{",
        "{\"name\": \"a\"} {}",
        r#"{"name": "one", "name": "two"}"#,
        r#"{"name": "nul \u0000"}"#,
        "{\"name\": \"\u{feff}",
    ] {
        let answer = editor.post(TOPICS, json!(0)).body("application/json", body).send().await.expect(400);
        assert_eq!(answer.code(), "malformed_request", "{body}");
    }
    let text = r#"{"name": "Text"}"#;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
        "application/merge-patch+json",
    ] {
        editor.post(TOPICS, json!(0)).body(kind, text).send().await.expect(415);
    }
    editor.post(TOPICS, json!({ "name": "Zipped" })).header("content-encoding", "gzip").send().await.expect(415);
    let large = json!({ "name": "Large", "description": "x".repeat(1_048_576) });
    editor.post(TOPICS, large).send().await.expect(413);
    let rows = database.query_one("SELECT count(*) FROM topics", &[]).await.unwrap();
    assert_eq!(rows.get::<_, i64>(0), 0);
}

#[actix_web::test]
async fn a_parameter_is_known_single_full_and_in_bounds_or_refused() {
    let app = TestApp::start().await;
    let reader = app.reader();
    for (query, fault) in [
        ("limt=5", "limt unknown_parameter"),
        ("limit=0", "limit out_of_range"),
        ("limit=101", "limit out_of_range"),
        ("limit=+5", "limit out_of_range"),
        ("limit=5&limit=5", "limit repeated"),
        ("q=", "q empty"),
        ("q=%00", "q encoding"),
        ("q=%ff", "q encoding"),
        ("fields=id,nmae", "fields unknown_field"),
        ("fields=name/type", "fields unknown_field"),
        ("fields=name~1type", "fields unknown_field"),
        ("fields=name.type", "fields unknown_field"),
        ("include_total=yes", "include_total unknown_value"),
        ("cursor=AXsiayI6", "cursor invalid_cursor"),
    ] {
        let refused = reader.get(format!("/v1/topics?{query}")).send().await.expect(400);
        assert_eq!(refused.faults(), [fault], "{query}");
    }
    let near = reader.get("/v1/topics?limt=5").send().await.expect(400);
    assert!(near.text_at("/errors/0/detail").ends_with("did you mean limit?"));
    reader.get("/v1/topics/none?limit=5").send().await.expect(400);
}

#[actix_web::test]
async fn a_reader_who_has_it_already_is_told_so_until_it_changes() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.reader());
    let made = topic(&editor, "Inflation").await;
    let read = reader.get("/v1/topics/inflation").send().await.expect(200);
    let again = |tag: &str| reader.get("/v1/topics/inflation").header("if-none-match", tag).send();
    again(read.header("etag")).await.expect(304);
    again(&format!("\"other\", W/{}", read.header("etag"))).await.expect(304);
    let since = read.header("last-modified").to_owned();
    reader.get("/v1/topics/inflation").header("if-modified-since", &since).send().await.expect(304);
    app.set_clock("2026-01-05T08:00:01Z");
    editor.patch(staff_path(&made), json!({ "description": "Prices." })).send().await.expect(200);
    let changed = again(read.header("etag")).await.expect(200);
    assert_eq!(changed.at("/description"), "Prices.");
    reader.get("/v1/topics/inflation").header("if-modified-since", since).send().await.expect(200);
    let list = reader.get("/v1/topics").send().await.expect(200);
    assert_eq!(list.header("last-modified"), "Mon, 05 Jan 2026 08:00:01 GMT", "of the newest that it shows");
    // A list also changes when something leaves it, so only its ETag says whether it is the same.
    let later = reader.get("/v1/topics").header("if-modified-since", list.header("last-modified"));
    later.send().await.expect(200);
}

#[actix_web::test]
async fn a_path_has_one_spelling_and_says_what_it_takes() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.reader());
    topic(&editor, "Courts").await;
    let head = reader.head("/v1/topics/courts").send().await.expect(200);
    assert!(head.header("etag").starts_with('"'));
    let clean = reader.get("/v1/topics/courts/?x=1").send().await.expect(308);
    assert_eq!(clean.header("location"), "/v1/topics/courts?x=1");
    let refused = reader.post("/v1/topics", json!({})).send().await.expect(405);
    assert_eq!(refused.header("allow"), "GET, HEAD, OPTIONS");
    let options = reader.request(reqwest::Method::OPTIONS, TOPICS).send().await.expect(204);
    assert_eq!(options.header("allow"), "GET, HEAD, OPTIONS, POST");
    for path in ["/v1/topics/Courts", "/v1/topics/courts%00", "/v1/nothing", "/v1/topics/%2e%2e"] {
        reader.get(path).send().await.expect(404);
    }
    let long = reader.get(format!("/v1/topics?q={}", "x".repeat(9000))).send().await.expect(414);
    assert_eq!(long.code(), "uri_too_long");
    let upper = topic(&editor, "Upper").await.id().to_uppercase();
    reader.get(format!("/v1/topics/{upper}")).send().await.expect(404);
}
