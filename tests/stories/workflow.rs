//! The way of the working copy: to the editors, back, approved, put away; and what a tool may offer to whom.

use crate::support::{Actor, Answer, TestApp, json};

async fn act(by: &Actor, article: &Answer, verb: &str, with: serde_json::Value) -> Answer {
    by.post(format!("{}/{verb}", article.place()), with).send().await
}

async fn read(by: &Actor, article: &Answer) -> Answer {
    by.get(article.place()).send().await.expect(200)
}

async fn found(by: &Actor, query: &[(&str, &str)]) -> Vec<String> {
    by.get("/v1/newsroom/articles")
        .query(query)
        .send()
        .await
        .expect(200)
        .texts_in("/data", "/id")
        .into_iter()
        .map(str::to_owned)
        .collect()
}

#[actix_web::test]
async fn a_draft_goes_to_the_editors_and_back_and_out() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let (author, editor) = (app.author().await, app.editor().await);
    let story = author.writes("Ferries", "japan").await;
    let note = json!({ "note": "Second paragraph is thin.", "deadline": "2026-01-05T17:00:00+09:00" });
    let sent = act(&author, &story, "submit", note).await.expect(200);
    assert_eq!((sent.text_at("/stage"), sent.text_at("/stage_note")), ("in_review", "Second paragraph is thin."));
    assert_eq!((sent.text_at("/deadline"), sent.header("etag")), ("2026-01-05T08:00:00.000Z", "\"1.1\""));
    assert_eq!(found(&editor, &[("stage", "in_review")]).await, [story.id()]);
    let back =
        act(&editor, &story, "request-changes", json!({ "note": "Who says so?", "assignee": author.id() })).await;
    let back = back.expect(200);
    assert_eq!((back.text_at("/stage"), back.text_at("/assignee/id")), ("draft", author.id().to_string().as_str()));
    assert_eq!(found(&author, &[("assignee", "me")]).await, [story.id()]);
    author.patch(story.place(), json!({ "summary": "Says the harbour." })).send().await.expect(200);
    act(&author, &story, "submit", json!({})).await.expect(200);
    let good = act(&editor, &story, "approve", json!({ "assignee": null })).await.expect(200);
    assert_eq!((good.text_at("/stage"), good.at("/approved_revision")), ("approved", &json!(2)));
    assert_eq!((good.at("/stage_note"), good.at("/assignee")), (&json!(null), &json!(null)));
    app.reader().get("/v1/articles/ferries").send().await.expect(404);
    act(&editor, &story, "publish", json!({})).await.expect(200);
    app.reader().get("/v1/articles/ferries").send().await.expect(200);
}

#[actix_web::test]
async fn an_edit_after_the_approval_is_not_approved() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let story = editor.writes("Rails", "japan").await;
    act(&editor, &story, "submit", json!({})).await.expect(200);
    act(&editor, &story, "approve", json!({})).await.expect(200);
    let edited = editor.patch(story.place(), json!({ "summary": "More." })).send().await.expect(200);
    assert_eq!((edited.text_at("/stage"), edited.at("/approved_revision")), ("draft", &json!(1)));
    let published = act(&editor, &story, "publish", json!({})).await.expect(200);
    assert_eq!((published.text_at("/stage"), published.at("/approved_revision")), ("approved", &json!(2)));
}

#[actix_web::test]
async fn an_illegal_move_tells_each_caller_what_is_legal() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let (contributor, author, editor) = (app.contributor().await, app.author().await, app.editor().await);
    let own = contributor.writes("Own", "japan").await;
    act(&contributor, &own, "submit", json!({})).await.expect(403);
    assert_eq!(read(&contributor, &own).await.at("/actions"), &json!(["edit", "assign", "archive", "delete"]));
    let story = author.writes("Story", "japan").await;
    assert_eq!(read(&author, &story).await.at("/actions"), &json!(["edit", "assign", "submit", "archive", "delete"]));
    act(&author, &story, "submit", json!({})).await.expect(200);
    let twice = act(&author, &story, "submit", json!({})).await.expect(409);
    assert_eq!((twice.code(), twice.at("/legal")), ("illegal_move", &json!(["edit", "assign", "archive", "delete"])));
    act(&author, &story, "approve", json!({})).await.expect(403);
    let early = act(&editor, &story, "unpublish", json!({})).await.expect(409);
    let legal =
        json!(["edit", "assign", "request_changes", "approve", "publish", "schedule", "embargo", "archive", "delete"]);
    assert_eq!(early.at("/legal"), &legal);
    assert_eq!(read(&editor, &story).await.at("/actions"), &legal);
    act(&editor, &story, "approve", json!({})).await.expect(200);
    act(&editor, &story, "approve", json!({})).await.expect(409);
}

