//! Corrections: said in public, on the article and in the list of all, for as long as it is live.

use crate::support::{Stage, json};

#[actix_web::test]
async fn a_correction_is_said_wherever_the_article_is_read() {
    let stage = Stage::set().await;
    let story = stage.live("Harbour", json!({})).await;
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.editor.patch(story.staff(), json!({ "headline": "Harbours" })).send().await.expect(200);
    assert_eq!(stage.read("/v1/corrections").await.at("/data"), &json!([]));
    let note = json!({ "note": "There are <two> harbours." });
    let corrected = stage.editor.post(format!("{}/correct", story.staff()), note.clone()).send().await.expect(200);
    assert_eq!(corrected.at("/live/0/revision"), &json!(2));
    let page = stage.read(&story.public()).await;
    assert_eq!((page.text_at("/headline"), page.text_at("/modified_at")), ("Harbours", "2026-01-05T09:00:00.000Z"));
    assert_eq!(page.text_at("/corrections/0/html"), "There are &lt;two&gt; harbours.");
    assert_eq!(page.text_at("/corrections/0/corrected_at"), "2026-01-05T09:00:00.000Z");
    assert_eq!(page.text_at("/json_ld/correction/0/text"), "There are <two> harbours.");
    assert_eq!(page.text_at("/json_ld/correction/0/@type"), "CorrectionComment");
    let list = stage.read("/v1/corrections").await;
    assert_eq!(list.texts_in("/data", "/note"), ["There are <two> harbours."]);
    assert_eq!(list.text_at("/data/0/article/path"), "/asia/harbour");
    let again = stage.editor.post(format!("{}/correct", story.staff()), note.clone()).send().await.expect(409);
    assert_eq!(again.code(), "illegal_move");
    let told = corrected.at("/corrections/0");
    assert_eq!((&told["from_revision"], &told["to_revision"]), (&json!(1), &json!(2)));
    assert_eq!((&told["note"], &told["corrected_by"]["name"]), (&note["note"], &json!("editor of the tests")));
    assert!(!page.text().contains("revision"), "readers are told of no revisions: {page}");
    let admin = stage.app.admin().await;
    let audit = admin.get(format!("/v1/newsroom/audit?object={}&verb=corrected", story.id)).send().await.expect(200);
    let told = audit.at("/data/0/details");
    assert_eq!((&told["from_revision"], &told["revision"]), (&json!(1), &json!(2)));
    assert_eq!(told["note"], "There are <two> harbours.");
}

#[actix_web::test]
async fn what_was_put_right_without_a_word_can_be_told_of_afterwards() {
    let stage = Stage::set().await;
    let story = stage.live("Harbour", json!({})).await;
    let correct = async |note: &str| {
        stage.editor.post(format!("{}/correct", story.staff()), json!({ "note": note })).send().await
    };
    assert_eq!(correct("Nothing else was ever shown.").await.expect(409).code(), "illegal_move");
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.editor.patch(story.staff(), json!({ "headline": "Harbours" })).send().await.expect(200);
    stage.publish(&story, json!({ "minor": true })).await;
    stage.app.set_clock("2026-01-05T10:00:00Z");
    let corrected = correct("There are two harbours.").await.expect(200);
    let told = corrected.at("/corrections/0");
    assert_eq!((&told["from_revision"], &told["to_revision"]), (&json!(1), &json!(2)));
    let page = stage.read(&story.public()).await;
    assert_eq!(page.text_at("/corrections/0/html"), "There are two harbours.");
    assert_eq!(page.text_at("/modified_at"), "2026-01-05T10:00:00.000Z");
    assert_eq!(correct("Once more.").await.expect(409).code(), "illegal_move");
}

