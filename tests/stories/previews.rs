//! Links that show a draft: who holds one reads what would be published, and nothing else changes.

use serde_json::Value;

use crate::support::{Actor, Answer, Stage, Story, TestApp, json};

async fn link(by: &Actor, story: &Story, new: Value) -> Answer {
    by.post(format!("{}/previews", story.staff()), new).send().await.expect(201)
}

fn place(made: &Answer) -> String {
    format!("/v1/preview/{}", made.text_at("/token"))
}

async fn headline(app: &TestApp, made: &Answer) -> String {
    app.reader().get(place(made)).send().await.expect(200).text_at("/headline").to_owned()
}

#[actix_web::test]
async fn a_link_shows_the_draft_as_publishing_then_makes_it() {
    let stage = Stage::set().await;
    stage.author("mei-tanaka", "Mei Tanaka").await;
    let picture = stage.picture("https://media.example.org/mine.jpg").await;
    let known = stage.live("A neighbour", json!({})).await;
    let hidden = stage.draft("Not yet", json!({})).await;
    let members = json!({
        "summary": "A summary", "hero": { "media": picture }, "bylines": [{ "author": "mei-tanaka" }],
        "translation_of": known.id,
        "related": [
            { "kind": "read_more", "target": { "slug": known.slug } },
            { "kind": "read_more", "target": { "slug": hidden.slug } },
        ],
        "body": { "format": "html", "content": format!(
            "<p>The words.</p><p>Also on: <a href=\"/asia/{}\">this</a></p><p>Also on: <a href=\"/asia/{}\">that</a></p>",
            known.slug, hidden.slug
        ) },
    });
    let story = stage.draft("The draft", members).await;
    let made = link(&stage.editor, &story, json!({})).await;
    let all = "?body_format=blocks,html,markdown,text,portable_text";
    let shown = stage.reader.get(format!("{}{all}", place(&made))).send().await.expect(200);
    assert_eq!(shown.texts_in("/related", "/article/id"), [known.id.clone(), known.id.clone()], "{shown}");
    stage.reader.get(story.public()).send().await.expect(404);
    stage.publish(&story, json!({})).await;
    let live = stage.read(&format!("{}{all}", story.public())).await;
    assert_eq!(shown.json(), live.json());
    let again = stage.reader.get(format!("{}{all}", place(&made))).send().await.expect(200);
    assert_eq!(again.json(), live.json());
    let cut = stage.reader.get(format!("{}?fields=headline,body.html", place(&made))).send().await.expect(200);
    assert_eq!(cut.json(), stage.read(&format!("{}?fields=headline,body.html", story.public())).await.json());
}

#[actix_web::test]
async fn a_link_follows_the_newest_or_stays_with_one_revision() {
    let stage = Stage::set().await;
    let story = stage.draft("First", json!({})).await;
    let newest = link(&stage.editor, &story, json!({})).await;
    let first = link(&stage.editor, &story, json!({ "revision": 1, "note": "For the lawyers" })).await;
    stage.editor.patch(story.staff(), json!({ "headline": "Second" })).send().await.expect(200);
    assert_eq!(headline(&stage.app, &newest).await, "Second");
    assert_eq!(headline(&stage.app, &first).await, "First");
    stage.publish(&story, json!({})).await;
    stage.editor.patch(story.staff(), json!({ "headline": "Third" })).send().await.expect(200);
    assert_eq!(headline(&stage.app, &newest).await, "Third");
    assert_eq!(stage.read(&story.public()).await.text_at("/headline"), "Second");
    let refused = stage.editor.post(format!("{}/previews", story.staff()), json!({ "revision": 9 })).send().await;
    assert_eq!(refused.expect(422).faults(), ["/revision unknown_revision"]);
}

#[actix_web::test]
async fn what_a_link_shows_is_kept_nowhere_and_listed_nowhere() {
    let stage = Stage::set().await;
    let story = stage.draft("Secret", json!({})).await;
    let made = link(&stage.editor, &story, json!({})).await;
    for _ in 0..2 {
        let shown = stage.reader.get(place(&made)).send().await.expect(200);
        assert_eq!(shown.header("cache-control"), "private, no-store");
        assert_eq!(shown.header("x-robots-tag"), "noindex, nofollow, noarchive");
        assert!(shown.header("server-timing").starts_with("cache;desc=\"pass\""), "{shown}");
        assert!(shown.find_header("etag").is_none() && shown.find_header("surrogate-key").is_none(), "{shown}");
    }
    assert_eq!(stage.app.shared().cache.size().0, 0);
    assert!(stage.headlines("").await.is_empty());
    assert!(stage.headlines("?q=secret").await.is_empty());
    stage.reader.post(place(&made), json!({})).send().await.expect(405);
    let listed = stage.editor.get(format!("{}/previews", story.staff())).send().await.expect(200);
    assert!(!listed.to_string().contains("dateline_preview_"), "{listed}");
    let kept = "SELECT count(*) FROM outbox o FULL JOIN audit_log a ON true FULL JOIN previews p ON true \
         WHERE o::text || a::text || p::text LIKE '%dateline\\_preview\\_%'";
    let kept: i64 = stage.app.database().await.query_one(kept, &[]).await.unwrap().get(0);
    assert_eq!(kept, 0);
}

/// The answer to a link that opens nothing, without what differs between any two requests.
async fn nothing(app: &TestApp, path: &str) -> String {
    let mut answer = app.reader().get(path).send().await.expect(404).json().clone();
    answer.as_object_mut().expect("a problem").remove("request_id");
    answer.to_string()
}