#[actix_web::test]
async fn who_may_publish_in_some_regions_is_offered_it_there_only() {
    let app = TestApp::start().await;
    let asia = app.region("asia", None).await;
    app.region("canada", None).await;
    let (limited, editor) = (app.editor().await, app.editor().await);
    app.limit(&limited, &asia).await;
    let (inside, outside) = (editor.writes("Inside", "asia").await, editor.writes("Outside", "canada").await);
    let offers = |answer: &Answer| answer.at("/actions").as_array().is_some_and(|all| all.contains(&json!("publish")));
    assert!(offers(&read(&limited, &inside).await) && !offers(&read(&limited, &outside).await));
    assert!(offers(&read(&editor, &outside).await));
}

#[actix_web::test]
async fn a_refused_move_names_what_would_not_be_refused() {
    let app = TestApp::start().await;
    let asia = app.region("asia", None).await;
    app.region("canada", None).await;
    let (limited, editor, admin) = (app.editor().await, app.editor().await, app.admin().await);
    app.limit(&limited, &asia).await;
    let story = editor.writes("Outside", "canada").await;
    editor.publishes(&story).await;
    let names = async |by: &Actor| {
        let offered: Vec<String> =
            read(by, &story).await.texts_in("/actions", "").into_iter().map(str::to_owned).collect();
        let refused = act(by, &story, "approve", json!({})).await.expect(409);
        assert_eq!(refused.texts_in("/legal", ""), offered, "{refused}");
        offered
    };
    assert!(!names(&limited).await.iter().any(|verb| ["publish", "kill", "delete"].contains(&verb.as_str())));
    limited.delete(story.place()).send().await.expect(403);
    assert!(names(&editor).await.contains(&"delete".to_owned()));
    let hold = json!({ "reason": "A lawsuit" });
    admin.put(format!("{}/legal-hold", story.place()), hold).send().await.expect(200);
    assert!(!names(&editor).await.contains(&"delete".to_owned()));
}

#[actix_web::test]
async fn moving_a_live_story_into_ones_own_section_gives_no_right_over_it() {
    let app = TestApp::start().await;
    app.region("asia", None).await;
    let africa = app.region("africa", None).await;
    let (limited, editor) = (app.editor().await, app.editor().await);
    app.limit(&limited, &africa).await;
    let story = editor.writes("Asian", "asia").await;
    editor.publishes(&story).await;
    limited.patch(story.place(), json!({ "primary_region": "africa" })).send().await.expect(403);
    editor.patch(story.place(), json!({ "primary_region": "africa" })).send().await.expect(200);
    for verb in ["publish", "unpublish"] {
        act(&limited, &story, verb, json!({})).await.expect(403);
    }
    limited.delete(story.place()).send().await.expect(403);
    app.reader().get("/v1/articles/asian").send().await.expect(200);
    act(&editor, &story, "publish", json!({})).await.expect(200);
    act(&limited, &story, "unpublish", json!({})).await.expect(200);
}

