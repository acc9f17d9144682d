//! Two people at one article: what the second is told, and how both changes come together.

use crate::support::{Actor, Answer, TestApp, json};

const BODY: &str = "<p>The first paragraph is about nickel and its price.</p>\
    <p>The second paragraph is about cobalt and its mines.</p>\
    <p>The third paragraph is about lithium and its brines.</p>";

async fn merge(by: &Actor, article: &Answer, base: u64, patch: serde_json::Value) -> Answer {
    by.post(format!("{}/merge", article.place()), json!({ "base_version": base, "patch": patch })).send().await
}

fn html(content: &str) -> serde_json::Value {
    json!({ "format": "html", "content": content })
}

#[actix_web::test]
async fn a_late_writer_is_told_who_changed_what_and_whether_it_is_the_same() {
    let app = TestApp::start().await;
    let (first, second) = (app.editor().await, app.admin().await);
    let made = first.drafts("Versions").await;
    app.set_clock("2026-01-05T08:05:00Z");
    let patch = json!({ "headline": "Changed", "kicker": "New" });
    first.patch(made.place(), patch).if_match("1").send().await.expect(200);
    let late = second.patch(made.place(), json!({ "summary": "Mine" })).if_match("1").send().await.expect(412);
    assert_eq!(late.at("/current/version"), &json!(2));
    assert_eq!((late.text_at("/current/verb"), late.text_at("/current/etag")), ("edited", "\"2\""));
    assert_eq!(late.text_at("/current/updated_by/name"), "editor of the tests");
    assert_eq!(late.text_at("/current/updated_at"), "2026-01-05T08:05:00.000Z");
    assert_eq!(late.at("/base_version"), &json!(1));
    assert_eq!(late.at("/changed_fields"), &json!(["headline", "kicker"]));
    assert_eq!((late.at("/conflicting_fields"), late.at("/mergeable")), (&json!([]), &json!(true)));
    let change = json!({
        "version": 2, "verb": "edited", "at": "2026-01-05T08:05:00.000Z",
        "by": { "id": first.id(), "name": "editor of the tests" },
    });
    assert_eq!(late.at("/changes"), &json!([change]));
    let patch = json!({ "headline": "Otherwise", "summary": "Mine" });
    let late = second.patch(made.place(), patch).if_match("1").send().await.expect(412);
    assert_eq!((late.at("/conflicting_fields"), late.at("/mergeable")), (&json!(["headline"]), &json!(false)));
    let late = second.patch(made.place(), json!({ "headline": "Changed" })).if_match("1").send().await.expect(412);
    assert_eq!((late.at("/conflicting_fields"), late.at("/mergeable")), (&json!([]), &json!(true)));
    let late = second.patch(made.place(), json!({ "topics": ["None"] })).if_match("1").send().await.expect(412);
    assert_eq!(late.at("/mergeable"), &json!(false));
    let put = json!({ "related": [] });
    let late = second.put(format!("{}/related", made.place()), put).if_match("1").send().await.expect(412);
    assert_eq!(late.at("/changed_fields"), &json!(["headline", "kicker"]));
    let unknown = second.patch(made.place(), json!({ "summary": "Mine" })).if_match("77").send().await.expect(412);
    assert!(unknown.json().get("changed_fields").is_none(), "{unknown}");
}

#[actix_web::test]
async fn changes_of_different_fields_are_merged() {
    let app = TestApp::start().await;
    let (first, second) = (app.editor().await, app.editor().await);
    for name in ["Rails", "Ports"] {
        first.post("/v1/newsroom/topics", json!({ "name": name })).send().await.expect(201);
    }
    let made = first.drafts("Versions").await;
    first.patch(made.place(), json!({ "headline": "Changed", "topics": ["Rails"] })).send().await.expect(200);
    let body = json!({ "base_version": 1, "patch": { "summary": "Mine", "headline": "Versions" } });
    let place = format!("{}/merge", made.place());
    second.post(&place, body.clone()).without_condition().send().await.expect(428);
    second.post(&place, body.clone()).if_match("1").send().await.expect(412);
    let merged = second.post(&place, body).if_match("2").send().await.expect(200);
    // What was sent as it was before is no change.
    assert_eq!((merged.text_at("/headline"), merged.text_at("/summary")), ("Changed", "Mine"));
    assert_eq!((merged.header("etag"), merged.texts_in("/topics", "/name")), ("\"3\"", vec!["Rails"]));
    let head = second.get(format!("{}/revisions?limit=1", made.place())).send().await.expect(200);
    assert_eq!(head.text_at("/data/0/verb"), "merged");
    let refused = merge(&second, &made, 1, json!({ "topics": ["Ports"], "summary": "Again", "note": "Mine" })).await;
    let refused = refused.expect(409);
    assert_eq!(refused.code(), "merge_conflict");
    assert_eq!(refused.at("/conflicting_fields"), &json!(["summary", "topics"]));
    let summary = json!({ "field": "summary", "block_id": null, "base": "", "current": "Mine", "yours": "Again" });
    assert_eq!(refused.at("/conflicts/0"), &summary);
    assert_eq!(refused.texts_in("/conflicts/1/current", "/name"), ["Rails"]);
    assert_eq!(refused.texts_in("/conflicts/1/yours", "/name"), ["Ports"]);
    assert_eq!(second.get(made.place()).send().await.expect(200).at("/note"), &json!(null));
    app.history_is_whole().await;
}