#[actix_web::test]
async fn what_is_planned_and_would_take_a_correction_back_is_warned_of() {
    let stage = Stage::set().await;
    let story = stage.live("Harbour", json!({})).await;
    let act = |verb: &str, plan| stage.editor.post(format!("{}/{verb}", story.staff()), plan);
    for headline in ["Harbours", "Harbours and ports"] {
        stage.app.set_clock("2026-01-05T09:00:00Z");
        stage.editor.patch(story.staff(), json!({ "headline": headline })).send().await.expect(200);
    }
    let plan = |day: u8, revision: u8| json!({ "at": format!("2026-01-{day:02}T09:00:00Z"), "revision": revision });
    let early = act("schedule", plan(6, 2)).send().await.expect(200);
    assert_eq!(early.at("/warnings"), &json!([]));
    let corrected = act("correct", json!({ "note": "There are two." })).send().await.expect(200);
    assert_eq!(corrected.texts_in("/warnings", "/pointer"), ["/live/1"]);
    assert_eq!(corrected.texts_in("/warnings", "/code"), ["undoes_correction"]);
    assert_eq!(corrected.at("/live/1/revision"), &json!(2));
    let late = act("schedule", plan(7, 1)).send().await.expect(200);
    assert_eq!(late.texts_in("/warnings", "/pointer"), ["/revision"]);
    let right = act("schedule", plan(8, 3)).send().await.expect(200);
    assert_eq!(right.at("/warnings"), &json!([]));
}

#[actix_web::test]
async fn a_typo_is_mended_without_a_word_and_without_a_new_date() {
    let stage = Stage::set().await;
    let story = stage.live("Harbour", json!({})).await;
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.editor.patch(story.staff(), json!({ "headline": "Harbors" })).send().await.expect(200);
    stage.publish(&story, json!({ "minor": true })).await;
    let page = stage.read(&story.public()).await;
    assert_eq!((page.text_at("/headline"), page.at("/modified_at")), ("Harbors", &json!(null)));
    assert_eq!(page.at("/corrections"), &json!([]));
}

#[actix_web::test]
async fn corrections_stay_through_updates_and_go_with_the_article() {
    let stage = Stage::set().await;
    let story = stage.live("Harbour", json!({})).await;
    for (hour, summary) in [(9, "One."), (10, "Two.")] {
        stage.app.set_clock(&format!("2026-01-05T{hour:02}:00:00Z"));
        stage.editor.patch(story.staff(), json!({ "summary": summary })).send().await.expect(200);
        let note = json!({ "note": format!("It was not {summary}") });
        stage.editor.post(format!("{}/correct", story.staff()), note).send().await.expect(200);
    }
    stage.app.set_clock("2026-01-05T11:00:00Z");
    stage.editor.patch(story.staff(), json!({ "summary": "Three." })).send().await.expect(200);
    stage.publish(&story, json!({})).await;
    let page = stage.read(&story.public()).await;
    assert_eq!(page.texts_in("/corrections", "/html"), ["It was not One.", "It was not Two."]);
    let first = stage.read("/v1/corrections?limit=1").await;
    assert_eq!(first.texts_in("/data", "/note"), ["It was not Two."]);
    let next = first.text_at("/meta/next_cursor");
    let second =
        stage.reader.get("/v1/corrections").query(&[("limit", "1"), ("cursor", next)]).send().await.expect(200);
    assert_eq!(second.texts_in("/data", "/note"), ["It was not One."]);
    let back = second.text_at("/meta/prev_cursor");
    let back = stage.reader.get("/v1/corrections").query(&[("limit", "1"), ("cursor", back)]).send().await.expect(200);
    assert_eq!(back.texts_in("/data", "/note"), ["It was not Two."]);
    assert_eq!(stage.read("/v1/corrections?fields=note").await.at("/data/0"), &json!({ "note": "It was not Two." }));
    stage.app.set_clock("2026-01-05T12:00:00Z");
    stage.editor.post(format!("{}/unpublish", story.staff()), json!({})).send().await.expect(200);
    assert_eq!(stage.read("/v1/corrections").await.at("/data"), &json!([]));
}

#[actix_web::test]
async fn only_what_is_live_is_corrected_and_never_without_words() {
    let stage = Stage::set().await;
    let draft = stage.draft("Draft", json!({})).await;
    let correct = |note: &str| stage.editor.post(format!("{}/correct", draft.staff()), json!({ "note": note }));
    assert_eq!(correct("Wrong.").send().await.expect(409).code(), "illegal_move");
    correct(" ").send().await.expect(422);
    stage.editor.post(format!("{}/correct", draft.staff()), json!({})).send().await.expect(422);
    assert_eq!(stage.app.rows("corrections").await, 0);
}
