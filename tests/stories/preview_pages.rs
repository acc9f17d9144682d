//! The whole page of a draft, by a link to it: what publishing then makes of it, and nothing that is hidden.

use serde_json::Value;

use crate::support::{Answer, Stage, Story, json};

const EVERY_FORM: &str = "?body_format=blocks,html,markdown,text,portable_text";

async fn link(stage: &Stage, story: &Story, new: Value) -> String {
    let made = stage.editor.post(format!("{}/previews", story.staff()), new).send().await.expect(201);
    format!("/v1/preview/{}", made.text_at("/token"))
}

async fn page_of(stage: &Stage, link: &str) -> Answer {
    stage.reader.get(format!("{link}/page{EVERY_FORM}")).send().await.expect(200)
}

async fn live_page(stage: &Stage, story: &Story) -> Answer {
    stage.read(&format!("/v1/pages/article/{}{EVERY_FORM}", story.slug)).await
}

/// A section below another, an author, a topic and a picture, and stories that have one of them each.
async fn surroundings(stage: &Stage) -> [Story; 4] {
    stage.region("japan", "Japan", "country", Some("asia")).await;
    stage.region("europe", "Europe", "editorial", None).await;
    stage.author("mei-tanaka", "Mei Tanaka").await;
    stage.editor.post("/v1/newsroom/topics", json!({ "name": "Rails" })).send().await.expect(201);
    stage.picture("https://media.example.org/mine.jpg").await;
    stage.live("About this site", json!({ "type": "page", "primary_region": null })).await;
    let elsewhere = json!({ "primary_region": "europe", "topics": ["rails"] });
    [
        stage.live("Beside it", json!({ "primary_region": "japan" })).await,
        stage.live("Of the topic", elsewhere).await,
        stage.live("By her", json!({ "primary_region": "europe", "bylines": [{ "author": "mei-tanaka" }] })).await,
        stage.live("To be read", json!({ "primary_region": "japan", "topics": ["rails"] })).await,
    ]
}

fn members(read_more: &[&Story]) -> Value {
    let link = |story: &&Story| json!({ "kind": "read_more", "target": { "slug": story.slug } });
    json!({
        "summary": "A summary", "primary_region": "japan", "regions": ["europe"], "topics": ["rails"],
        "bylines": [{ "author": "mei-tanaka" }], "related": read_more.iter().map(link).collect::<Vec<_>>(),
    })
}

#[actix_web::test]
async fn the_page_of_a_draft_is_the_page_that_publishing_then_makes() {
    let stage = Stage::set().await;
    let [beside, topical, hers, read_next] = surroundings(&stage).await;
    let story = stage.draft("The draft", members(&[&read_next])).await;
    let place = link(&stage, &story, json!({})).await;
    let shown = page_of(&stage, &place).await;
    assert_eq!(shown.texts_in("/read_more", "/article/slug"), [read_next.slug.as_str()]);
    let mut alike = shown.texts_in("/you_might_like", "/article/slug");
    alike.sort_unstable();
    assert_eq!(alike, [beside.slug.as_str(), hers.slug.as_str(), topical.slug.as_str()], "{shown}");
    assert_eq!(shown.texts_in("/you_might_like", "/reason/kind").len(), 3);
    let mut rail = shown.texts_in("/section_rail", "/slug");
    rail.sort_unstable();
    assert_eq!(rail, [beside.slug.as_str(), read_next.slug.as_str()]);
    assert_eq!(shown.texts_in("/breadcrumbs", "/slug"), ["asia", "japan"]);
    assert_eq!(shown.texts_in("/site/pages", "/name"), ["About this site"]);
    let same = stage.reader.get(format!("{place}{EVERY_FORM}")).send().await.expect(200);
    assert_eq!(shown.at("/article"), same.json());
    stage.publish(&story, json!({})).await;
    let live = live_page(&stage, &story).await;
    assert_eq!(shown.json(), live.json());
    assert_eq!(page_of(&stage, &place).await.json(), live.json());
    let cut = "?fields=article.headline,article.body.html,you_might_like.reason.kind";
    let few = stage.reader.get(format!("{place}/page{cut}")).send().await.expect(200);
    assert_eq!(few.json(), stage.read(&format!("/v1/pages/article/{}{cut}", story.slug)).await.json());
}