#[actix_web::test]
async fn paragraphs_are_merged_one_by_one() {
    let app = TestApp::start().await;
    let (first, second) = (app.editor().await, app.editor().await);
    let (nickel, lithium) = (first.drafts("Nickel").await, first.drafts("Lithium").await);
    let new = json!({ "headline": "Metals", "body": html(BODY) });
    let made = first.post("/v1/newsroom/articles", new).send().await.expect(201);
    let theirs =
        BODY.replace("its price.", "its falling price.") + "<p>Also on DL: <a href=\"/asia/lithium\">Lithium</a></p>";
    first.patch(made.place(), json!({ "body": html(&theirs) })).send().await.expect(200);
    let mine = "<p>Also on DL: <a href=\"/asia/nickel\">Nickel</a></p>".to_owned()
        + &BODY.replace("and its brines.", "and its many brines.");
    let merged = merge(&second, &made, 1, json!({ "body": html(&mine) })).await.expect(200);
    let words = merged.text_at("/body/html");
    for part in ["falling price", "cobalt and its mines", "many brines"] {
        assert!(words.contains(part), "{part} is not in {words}");
    }
    assert_eq!(merged.texts_in("/related", "/target_id"), [nickel.id(), lithium.id()]);
    assert_eq!(merged.at("/body/blocks/1/id"), made.at("/body/blocks/0/id"));
    app.history_is_whole().await;
}

#[actix_web::test]
async fn a_paragraph_that_both_changed_is_shown_in_all_three_ways() {
    let app = TestApp::start().await;
    let (first, second) = (app.editor().await, app.editor().await);
    let new = json!({ "headline": "Metals", "body": html(BODY) });
    let made = first.post("/v1/newsroom/articles", new).send().await.expect(201);
    let theirs = BODY.replace("cobalt and its mines", "cobalt and its old mines");
    first.patch(made.place(), json!({ "body": html(&theirs) })).send().await.expect(200);
    let mine = BODY.replace("cobalt and its mines", "cobalt and its new mines");
    let late = second.patch(made.place(), json!({ "body": html(&mine) })).if_match("1").send().await.expect(412);
    assert_eq!((late.at("/conflicting_fields"), late.at("/mergeable")), (&json!(["body"]), &json!(false)));
    let refused = merge(&second, &made, 1, json!({ "body": html(&mine) })).await.expect(409);
    assert_eq!(refused.at("/conflicts/0/block_id"), made.at("/body/blocks/1/id"));
    for (side, word) in [("base", "its mines"), ("current", "old mines"), ("yours", "new mines")] {
        assert!(refused.text_at(&format!("/conflicts/0/{side}/html")).contains(word), "{refused}");
    }
    let reordered = BODY.split_inclusive("</p>").collect::<Vec<_>>().into_iter().rev().collect::<String>();
    let refused = merge(&second, &made, 1, json!({ "body": html(&reordered) })).await.expect(409);
    assert_eq!(refused.at("/conflicts/0/block_id"), &json!(null));
    assert!(refused.at("/conflicts/0/current/blocks").is_array(), "{refused}");
}

#[actix_web::test]
async fn people_and_the_printed_credit_are_one_thing() {
    let app = TestApp::start().await;
    app.author_named("mei-tanaka", "Mei Tanaka").await;
    let editor = app.editor().await;
    let made = editor.drafts("Credits").await;
    editor.patch(made.place(), json!({ "bylines": [{ "author": "mei-tanaka" }] })).send().await.expect(200);
    let refused = merge(&editor, &made, 1, json!({ "credit_line": "Example Wire", "note": "x" })).await.expect(409);
    assert_eq!(refused.at("/conflicting_fields"), &json!(["bylines", "sources", "credit_line"]));
}

#[actix_web::test]
async fn a_merge_that_cannot_be_says_why() {
    let app = TestApp::start().await;
    let (editor, contributor) = (app.editor().await, app.contributor().await);
    let made = editor.drafts("Versions").await;
    let unknown = merge(&editor, &made, 2, json!({ "summary": "x" })).await.expect(422);
    assert_eq!(unknown.faults(), ["/base_version unknown_version"]);
    let wrong = merge(&editor, &made, 1, json!({ "topics": ["Nowhere"], "slug": "bulk" })).await.expect(422);
    assert_eq!(wrong.faults(), ["/patch/slug slug", "/patch/topics/0 unknown_topic"]);
    let long = merge(&editor, &made, 1, json!({ "headline": "x".repeat(301) })).await.expect(422);
    assert_eq!(long.faults(), ["/patch/headline max_length"]);
    assert_eq!(merge(&editor, &made, 0, json!({})).await.expect(422).faults(), ["/base_version minimum"]);
    merge(&contributor, &made, 1, json!({ "summary": "x" })).await.expect(404);
    let same = merge(&editor, &made, 1, json!({ "summary": "From the newest" })).await.expect(200);
    assert_eq!(same.text_at("/summary"), "From the newest");
    editor.delete(made.place()).send().await.expect(204);
    merge(&editor, &made, 1, json!({ "summary": "x" })).await.expect(409);
}
