//! What people are told who sent something wrong: what it is, once, and what would be right.

use serde_json::Value;

use crate::support::{Answer, TestApp, json};

const ARTICLES: &str = "/v1/newsroom/articles";

/// Places and words of all faults.
fn said(refused: &Answer) -> Vec<(String, String)> {
    let text = |fault: &Value, member: &str| fault[member].as_str().unwrap_or_default().to_owned();
    let faults = refused.at("/errors").as_array().expect("faults");
    let mut said: Vec<_> = faults.iter().map(|fault| (text(fault, "pointer"), text(fault, "detail"))).collect();
    said.sort();
    said
}

fn told(faults: &[(&str, &str)]) -> Vec<(String, String)> {
    faults.iter().map(|(at, detail)| ((*at).to_owned(), (*detail).to_owned())).collect()
}

#[actix_web::test]
async fn what_is_blank_is_called_blank_and_what_is_empty_is_called_empty_once() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for (headline, detail) in [("   ", "is blank"), ("", "is empty")] {
        let refused = editor.post(ARTICLES, json!({ "headline": headline })).send().await.expect(422);
        assert_eq!(said(&refused), told(&[("/headline", detail)]));
        let rows = json!({ "mode": "each", "articles": [{ "headline": headline }] });
        let rows = editor.post(format!("{ARTICLES}/bulk"), rows).send().await.expect(200);
        assert_eq!(rows.texts_in("/data/0/problem/errors", "/detail"), [detail]);
    }
}

#[actix_web::test]
async fn a_name_that_names_nothing_is_told_as_it_was_sent() {
    let app = TestApp::start().await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let body = json!({ "format": "blocks", "content": [{ "content": "No type" }, { "type": "Odd one" }] });
    let sent = json!({
        "headline": "Wrong", "primary_region": "nowhere", "regions": ["no where"], "topics": ["Nope"],
        "bylines": [{ "author": "nobody" }], "hero": { "media": "nothing" }, "translation_of": "none", "body": body,
        "related": [{ "kind": "related", "target": { "slug": "no-such" } }],
    });
    let refused = editor.post(ARTICLES, sent).send().await.expect(422);
    let expected = [
        ("/body/content/0/type", "is required"),
        ("/body/content/1/type", "is not a name such as paragraph"),
        ("/bylines/0/author", "\"nobody\" is no author"),
        ("/hero/media", "\"nothing\" is no asset"),
        ("/primary_region", "\"nowhere\" is no region"),
        ("/regions/0", "\"no where\" is no region"),
        ("/related/0/target", "\"no-such\" is no article"),
        ("/topics/0", "\"Nope\" is no topic"),
        ("/translation_of", "\"none\" is no article, or this one"),
    ];
    assert_eq!(said(&refused), told(&expected));
    for (noun, new, fault) in [
        ("authors", json!({ "name": "A", "avatar": "no-face" }), ("/avatar", "\"no-face\" is no asset")),
        ("regions", json!({ "name": "A", "kind": "region", "parent": "x" }), ("/parent", "\"x\" is no region")),
        ("regions", json!({ "name": "A", "kind": "region", "members": ["x"] }), ("/members/0", "\"x\" is no region")),
        (
            "users",
            json!({ "name": "A", "email": "a@example.org", "role": "author", "regions": ["x"] }),
            ("/regions/0", "\"x\" is no region"),
        ),
        (
            "users",
            json!({ "name": "A", "email": "a@example.org", "role": "author", "author": "x" }),
            ("/author", "\"x\" is no author"),
        ),
    ] {
        let refused = admin.post(format!("/v1/newsroom/{noun}"), new).send().await.expect(422);
        assert_eq!(said(&refused), told(&[fault]));
    }
    for list in ["/v1/regions", "/v1/newsroom/regions"] {
        let refused = admin.get(format!("{list}?parent=atlantis")).send().await.expect(400);
        assert_eq!(refused.text_at("/errors/0/detail"), "\"atlantis\" is no region");
    }
}

#[actix_web::test]
async fn an_external_id_that_another_article_has_is_told_with_its_place_and_not_with_whose_it_is() {
    let app = TestApp::start().await;
    let (editor, contributor) = (app.editor().await, app.contributor().await);
    let id = |value: &str| json!({ "scheme": "wire", "value": value });
    let first = json!({ "headline": "First", "external_ids": [id("1")] });
    let first = editor.post(ARTICLES, first).send().await.expect(201);
    let second = editor.drafts("Second").await;
    let both = json!({ "headline": "Third", "external_ids": [id("2"), id("1")] });
    let fault = told(&[("/external_ids/1", "wire \"1\" is another article's")]);
    for request in [
        editor.post(ARTICLES, both.clone()),
        contributor.post(ARTICLES, both.clone()),
        editor.patch(second.place(), both.clone()),
        editor.put(format!("{ARTICLES}/by-external-id/wire/2"), both.clone()),
    ] {
        let refused = request.send().await.expect(409);
        assert_eq!((refused.code(), said(&refused)), ("conflict", fault.clone()));
        assert!(!refused.text().contains(&first.id()), "{refused}");
    }
    let all = json!({ "mode": "all", "articles": [{ "headline": "Fine" }, both] });
    let refused = editor.post(format!("{ARTICLES}/bulk"), all).send().await.expect(409);
    assert_eq!(said(&refused), told(&[("/articles/1/external_ids/1", "wire \"1\" is another article's")]));
    editor.patch(first.place(), json!({ "external_ids": [id("2"), id("1")] })).send().await.expect(200);
}

