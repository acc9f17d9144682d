//! Going back to an earlier revision, when what it named is there no more.

use crate::support::{Actor, Answer, Stage, TestApp, json};

async fn restore(by: &Actor, article: &Answer, number: i32, plan: serde_json::Value) -> Answer {
    by.post(format!("{}/revisions/{number}/restore", article.place()), plan).send().await
}

#[actix_web::test]
async fn an_earlier_revision_comes_back_as_the_newest_and_the_one_between_stays() {
    let stage = Stage::set().await;
    let story = stage.live("First words", json!({ "slug": "first" })).await;
    stage.app.set_clock("2026-01-05T08:30:00Z");
    let patch = json!({ "headline": "Second words", "slug": "second", "summary": "More" });
    stage.editor.patch(story.staff(), patch).send().await.expect(200);
    let place = format!("{}/revisions/1/restore", story.staff());
    stage.editor.post(&place, json!({})).without_condition().send().await.expect(428);
    stage.editor.post(&place, json!({})).if_match("1").send().await.expect(412);
    let back = stage.editor.post(&place, json!({})).if_match("2").send().await.expect(200);
    assert_eq!(
        (back.text_at("/headline"), back.text_at("/slug"), back.text_at("/summary")),
        ("First words", "first", "")
    );
    assert_eq!(back.header("etag"), "\"3\"");
    let second = stage.editor.get(format!("{}/revisions/2", story.staff())).send().await.expect(200);
    assert_eq!(second.text_at("/article/headline"), "Second words");
    let again = stage.editor.get("/v1/newsroom/articles/second").send().await.expect(200);
    assert_eq!(again.id(), story.id);
    // What is live is the revision that was published.
    assert_eq!(stage.read("/v1/articles/first").await.text_at("/headline"), "First words");
    for absent in ["0", "4", "x"] {
        let nowhere = format!("{}/revisions/{absent}/restore", story.staff());
        stage.editor.post(nowhere, json!({})).send().await.expect(404);
    }
    stage.app.history_is_whole().await;
}

#[actix_web::test]
async fn what_only_history_names_cannot_be_deleted_and_comes_back_with_it() {
    let app = TestApp::start().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let author = app.author_named("mei-tanaka", "Mei Tanaka").await;
    let (asia, japan) = (app.region("asia", None).await, app.region("japan", None).await);
    let picture = app.picture().await;
    let topic = editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201).id();
    let full = json!({
        "headline": "Full", "primary_region": "asia", "regions": ["japan"], "topics": ["Rails"],
        "bylines": [{ "author": "mei-tanaka" }], "hero": { "media": picture },
    });
    let made = editor.post("/v1/newsroom/articles", full).send().await.expect(201);
    let then = editor.get(made.place()).send().await.expect(200);
    let empty = json!({
        "headline": "Empty", "primary_region": null, "regions": [], "topics": [], "bylines": [], "hero": null,
        "credit_line": null,
    });
    editor.patch(made.place(), empty).send().await.expect(200);
    let shared = [("authors", author), ("topics", topic), ("media", picture), ("regions", asia), ("regions", japan)];
    for (noun, id) in &shared {
        let kept = admin.delete(format!("/v1/newsroom/{noun}/{id}")).send().await.expect(409);
        assert_eq!(kept.code(), "in_use", "{noun}");
        assert!(kept.text_at("/detail").contains("earlier versions"), "{kept}");
    }
    let back = restore(&editor, &made, 1, json!({})).await.expect(200);
    for part in ["/headline", "/primary_region", "/regions", "/topics", "/bylines", "/hero", "/credit_line"] {
        assert_eq!(back.at(part), then.at(part));
    }
    // It is in use for as long as there is the article.
    editor.delete(made.place()).send().await.expect(204);
    app.sweeps("2026-02-05T08:00:01Z").await;
    for (noun, id) in &shared {
        admin.delete(format!("/v1/newsroom/{noun}/{id}")).send().await.expect(204);
    }
    app.history_is_whole().await;
}

