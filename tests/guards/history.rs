//! Whatever the document offers to be done to an article, and to what articles name: its newest revision says what its
//! rows say, every version has its revision, and the audit log says who did it.

use reqwest::Method;

use super::errands::Newsroom;
use super::operations::operations;
use crate::support::{TestApp, json};

/// What nobody is told of: a sign that somebody is editing is no write of anything.
const UNTOLD: [&str; 2] = ["delete_presence", "put_presence"];

#[actix_web::test]
async fn after_every_operation_of_the_document_the_history_is_whole_and_it_is_told() {
    let newsroom = Newsroom::open().await;
    let mut untold = Vec::new();
    for operation in operations().iter().filter(|one| one.is_newsroom() && one.method != Method::GET) {
        // Somebody new, because some operations end the caller's session.
        let admin = newsroom.app.admin().await;
        let errand = newsroom.errand(operation, &admin).await;
        let (before, told) = (newsroom.app.rows("article_revisions").await, newsroom.app.rows("audit_log").await);
        let answer = errand.send(&admin, None).await;
        assert!(answer.status() < 300, "{answer}");
        let after = newsroom.app.rows("article_revisions").await;
        assert!(after >= before, "{} took a revision away", operation.id);
        if newsroom.app.rows("audit_log").await == told {
            untold.push(operation.id.clone());
        }
        newsroom.app.history_is_whole().await;
    }
    untold.sort();
    assert_eq!(untold, UNTOLD);
}

#[actix_web::test]
async fn what_no_revision_knows_of_is_seen() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    app.region("asia", None).await;
    app.author_named("mei", "Mei Tanaka").await;
    editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201);
    let full = json!({
        "headline": "One", "primary_region": "asia", "topics": ["Rails"], "bylines": [{ "author": "mei" }],
        "external_ids": [{ "scheme": "wire", "value": "1" }],
        "related": [{ "kind": "external", "target": { "url": "https://example.org", "title": "Elsewhere" } }],
    });
    editor.post("/v1/newsroom/articles", full).send().await.expect(201);
    app.history_is_whole().await;
    let database = app.database().await;
    for (secretly, what) in [
        ("UPDATE articles SET headline = 'Two'", "headline"),
        ("DELETE FROM article_topics", "topics"),
        ("UPDATE article_authors SET role = 'editing'", "bylines"),
        ("DELETE FROM article_regions", "regions"),
        ("UPDATE article_external_ids SET value = '2'", "external ids"),
        ("UPDATE related_links SET title = 'Nowhere'", "links"),
        ("UPDATE slugs SET current = false", "current slug"),
    ] {
        let before = app.broken_histories().await.len();
        database.execute(secretly, &[]).await.expect("a change");
        let broken = app.broken_histories().await;
        assert_eq!(broken.len(), before + 1, "{secretly}: {broken:?}");
        assert!(broken.iter().any(|line| line.starts_with(&format!("{what} of"))), "{what}: {broken:?}");
    }
    database.execute("UPDATE articles SET version = 2", &[]).await.expect("a change");
    assert!(app.broken_histories().await.iter().any(|line| line.contains("is of version 2 and has 1 revisions")));
}
