//! Embargoes: nothing is live before, by whatever way.

use crate::support::{Actor, Answer, TestApp, json};

async fn act(by: &Actor, article: &Answer, verb: &str, plan: serde_json::Value) -> Answer {
    by.post(format!("{}/{verb}", article.place()), plan).send().await
}

async fn audited(app: &TestApp, verb: &str) -> Vec<String> {
    let read = "SELECT details->>'reason' FROM audit_log WHERE verb = $1 ORDER BY id";
    let rows = app.database().await.query(read, &[&verb]).await.expect("entries");
    rows.iter().map(|row| row.get::<_, Option<String>>(0).unwrap_or_default()).collect()
}

#[actix_web::test]
async fn no_way_leads_out_before_the_embargo_ends() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let story = editor.writes("Budget", "japan").await;
    let set = act(&editor, &story, "embargo", json!({ "until": "2026-01-06T11:00:00Z" })).await.expect(200);
    assert_eq!(set.text_at("/embargo_until"), "2026-01-06T11:00:00.000Z");
    for by in [&editor, &admin] {
        for (verb, plan) in [
            ("publish", json!({})),
            ("publish", json!({ "at": "2026-01-06T10:59:59.999Z" })),
            ("schedule", json!({ "at": "2026-01-06T10:59:59.999Z" })),
        ] {
            let refused = act(by, &story, verb, plan).await.expect(409);
            let told = (refused.code(), refused.text_at("/embargo_until"));
            assert_eq!(told, ("embargoed", "2026-01-06T11:00:00.000Z"));
        }
    }
    act(&editor, &story, "schedule", json!({ "at": "2026-01-06T11:00:00Z" })).await.expect(200);
    let period = editor.get(story.place()).send().await.expect(200).text_at("/live/0/id").to_owned();
    let earlier = json!({ "period": period, "at": "2026-01-06T10:00:00Z" });
    assert_eq!(act(&editor, &story, "reschedule", earlier).await.expect(409).code(), "embargoed");
    let longer = act(&editor, &story, "embargo", json!({ "until": "2026-01-06T12:00:00Z" })).await.expect(409);
    assert_eq!(longer.texts_in("/planned", "/period"), [period.as_str()]);
    for (time, status) in [("2026-01-06T10:59:59.999Z", 404), ("2026-01-06T11:00:00Z", 200)] {
        app.set_clock(time);
        app.reader().get("/v1/articles/budget").send().await.expect(status);
    }
}

#[actix_web::test]
async fn a_live_story_is_corrected_after_the_embargo_of_its_news() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let story = editor.writes("Preview", "japan").await;
    editor.publishes(&story).await;
    app.set_clock("2026-01-05T09:00:00Z");
    act(&editor, &story, "embargo", json!({ "until": "2026-01-06T11:00:00Z" })).await.expect(200);
    editor.patch(story.place(), json!({ "summary": "The figures." })).send().await.expect(200);
    let note = json!({ "note": "The figures were missing." });
    assert_eq!(act(&editor, &story, "correct", note.clone()).await.expect(409).code(), "embargoed");
    app.reader().get("/v1/articles/preview").send().await.expect(200);
    let urgent = json!({ "note": "The figures were wrong.", "break_embargo": "They were dangerous." });
    act(&editor, &story, "correct", urgent.clone()).await.expect(403);
    act(&app.admin().await, &story, "correct", urgent).await.expect(200);
    assert_eq!(audited(&app, "embargo_broken").await, ["They were dangerous."]);
    act(&editor, &story, "embargo", json!({ "until": "2026-01-06T11:00:00Z" })).await.expect(200);
    editor.patch(story.place(), json!({ "summary": "The right figures." })).send().await.expect(200);
    app.set_clock("2026-01-06T11:00:00Z");
    act(&editor, &story, "correct", note).await.expect(200);
}

#[actix_web::test]
async fn breaking_an_embargo_takes_the_right_and_a_reason_and_is_written_down() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let until = json!({ "until": "2026-01-06T11:00:00Z" });
    let why = json!({ "break_embargo": "The ministry published it itself." });
    let story = editor.writes("Leak", "japan").await;
    assert_eq!(act(&admin, &story, "publish", why.clone()).await.expect(422).faults(), ["/break_embargo no_embargo"]);
    act(&editor, &story, "embargo", until.clone()).await.expect(200);
    act(&editor, &story, "publish", why.clone()).await.expect(403);
    act(&editor, &story, "embargo", json!({ "until": null, "reason": "No reason." })).await.expect(403);
    act(&editor, &story, "embargo", json!({ "until": "2026-01-06T10:00:00Z", "reason": "No." })).await.expect(403);
    act(&admin, &story, "publish", json!({ "break_embargo": " " })).await.expect(422);
    assert_eq!(
        act(&admin, &story, "embargo", json!({ "until": null })).await.expect(422).faults(),
        ["/reason required"]
    );
    act(&editor, &story, "embargo", json!({})).await.expect(422);
    assert_eq!(audited(&app, "embargo_broken").await, [""; 0]);
    let out = act(&admin, &story, "publish", why).await.expect(200);
    assert_eq!((out.text_at("/status"), out.at("/embargo_until")), ("live", &json!(null)));
    let other = editor.writes("Lifted", "japan").await;
    act(&editor, &other, "embargo", until).await.expect(200);
    act(&admin, &other, "embargo", json!({ "until": null, "reason": "The agency lifted it." })).await.expect(200);
    act(&editor, &other, "publish", json!({})).await.expect(200);
    assert_eq!(audited(&app, "embargo_broken").await, ["The ministry published it itself.", "The agency lifted it."]);
}

#[actix_web::test]
async fn an_embargo_that_is_broken_for_a_later_time_holds_until_then_whatever_becomes_of_the_plan() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let story = editor.writes("Deal", "japan").await;
    act(&editor, &story, "embargo", json!({ "until": "2026-01-05T11:00:00Z" })).await.expect(200);
    let deal = json!({ "at": "2026-01-05T10:00:00Z", "break_embargo": "They agreed on ten." });
    let planned = act(&admin, &story, "schedule", deal).await.expect(200);
    assert_eq!(planned.text_at("/embargo_until"), "2026-01-05T10:00:00.000Z");
    assert_eq!(act(&editor, &story, "publish", json!({})).await.expect(409).code(), "embargoed");
    act(&editor, &story, "unschedule", json!({})).await.expect(200);
    assert_eq!(act(&editor, &story, "publish", json!({})).await.expect(409).code(), "embargoed");
    app.set_clock("2026-01-05T10:00:00Z");
    act(&editor, &story, "publish", json!({})).await.expect(200);
}