#[actix_web::test]
async fn all_regions_of_a_story_count_and_for_its_approval_too() {
    let app = TestApp::start().await;
    let asia = app.region("asia", None).await;
    app.region("japan", Some("asia")).await;
    app.region("canada", None).await;
    let (limited, editor) = (app.editor().await, app.editor().await);
    app.limit(&limited, &asia).await;
    let (story, far) = (editor.writes("Both", "japan").await, editor.writes("Far", "canada").await);
    let bound = ["publish", "schedule", "embargo", "approve", "archive"];
    let offered = async |article: &Answer| {
        let answer = read(&limited, article).await;
        answer.texts_in("/actions", "").into_iter().filter(|verb| bound.contains(verb)).map(str::to_owned).collect()
    };
    for article in [&story, &far] {
        act(&editor, article, "submit", json!({})).await.expect(200);
    }
    let all: Vec<String> = offered(&story).await;
    assert_eq!(all, ["approve", "publish", "schedule", "embargo", "archive"]);
    editor.patch(story.place(), json!({ "regions": ["canada"] })).send().await.expect(200);
    for article in [&story, &far] {
        let none: Vec<String> = offered(article).await;
        assert!(none.is_empty(), "{none:?}");
        for verb in ["publish", "approve"] {
            act(&limited, article, verb, json!({})).await.expect(403);
        }
        let archive = format!("{}/archive", article.place());
        limited.request(reqwest::Method::POST, archive).send().await.expect(403);
    }
    limited.patch(far.place(), json!({ "primary_region": "asia" })).send().await.expect(403);
    limited.patch(far.place(), json!({ "headline": "Further" })).send().await.expect(200);
    // A further region of a draft that was never live may go.
    limited.patch(story.place(), json!({ "regions": [] })).send().await.expect(200);
    act(&limited, &story, "publish", json!({})).await.expect(200);
}

#[actix_web::test]
async fn work_is_given_to_who_can_do_it() {
    let app = TestApp::start().await;
    let (author, editor) = (app.author().await, app.editor().await);
    let (theirs, own) = (editor.drafts("Theirs").await, author.drafts("Own").await);
    for (article, assignee, code) in [
        (&theirs, json!(author.id()), "/assignee unseen"),
        (&theirs, json!("0198c0de-7000-7000-8000-00000000ffff"), "/assignee unknown_user"),
    ] {
        assert_eq!(act(&editor, article, "assign", json!({ "assignee": assignee })).await.expect(422).faults(), [code]);
    }
    act(&editor, &theirs, "assign", json!({})).await.expect(422);
    act(&editor, &theirs, "assign", json!({ "note": " " })).await.expect(422);
    let given = act(&editor, &own, "assign", json!({ "assignee": author.id(), "note": "By noon." })).await.expect(200);
    assert_eq!((given.text_at("/stage"), given.text_at("/stage_note")), ("draft", "By noon."));
    let due = act(&author, &own, "assign", json!({ "deadline": "2026-01-05T12:00:00Z" })).await.expect(200);
    assert_eq!(due.text_at("/stage_note"), "By noon.");
    assert_eq!(found(&editor, &[("assignee", &author.id().to_string())]).await, [own.id()]);
    let listed = editor.get("/v1/newsroom/articles?assignee=me").send().await.expect(200);
    assert_eq!(listed.at("/data"), &json!([]));
    editor.get("/v1/newsroom/articles?assignee=somebody").send().await.expect(400);
    let gone = app.admin().await.delete(format!("/v1/newsroom/users/{}", author.id())).send().await;
    assert_eq!(gone.expect(409).code(), "in_use");
}

#[actix_web::test]
async fn what_is_archived_rests_until_it_is_restored() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let story = editor.writes("Old", "japan").await;
    editor.publishes(&story).await;
    let archive = |by: &Actor| by.request(reqwest::Method::POST, format!("{}/archive", story.place()));
    assert_eq!(archive(&editor).send().await.expect(409).code(), "illegal_move");
    app.set_clock("2026-01-05T09:00:00Z");
    act(&editor, &story, "unpublish", json!({})).await.expect(200);
    let put = archive(&editor).send().await.expect(200);
    assert_eq!((put.text_at("/archived_at"), put.text_at("/live_state")), ("2026-01-05T09:00:00.000Z", "withdrawn"));
    assert!(found(&editor, &[]).await.is_empty());
    assert_eq!(found(&editor, &[("archived", "true")]).await, [story.id()]);
    let edit = editor.patch(story.place(), json!({ "summary": "New." })).send().await.expect(409);
    assert_eq!(edit.at("/legal"), &json!(["kill", "restore"]));
    act(&editor, &story, "publish", json!({})).await.expect(409);
    let back = editor.request(reqwest::Method::POST, format!("{}/restore", story.place())).send().await.expect(200);
    assert_eq!((back.at("/archived_at"), back.at("/version")), (&json!(null), &json!(1)));
    assert_eq!(found(&editor, &[]).await, [story.id()]);
    act(&editor, &story, "publish", json!({})).await.expect(200);
}
