//! Nothing runs when a story goes live or is withdrawn: the clock alone decides, on every surface.

use crate::support::{Stage, Story, json};

/// Everywhere in public where a story can be seen: the path, and whether what is there is seen by the path itself.
fn surfaces(Story { id, slug }: &Story, picture: &str) -> Vec<(String, bool)> {
    vec![
        (format!("/v1/articles/{id}"), true),
        (format!("/v1/articles/{slug}"), true),
        (format!("/v1/articles/{slug}/related"), true),
        (format!("/v1/pages/article/{slug}"), true),
        (format!("/v1/resolve?path=/asia/{slug}"), true),
        (format!("/v1/media/{picture}"), true),
        ("/v1/articles".to_owned(), false),
        ("/v1/articles?region=asia".to_owned(), false),
        ("/v1/articles?author=mei".to_owned(), false),
        ("/v1/articles?topic=rails".to_owned(), false),
        ("/v1/articles?q=secretive".to_owned(), false),
        ("/v1/pages/region/asia".to_owned(), false),
        ("/v1/articles/neighbour".to_owned(), false),
        ("/v1/articles/neighbour/related".to_owned(), false),
        ("/v1/pages/article/neighbour".to_owned(), false),
    ]
}

async fn is_everywhere(stage: &Stage, (story, picture): (&Story, &str), expected: bool, time: &str) {
    for (path, by_itself) in surfaces(story, picture) {
        // Twice: once read, once from memory.
        for _ in 0..2 {
            let answer = stage.reader.get(&path).send().await;
            if by_itself {
                answer.expect(if expected { 200 } else { 404 });
            } else {
                let there = answer.expect(200).text().contains(&story.slug);
                assert_eq!(there, expected, "{path} at {time}");
            }
        }
    }
}

#[actix_web::test]
async fn a_scheduled_story_is_nowhere_until_its_millisecond_and_everywhere_from_then_on_until_it_is_withdrawn() {
    let stage = Stage::set().await;
    stage.author("mei", "Mei").await;
    stage.editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201);
    let picture = stage.picture("https://media.example.org/mine.jpg").await;
    let hero = json!({ "media": picture });
    let about = json!({ "bylines": [{ "author": "mei" }], "topics": ["Rails"], "hero": hero });
    let story = stage.draft("Secretive", about).await;
    let links = json!([{ "kind": "read_more", "target": { "id": story.id } }]);
    stage.live("Neighbour", json!({ "slug": "neighbour", "related": links })).await;
    let plan = json!({ "at": "2026-01-05T09:00:00Z", "until": "2026-01-05T10:00:00Z" });
    stage.editor.post(format!("{}/schedule", story.staff()), plan).send().await.expect(200);
    for (time, expected) in [
        ("2026-01-05T08:00:00Z", false),
        ("2026-01-05T08:59:59.999Z", false),
        ("2026-01-05T09:00:00Z", true),
        ("2026-01-05T09:59:59.999Z", true),
        ("2026-01-05T10:00:00Z", false),
        ("2027-01-05T10:00:00Z", false),
    ] {
        stage.app.set_clock(time);
        is_everywhere(&stage, (&story, &picture), expected, time).await;
    }
    stage.app.set_clock("2026-01-05T09:30:00Z");
    let page = stage.read(&story.public()).await;
    assert_eq!(page.text_at("/published_at"), "2026-01-05T09:00:00.000Z");
}