#[actix_web::test]
async fn what_an_absorbed_author_or_topic_wrote_in_history_keeps_the_one_that_took_them_in() {
    let app = TestApp::start().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let (mei, tanaka) = (app.author_named("mei", "Mei Tanaka").await, app.author_named("tanaka", "M. Tanaka").await);
    let topic = async |name: &str| editor.post("/v1/newsroom/topics", json!({ "name": name })).send().await.expect(201);
    let (cells, batteries) = (topic("Cells").await.id(), topic("Batteries").await.id());
    let story = json!({ "headline": "Theirs", "topics": ["Cells"], "bylines": [{ "author": "tanaka" }] });
    let made = editor.post("/v1/newsroom/articles", story).send().await.expect(201);
    let merge = |noun: &str, into: &str| format!("/v1/newsroom/{noun}/{into}/merge");
    editor.post(merge("topics", &batteries), json!({ "absorb": cells })).send().await.expect(200);
    editor.post(merge("authors", &mei), json!({ "absorb": tanaka })).send().await.expect(200);
    editor.patch(made.place(), json!({ "topics": [], "bylines": [] })).send().await.expect(200);
    for place in [format!("/v1/newsroom/topics/{batteries}"), format!("/v1/newsroom/authors/{mei}")] {
        assert_eq!(admin.delete(place).send().await.expect(409).code(), "in_use");
    }
    let back = restore(&editor, &made, 1, json!({})).await.expect(200);
    assert_eq!(back.texts_in("/bylines", "/author/name"), ["Mei Tanaka"]);
    assert_eq!(back.texts_in("/topics", "/name"), ["Batteries"]);
    app.history_is_whole().await;
}

#[actix_web::test]
async fn what_was_purged_or_is_anothers_since_is_told_and_can_be_left_out() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (target, original) = (editor.drafts("Target").await, editor.drafts("Original").await);
    let full = json!({
        "headline": "Full", "related": [{ "kind": "read_more", "target": { "id": target.id() } }],
        "translation_of": original.id(),
        "external_ids": [{ "scheme": "wire", "value": "1" }, { "scheme": "wire", "value": "2" }],
    });
    let made = editor.post("/v1/newsroom/articles", full).send().await.expect(201);
    let empty = json!({
        "headline": "Empty", "related": [], "translation_of": null,
        "external_ids": [{ "scheme": "wire", "value": "2" }],
    });
    editor.patch(made.place(), empty).send().await.expect(200);
    let taken = json!({ "headline": "Other", "external_ids": [{ "scheme": "wire", "value": "1" }] });
    editor.post("/v1/newsroom/articles", taken).send().await.expect(201);
    let refused = restore(&editor, &made, 1, json!({})).await.expect(409);
    assert_eq!(refused.faults(), ["/external_ids/0 taken"]);
    for purged in [&target, &original] {
        editor.delete(purged.place()).send().await.expect(204);
    }
    app.sweeps("2026-02-05T08:00:01Z").await;
    let gone = ["/external_ids/0 taken", "/related/0/target gone", "/translation_of gone"];
    let refused = restore(&editor, &made, 1, json!({})).await.expect(422);
    assert_eq!(refused.faults(), gone);
    assert_eq!(editor.get(made.place()).send().await.expect(200).text_at("/headline"), "Empty");
    let partly = restore(&editor, &made, 1, json!({ "partial": true })).await.expect(200);
    assert_eq!(partly.text_at("/headline"), "Full");
    assert_eq!(partly.texts_in("/external_ids", "/value"), ["2"]);
    assert_eq!(partly.texts_in("/warnings", "/pointer").len(), gone.len());
    app.history_is_whole().await;
}

