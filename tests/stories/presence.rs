//! Who is editing: a sign that others see, that ends by itself, and that keeps nobody from writing.

use futures_util::future::join_all;

use crate::support::{Actor, Answer, TestApp, json};

fn sign(article: &Answer) -> String {
    format!("{}/presence", article.place())
}

async fn enters(by: &Actor, article: &Answer) -> Answer {
    by.put(sign(article), json!({})).send().await
}

#[actix_web::test]
async fn others_see_who_is_editing_until_a_minute_after_the_last_sign() {
    let app = TestApp::start().await;
    let (editor, other) = (app.editor().await, app.admin().await);
    let made = editor.drafts("Busy").await;
    assert_eq!(made.at("/being_edited"), &json!(null));
    let entered = editor.request(reqwest::Method::PUT, sign(&made)).send().await.expect(200);
    assert_eq!(entered.text_at("/being_edited/expires_at"), "2026-01-05T08:01:00.000Z");
    let seen = other.get(made.place()).send().await.expect(200);
    assert_eq!(seen.text_at("/being_edited/by/id"), editor.id().to_string());
    assert_eq!(seen.at("/being_edited"), other.get(sign(&made)).send().await.expect(200).at("/being_edited"));
    app.set_clock("2026-01-05T08:00:50Z");
    let renewed = enters(&editor, &made).await.expect(200);
    assert_eq!(renewed.text_at("/being_edited/since"), "2026-01-05T08:00:00.000Z");
    app.set_clock("2026-01-05T08:01:49.999Z");
    let refused = enters(&other, &made).await.expect(409);
    assert_eq!((refused.code(), refused.at("/being_edited")), ("being_edited", renewed.at("/being_edited")));
    app.set_clock("2026-01-05T08:01:50Z");
    assert_eq!(other.get(sign(&made)).send().await.expect(200).at("/being_edited"), &json!(null));
    let next = enters(&other, &made).await.expect(200);
    assert_eq!(next.text_at("/being_edited/by/name"), "admin of the tests");
    assert_eq!(next.text_at("/being_edited/since"), "2026-01-05T08:01:50.000Z");
    other.delete(sign(&made)).send().await.expect(204);
    other.delete(sign(&made)).send().await.expect(204);
    assert_eq!(editor.get(made.place()).send().await.expect(200).at("/being_edited"), &json!(null));
}

#[actix_web::test]
async fn whoever_takes_over_is_written_down() {
    let app = TestApp::start().await;
    let (editor, other) = (app.editor().await, app.editor().await);
    let made = editor.drafts("Busy").await;
    enters(&editor, &made).await.expect(200);
    let taken = other.put(sign(&made), json!({ "take_over": true })).send().await.expect(200);
    assert_eq!(taken.text_at("/being_edited/by/id"), other.id().to_string());
    enters(&editor, &made).await.expect(409);
    editor.delete(sign(&made)).send().await.expect(409);
    other.put(sign(&made), json!({ "take_over": true })).send().await.expect(200);
    let entry = "SELECT user_id::text, details->>'from' FROM audit_log WHERE verb = 'editing_taken_over'";
    let entries = app.database().await.query(entry, &[]).await.expect("entries");
    let entries: Vec<(String, String)> = entries.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(entries, [(other.id().to_string(), editor.id().to_string())]);
}

#[actix_web::test]
async fn it_is_no_lock_and_no_write_of_the_article() {
    let app = TestApp::start().await;
    let (editor, other) = (app.editor().await, app.editor().await);
    let made = editor.drafts("Busy").await;
    enters(&editor, &made).await.expect(200);
    let patched = other.patch(made.place(), json!({ "headline": "Mine" })).if_match("1").send().await.expect(200);
    assert_eq!(patched.text_at("/being_edited/by/id"), editor.id().to_string());
    assert_eq!(patched.header("etag"), "\"2\"");
    assert_eq!(app.rows("article_revisions").await, 2);
    assert_eq!(app.rows("audit_log").await, 2);
    editor.patch(made.place(), json!({ "headline": "Late" })).if_match("1").send().await.expect(412);
}

#[actix_web::test]
async fn of_many_who_begin_at_once_one_is_editing() {
    let app = TestApp::start().await;
    let mut editors = Vec::new();
    for _ in 0..12 {
        editors.push(app.editor().await);
    }
    let made = editors[0].drafts("Busy").await;
    let answers = join_all(editors.iter().map(|editor| enters(editor, &made))).await;
    let mut statuses: Vec<u16> = answers.iter().map(Answer::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200], vec![409; 11]].concat());
    app.set_clock("2026-01-05T09:00:00Z");
    let answers = join_all(editors.iter().map(|editor| enters(editor, &made))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 200).count(), 1);
}

#[actix_web::test]
async fn only_articles_that_one_may_write_can_be_edited() {
    let app = TestApp::start().await;
    let (editor, contributor) = (app.editor().await, app.contributor().await);
    let made = editor.drafts("Hidden").await;
    enters(&contributor, &made).await.expect(404);
    contributor.get(sign(&made)).send().await.expect(404);
    contributor.delete(sign(&made)).send().await.expect(404);
    let own = contributor.drafts("Own").await;
    enters(&contributor, &own).await.expect(200);
    contributor.delete(own.place()).send().await.expect(204);
    app.set_clock("2026-01-05T09:00:00Z");
    assert_eq!(enters(&contributor, &own).await.expect(409).at("/legal"), &json!(["restore"]));
    editor.put(sign(&made), json!({ "take_over": 1 })).send().await.expect(422);
}