#[actix_web::test]
async fn a_weak_tag_is_refused_as_one_and_a_late_one_as_late() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (article, topic) = (editor.drafts("Tags").await, json!({ "name": "Tags" }));
    let topic = editor.post("/v1/newsroom/topics", topic).send().await.expect(201);
    for place in [article.place(), format!("/v1/newsroom/topics/{}", topic.id())] {
        for (tags, words) in [
            ("W/\"1\"", "Weak entity tags (W/) never match"),
            ("W/\"1\", W/\"7\"", "Weak entity tags (W/) never match"),
            ("W/\"1\", \"7\"", "It was changed since you read it"),
        ] {
            let refused = editor.patch(&place, json!({ "slug": "new" })).if_match(tags).send().await.expect(412);
            assert!(refused.text_at("/detail").starts_with(words), "{tags}: {refused}");
            assert_eq!(refused.text_at("/current/etag"), "\"1\"");
        }
    }
}

#[actix_web::test]
async fn what_lies_in_the_trash_is_said_to_lie_there() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    let editor = app.editor().await;
    let story = editor.writes("Away", "japan").await;
    editor.delete(story.place()).send().await.expect(204);
    for verb in ["publish", "submit", "approve"] {
        let refused = editor.post(format!("{}/{verb}", story.place()), json!({})).send().await.expect(409);
        assert_eq!((refused.code(), refused.text_at("/detail")), ("illegal_move", "The article is in the trash."));
        assert_eq!(refused.at("/legal"), &json!(["restore"]));
    }
}

#[actix_web::test]
async fn one_is_one_and_two_are_two() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let asia = app.region("asia", None).await;
    for (slug, words) in [("japan", "A region is under this one."), ("china", "2 regions are under this one.")] {
        app.region(slug, Some("asia")).await;
        let refused = admin.delete(format!("/v1/newsroom/regions/{asia}")).send().await.expect(409);
        assert!(refused.text_at("/detail").starts_with(words), "{refused}");
    }
    let topic = admin.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201);
    admin.post(ARTICLES, json!({ "headline": "On rails", "topics": ["rails"] })).send().await.expect(201);
    let refused = admin.delete(format!("/v1/newsroom/topics/{}", topic.id())).send().await.expect(409);
    assert!(refused.text_at("/detail").contains(" in 1 place. "), "{refused}");
}

#[actix_web::test]
async fn json_that_is_none_is_told_apart_from_json_that_would_change() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for (body, words) in [
        ("{", "The body is not JSON: "),
        (r#"{"headline": "a", "headline": "b"}"#, "The body would not be kept as it was sent: the key \"headline\""),
        (r#"{"headline": "a\u0000"}"#, "The body would not be kept as it was sent: a string contains U+0000"),
        (r#"{"headline": 1e300}"#, "The body would not be kept as it was sent: a number is too large"),
        ("{\"a\": 1,\n \"b\": [0.1, 0.12345678901234567890123]}", "a number has more digits than are kept"),
    ] {
        let refused = editor.post(ARTICLES, json!({})).body("application/json", body).send().await.expect(400);
        assert!(refused.text_at("/detail").contains(words), "{body}: {refused}");
    }
    let body = "{\"a\": 1,\n \"b\": [0.1, 0.12345678901234567890123]}";
    let refused = editor.post(ARTICLES, json!({})).body("application/json", body).send().await.expect(400);
    assert!(refused.text_at("/detail").ends_with(" at line 2 column 13."), "{refused}");
}

#[actix_web::test]
async fn what_the_schema_refuses_is_told_with_what_the_rules_refuse_and_nothing_is_written() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let sent = json!({ "headline": 5, "language": "en", "colour": "red", "topics": ["No such topic"], "slug": "Bad Slug",
        "primary_region": "nowhere", "bylines": [{ "author": "nobody", "role": "author" }] });
    let expected = [
        "/bylines/0/author unknown_author",
        "/colour unknown_key",
        "/headline type",
        "/primary_region unknown_region",
        "/slug pattern",
        "/topics/0 unknown_topic",
    ];
    let sorted = |answer: &Answer| {
        let mut faults = answer.faults();
        faults.sort();
        faults
    };
    let article = admin.drafts("As it was").await;
    let before = app.rows("articles").await;
    let upsert = format!("{ARTICLES}/by-external-id/wire/new");
    for request in [
        admin.post(ARTICLES, sent.clone()),
        admin.patch(article.place(), sent.clone()),
        admin.put(upsert, sent.clone()),
    ] {
        assert_eq!(sorted(&request.send().await.expect(422)), expected);
    }
    let rows = json!({ "mode": "each", "articles": [sent, { "headline": "Fine" }] });
    let rows = admin.post(format!("{ARTICLES}/bulk"), rows).send().await.expect(200);
    assert_eq!(rows.texts_in("/data/0/problem/errors", "/pointer").len(), expected.len());
    assert_eq!(app.rows("articles").await, before + 1);
    let whole = admin.get(article.place()).send().await.expect(200);
    assert_eq!((whole.text_at("/headline"), whole.at("/version").as_i64()), ("As it was", Some(1)));

    let region = json!({ "name": "Coasts", "kind": "continent", "parent": "nowhere" });
    let refused = admin.post("/v1/newsroom/regions", region).send().await.expect(422);
    assert_eq!(sorted(&refused), ["/kind enum", "/parent unknown_region"]);
    let author = json!({ "name": "Ada", "bio": 7, "avatar": "no-picture" });
    let refused = admin.post("/v1/newsroom/authors", author).send().await.expect(422);
    assert_eq!(sorted(&refused), ["/avatar unknown_media", "/bio type"]);
}
