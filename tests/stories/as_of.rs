//! As it was: what the public saw at an instant that is over is what it is told to have seen.

use chrono::{DateTime, TimeDelta, Utc};
use dateline::base::clock::Timestamp;
use dateline::http::cache::is_unbounded;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::support::{Answer, Stage, Story, TestApp, json};

/// What happens in a newsroom, to one of its stories.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Edit(usize, u32),
    Rename(usize, u32),
    Link(usize, usize),
    Publish(usize, bool),
    Plan(usize, i64, Option<i64>),
    Withdraw(usize, Option<i64>),
    Correct(usize, u32),
    Trash(usize),
    Restore(usize),
}

pub(super) const STORIES: usize = 3;

pub(super) fn act() -> impl Strategy<Value = Act> {
    let story = 0..STORIES;
    let soon = 1_i64..200;
    prop_oneof![
        3 => (story.clone(), 0_u32..100).prop_map(|(story, word)| Act::Edit(story, word)),
        1 => (story.clone(), 0_u32..100).prop_map(|(story, word)| Act::Rename(story, word)),
        1 => (story.clone(), 1..STORIES).prop_map(|(story, step)| Act::Link(story, (story + step) % STORIES)),
        5 => (story.clone(), any::<bool>()).prop_map(|(story, minor)| Act::Publish(story, minor)),
        3 => (story.clone(), soon.clone(), prop::option::of(soon.clone()))
            .prop_map(|(story, from, length)| Act::Plan(story, from, length)),
        2 => (story.clone(), prop::option::of(soon)).prop_map(|(story, at)| Act::Withdraw(story, at)),
        2 => (story.clone(), 0_u32..100).prop_map(|(story, word)| Act::Correct(story, word)),
        1 => story.clone().prop_map(Act::Trash),
        1 => story.prop_map(Act::Restore),
    ]
}

pub(super) fn written(at: DateTime<Utc>) -> String {
    Timestamp(at).to_string()
}

/// Does it; what the state does not allow is refused, and that is a history too.
pub(super) async fn does(stage: &Stage, stories: &[Story], act: &Act) {
    let now = stage.app.now();
    let after = |minutes: i64| written(now + TimeDelta::minutes(minutes));
    let post =
        |story: usize, verb: &str, body: Value| stage.editor.post(format!("{}/{verb}", stories[story].staff()), body);
    let patch = |story: usize, body: Value| stage.editor.patch(stories[story].staff(), body);
    let request = match act {
        Act::Edit(story, word) => patch(
            *story,
            json!({ "headline": format!("Words {word}"), "summary": format!("ore{word} rail"),
                    "body": { "format": "text", "content": format!("The words of {word} tell of harbour{word}.") } }),
        ),
        Act::Rename(story, word) => patch(*story, json!({ "slug": format!("story-{story}-{word}") })),
        Act::Link(story, other) => {
            patch(*story, json!({ "related": [{ "kind": "read_more", "target": { "id": stories[*other].id } }] }))
        }
        Act::Publish(story, minor) => post(*story, "publish", json!({ "minor": minor })),
        Act::Plan(story, from, None) => post(*story, "publish", json!({ "at": after(*from) })),
        Act::Plan(story, from, Some(length)) => {
            post(*story, "publish", json!({ "at": after(*from), "until": after(from + length) }))
        }
        Act::Withdraw(story, None) => post(*story, "unpublish", json!({})),
        Act::Withdraw(story, Some(at)) => post(*story, "unpublish", json!({ "at": after(*at) })),
        Act::Correct(story, word) => post(*story, "correct", json!({ "note": format!("It was not {word}.") })),
        Act::Trash(story) => stage.editor.delete(stories[*story].staff()),
        Act::Restore(story) => {
            stage.editor.request(reqwest::Method::POST, format!("{}/restore", stories[*story].staff()))
        }
    };
    request.send().await;
}

/// What a reader is told, without what differs between any two requests.
pub(super) fn told(answer: &Answer) -> (u16, Value) {
    let mut body = answer.json().clone();
    if let Some(problem) = body.as_object_mut() {
        problem.remove("request_id");
    }
    (answer.status(), body)
}

