//! No answer of delivery takes more SQL statements for many articles than for one, and none takes more than four.

use crate::support::{Stage, json};

const MOST: u32 = 4;

#[actix_web::test]
async fn delivery_takes_as_many_statements_for_a_hundred_articles_as_for_one() {
    let stage = Stage::set().await;
    stage.editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201);
    let story = stage.live("One", json!({ "topics": ["rails"] })).await;
    let paths = [
        ("/v1/articles?limit=100".to_owned(), 2),
        ("/v1/articles?limit=100&include_total=true".to_owned(), 3),
        ("/v1/articles?limit=100&region=asia&topic=rails".to_owned(), 2),
        ("/v1/articles?limit=100&q=words".to_owned(), 2),
        // One look for a finished answer, and the three that one is drawn from.
        (story.public(), 4),
        (format!("{}/related", story.public()), 3),
        (format!("/v1/pages/article/{}", story.slug), 4),
        ("/v1/pages/region/asia?limit=100".to_owned(), 3),
        ("/v1/resolve?path=/asia/one".to_owned(), 2),
    ];
    for (path, expected) in &paths {
        let count = stage.app.statements_of(path).await;
        assert_eq!(count, *expected, "{path}");
        assert!(count <= MOST, "{path} takes {count}");
    }
    stage.live_many(99, json!({ "topics": ["rails"] })).await;
    let related: Vec<_> =
        (1..=99).map(|n| json!({ "kind": "read_more", "target": { "slug": format!("story-{n}") } })).collect();
    stage.editor.patch(story.staff(), json!({ "related": related })).send().await.expect(200);
    stage.app.set_clock("2026-01-05T23:00:00Z");
    stage.publish(&story, json!({})).await;
    for (path, expected) in &paths {
        assert_eq!(stage.app.statements_of(path).await, *expected, "{path}");
    }
    let page = stage.read(&format!("/v1/pages/article/{}", story.slug)).await;
    assert_eq!(page.at("/read_more").as_array().map(Vec::len), Some(99));
}
