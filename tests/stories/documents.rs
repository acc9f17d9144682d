//! Finished answers in the database: found by a look, and never older than what they were drawn from.

use std::time::Duration;

use dateline::rules::reference::IdOrSlug;
use dateline::store::directory::Directories;
use dateline::store::documents::Page;
use dateline::store::{Reader, Replicas};

use crate::support::{Answer, Stage, Story, TestApp, json};

/// A newsroom whose server keeps nothing in memory.
async fn stage() -> Stage {
    let stage = Stage::on(TestApp::with("2026-01-05T08:00:00Z", |settings| settings.cache_bytes = 0).await).await;
    stage.region("asia", "Asia", "editorial", None).await;
    stage
}

/// So many pages are kept.
async fn kept(stage: &Stage) -> i64 {
    let query = "SELECT count(*) FROM documents WHERE page IS NOT NULL";
    stage.app.database().await.query_one(query, &[]).await.expect("a count").get(0)
}

/// Reads until the page is kept, and reads what is kept.
async fn drawn(stage: &Stage, path: &str, pages: i64) -> Answer {
    let first = stage.read(path).await;
    for _ in 0..500 {
        if kept(stage).await == pages {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(kept(stage).await, pages, "{path} is not kept");
    let again = stage.read(path).await;
    assert_eq!(again.statements(), 1, "{path} is drawn again");
    assert_eq!((again.text(), again.header("etag")), (first.text(), first.header("etag")));
    for header in ["surrogate-key", "last-modified", "link", "cache-control"] {
        assert_eq!(again.find_header(header), first.find_header(header), "{header}");
    }
    again
}

/// Three articles: one that links to another, a translation of it, and one that neither shows.
async fn three(stage: &Stage) -> [Story; 3] {
    stage.author("mei-tanaka", "Mei Tanaka").await;
    let picture = stage.picture("https://media.example.org/mine.jpg").await;
    let target = stage.draft("Target", json!({})).await;
    let members = json!({
        "bylines": [{ "author": "mei-tanaka" }], "hero": { "media": picture },
        "related": [{ "kind": "read_more", "target": { "id": target.id } }],
    });
    let one = stage.live("One", members).await;
    let other = stage.live("Other", json!({})).await;
    [one, target, other]
}

#[actix_web::test]
async fn a_page_that_was_drawn_once_is_read_by_one_look_until_what_it_shows_is_written() {
    let stage = stage().await;
    let [one, target, other] = three(&stage).await;
    drawn(&stage, &other.public(), 1).await;
    assert_eq!(drawn(&stage, &one.public(), 2).await.at("/related"), &json!([]));
    // By its id it is the same page.
    assert_eq!(stage.read(&format!("/v1/articles/{}", one.id)).await.statements(), 1);

    // What it links to goes live, is withdrawn, is published anew; each time it is drawn anew, and the other one is not.
    stage.app.set_clock("2026-01-05T08:10:00Z");
    stage.publish(&target, json!({})).await;
    assert_eq!(kept(&stage).await, 1);
    assert_eq!(drawn(&stage, &one.public(), 2).await.at("/related/0/title"), "Target");
    stage.editor.patch(target.staff(), json!({ "headline": "Renamed" })).send().await.expect(200);
    assert_eq!(kept(&stage).await, 2, "nobody outside sees a draft");
    stage.publish(&target, json!({})).await;
    assert_eq!(drawn(&stage, &one.public(), 2).await.at("/related/0/title"), "Renamed");
    stage.editor.post(format!("{}/kill", target.staff()), json!({ "reason": "Wrong." })).send().await.expect(200);
    assert_eq!(drawn(&stage, &one.public(), 2).await.at("/related"), &json!([]));

    // Reference data are in every page, so all of them are drawn anew.
    let mei = stage.read("/v1/authors/mei-tanaka").await.id();
    stage.editor.patch(format!("/v1/newsroom/authors/{mei}"), json!({ "name": "Mei Mori" })).send().await.expect(200);
    let renamed = stage.read(&one.public()).await;
    assert_eq!((renamed.statements() > 1, renamed.text_at("/authors/0/name")), (true, "Mei Mori"));
    let picture = renamed.text_at("/hero/id").to_owned();
    let worded = json!({ "caption": "Another mine." });
    stage.editor.patch(format!("/v1/newsroom/media/{picture}"), worded).send().await.expect(200);
    assert_eq!(stage.read(&one.public()).await.at("/hero/caption"), "Another mine.");

    stage.editor.delete(one.staff()).send().await.expect(204);
    stage.reader.get(one.public()).send().await.expect(404);
}

#[actix_web::test]
async fn a_page_ends_with_the_clock_and_a_former_slug_still_leads_on() {
    let stage = stage().await;
    let story = stage.draft("Brief", json!({ "slug": "brief" })).await;
    stage.publish(&story, json!({ "until": "2026-01-05T09:00:00Z" })).await;
    drawn(&stage, "/v1/articles/brief", 1).await;
    for (time, status) in
        [("2026-01-05T08:59:59.999Z", 200), ("2026-01-05T09:00:00Z", 404), ("2026-01-05T08:30:00Z", 200)]
    {
        stage.app.set_clock(time);
        stage.reader.get("/v1/articles/brief").send().await.expect(status);
    }
    stage.editor.patch(story.staff(), json!({ "slug": "long" })).send().await.expect(200);
    assert_eq!(drawn(&stage, "/v1/articles/brief", 1).await.text_at("/slug"), "brief", "renamed for the newsroom only");
    stage.publish(&story, json!({})).await;
    drawn(&stage, "/v1/articles/long", 1).await;
    let moved = stage.reader.get("/v1/articles/brief").send().await.expect(301);
    assert_eq!(moved.header("location"), "/v1/articles/long");
    // A clock that was put back is before the page was drawn.
    stage.app.set_clock("2026-01-05T08:20:00Z");
    assert_ne!(stage.reader.get("/v1/articles/long").send().await.status(), 500);
}

#[actix_web::test]
async fn what_was_drawn_before_a_write_is_not_kept_after_it() {
    let stage = stage().await;
    let story = stage.live("Drawn late", json!({})).await;
    let reader = Reader::new(stage.app.database_url(), Replicas::new(&[], Duration::ZERO), 0, Directories::default());
    let (documents, now) = (stage.app.shared().documents.clone(), stage.app.now());
    let key: IdOrSlug = story.slug.parse().expect("a slug");
    let ground = async || documents.page(&reader, &key, now).await.expect("a look").expect_err("nothing is kept");
    let page = Page {
        body: b"{}".to_vec(),
        etag: "drawn".to_owned(),
        tags: vec!["list:articles".to_owned()],
        link: String::new(),
        boundary: None,
        ends: None,
        changed_at: None,
    };
    let id = story.id.parse().expect("an id");
    let keep = async |ground| {
        documents.keep_page(id, &story.slug, page.clone(), ground, now);
        tokio::time::sleep(Duration::from_millis(300)).await;
    };
    let before = ground().await;
    stage.editor.patch(story.staff(), json!({ "headline": "Written since" })).send().await.expect(200);
    stage.publish(&story, json!({})).await;
    keep(before).await;
    assert_eq!(kept(&stage).await, 0, "it was drawn from what is no more");
    // The same from what is.
    keep(ground().await).await;
    assert_eq!(kept(&stage).await, 1);
    let kept = stage.reader.get(story.public()).unchecked().send().await.expect(200);
    assert_eq!(kept.header("etag"), "\"drawn\"");
}

#[actix_web::test]
async fn cards_that_were_drawn_once_are_lists_of_the_present_all_the_same() {
    let stage = stage().await;
    let [one, ..] = three(&stage).await;
    let cards = async || {
        let query = "SELECT count(*) FROM documents d JOIN publications p ON p.id = d.card_of";
        stage.app.database().await.query_one(query, &[]).await.expect("a count").get::<_, i64>(0)
    };
    let first = stage.read("/v1/articles?region=asia").await;
    for _ in 0..500 {
        if cards().await == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(cards().await, 2);
    for path in ["/v1/articles?region=asia", "/v1/articles", "/v1/articles?q=words&sort=-published_at"] {
        let again = stage.read(path).await;
        assert_eq!(again.at("/data"), first.at("/data"), "{path}");
    }
    assert_eq!(
        stage.read("/v1/articles?region=asia").await.header("surrogate-key"),
        first.header("surrogate-key"),
        "tags are kept with the cards"
    );
    let mei = stage.read("/v1/authors/mei-tanaka").await.id();
    stage.editor.patch(format!("/v1/newsroom/authors/{mei}"), json!({ "name": "Mei Mori" })).send().await.expect(200);
    assert_eq!(stage.read("/v1/articles?region=asia").await.at("/data/1/authors/0/name"), "Mei Mori");
    stage.editor.patch(one.staff(), json!({ "headline": "One more" })).send().await.expect(200);
    stage.app.set_clock("2026-01-05T08:30:00Z");
    stage.publish(&one, json!({})).await;
    assert_eq!(stage.headlines("?region=asia").await, ["Other", "One more"]);
    let fields = stage.read("/v1/articles?region=asia&fields=headline").await;
    assert_eq!(fields.at("/data"), &json!([{ "headline": "Other" }, { "headline": "One more" }]));
}

#[actix_web::test]
async fn a_card_that_a_clock_ahead_drew_of_a_plan_is_not_shown_when_the_plan_is_moved() {
    let stage = stage().await;
    let story = stage.draft("Planned", json!({})).await;
    let plan = json!({ "at": "2026-01-05T09:00:00Z" });
    let planned = stage.editor.post(format!("{}/schedule", story.staff()), plan).send().await.expect(200);
    stage.app.set_clock("2026-01-05T09:00:00Z");
    let told = async || stage.read("/v1/articles").await.text_at("/data/0/published_at").to_owned();
    assert_eq!(told().await, "2026-01-05T09:00:00.000Z");
    let drawn = "SELECT count(*) FROM documents WHERE card IS NOT NULL";
    for _ in 0..500 {
        if stage.app.database().await.query_one(drawn, &[]).await.expect("a count").get::<_, i64>(0) == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // For whoever writes, it has not begun.
    stage.app.set_clock("2026-01-05T08:30:00Z");
    let sooner = json!({ "period": planned.text_at("/live/0/id"), "at": "2026-01-05T08:45:00Z" });
    stage.editor.post(format!("{}/reschedule", story.staff()), sooner).send().await.expect(200);
    stage.app.set_clock("2026-01-05T09:00:01Z");
    assert_eq!(told().await, "2026-01-05T08:45:00.000Z");
}
