//! Publishing: what is live, from when and until when.

use reqwest::Method;

use crate::support::{Actor, Answer, TestApp, json};

async fn act(by: &Actor, article: &Answer, verb: &str, plan: serde_json::Value) -> Answer {
    by.post(format!("{}/{verb}", article.place()), plan).send().await
}

async fn status(by: &Actor, article: &Answer) -> String {
    by.get(article.place()).send().await.expect(200).text_at("/status").to_owned()
}

#[actix_web::test]
async fn an_article_goes_live_and_is_withdrawn() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let made = editor.writes("Live", "japan").await;
    let live = editor.request(Method::POST, format!("{}/publish", made.place())).send().await.expect(200);
    assert_eq!((live.text_at("/status"), live.header("etag")), ("live", "\"1.1\""));
    assert_eq!(live.text_at("/first_published_at"), "2026-01-05T08:00:00.000Z");
    assert_eq!((live.at("/live/0/revision"), live.at("/live/0/live_until")), (&json!(1), &json!(null)));
    let twice = act(&editor, &made, "publish", json!({})).await.expect(409);
    assert_eq!(
        (twice.code(), twice.at("/legal")),
        (
            "illegal_move",
            &json!([
                "edit",
                "assign",
                "request_changes",
                "schedule",
                "reschedule",
                "unpublish",
                "correct",
                "kill",
                "embargo",
                "delete"
            ])
        )
    );
    app.set_clock("2026-01-05T09:00:00Z");
    let over = editor.request(Method::POST, format!("{}/unpublish", made.place())).send().await.expect(200);
    assert_eq!((over.text_at("/status"), over.at("/live")), ("withdrawn", &json!([])));
    let twice = act(&editor, &made, "unpublish", json!({})).await.expect(409);
    assert!(twice.at("/legal").as_array().is_some_and(|legal| legal.contains(&json!("publish"))), "{twice}");
    let list = editor.get("/v1/newsroom/articles").query(&[("status", "withdrawn")]).send().await.expect(200);
    assert_eq!(list.texts_in("/data", "/id"), [made.id()]);
    let again = act(&editor, &made, "publish", json!({})).await.expect(200);
    assert_eq!(again.text_at("/first_published_at"), "2026-01-05T08:00:00.000Z");
}

#[actix_web::test]
async fn a_schedule_holds_by_the_clock_alone() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let made = editor.writes("Tomorrow", "japan").await;
    let plan = json!({ "at": "2026-01-05T09:00:00Z", "until": "2026-01-05T10:00:00Z" });
    let planned = act(&editor, &made, "publish", plan).await.expect(200);
    assert_eq!(planned.text_at("/status"), "scheduled");
    editor.patch(made.place(), json!({ "headline": "Changed since" })).send().await.expect(200);
    for (time, expected) in [
        ("2026-01-05T08:59:59.999Z", "scheduled"),
        ("2026-01-05T09:00:00Z", "live"),
        ("2026-01-05T09:59:59.999Z", "live"),
        ("2026-01-05T10:00:00Z", "withdrawn"),
    ] {
        app.set_clock(time);
        assert_eq!(status(&editor, &made).await, expected, "{time}");
        let list = editor.get("/v1/newsroom/articles").query(&[("status", expected)]).send().await.expect(200);
        assert_eq!(list.texts_in("/data", "/status"), [expected]);
    }
}

#[actix_web::test]
async fn a_schedule_that_is_dropped_leaves_a_draft() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let made = editor.writes("Perhaps", "japan").await;
    act(&editor, &made, "publish", json!({ "at": "2026-01-06T09:00:00Z" })).await.expect(200);
    let dropped = act(&editor, &made, "unpublish", json!({})).await.expect(200);
    assert_eq!((dropped.text_at("/status"), dropped.at("/first_published_at")), ("draft", &json!(null)));
}