#[actix_web::test]
async fn a_pinned_page_stands_among_what_is_live_by_what_it_was_then() {
    let stage = Stage::set().await;
    let [_, topical, ..] = surroundings(&stage).await;
    let story = stage.draft("First", members(&[])).await;
    let (pinned, newest) =
        (link(&stage, &story, json!({ "revision": 1 })).await, link(&stage, &story, json!({})).await);
    let other = json!({ "headline": "Second", "topics": [], "bylines": [], "regions": [], "primary_region": "asia" });
    stage.editor.patch(story.staff(), other).send().await.expect(200);
    let (first, second) = (page_of(&stage, &pinned).await, page_of(&stage, &newest).await);
    assert_eq!((first.text_at("/article/headline"), second.text_at("/article/headline")), ("First", "Second"));
    assert_eq!(second.texts_in("/breadcrumbs", "/slug"), ["asia"]);
    let alike = |page: &Answer| page.texts_in("/you_might_like", "/article/slug").contains(&topical.slug.as_str());
    assert_eq!((alike(&first), alike(&second)), (true, false));
}

#[actix_web::test]
async fn nothing_that_is_hidden_stands_around_a_draft() {
    let stage = Stage::set().await;
    let [_, topical, ..] = surroundings(&stage).await;
    let draft = stage.draft("Hidden draft", members(&[])).await;
    let planned = stage.draft("Hidden plan", members(&[])).await;
    stage.publish(&planned, json!({ "at": "2026-01-05T09:00:00Z" })).await;
    let ended = stage.live("Hidden end", members(&[])).await;
    let killed = stage.live("Hidden kill", members(&[])).await;
    let edited = stage.live("Known", json!({})).await;
    stage
        .editor
        .patch(edited.staff(), json!({ "topics": ["rails"], "headline": "Hidden edit" }))
        .send()
        .await
        .expect(200);
    let story = stage.draft("The draft", members(&[&draft, &planned, &ended, &killed, &topical])).await;
    stage.app.set_clock("2026-01-05T08:30:00Z");
    stage.editor.post(format!("{}/unpublish", ended.staff()), json!({})).send().await.expect(200);
    let why = json!({ "reason": "It was wrong." });
    stage.editor.post(format!("{}/kill", killed.staff()), why).send().await.expect(200);
    let place = link(&stage, &story, json!({})).await;
    let shown = page_of(&stage, &place).await;
    let text = shown.to_string();
    assert!(!text.contains("Hidden") && !text.contains("hidden"), "{text}");
    for hidden in [&draft, &planned, &ended, &killed, &edited] {
        assert!(!text.contains(&hidden.id), "{text}");
    }
    assert_eq!(shown.texts_in("/read_more", "/article/slug"), [topical.slug.as_str()]);
    stage.app.set_clock("2026-01-05T09:00:00Z"); // no worker runs
    assert!(page_of(&stage, &place).await.texts_in("/section_rail", "/slug").contains(&planned.slug.as_str()));
}

#[actix_web::test]
async fn the_page_of_a_draft_is_kept_nowhere_and_ends_as_its_link_does() {
    let stage = Stage::set().await;
    let story = stage.live("Secret", json!({})).await;
    let made = stage.editor.post(format!("{}/previews", story.staff()), json!({})).send().await.expect(201);
    let place = format!("/v1/preview/{}/page", made.text_at("/token"));
    let shown = stage.reader.get(&place).send().await.expect(200);
    assert_eq!(shown.header("cache-control"), "private, no-store");
    assert_eq!(shown.header("x-robots-tag"), "noindex, nofollow, noarchive");
    assert!(shown.find_header("etag").is_none() && shown.find_header("surrogate-key").is_none(), "{shown}");
    assert_eq!(stage.app.shared().cache.size().0, 0);
    stage.reader.get("/v1/preview/garbage/page").send().await.expect(404);
    for (legal, status) in [(false, 410), (true, 451)] {
        let why = json!({ "reason": "It was wrong.", "legal": legal });
        stage.editor.post(format!("{}/kill", story.staff()), why).send().await.expect(200);
        let gone = stage.reader.get(&place).send().await.expect(status);
        assert_eq!(gone.text_at("/detail"), "It was wrong.");
        assert_eq!(gone.header("cache-control"), "private, no-store");
    }
    let why = json!({ "reason": "It was right." });
    stage.app.admin().await.post(format!("{}/reinstate", story.staff()), why).send().await.expect(200);
    stage.reader.get(&place).send().await.expect(200);
    stage.editor.delete(made.header("location")).send().await.expect(204);
    stage.reader.get(&place).send().await.expect(404);
}

#[actix_web::test]
async fn a_draft_of_what_was_corrected_says_so_as_its_page_does() {
    let stage = Stage::set().await;
    let story = stage.live("Three islands", json!({})).await;
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.editor.patch(story.staff(), json!({ "headline": "Four islands" })).send().await.expect(200);
    let note = json!({ "note": "There are four islands, not three." });
    stage.editor.post(format!("{}/correct", story.staff()), note).send().await.expect(200);
    let shown = page_of(&stage, &link(&stage, &story, json!({})).await).await;
    assert_eq!(shown.texts_in("/article/corrections", "/text").len(), 1, "{shown}");
    assert_eq!(shown.json(), live_page(&stage, &story).await.json());
}
