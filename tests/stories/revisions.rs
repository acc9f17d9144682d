//! The history: every write leaves the whole article as it stood then.

use crate::support::{TestApp, json};

#[actix_web::test]
async fn every_write_makes_one_revision() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = editor.drafts("First").await;
    editor.patch(made.place(), json!({ "headline": "Second", "note": "Check the figure." })).send().await.expect(200);
    let outside = json!({ "kind": "external", "target": { "url": "https://example.org/a", "title": "Elsewhere" } });
    editor.put(format!("{}/related", made.place()), json!({ "related": [outside] })).send().await.expect(200);
    editor.delete(made.place()).send().await.expect(204);
    let revisions = format!("{}/revisions", made.place());
    let list = editor.get(&revisions).send().await.expect(200);
    assert_eq!(list.texts_in("/data", "/verb"), ["trashed", "links", "edited", "created"]);
    assert_eq!(list.text_at("/data/0/created_by/name"), "editor of the tests");
    let first = editor.get(format!("{revisions}/1")).send().await.expect(200);
    assert_eq!((first.text_at("/article/headline"), first.at("/article/note")), ("First", &json!(null)));
    let second = editor.get(format!("{revisions}/2")).send().await.expect(200);
    assert_eq!(second.text_at("/article/headline"), "Second");
    for absent in ["0", "5", "01", "-1", "last"] {
        editor.get(format!("{revisions}/{absent}")).send().await.expect(404);
    }
}

#[actix_web::test]
async fn the_history_is_paged_by_number() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = editor.drafts("Often").await;
    for n in 2..=5 {
        editor.patch(made.place(), json!({ "headline": format!("Often {n}") })).send().await.expect(200);
    }
    let revisions = format!("{}/revisions", made.place());
    let numbers = |page: &crate::support::Answer| -> Vec<i64> {
        page.at("/data").as_array().expect("data").iter().filter_map(|item| item["number"].as_i64()).collect()
    };
    let first = editor.get(&revisions).query(&[("limit", "2")]).send().await.expect(200);
    assert_eq!(numbers(&first), [5, 4]);
    let next = first.text_at("/meta/next_cursor");
    let second = editor.get(&revisions).query(&[("limit", "2"), ("cursor", next)]).send().await.expect(200);
    assert_eq!(numbers(&second), [3, 2]);
    let back = second.text_at("/meta/prev_cursor");
    let again = editor.get(&revisions).query(&[("limit", "2"), ("cursor", back)]).send().await.expect(200);
    assert_eq!(numbers(&again), [5, 4]);
    let other = editor.drafts("Another").await;
    let foreign = format!("{}/revisions", other.place());
    editor.get(foreign).query(&[("limit", "2"), ("cursor", next)]).send().await.expect(400);
}

#[actix_web::test]
async fn a_topic_that_was_merged_appears_as_the_one_that_took_it_in() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let topic = async |name: &str| editor.post("/v1/newsroom/topics", json!({ "name": name })).send().await.expect(201);
    let (cells, batteries) = (topic("Cells").await, topic("Batteries").await);
    let article = json!({ "headline": "Charged", "topics": ["Cells", "Batteries"] });
    let made = editor.post("/v1/newsroom/articles", article).send().await.expect(201);
    let merge = format!("/v1/newsroom/topics/{}/merge", batteries.id());
    editor.post(merge, json!({ "absorb": cells.id() })).send().await.expect(200);
    let read = editor.get(made.place()).send().await.expect(200);
    assert_eq!(read.texts_in("/topics", "/name"), ["Batteries"]);
    let then = editor.get(format!("{}/revisions/1", made.place())).send().await.expect(200);
    assert_eq!(then.texts_in("/article/topics", "/name"), ["Batteries"]);
    let found = editor.get("/v1/newsroom/articles").query(&[("topic", "cells")]).send().await.expect(200);
    assert_eq!(found.texts_in("/data", "/id"), [made.id()]);
}
