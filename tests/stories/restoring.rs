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
async fn what_is_gone_since_is_told_and_can_be_left_out() {
    let app = TestApp::start().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let author = app.author_named("mei-tanaka", "Mei Tanaka").await;
    let (asia, japan) = (app.region("asia", None).await, app.region("japan", None).await);
    let picture = app.picture().await;
    let topic = editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201).id();
    let full = json!({
        "headline": "Full", "primary_region": "asia", "regions": ["japan"], "topics": ["Rails"],
        "bylines": [{ "author": "mei-tanaka" }], "hero": { "media": picture },
        "external_ids": [{ "scheme": "wire", "value": "1" }, { "scheme": "wire", "value": "2" }],
    });
    let made = editor.post("/v1/newsroom/articles", full).send().await.expect(201);
    let empty = json!({
        "headline": "Empty", "primary_region": null, "regions": [], "topics": [], "bylines": [], "hero": null,
        "external_ids": [{ "scheme": "wire", "value": "2" }], "credit_line": null,
    });
    editor.patch(made.place(), empty).send().await.expect(200);
    let taken = json!({ "headline": "Other", "external_ids": [{ "scheme": "wire", "value": "1" }] });
    editor.post("/v1/newsroom/articles", taken).send().await.expect(201);
    let refused = restore(&editor, &made, 1, json!({})).await.expect(409);
    assert_eq!(refused.faults(), ["/external_ids/0 taken"]);
    for (noun, id) in
        [("authors", author), ("topics", topic), ("media", picture), ("regions", asia), ("regions", japan)]
    {
        admin.delete(format!("/v1/newsroom/{noun}/{id}")).send().await.expect(204);
    }
    let gone = [
        "/bylines/0/author gone",
        "/external_ids/0 taken",
        "/hero/media gone",
        "/primary_region gone",
        "/regions/0 gone",
        "/topics/0 gone",
    ];
    let refused = restore(&editor, &made, 1, json!({})).await.expect(422);
    assert_eq!(refused.faults(), gone);
    assert_eq!(editor.get(made.place()).send().await.expect(200).text_at("/headline"), "Empty");
    let partly = restore(&editor, &made, 1, json!({ "partial": true })).await.expect(200);
    assert_eq!(partly.text_at("/headline"), "Full");
    assert_eq!(partly.texts_in("/external_ids", "/value"), ["2"]);
    let mut warned: Vec<String> = partly.texts_in("/warnings", "/pointer").into_iter().map(str::to_owned).collect();
    warned.sort();
    assert_eq!(warned.len(), gone.len());
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
async fn a_revision_that_names_what_is_gone_is_not_published_and_says_what_that_is() {
    let stage = Stage::set().await;
    let author = stage.author("mei", "Mei").await;
    let topic = stage.editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201).id();
    let story = stage.draft("Rails", json!({ "bylines": [{ "author": "mei" }], "topics": ["Rails"] })).await;
    stage.editor.patch(story.staff(), json!({ "bylines": [], "topics": [] })).send().await.expect(200);
    stage.app.admin().await.delete(format!("/v1/newsroom/authors/{author}")).send().await.expect(204);
    stage.editor.delete(format!("/v1/newsroom/topics/{topic}")).send().await.expect(204);
    for (verb, plan) in
        [("publish", json!({ "revision": 1 })), ("schedule", json!({ "revision": 1, "at": "2026-01-06T09:00:00Z" }))]
    {
        let refused = stage.editor.post(format!("{}/{verb}", story.staff()), plan).send().await.expect(422);
        assert_eq!(refused.faults(), ["/bylines/0/author gone", "/topics/0 gone"], "{verb}");
    }
    stage.publish(&story, json!({ "revision": 2 })).await;
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
