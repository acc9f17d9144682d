//! Many articles in one request.

use std::time::{Duration, Instant};

use crate::support::{TestApp, json};

const BULK: &str = "/v1/newsroom/articles/bulk";

#[actix_web::test]
async fn each_article_stands_by_itself() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    editor.post("/v1/newsroom/articles", json!({ "headline": "Taken", "slug": "taken" })).send().await.expect(201);
    let sent = json!({ "mode": "each", "articles": [
        { "headline": "One", "slug": "one" },
        { "headline": "" },
        { "headline": "Two", "slug": "taken" },
        { "headline": "Three", "topics": ["Nowhere"] },
        { "headline": "Four", "related": [{ "kind": "read_more", "target": { "slug": "one" } }] },
    ] });
    let done = editor.post(BULK, sent).send().await.expect(200);
    assert_eq!((done.at("/created"), done.at("/failed")), (&json!(2), &json!(3)));
    let statuses: Vec<i64> = (0..5).map(|n| done.at(&format!("/data/{n}/status")).as_i64().unwrap_or(0)).collect();
    assert_eq!(statuses, [201, 422, 409, 422, 201]);
    assert_eq!(done.text_at("/data/1/problem/errors/0/pointer"), "/headline");
    assert_eq!(done.text_at("/data/2/problem/code"), "conflict");
    assert_eq!(done.text_at("/data/3/problem/errors/0/code"), "unknown_topic");
    assert_eq!(app.rows("articles").await, 3);
    assert_eq!(app.rows("article_revisions").await, 3);
}

#[actix_web::test]
async fn all_or_nothing_is_nothing_when_one_is_wrong() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let sent = json!({ "mode": "all", "articles": [{ "headline": "Fine" }, { "headline": "" }, { "type": "news" }] });
    let refused = editor.post(BULK, sent).send().await.expect(422);
    assert_eq!(refused.faults(), ["/articles/1/headline min_length", "/articles/2/headline required"]);
    let sent =
        json!({ "mode": "all", "articles": [{ "headline": "A", "slug": "a" }, { "headline": "B", "slug": "a" }] });
    assert_eq!(editor.post(BULK, sent).send().await.expect(409).faults(), ["/articles/1/slug taken"]);
    let sent = json!({ "mode": "all", "articles": [
        { "headline": "A", "topics": ["Nothing"] }, { "headline": "Fine" }, { "headline": "B", "primary_region": "nowhere" },
    ] });
    let refused = editor.post(BULK, sent).send().await.expect(422);
    assert_eq!(refused.faults(), ["/articles/0/topics/0 unknown_topic", "/articles/2/primary_region unknown_region"]);
    assert_eq!(app.rows("articles").await, 0);
    let sent = json!({ "mode": "all", "articles": [{ "headline": "A" }, { "headline": "A" }] });
    let done = editor.post(BULK, sent).key("import-1").send().await.expect(200);
    assert_eq!(done.texts_in("/data", "/slug"), ["a", "a-2"]);
}

#[actix_web::test]
async fn requests_that_are_no_import_are_refused_whole() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for (sent, fault) in [
        (json!({ "mode": "each", "articles": [] }), "/articles min_items"),
        (json!({ "mode": "each" }), "/articles required"),
        (json!({ "mode": "some", "articles": [{ "headline": "x" }] }), "/mode enum"),
        (json!({ "mode": "each", "articles": [{ "headline": "x" }], "more": 1 }), "/more unknown_key"),
        (json!({ "mode": "each", "articles": "x" }), "/articles type"),
        (json!({ "mode": "each", "articles": vec![json!({ "headline": "x" }); 1001] }), "/articles max_items"),
        (json!({ "mode": "each", "articles": vec![json!([]); 1_000_000] }), "/articles max_items"),
    ] {
        assert_eq!(editor.post(BULK, sent).send().await.expect(422).faults(), [fault]);
    }
}

#[actix_web::test]
async fn a_thousand_articles_fit_one_request() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    editor.post("/v1/newsroom/topics", json!({ "name": "Batteries" })).send().await.expect(201);
    let paragraphs = "<p>Two governments want a joint supply chain, and say so at length.</p>".repeat(10);
    let article = |n: usize| {
        json!({
            "headline": format!("Story {n} of many"), "primary_region": "japan", "topics": ["Batteries"],
            "sources": [{ "name": "Example Wire", "role": "wire" }],
            "external_ids": [{ "scheme": "wire", "value": format!("{n}") }],
            "body": { "format": "html", "content": paragraphs },
        })
    };
    let articles: Vec<_> = (0..1000).map(article).collect();
    let began = Instant::now();
    let done = editor.post(BULK, json!({ "mode": "each", "articles": articles })).send().await.expect(200);
    assert_eq!(done.at("/created"), 1000);
    assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
    assert!(done.statements() < 8_500, "{done}");
    eprintln!("a thousand articles took {:?}", began.elapsed());
}

#[actix_web::test]
async fn values_that_would_take_many_times_their_length_in_memory_are_refused() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for (unit, count) in [("0,", 5_000_000), ("{\"a\":0},", 500_000)] {
        let mut sent = format!("{{\"mode\":\"each\",\"articles\":[{}", unit.repeat(count));
        sent.pop();
        sent.push_str("]}");
        let refused = editor.request(reqwest::Method::POST, BULK).body("application/json", sent).send().await;
        assert!(refused.status() == 400, "{unit}: {refused}");
        assert!(refused.text_at("/detail").contains("too many values"), "{refused}");
    }
}