pub(super) fn places(stories: &[Story]) -> Vec<String> {
    let mut places: Vec<String> = [
        "/v1/articles?include_total=true",
        "/v1/articles?region=asia&sort=updated_at",
        "/v1/articles?q=words",
        "/v1/articles?q=rail&sort=-published_at&include_total=true",
        "/v1/media?include_total=true",
        "/v1/corrections?include_total=true&sort=corrected_at",
        "/v1/pages/region/asia?limit=2",
        "/v1/resolve?path=/asia/story-0",
    ]
    .map(str::to_owned)
    .into();
    for story in stories {
        places.push(format!("/v1/articles/{}?body_format=blocks,text", story.id));
        places.push(format!("/v1/articles/{}/related", story.id));
        places.push(format!("/v1/pages/article/{}", story.id));
    }
    places
}

pub(super) fn as_of(place: &str, at: DateTime<Utc>) -> String {
    let sign = if place.contains('?') { '&' } else { '?' };
    format!("{place}{sign}as_of={}", written(at))
}

/// A page of a list leads on by cursors that belong to that list alone.
pub(super) fn without_cursors(mut told: (u16, Value)) -> (u16, Value) {
    if let Some(meta) = told.1.pointer_mut("/meta").and_then(Value::as_object_mut) {
        let leads_on = meta.get("next_cursor").is_some_and(Value::is_string);
        meta.insert("next_cursor".to_owned(), json!(leads_on));
    }
    told
}

#[actix_web::test]
async fn whatever_happened_since_the_past_is_told_as_it_was_seen() {
    let mut runner = TestRunner::new(crate::stories::tried());
    let histories = crate::stories::tried().cases.div_ceil(50);
    let mut seen_live = 0;
    for _ in 0..histories {
        let history = vec((act(), 1_i64..90, 0_i64..60_000), 12).new_tree(&mut runner).expect("a history").current();
        let stage = Stage::set().await;
        let picture = stage.picture("https://media.example.org/mine.jpg").await;
        let mut stories = Vec::new();
        for number in 0..STORIES {
            let members = json!({ "slug": format!("story-{number}"), "hero": { "media": picture } });
            stories.push(stage.draft(&format!("Words of story {number}"), members).await);
        }
        let (places, mut snapshots) = (places(&stories), Vec::new());
        let mut clock = stage.app.now();
        for (act, minutes, between) in &history {
            clock += TimeDelta::minutes(*minutes);
            // Also at an instant at which nobody does anything, because schedules go by the clock.
            for (instant, acts) in [(clock, true), (clock + TimeDelta::milliseconds(*between), false)] {
                clock = instant;
                stage.app.set_clock(&written(clock));
                if acts {
                    does(&stage, &stories, act).await;
                }
                for place in &places {
                    let answer = stage.reader.get(place).send().await;
                    snapshots.push((clock, place, without_cursors(told(&answer))));
                }
            }
        }
        stage.app.set_clock(&written(clock + TimeDelta::days(3)));
        for (at, place, before) in snapshots {
            let answer = stage.reader.get(as_of(place, at)).send().await;
            assert_eq!(without_cursors(told(&answer)), before, "{place} as of {} in {history:?}", written(at));
            seen_live += u32::from(place.starts_with("/v1/articles/") && before.0 == 200);
        }
    }
    assert!(seen_live > histories * 20, "the histories show too little: {seen_live}");
}

#[actix_web::test]
async fn nobody_sees_the_schedule_by_asking_for_a_time_to_come() {
    let stage = Stage::set().await;
    let story = stage.draft("Soon", json!({})).await;
    stage.publish(&story, json!({ "at": "2026-01-05T09:00:00Z" })).await;
    let paths = [
        "/v1/articles".to_owned(),
        "/v1/media".to_owned(),
        "/v1/pages/region/asia".to_owned(),
        "/v1/resolve?path=/asia/soon".to_owned(),
        story.public(),
        format!("{}/related", story.public()),
        format!("/v1/pages/article/{}", story.slug),
        "/v1/media/mine".to_owned(),
    ];
    for path in &paths {
        for time in ["2026-01-05T09:00:00Z", "2026-01-05T08:00:00.001Z", "9999-01-01T00:00:00Z"] {
            let path = as_of(path, time.parse::<Timestamp>().unwrap().0);
            let refused = stage.reader.get(path).send().await.expect(400);
            assert_eq!(refused.faults(), ["as_of future"]);
        }
        let wrong = format!("{path}{}as_of=yesterday", if path.contains('?') { '&' } else { '?' });
        stage.reader.get(wrong).send().await.expect(400);
    }
    stage.reader.get(as_of("/v1/articles", stage.app.now())).send().await.expect(200);
}