#[actix_web::test]
async fn a_link_that_opens_nothing_does_not_say_why() {
    let stage = Stage::set().await;
    let app = &stage.app;
    let story = stage.draft("Secret", json!({})).await;
    let until = json!({ "expires_at": "2026-01-05T09:00:00Z" });
    let (ends, revoked) = (link(&stage.editor, &story, until).await, link(&stage.editor, &story, json!({})).await);
    stage.editor.delete(revoked.header("location")).send().await.expect(204);
    stage.editor.delete(revoked.header("location")).send().await.expect(204);
    let shown = stage.editor.get(revoked.header("location")).send().await.expect(200);
    assert_eq!((shown.text_at("/revoked_at"), shown.header("etag")), ("2026-01-05T08:00:00.000Z", "\"2\""));
    app.set_clock("2026-01-05T08:59:59.999Z");
    assert_eq!(headline(app, &ends).await, "Secret");
    app.set_clock("2026-01-05T09:00:00Z");
    let never = nothing(app, "/v1/preview/garbage").await;
    let mut altered = place(&ends);
    altered.replace_range(altered.len() - 3..altered.len() - 2, "-");
    let other = TestApp::with("2026-01-05T08:00:00Z", |settings| settings.jwt_secret = "x".repeat(40)).await;
    let foreign = other.shared().previews.sign(ends.id().parse().unwrap(), other.now() + chrono::TimeDelta::days(2));
    let paths = [place(&ends), place(&revoked), altered, format!("/v1/preview/{}", foreign.unwrap())];
    for path in &paths {
        assert_eq!(nothing(app, path).await, never, "{path}");
    }
    for path in [&paths[0], &paths[2], &paths[3]] {
        assert_eq!(stage.reader.get(path).send().await.statements(), 0, "{path} cost a look into the database");
    }
    assert!(!never.contains("garbage"), "{never}");
    let made = link(&stage.editor, &story, json!({})).await;
    stage.editor.delete(story.staff()).send().await.expect(204);
    assert_eq!(nothing(app, &place(&made)).await, never);
    let refused = stage.editor.post(format!("{}/previews", story.staff()), json!({})).send().await;
    refused.expect(409);
}

#[actix_web::test]
async fn a_link_ends_with_whoever_made_it() {
    let stage = Stage::set().await;
    let author = stage.app.author().await;
    let mine = author.drafts("Mine").await;
    let story = Story { id: mine.id(), slug: mine.text_at("/slug").to_owned() };
    let made = link(&author, &story, json!({})).await;
    assert_eq!(headline(&stage.app, &made).await, "Mine");
    let suspended = json!({ "state": "suspended" });
    let admin = stage.app.admin().await;
    admin.patch(format!("/v1/newsroom/users/{}", author.id()), suspended).send().await.expect(200);
    stage.reader.get(place(&made)).send().await.expect(404);
}

#[actix_web::test]
async fn a_link_ends_when_its_maker_would_not_see_the_draft_any_more() {
    let stage = Stage::set().await;
    let (leaves, admin) = (stage.app.editor().await, stage.app.admin().await);
    let theirs = stage.draft("Theirs", json!({})).await;
    let own = leaves.drafts("Own").await;
    let own = Story { id: own.id(), slug: own.text_at("/slug").to_owned() };
    let (of_theirs, of_own) = (link(&leaves, &theirs, json!({})).await, link(&leaves, &own, json!({})).await);
    assert_eq!(headline(&stage.app, &of_theirs).await, "Theirs");
    let less = json!({ "role": "contributor" });
    admin.patch(format!("/v1/newsroom/users/{}", leaves.id()), less).send().await.expect(200);
    stage.reader.get(place(&of_theirs)).send().await.expect(404);
    assert_eq!(headline(&stage.app, &of_own).await, "Own");
}

#[actix_web::test]
async fn people_make_links_to_what_they_may_see_and_within_bounds() {
    let stage = Stage::set().await;
    let author = stage.app.author().await;
    let story = stage.draft("Theirs", json!({})).await;
    let links = format!("{}/previews", story.staff());
    author.post(&links, json!({})).send().await.expect(404);
    author.get(&links).send().await.expect(404);
    for end in ["2026-01-05T08:00:00Z", "2026-04-05T08:00:00.001Z"] {
        let refused = stage.editor.post(&links, json!({ "expires_at": end })).send().await.expect(422);
        assert_eq!(refused.faults(), ["/expires_at out_of_range"]);
    }
    stage.editor.post(&links, json!({ "expires_at": "2026-04-05T08:00:00Z" })).send().await.expect(201);
    let plain = stage.editor.request(reqwest::Method::POST, &links).send().await.expect(201);
    assert_eq!(plain.text_at("/expires_at"), "2026-01-12T08:00:00.000Z");
    let page = stage.editor.get(format!("{links}?limit=1")).send().await.expect(200);
    assert_eq!(page.texts_in("/data", "/id"), [plain.id()]);
    assert!(page.at("/meta/next_cursor").is_string(), "{page}");
    let another = stage.draft("Another", json!({})).await;
    let elsewhere = format!("{}/previews/{}", another.staff(), plain.id());
    stage.editor.get(&elsewhere).send().await.expect(404);
    stage.editor.delete(&elsewhere).send().await.expect(404);
    stage.reader.get(place(&plain)).send().await.expect(200);
}
