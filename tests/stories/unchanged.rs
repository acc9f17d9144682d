//! A write that changes nothing: it is answered as any other, and leaves no trace.

use crate::support::{Answer, TestApp, json};

const BODY: &str =
    "<p>Two governments want a joint supply chain.</p><p>Also on DL: <a href=\"/japan/other\">Other</a></p>";

async fn traces(app: &TestApp) -> [i64; 3] {
    [app.rows("article_revisions").await, app.rows("audit_log").await, app.rows("outbox").await]
}

#[actix_web::test]
async fn an_article_that_is_sent_back_as_it_is_keeps_its_version_and_its_approval() {
    let app = TestApp::start().await;
    app.region("japan", None).await;
    app.author_named("hana", "Hana Mizushima").await;
    let editor = app.editor().await;
    let other = editor.writes("Other", "japan").await;
    let html = json!({ "format": "html", "content": BODY });
    let link = json!({ "kind": "read_more", "target": { "id": other.id() }, "position": 0 });
    let sent = json!({
        "headline": "Approved", "primary_region": "japan", "credit_line": "By Hana Mizushima", "body": html,
    });
    let place = "/v1/newsroom/articles/by-external-id/wire/1";
    let story = editor.put(place, sent.clone()).send().await.expect(201);
    let link = editor.post(format!("{}/related", story.place()), link).send().await.expect(201);
    for verb in ["submit", "approve"] {
        editor.post(format!("{}/{verb}", story.place()), json!({})).send().await.expect(200);
    }
    let before = editor.get(story.place()).send().await.expect(200);
    assert_eq!((before.text_at("/stage"), before.header("etag")), ("approved", "\"2.2\""));
    let marks = traces(&app).await;
    app.set_clock("2026-01-05T08:30:00Z");

    let blocks = json!({ "format": "blocks", "content": before.at("/body/blocks") });
    let back = json!({ "body": blocks, "bylines": [{ "author": "hana" }], "regions": null, "kicker": null });
    let list = json!({ "related": [{ "kind": "read_more", "target": { "slug": "other" } }] });
    let merge = json!({ "base_version": 1, "patch": { "headline": "Approved" } });
    let related = format!("{}/related", story.place());
    let one = format!("{related}/{}", link.id());
    for same in [
        editor.patch(story.place(), json!({})).if_match("\"2.2\""),
        editor.patch(story.place(), json!({ "headline": "Approved", "body": html })),
        editor.patch(story.place(), back),
        editor.put(place, sent),
        editor.put(&related, list),
        editor.patch(one, json!({ "position": 0, "kind": "read_more" })),
        editor.post(format!("{}/merge", story.place()), merge),
    ] {
        assert_eq!(same.send().await.expect(200).header("etag"), "\"2.2\"");
    }
    assert_eq!(traces(&app).await, marks);
    let after = editor.get(story.place()).send().await.expect(200);
    assert_eq!(after.json(), before.json());

    let changed = editor.patch(story.place(), json!({ "headline": "Approved?" })).send().await.expect(200);
    assert_eq!((changed.header("etag"), changed.text_at("/stage")), ("\"3\"", "draft"));
    let marks = traces(&app).await;
    // Going back to how it was is a change all the same, and so are the verbs that are written into the history.
    let again = format!("{}/revisions/3/restore", story.place());
    assert_eq!(editor.request(reqwest::Method::POST, again).send().await.expect(200).header("etag"), "\"4\"");
    editor.delete(story.place()).send().await.expect(204);
    editor.request(reqwest::Method::POST, format!("{}/restore", story.place())).send().await.expect(200);
    assert_eq!(traces(&app).await.first(), marks.first().map(|revisions| revisions + 3).as_ref());
}

#[actix_web::test]
async fn people_regions_topics_and_pictures_that_are_sent_back_as_they_are_stay_at_their_version() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let make = async |noun: &str, new: serde_json::Value| -> Answer {
        admin.post(format!("/v1/newsroom/{noun}"), new).send().await.expect(201)
    };
    let picture = json!({
        "url": "https://media.example.org/a.jpg", "mime_type": "image/jpeg", "alt": "A mine",
        "focal_point": { "x": 0.1, "y": 0.25 },
    });
    let picture = make("media", picture).await;
    let topic = make("topics", json!({ "name": "Rails", "description": "Iron." })).await;
    let links = json!([{ "kind": "website", "url": "https://example.org/" }]);
    let author =
        make("authors", json!({ "name": "Ida", "links": links, "avatar": picture.id(), "bio": "Writes." })).await;
    let world = make("regions", json!({ "name": "World", "kind": "world" })).await;
    make("regions", json!({ "name": "Europe", "kind": "region", "parent": "world" })).await;
    let asia = json!({ "name": "Asia", "kind": "region", "parent": "world", "iso2": null });
    let asia = make("regions", asia).await;
    make("regions", json!({ "name": "Japan", "kind": "country" })).await;
    let group = make("regions", json!({ "name": "Group", "kind": "grouping", "members": ["asia", "japan"] })).await;
    let user = json!({ "email": "ida@example.org", "name": "Ida", "role": "editor", "regions": ["asia", "japan"] });
    let user = make("users", user).await;
    let marks = traces(&app).await;
    app.set_clock("2026-01-05T08:30:00Z");
    for (noun, thing, back) in [
        ("media", &picture, json!({ "alt": "A mine", "focal_point": { "y": 0.25 }, "caption": "" })),
        ("topics", &topic, json!({ "name": "Rails", "slug": "rails", "description": "Iron." })),
        ("authors", &author, json!({ "name": "Ida", "links": links, "avatar": picture.id(), "job_title": null })),
        ("regions", &asia, json!({ "name": "Asia", "parent": world.id(), "position": 7, "names": null })),
        ("users", &user, json!({ "email": "IDA@example.org", "regions": ["japan", "asia"], "role": "editor" })),
    ] {
        for sent in [json!({}), back] {
            let place = format!("/v1/newsroom/{noun}/{}", thing.id());
            let thing = admin.get(&place).send().await.expect(200);
            let same = admin.patch(place, sent.clone()).send().await.expect(200);
            assert_eq!((same.header("etag"), same.json()), ("\"1\"", thing.json()), "{noun} {sent}");
        }
    }
    let members = format!("/v1/newsroom/regions/{}/members", group.id());
    let same = admin.put(&members, json!({ "members": ["asia", "japan"] })).send().await.expect(200);
    assert_eq!(same.header("etag"), "\"1\"");
    assert_eq!(traces(&app).await, marks);
    // Another order is another list, and another place another region.
    let turned = admin.put(&members, json!({ "members": ["japan", "asia"] })).send().await.expect(200);
    assert_eq!(turned.header("etag"), "\"2\"");
    let first = admin.patch(format!("/v1/newsroom/regions/{}", asia.id()), json!({ "position": 0 })).send().await;
    assert_eq!(first.expect(200).header("etag"), "\"2\"");
}