#[actix_web::test]
async fn a_page_of_the_past_leads_to_the_next_page_of_the_past() {
    let stage = Stage::set().await;
    stage.live_many(3, json!({})).await;
    let past = stage.app.now();
    stage.app.set_clock("2026-01-06T08:00:00Z");
    stage.live("Later", json!({})).await;
    stage.live("Later still", json!({})).await;
    let first = stage.read(&as_of("/v1/articles?limit=2", past)).await;
    assert_eq!(first.texts_in("/data", "/headline"), ["Story 3", "Story 2"]);
    let next = first.header("link").split('>').next().unwrap().trim_start_matches('<').to_owned();
    let next = next.replace("http://api.example.org", "");
    assert!(next.contains("as_of="), "{next}");
    assert_eq!(stage.read(&next).await.texts_in("/data", "/headline"), ["Story 1"]);
    let now = next.replace(&format!("as_of={}&", written(past).replace(':', "%3A")), "");
    if now != next {
        stage.reader.get(now).send().await.expect(400);
    }
}

#[actix_web::test]
async fn a_former_slug_leads_to_the_slug_of_that_time() {
    let stage = Stage::set().await;
    let story = stage.live("First", json!({ "slug": "first" })).await;
    let at_first = stage.app.now();
    for (time, slug) in [("2026-01-05T09:00:00Z", "second"), ("2026-01-05T10:00:00Z", "third")] {
        stage.app.set_clock(time);
        stage.editor.patch(story.staff(), json!({ "slug": slug })).send().await.expect(200);
        stage.publish(&story, json!({})).await;
    }
    let nine = "2026-01-05T09:30:00Z".parse::<Timestamp>().unwrap().0;
    let moved = stage.reader.get(as_of("/v1/articles/first", nine)).send().await.expect(301);
    assert_eq!(moved.header("location"), as_of("/v1/articles/second", nine).replace(':', "%3A"));
    stage.reader.get(as_of("/v1/articles/third", nine)).send().await.expect(404);
    assert_eq!(stage.read(&as_of("/v1/articles/first", at_first)).await.text_at("/slug"), "first");
}

#[actix_web::test]
async fn names_are_those_of_now_and_what_was_purged_is_in_no_past() {
    let stage = Stage::set().await;
    let author = stage.author("mei-tanaka", "Mei Tanaka").await;
    let gone = stage.live("Gone", json!({ "bylines": [{ "author": "mei-tanaka" }] })).await;
    let past = stage.app.now();
    let (item, list) = (as_of(&gone.public(), past), as_of("/v1/articles?include_total=true", past));
    stage.app.set_clock("2026-01-05T09:00:00Z");
    assert_eq!(stage.read(&item).await.text_at("/authors/0/name"), "Mei Tanaka");
    let path = format!("/v1/newsroom/authors/{author}");
    stage.editor.patch(path, json!({ "name": "Mei Mori" })).send().await.expect(200);
    assert_eq!(stage.read(&item).await.text_at("/authors/0/name"), "Mei Mori");
    stage.editor.delete(gone.staff()).send().await.expect(204);
    assert_eq!(stage.read(&list).await.at("/meta/total"), 1);
    stage.app.set_clock("2026-03-05T09:00:00Z");
    let keep = dateline::jobs::Keep { trash_days: 30 };
    dateline::jobs::sweep(&stage.app.shared().database, keep, stage.app.now()).await;
    assert_eq!(stage.read(&list).await.at("/meta/total"), 0);
    stage.reader.get(&item).send().await.expect(404);
}

#[actix_web::test]
async fn what_was_taken_down_since_is_in_no_past() {
    let stage = Stage::set().await;
    let picture = stage.picture("https://media.example.org/mine.jpg").await;
    let down = stage.live("Down", json!({ "hero": { "media": picture } })).await;
    let related = json!([{ "kind": "read_more", "target": { "slug": "down" } }]);
    let linking = stage.live("Linking", json!({ "related": related })).await;
    let past = stage.app.now();
    stage.app.set_clock("2026-01-05T09:00:00Z");
    assert_eq!(stage.read(&as_of("/v1/articles?q=words", past)).await.at("/data").as_array().unwrap().len(), 2);
    assert_eq!(stage.read(&as_of("/v1/media", past)).await.texts_in("/data", "/id"), [&picture]);
    let kill = "UPDATE articles SET killed_at = '2026-01-05T09:00:00Z' WHERE id = $1::text::uuid";
    stage.app.database().await.execute(kill, &[&down.id]).await.unwrap();
    // Another instant that showed the same, because no announcement told the answers of before to go.
    let past = past + TimeDelta::minutes(1);
    stage.reader.get(as_of(&down.public(), past)).send().await.expect(404);
    stage.reader.get(as_of("/v1/resolve?path=/asia/down", past)).send().await.expect(404);
    for list in ["/v1/articles", "/v1/articles?q=words", "/v1/articles?region=asia&include_total=true"] {
        let list = stage.read(&as_of(list, past)).await;
        assert_eq!(list.texts_in("/data", "/headline"), ["Linking"]);
        assert!(list.json().pointer("/meta/total").is_none_or(|total| total == 1), "{list}");
    }
    assert_eq!(stage.read(&as_of(&linking.public(), past)).await.at("/related"), &json!([]));
    assert_eq!(stage.read(&as_of("/v1/media", past)).await.at("/data"), &json!([]));
}