#[actix_web::test]
async fn what_is_missing_or_cannot_be_is_told() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let bare = editor.drafts("Bare").await;
    let refused = act(&editor, &bare, "publish", json!({ "at": "2026-01-04T00:00:00Z" })).await.expect(422);
    assert_eq!(refused.faults(), ["/at past", "/body required", "/primary_region required"]);
    let ready = editor.writes("Ready", "japan").await;
    let backwards = json!({ "at": "2026-01-06T00:00:00Z", "until": "2026-01-06T00:00:00Z" });
    assert_eq!(act(&editor, &ready, "publish", backwards).await.expect(422).faults(), ["/until order"]);
    act(&editor, &ready, "publish", json!({ "at": "2026-01-06 00:00" })).await.expect(422);
    act(&editor, &ready, "publish", json!({ "when": "now" })).await.expect(422);
    let place = format!("{}/publish", ready.place());
    editor.request(Method::POST, &place).without_condition().send().await.expect(428);
    editor.request(Method::POST, &place).body("text/plain", "now").send().await.expect(415);
    editor.request(Method::POST, &place).body("application/json", "").send().await.expect(400);
    editor.request(Method::POST, &place).body("application/json", "null").send().await.expect(400);
    editor.request(Method::POST, &place).if_match("7").send().await.expect(412);
    assert_eq!(status(&editor, &ready).await, "draft");
}

#[actix_web::test]
async fn writers_do_not_publish_and_editors_only_where_they_may() {
    let app = TestApp::start().await;
    let asia = app.region("asia", None).await;
    app.region("japan", Some("asia")).await;
    app.region("canada", None).await;
    let (author, editor) = (app.author().await, app.editor().await);
    app.limit(&editor, &asia).await;
    let (inside, outside) = (author.writes("Inside", "japan").await, author.writes("Outside", "canada").await);
    act(&author, &inside, "publish", json!({})).await.expect(403);
    act(&editor, &outside, "publish", json!({})).await.expect(403);
    act(&editor, &inside, "publish", json!({})).await.expect(200);
    let everywhere = app.editor().await;
    act(&everywhere, &outside, "publish", json!({})).await.expect(200);
    act(&editor, &outside, "unpublish", json!({})).await.expect(403);
    editor.delete(outside.place()).send().await.expect(403);
    author.delete(inside.place()).send().await.expect(403);
    assert_eq!(status(&author, &inside).await, "live");
}

#[actix_web::test]
async fn the_trash_ends_what_is_live() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let made = editor.writes("Short-lived", "japan").await;
    editor.publishes(&made).await;
    app.set_clock("2026-01-05T09:00:00Z");
    editor.delete(made.place()).send().await.expect(204);
    let events = "SELECT event FROM outbox WHERE subject_id = $1::text::uuid ORDER BY id";
    let rows = app.database().await.query(events, &[&made.id()]).await.expect("events");
    let events: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(events, ["article.created", "article.published", "article.unpublished", "article.trashed"]);
    act(&editor, &made, "publish", json!({})).await.expect(409);
    editor.request(Method::POST, format!("{}/restore", made.place())).send().await.expect(200);
    assert_eq!(status(&editor, &made).await, "withdrawn");
}

#[actix_web::test]
async fn what_had_to_wait_happens_when_its_turn_comes_and_not_when_it_was_asked_for() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let (editor, mut database) = (app.editor().await, app.database().await);
    let made = editor.writes("Contested", "japan").await;
    let hold = database.transaction().await.unwrap();
    let lock = "SELECT 1 FROM articles WHERE id = $1::text::uuid FOR UPDATE";
    hold.query_one(lock, &[&made.id()]).await.unwrap();
    let place = format!("{}/publish", made.place());
    let publishing = actix_web::rt::spawn(editor.post(place, json!({})).send());
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted";
    while hold.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    app.set_clock("2026-01-05T08:00:01Z");
    hold.commit().await.unwrap();
    let live = publishing.await.unwrap().expect(200);
    assert_eq!(live.text_at("/first_published_at"), "2026-01-05T08:00:01.000Z");
}
