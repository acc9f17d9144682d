//! Finished answers in memory: found again, and never wrong.

use crate::support::{Answer, TestApp, json};

fn state(answer: &Answer) -> &str {
    answer.header("server-timing").split('"').nth(1).unwrap_or_default()
}

#[actix_web::test]
async fn a_second_reading_comes_from_memory_and_is_the_same_to_the_byte() {
    let app = TestApp::start().await;
    app.editor().await.post("/v1/newsroom/topics", json!({ "name": "Batteries" })).send().await.expect(201);
    let first = app.reader().get("/v1/topics/batteries").send().await.expect(200);
    let second = app.reader().get("/v1/topics/batteries").send().await.expect(200);
    assert_eq!((state(&first), state(&second)), ("miss", "hit"));
    assert_eq!(first.text(), second.text());
    assert_eq!(first.header("etag"), second.header("etag"));
    let known = second.header("etag").to_owned();
    app.reader().get("/v1/topics/batteries").header("if-none-match", known).send().await.expect(304);
}

#[actix_web::test]
async fn order_and_defaults_make_no_second_entry() {
    let app = TestApp::start().await;
    app.reader().get("/v1/topics?q=ore&limit=5").send().await.expect(200);
    for spelling in
        ["/v1/topics?limit=5&q=ore", "/v1/topics?q=ore&limit=5&include_total=false", "/v1/topics?limit=5&q=%6Fre"]
    {
        assert_eq!(state(&app.reader().get(spelling).send().await.expect(200)), "hit", "{spelling}");
    }
}

#[actix_web::test]
async fn the_next_reading_after_a_write_sees_it_and_what_it_did_not_touch_stays() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let ore = editor.post("/v1/newsroom/topics", json!({ "name": "Ore" })).send().await.expect(201);
    editor.post("/v1/newsroom/topics", json!({ "name": "Rail" })).send().await.expect(201);
    for path in ["/v1/topics/ore", "/v1/topics/rail", "/v1/topics"] {
        app.reader().get(path).send().await.expect(200);
    }
    let path = format!("/v1/newsroom/topics/{}", ore.id());
    editor.patch(&path, json!({ "name": "Ores" })).send().await.expect(200);
    let renamed = app.reader().get("/v1/topics/ore").send().await.expect(200);
    assert_eq!((state(&renamed), renamed.at("/name").as_str()), ("miss", Some("Ores")));
    assert_eq!(state(&app.reader().get("/v1/topics").send().await.expect(200)), "miss");
    assert_eq!(state(&app.reader().get("/v1/topics/rail").send().await.expect(200)), "hit");
}

#[actix_web::test]
async fn readers_are_told_how_an_answer_was_made_only_where_that_is_wanted() {
    let app = TestApp::with("2026-01-05T08:00:00Z", |settings| settings.server_timing = false).await;
    for _ in 0..2 {
        assert!(app.reader().get("/v1/articles").send().await.expect(200).find_header("server-timing").is_none());
    }
    assert!(app.reader().get("/v1/articles/nowhere").send().await.expect(404).find_header("server-timing").is_none());
    assert!(
        app.editor().await.get("/v1/newsroom/articles").send().await.expect(200).find_header("server-timing").is_some()
    );
}