#[actix_web::test]
async fn the_past_is_kept_in_memory_whatever_the_clock_does_and_pushes_nothing_out() {
    let small = |settings: &mut dateline::base::config::Settings| settings.cache_bytes = 1 << 20;
    let app = TestApp::with("2026-01-05T08:00:00Z", small).await;
    let state = |answer: &Answer| answer.header("server-timing").split('"').nth(1).unwrap_or_default().to_owned();
    let past = as_of("/v1/articles", app.now());
    app.set_clock("2026-01-05T09:00:00Z");
    let first = app.reader().get(&past).send().await.expect(200);
    assert!(first.find_header("last-modified").is_none(), "{first}");
    app.set_clock("2027-01-05T09:00:00Z");
    let again = app.reader().get(&past).send().await.expect(200);
    assert_eq!((state(&first).as_str(), state(&again).as_str()), ("miss", "hit"));
    assert!(again.header("cache-control").starts_with("public, max-age=5, s-maxage=30"), "{again}");
    app.reader().get("/v1/articles").send().await.expect(200);
    for second in 0..400 {
        let at = app.now() - TimeDelta::seconds(second);
        app.reader().get(as_of("/v1/articles", at)).send().await.expect(200);
    }
    let hot = app.reader().get("/v1/articles").send().await.expect(200);
    assert_eq!(state(&hot), "hit");
    let pushed = app.reader().get(as_of("/v1/articles", app.now())).send().await.expect(200);
    assert_eq!(state(&pushed), "miss", "400 answers fit where they should not");
    assert!(is_unbounded("/v1/articles/one?as_of=2026-01-05T09%3A00%3A00Z"));
}

#[actix_web::test]
async fn corrections_are_listed_as_they_were_and_names_as_they_are() {
    let stage = Stage::set().await;
    let story = stage.live("Harbour", json!({ "slug": "harbour" })).await;
    for (hour, headline) in [(9, "Harbours"), (10, "Ports")] {
        stage.app.set_clock(&format!("2026-01-05T{hour:02}:00:00Z"));
        stage.editor.patch(story.staff(), json!({ "headline": headline })).send().await.expect(200);
        let note = json!({ "note": format!("It was not {headline}.") });
        stage.editor.post(format!("{}/correct", story.staff()), note).send().await.expect(200);
    }
    for (time, expected) in [
        ("2026-01-05T08:59:59.999Z", vec![]),
        ("2026-01-05T09:59:59.999Z", vec![("It was not Harbours.", "Harbours")]),
        ("2026-01-05T10:00:00Z", vec![("It was not Harbours.", "Ports"), ("It was not Ports.", "Ports")]),
    ] {
        let list = stage.read(&format!("/v1/corrections?sort=corrected_at&include_total=true&as_of={time}")).await;
        let (notes, headlines) = (list.texts_in("/data", "/note"), list.texts_in("/data", "/article/headline"));
        assert_eq!(notes.into_iter().zip(headlines).collect::<Vec<_>>(), expected, "{time}");
        assert_eq!(list.at("/meta/total"), &json!(expected.len()));
    }
    stage.author("mei", "Mei").await;
    stage.editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201);
    for path in ["authors", "authors/mei", "topics", "topics/rails", "regions", "regions/asia", "regions/tree"] {
        let present = stage.read(&format!("/v1/{path}")).await;
        let then = stage.read(&format!("/v1/{path}?as_of=2026-01-05T08:00:00Z")).await;
        assert_eq!(then.json(), present.json(), "{path} has a history");
        let ahead = stage.reader.get(format!("/v1/{path}?as_of=2026-01-05T10:00:00.001Z")).send().await.expect(400);
        assert_eq!(ahead.faults(), ["as_of future"], "{path}");
    }
}
