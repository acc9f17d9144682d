//! No list and no page takes more SQL statements for many rows than for one, and none takes more than four.

use crate::support::{Actor, Stage, json};

const MOST: u32 = 4;

#[actix_web::test]
async fn delivery_takes_as_many_statements_for_a_hundred_articles_as_for_one() {
    let stage = Stage::set().await;
    stage.editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201);
    let story = stage.live("One", json!({ "topics": ["rails"] })).await;
    let paths = [
        // What is found, the pulse, and what is drawn because no card is kept.
        ("/v1/articles?limit=100".to_owned(), 3),
        ("/v1/articles?limit=100&include_total=true".to_owned(), 4),
        ("/v1/articles?limit=100&region=asia&topic=rails".to_owned(), 3),
        ("/v1/articles?limit=100&q=words".to_owned(), 3),
        // One look for a finished answer, and the three that one is drawn from.
        (story.public(), 4),
        (format!("{}/related", story.public()), 3),
        (format!("/v1/pages/article/{}", story.slug), 4),
        ("/v1/pages/region/asia?limit=100".to_owned(), 4),
        ("/v1/resolve?path=/asia/one".to_owned(), 2),
    ];
    for (path, expected) in &paths {
        // Nothing is kept that was drawn before.
        stage.bump().await;
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
        stage.bump().await;
        assert_eq!(stage.app.statements_of(path).await, *expected, "{path}");
    }
    let page = stage.read(&format!("/v1/pages/article/{}", story.slug)).await;
    assert_eq!(page.at("/read_more").as_array().map(Vec::len), Some(99));
}

/// How many statements one page of each list of the newsroom takes, the look for who is asking among them.
async fn newsroom_lists(by: &Actor) -> Vec<(&'static str, usize, u32)> {
    let mut taken = Vec::new();
    for path in ["articles", "articles?q=words", "articles?status=live,draft", "authors", "topics", "regions", "media"]
    {
        let sign = if path.contains('?') { '&' } else { '?' };
        let page = by.get(format!("/v1/newsroom/{path}{sign}limit=100")).send().await.expect(200);
        let rows = page.at("/data").as_array().map_or(0, Vec::len);
        taken.push((path, rows, page.statements()));
    }
    taken
}

#[actix_web::test]
async fn a_list_of_the_newsroom_takes_as_many_statements_for_a_hundred_rows_as_for_one() {
    let stage = Stage::set().await;
    let author = |n: usize| json!({ "name": format!("Author {n}"), "slug": format!("author-{n}") });
    let picture = |n: usize| json!({ "url": format!("https://media.example.org/{n}.jpg"), "mime_type": "image/jpeg", "alt": "A mine", "slug": format!("picture-{n}") });
    let story = |n: usize| {
        json!({
            "topics": [format!("topic-{n}")], "bylines": [{ "author": format!("author-{n}") }],
            "hero": { "media": format!("picture-{n}") }, "regions": [format!("region-{n}")],
        })
    };
    let add = async |n: usize| {
        for (noun, new) in [
            ("authors", author(n)),
            ("media", picture(n)),
            ("topics", json!({ "name": format!("Topic {n}"), "slug": format!("topic-{n}") })),
        ] {
            stage.editor.post(format!("/v1/newsroom/{noun}"), new).send().await.expect(201);
        }
        stage.region(&format!("region-{n}"), &format!("Region {n}"), "editorial", Some("asia")).await;
        if n.is_multiple_of(2) {
            stage.live(&format!("Story {n}"), story(n)).await;
        } else {
            stage.draft(&format!("Story {n}"), story(n)).await;
        }
    };
    add(0).await;
    let few = newsroom_lists(&stage.editor).await;
    for (path, rows, statements) in &few {
        assert!((1..=2).contains(rows), "{path} has {rows} rows");
        assert!(*statements <= MOST, "{path} takes {statements}");
    }
    for n in 1..100 {
        add(n).await;
    }
    let many = newsroom_lists(&stage.editor).await;
    for ((path, _, one), (_, rows, hundred)) in few.iter().zip(&many) {
        assert_eq!((*rows, hundred), (100, one), "{path}");
    }
}