#[actix_web::test]
async fn merged_people_and_topics_come_back_as_those_that_took_them_in() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (mei, tanaka) = (app.author_named("mei", "Mei Tanaka").await, app.author_named("tanaka", "M. Tanaka").await);
    let topic = async |name: &str| editor.post("/v1/newsroom/topics", json!({ "name": name })).send().await.expect(201);
    let (cells, batteries) = (topic("Cells").await, topic("Batteries").await);
    let both = json!({
        "headline": "Both", "topics": ["Cells", "Batteries"], "bylines": [{ "author": "mei" }, { "author": "tanaka" }],
    });
    let made = editor.post("/v1/newsroom/articles", both).send().await.expect(201);
    editor.patch(made.place(), json!({ "topics": [], "bylines": [] })).send().await.expect(200);
    let merge = |noun: &str, into: &str| format!("/v1/newsroom/{noun}/{into}/merge");
    editor.post(merge("topics", &batteries.id()), json!({ "absorb": cells.id() })).send().await.expect(200);
    editor.post(merge("authors", &mei), json!({ "absorb": tanaka })).send().await.expect(200);
    let then = editor.get(format!("{}/revisions/1", made.place())).send().await.expect(200);
    assert_eq!(then.texts_in("/article/bylines", "/author/name"), ["Mei Tanaka"]);
    let back = restore(&editor, &made, 1, json!({})).await.expect(200);
    assert_eq!(back.at("/bylines"), then.at("/article/bylines"));
    assert_eq!(back.texts_in("/topics", "/name"), ["Batteries"]);
    app.history_is_whole().await;
}

#[actix_web::test]
async fn nothing_is_brought_back_in_the_trash_or_by_those_who_may_not_see_it() {
    let app = TestApp::start().await;
    let (editor, contributor) = (app.editor().await, app.contributor().await);
    let made = editor.drafts("Hidden").await;
    restore(&contributor, &made, 1, json!({})).await.expect(404);
    contributor.get(format!("{}/revisions/1/diff/1", made.place())).send().await.expect(404);
    editor.delete(made.place()).send().await.expect(204);
    let refused = restore(&editor, &made, 1, json!({})).await.expect(409);
    assert_eq!(refused.at("/legal"), &json!(["restore"]));
    let own = contributor.drafts("Own").await;
    contributor.patch(own.place(), json!({ "headline": "Changed" })).send().await.expect(200);
    assert_eq!(restore(&contributor, &own, 1, json!({})).await.expect(200).text_at("/headline"), "Own");
}

#[actix_web::test]
async fn a_contributor_brings_back_nothing_that_he_may_not_know_of() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let (editor, contributor) = (app.editor().await, app.contributor().await);
    let (secret, live) = (editor.drafts("Secret plans").await, editor.writes("Out", "japan").await);
    editor.publishes(&live).await;
    let (own, picture) = (contributor.drafts("Own").await, app.picture().await);
    let link = |to: &Answer| json!({ "kind": "read_more", "target": { "id": to.id() } });
    let body = "<p>Words.</p><p>Also: <a href=\"/japan/secret-plans\">Secret plans</a></p>";
    let with = json!({
        "related": [link(&secret), link(&live)], "translation_of": secret.id(), "hero": { "media": picture },
        "body": { "format": "html", "content": body },
    });
    let drawn = editor.patch(own.place(), with).send().await.expect(200);
    assert_eq!(drawn.texts_in("/related", "/kind"), ["inline", "read_more", "read_more"]);
    let without = json!({ "related": [], "translation_of": null, "hero": null, "body": null });
    editor.patch(own.place(), without).send().await.expect(200);
    let back = restore(&contributor, &own, 2, json!({})).await.expect(200);
    assert_eq!(back.texts_in("/related", "/target_id"), [live.id()]);
    assert_eq!((back.at("/hero"), back.at("/translation_of")), (&json!(null), &json!(null)));
    let mut told = back.texts_in("/warnings", "/pointer");
    told.sort_unstable();
    assert_eq!(told, ["/hero/media", "/related/0/target", "/related/1/target", "/translation_of"]);
    // The words that stayed in the body are hidden from readers all the same, until what they lead to is live.
    let place = json!({ "primary_region": "japan" });
    editor.patch(own.place(), place).send().await.expect(200);
    editor.publishes(&own).await;
    let read = async || app.reader().get("/v1/articles/own?body_format=html,text").send().await.expect(200);
    let page = read().await;
    assert!(!page.text().contains("Secret plans"), "{page}");
    let all = restore(&editor, &own, 2, json!({})).await.expect(200);
    assert_eq!(all.texts_in("/related", "/target_id").len(), 3);
}
