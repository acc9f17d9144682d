//! As it was: what the public saw at an instant that is over is what it is told to have seen.

use chrono::TimeDelta;
use dateline::base::clock::Timestamp;
use dateline::http::cache::is_unbounded;
use proptest::collection::vec;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

use super::acts::{Act, Newsroom, STORIES, act, as_of, told, without_cursors, written};
use crate::support::{Answer, Stage, TestApp, json};

#[actix_web::test]
async fn whatever_happened_since_the_past_is_told_as_it_was_seen() {
    let mut runner = TestRunner::new(crate::stories::tried());
    let histories = crate::stories::tried().cases.div_ceil(50);
    let (mut seen_live, mut seen_down) = (0, 0);
    for _ in 0..histories {
        let history = vec((act(), 1_i64..90, 0_i64..60_000), 12).new_tree(&mut runner).expect("a history").current();
        let stage = Stage::set().await;
        let (newsroom, admin) = (Newsroom::on(&stage).await, stage.app.admin().await);
        let (places, mut snapshots) = (newsroom.places(), Vec::new());
        let mut clock = stage.app.now();
        for (act, minutes, between) in &history {
            clock += TimeDelta::minutes(*minutes);
            // Also at an instant at which nobody does anything, because schedules go by the clock.
            for (instant, acts) in [(clock, true), (clock + TimeDelta::milliseconds(*between), false)] {
                clock = instant;
                stage.app.set_clock(&written(clock));
                if acts {
                    newsroom.does(&stage, &admin, act).await;
                }
                for place in &places {
                    let answer = stage.reader.get(place).send().await;
                    snapshots.push((clock, place, without_cursors(told(&answer))));
                }
            }
        }
        stage.app.set_clock(&written(clock + TimeDelta::days(3)));
        // What is down now is so in every past.
        for number in 0..STORIES {
            newsroom.does(&stage, &admin, &Act::Restore(number)).await;
            newsroom.does(&stage, &admin, &Act::Reinstate(number)).await;
        }
        for (at, place, before) in snapshots {
            let answer = stage.reader.get(as_of(place, at)).send().await;
            assert_eq!(without_cursors(told(&answer)), before, "{place} as of {} in {history:?}", written(at));
            seen_live += u32::from(place.starts_with("/v1/articles/") && before.0 == 200);
            seen_down += u32::from(before.0 == 410 || before.0 == 451);
        }
    }
    assert!(seen_live > histories * 20, "the histories show too little: {seen_live}");
    assert!(seen_down > 0, "nothing was taken down");
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
async fn names_are_those_of_then_and_what_was_purged_is_in_no_past() {
    let stage = Stage::set().await;
    let author = stage.author("mei-tanaka", "Mei Tanaka").await;
    let gone = stage.live("Gone", json!({ "bylines": [{ "author": "mei-tanaka" }] })).await;
    let past = stage.app.now();
    let (item, list) = (as_of(&gone.public(), past), as_of("/v1/articles?include_total=true", past));
    stage.app.set_clock("2026-01-05T09:00:00Z");
    let path = format!("/v1/newsroom/authors/{author}");
    stage.editor.patch(path, json!({ "name": "Mei Mori", "slug": "mei-mori" })).send().await.expect(200);
    assert_eq!(stage.read(&item).await.text_at("/authors/0/name"), "Mei Tanaka");
    assert_eq!(stage.read(&list).await.text_at("/data/0/authors/0/slug"), "mei-tanaka");
    assert_eq!(stage.read(&gone.public()).await.text_at("/authors/0/name"), "Mei Mori");
    assert_eq!(stage.read(&as_of(&gone.public(), stage.app.now())).await.text_at("/authors/0/name"), "Mei Mori");
    assert_eq!(stage.read(&as_of("/v1/authors/mei-tanaka", past)).await.text_at("/name"), "Mei Tanaka");
    stage.reader.get(as_of("/v1/authors/mei-mori", past)).send().await.expect(404);
    stage.editor.delete(gone.staff()).send().await.expect(204);
    assert_eq!(stage.read(&list).await.at("/meta/total"), 1);
    stage.app.sweeps("2026-03-05T09:00:00Z").await;
    assert_eq!(stage.read(&list).await.at("/meta/total"), 0);
    stage.reader.get(&item).send().await.expect(404);
}

#[actix_web::test]
async fn authors_are_listed_with_those_of_then_whoever_came_went_or_was_taken_in_since() {
    let stage = Stage::set().await;
    let before = stage.app.now() - TimeDelta::hours(1);
    let [mei, ken, guest] =
        [("mei", "Mei"), ("ken", "Ken"), ("guest", "Guest")].map(|(slug, name)| stage.author(slug, name));
    let (mei, ken, guest) = (mei.await, ken.await, guest.await);
    let story = stage.live("By Ken", json!({ "bylines": [{ "author": "ken" }, { "author": "mei" }] })).await;
    let past = stage.app.now();
    let names = async |at| {
        let list = stage.read(&as_of("/v1/authors?include_total=true", at)).await;
        let names: Vec<String> = list.texts_in("/data", "/name").into_iter().map(str::to_owned).collect();
        assert_eq!(list.at("/meta/total"), names.len());
        names
    };
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.editor.delete(format!("/v1/newsroom/authors/{guest}")).send().await.expect(204);
    let merge = format!("/v1/newsroom/authors/{mei}/merge");
    stage.editor.post(merge, json!({ "absorb": ken })).send().await.expect(200);
    assert_eq!(names(before).await, Vec::<String>::new());
    assert_eq!(names(past).await, ["Guest", "Ken", "Mei"]);
    assert_eq!(names(stage.app.now()).await, ["Mei"]);
    for author in ["ken", &ken] {
        let list = stage.read(&as_of(&format!("/v1/articles?author={author}&include_total=true"), past)).await;
        assert_eq!((list.texts_in("/data", "/headline"), list.at("/meta/total")), (vec!["By Ken"], &json!(1)));
        stage.read(&as_of(&format!("/v1/authors/{author}"), past)).await;
        stage.reader.get(as_of(&format!("/v1/authors/{author}"), before)).send().await.expect(404);
    }
    assert_eq!(stage.read(&as_of(&story.public(), past)).await.texts_in("/authors", "/slug"), ["ken", "mei"]);
    assert_eq!(stage.read(&story.public()).await.texts_in("/authors", "/slug"), ["mei"]);
}

#[actix_web::test]
async fn a_region_that_moved_since_has_the_name_the_place_and_the_articles_of_then() {
    let stage = Stage::set().await;
    let coast = stage.region("coast", "Coast", "editorial", Some("asia")).await;
    stage.region("europe", "Europe", "region", None).await;
    let story = stage.live("Ashore", json!({ "primary_region": "coast" })).await;
    let past = stage.app.now();
    stage.app.set_clock("2026-01-05T09:00:00Z");
    let moved = json!({ "parent": "europe", "name": "Shore", "slug": "shore" });
    stage.app.admin().await.patch(format!("/v1/newsroom/regions/{coast}"), moved).send().await.expect(200);
    let page = stage.read(&as_of("/v1/pages/region/coast", past)).await;
    assert_eq!((page.text_at("/region/name"), page.text_at("/region/ancestors/0/slug")), ("Coast", "asia"));
    assert_eq!(stage.read(&as_of("/v1/resolve?path=/coast/ashore", past)).await.at("/redirect_to"), &json!(null));
    let listed = async |region: &str, at| {
        stage
            .read(&as_of(&format!("/v1/articles?region={region}"), at))
            .await
            .at("/data")
            .as_array()
            .map_or(0, Vec::len)
    };
    assert_eq!((listed("asia", past).await, listed("europe", past).await), (1, 0));
    assert_eq!((listed("asia", stage.app.now()).await, listed("europe", stage.app.now()).await), (0, 1));
    let item = stage.read(&as_of(&story.public(), past)).await;
    assert!(item.text_at("/canonical_url").ends_with("/coast/ashore"), "{item}");
    assert_eq!(stage.read(&as_of("/v1/regions/coast", past)).await.text_at("/ancestors/0/slug"), "asia");
    stage.reader.get("/v1/pages/region/coast").send().await.expect(301);
    stage.reader.get(as_of("/v1/articles?region=shore", past)).send().await.expect(400);
}

#[actix_web::test]
async fn a_picture_has_the_words_of_then_and_one_that_was_removed_is_in_no_past() {
    let stage = Stage::set().await;
    let [picture, portrait] = [
        stage.picture("https://media.example.org/mine.jpg").await,
        stage.picture("https://media.example.org/mei.jpg").await,
    ];
    let author = stage.author("mei", "Mei").await;
    let author = format!("/v1/newsroom/authors/{author}");
    stage.editor.patch(&author, json!({ "avatar": portrait })).send().await.expect(200);
    let members = json!({ "hero": { "media": picture }, "bylines": [{ "author": "mei" }] });
    let story = stage.live("Mined", members).await;
    let past = stage.app.now();
    stage.app.set_clock("2026-01-05T09:00:00Z");
    for id in [&picture, &portrait] {
        let words = json!({ "alt": "A pit", "caption": "A pit." });
        stage.editor.patch(format!("/v1/newsroom/media/{id}"), words).send().await.expect(200);
    }
    let item = stage.read(&as_of(&story.public(), past)).await;
    assert_eq!((item.text_at("/hero/alt"), item.text_at("/hero/caption")), ("A mine", "A mine in the snow."));
    assert_eq!(item.text_at("/authors/0/avatar/alt"), "A mine");
    let asset = stage.read(&as_of(&format!("/v1/media/{picture}"), past)).await;
    assert_eq!((asset.text_at("/alt"), asset.at("/focal_point")), ("A mine", &json!({ "x": 0.5, "y": 0.25 })));
    assert_eq!(stage.read(&as_of("/v1/media?q=snow", past)).await.at("/data").as_array().map(Vec::len), Some(2));
    assert_eq!(stage.read(&story.public()).await.text_at("/hero/alt"), "A pit");
    stage.editor.patch(&author, json!({ "avatar": null })).send().await.expect(200);
    assert_eq!(stage.read(&as_of("/v1/authors/mei", past)).await.text_at("/avatar/alt"), "A mine");
    stage.editor.delete(format!("/v1/newsroom/media/{portrait}")).send().await.expect(204);
    assert_eq!(stage.read(&as_of("/v1/authors/mei", past)).await.at("/avatar"), &json!(null));
}

#[actix_web::test]
async fn within_a_kill_that_was_lifted_since_its_reasons_of_then_are_told() {
    let stage = Stage::set().await;
    let story = stage.live("Wronged", json!({})).await;
    let admin = stage.app.admin().await;
    let act = async |time: &str, verb: &str, plan| {
        stage.app.set_clock(time);
        admin.post(format!("{}/{verb}", story.staff()), plan).send().await.expect(200);
    };
    act("2026-01-05T09:00:00Z", "kill", json!({ "reason": "It was wrong." })).await;
    act("2026-01-05T10:00:00Z", "kill", json!({ "reason": "A court forbids it.", "legal": true })).await;
    let then = |time: &str| stage.reader.get(as_of(&story.public(), time.parse::<Timestamp>().unwrap().0)).send();
    // While it is down, it is so in every past, and what is told is what is told now.
    for time in ["2026-01-05T08:00:00Z", "2026-01-05T09:30:00Z"] {
        assert_eq!(then(time).await.expect(451).text_at("/detail"), "A court forbids it.");
    }
    act("2026-01-05T11:00:00Z", "reinstate", json!({ "reason": "It was right." })).await;
    then("2026-01-05T08:59:59.999Z").await.expect(200);
    for time in ["2026-01-05T09:00:00Z", "2026-01-05T09:59:59.999Z"] {
        let gone = then(time).await.expect(410);
        let told = (gone.text_at("/detail"), gone.text_at("/taken_down_at"));
        assert_eq!(told, ("It was wrong.", "2026-01-05T09:00:00.000Z"), "{time}");
    }
    assert_eq!(then("2026-01-05T10:30:00Z").await.expect(451).text_at("/taken_down_at"), "2026-01-05T09:00:00.000Z");
    then("2026-01-05T11:00:00Z").await.expect(404);
}

#[actix_web::test]
async fn many_who_ask_about_different_instants_at_once_are_each_told_of_theirs() {
    let stage = Stage::set().await;
    let author = stage.author("mei", "Mei 0").await;
    let story = stage.live("Often renamed", json!({ "bylines": [{ "author": "mei" }] })).await;
    let began = stage.app.now();
    for number in 1..10 {
        stage.app.set_clock(&written(began + TimeDelta::minutes(number)));
        let name = json!({ "name": format!("Mei {number}") });
        stage.editor.patch(format!("/v1/newsroom/authors/{author}"), name).send().await.expect(200);
    }
    let asked = (0..120).map(|number| {
        let at = began + TimeDelta::minutes(number % 10) + TimeDelta::milliseconds(number);
        let place = match number % 12 {
            11 => story.public(),
            _ => as_of(&story.public(), at),
        };
        let (reader, expected) = (&stage.reader, if number % 12 == 11 { 9 } else { number % 10 });
        async move {
            let answer = reader.get(&place).send().await.expect(200);
            assert_eq!(answer.text_at("/authors/0/name"), format!("Mei {expected}"), "{place}");
        }
    });
    stage.app.set_clock("2026-01-05T12:00:00Z");
    futures_util::future::join_all(asked).await;
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
async fn corrections_are_listed_as_they_were() {
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
}

#[actix_web::test]
async fn nothing_of_authors_topics_and_regions_is_told_of_a_time_to_come() {
    let stage = Stage::set().await;
    stage.author("mei", "Mei").await;
    stage.editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201);
    for path in ["authors", "authors/mei", "topics", "topics/rails", "regions", "regions/asia", "regions/tree"] {
        let present = stage.read(&format!("/v1/{path}")).await;
        let then = stage.read(&as_of(&format!("/v1/{path}"), stage.app.now())).await;
        assert_eq!(then.json(), present.json(), "{path}");
        let ahead = stage.reader.get(format!("/v1/{path}?as_of=2026-01-05T10:00:00.001Z")).send().await.expect(400);
        assert_eq!(ahead.faults(), ["as_of future"], "{path}");
    }
}
