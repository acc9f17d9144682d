//! Nothing runs when a story goes live or is withdrawn: the clock alone decides, on every surface, on every server.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::support::{Stage, TestApp, json};

/// Everywhere in public where a story can be seen: the path, and whether what is there is seen by the path itself.
fn surfaces(slug: &str) -> Vec<(String, bool)> {
    vec![
        (format!("/v1/articles/{slug}"), true),
        (format!("/v1/articles/{slug}/related"), true),
        (format!("/v1/pages/article/{slug}"), true),
        (format!("/v1/resolve?path=/asia/{slug}"), true),
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

async fn is_everywhere(stage: &Stage, slug: &str, expected: bool, time: &str) {
    for (path, by_itself) in surfaces(slug) {
        // Twice: once read, once from memory.
        for _ in 0..2 {
            let answer = stage.reader.get(&path).send().await;
            if by_itself {
                answer.expect(if expected { 200 } else { 404 });
            } else {
                let there = answer.expect(200).text().contains(slug);
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
    let about = json!({ "bylines": [{ "author": "mei" }], "topics": ["Rails"] });
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
        is_everywhere(&stage, &story.slug, expected, time).await;
    }
    stage.app.set_clock("2026-01-05T09:30:00Z");
    let page = stage.read(&story.public()).await;
    assert_eq!(page.text_at("/published_at"), "2026-01-05T09:00:00.000Z");
}

/// What somebody does next.
#[derive(Clone, Debug)]
enum Step {
    /// On this server, plan a new version this many minutes from its now.
    Plan(usize, i64),
    /// On this server, move some plan to this many minutes from its now.
    Move(usize, i64),
    /// On this server, drop all plans.
    Drop(usize),
    /// Put this server's clock to this minute.
    Clock(usize, i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let server = 0..3usize;
    let one = prop_oneof![
        3 => (server.clone(), 1..90i64).prop_map(|(on, minutes)| Step::Plan(on, minutes)),
        2 => (server.clone(), 1..90i64).prop_map(|(on, minutes)| Step::Move(on, minutes)),
        1 => server.clone().prop_map(Step::Drop),
        4 => (server, 0..240i64).prop_map(|(on, minute)| Step::Clock(on, minute)),
    ];
    proptest::collection::vec(one, 40)
}

fn minute(minute: i64) -> String {
    format!("2026-01-05T{:02}:{:02}:00Z", 8 + minute / 60, minute % 60)
}

#[actix_web::test]
async fn three_servers_with_jumping_clocks_show_nothing_early_and_nothing_twice() {
    let mut runner = TestRunner::new(crate::stories::tried());
    for _ in 0..4 {
        let steps = steps().new_tree(&mut runner).expect("steps").current();
        play(steps).await;
    }
}

async fn play(steps: Vec<Step>) {
    let first = TestApp::start().await;
    let servers = [first.clone(), first.beside().await, first.beside().await];
    first.region("asia", None).await;
    let editors = [servers[0].editor().await, servers[1].editor().await, servers[2].editor().await];
    let story = editors[0].writes("Version 1", "asia").await;
    let mut clocks = [0i64; 3];
    for step in steps {
        match step {
            Step::Plan(on, minutes) => {
                let headline = json!({ "headline": format!("Version {minutes}") });
                editors[on].patch(story.place(), headline).send().await.expect(200);
                let plan = json!({ "at": minute(clocks[on] + minutes) });
                let answer = editors[on].post(format!("{}/schedule", story.place()), plan).send().await;
                assert!([200, 409].contains(&answer.status()), "{answer}");
            }
            Step::Move(on, minutes) => {
                let now = editors[on].get(story.place()).send().await.expect(200);
                let planned = now.at("/live").as_array().and_then(|all| all.last().cloned());
                let Some(period) = planned.and_then(|one| one.get("id").cloned()) else { continue };
                let plan = json!({ "period": period, "at": minute(clocks[on] + minutes) });
                let answer = editors[on].post(format!("{}/reschedule", story.place()), plan).send().await;
                assert!([200, 409, 422].contains(&answer.status()), "{answer}");
            }
            Step::Drop(on) => {
                let answer = editors[on].post(format!("{}/unschedule", story.place()), json!({})).send().await;
                assert!([200, 409].contains(&answer.status()), "{answer}");
            }
            Step::Clock(on, at) => {
                clocks[on] = at;
                servers[on].set_clock(&minute(at));
            }
        }
        for (on, server) in servers.iter().enumerate() {
            holds(server, &story.id(), &minute(clocks[on])).await;
        }
    }
}

/// What the server shows is what the database plans for its time: no period of another time, and one at most.
async fn holds(server: &TestApp, id: &str, time: &str) {
    let ask = "SELECT headline FROM publications WHERE article_id = $1::text::uuid \
         AND live_from <= $2::text::timestamptz AND (live_until IS NULL OR live_until > $2::text::timestamptz)";
    let planned = server.database().await.query(ask, &[&id, &time]).await.expect("periods");
    assert!(planned.len() <= 1, "two periods at once");
    let planned: Option<String> = planned.first().map(|row| row.get(0));
    let mut shown = server.reader().get("/v1/articles/version-1").send().await;
    let mut list = server.reader().get("/v1/articles").send().await.expect(200);
    // What another server wrote arrives with a notice a moment later.
    for _ in 0..200 {
        let headline = (shown.status() == 200).then(|| shown.text_at("/headline").to_owned());
        let listed = list.texts_in("/data", "/headline");
        if headline == planned && listed == Vec::from_iter(planned.as_deref()) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        shown = server.reader().get("/v1/articles/version-1").send().await;
        list = server.reader().get("/v1/articles").send().await.expect(200);
    }
    panic!("at {time} {planned:?} is planned, but {shown} and {list} are shown");
}
