//! Media: kept by everybody in the newsroom, public for as long as something public shows them.

use std::collections::BTreeSet;

use chrono::Duration;

use crate::support::{Actor, Answer, TestApp, drafted, json, published, published_at};

const MEDIA: &str = "/v1/newsroom/media";

async fn picture(by: &Actor, slug: &str) -> Answer {
    let url = format!("https://media.example.org/2026/{slug}.jpg");
    let caption = format!("The caption of {slug}");
    by.post(MEDIA, json!({ "url": url, "mime_type": "image/jpeg", "caption": caption })).send().await.expect(201)
}

fn staff_path(asset: &Answer) -> String {
    format!("{MEDIA}/{}", asset.id())
}

async fn section(app: &TestApp) {
    let admin = app.admin().await;
    admin.post("/v1/newsroom/regions", json!({ "name": "Mining", "kind": "editorial" })).send().await.expect(201);
}

fn story_with(asset: &Answer) -> serde_json::Value {
    let body = json!({ "format": "text", "content": "Words." });
    json!({ "headline": "Ore", "primary_region": "mining", "body": body, "hero": { "media": asset.at("/slug") } })
}

async fn seen(app: &TestApp) -> Vec<String> {
    let list = app.reader().get("/v1/media").send().await.expect(200);
    list.texts_in("/data", "/slug").into_iter().map(str::to_owned).collect()
}

#[actix_web::test]
async fn what_is_sent_of_an_asset_comes_back() {
    let app = TestApp::start().await;
    let contributor = app.contributor().await;
    let sent = json!({
        "slug": "mine-worker", "url": "https://media.example.org/w.jpg", "kind": "image", "mime_type": "image/jpeg",
        "width": 2400, "height": 1350, "bytes": 481_516, "sha256": "ab".repeat(32), "alt": "A person in a helmet",
        "caption": "“Ore” & more", "credit_line": "Example Wire", "licence": "CC-BY-4.0",
        "focal_point": { "x": 0.5, "y": 0.25 },
        "renditions": [{
            "name": "wide", "url": "https://media.example.org/w-1200.webp", "width": 1200, "height": 675,
            "mime_type": "image/webp",
        }],
    });
    let made = contributor.post(MEDIA, sent.clone()).send().await.expect(201);
    assert_eq!(made.header("location"), staff_path(&made));
    let read = contributor.get(format!("{MEDIA}/mine-worker")).send().await.expect(200);
    for (key, value) in sent.as_object().unwrap() {
        assert_eq!(read.at(&format!("/{key}")), value, "{key}");
    }
}

#[actix_web::test]
async fn an_asset_gets_its_slug_and_kind_from_what_is_sent() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let slugs = ["Mine%20Worker.final.jpg", "Mine%20Worker.final.jpg", ""];
    let mut made = Vec::new();
    for file in slugs {
        let url = format!("https://media.example.org/{file}");
        let asset = editor.post(MEDIA, json!({ "url": url, "mime_type": "audio/ogg" })).send().await.expect(201);
        assert_eq!(asset.at("/kind"), "audio");
        made.push(asset.text_at("/slug").to_owned());
    }
    assert_eq!(made, ["mine-20worker-final", "mine-20worker-final-2", "asset"]);
}

#[actix_web::test]
async fn addresses_and_renditions_that_cannot_be_are_named() {
    let app = TestApp::start().await;
    let wide = json!({ "name": "wide", "url": "data:text/html,hi" });
    let sent = json!({ "url": "javascript:alert(1)", "mime_type": "image/png", "renditions": [wide, wide] });
    let refused = app.editor().await.post(MEDIA, sent).send().await.expect(422);
    let expected = ["/renditions/0/url url", "/renditions/1/name repeated", "/renditions/1/url url", "/url url"];
    assert_eq!(refused.faults(), expected);
    for odd in [
        "https:a.example/b.jpg",
        "https:\\\\a.example\\b.jpg",
        "https://a.example/b\r\n.jpg",
        "https://a.example/b\tc.jpg",
        "https://a.example/b c.jpg",
        " https://a.example/b.jpg",
        "https://a.example/\"><script>x</script>",
    ] {
        let sent = json!({ "url": odd, "mime_type": "image/png" });
        let refused = app.editor().await.post(MEDIA, sent).send().await.expect(422);
        assert_eq!(refused.faults(), ["/url url"], "{odd:?}");
    }
    let sent = json!({ "url": "https://a.example", "mime_type": "picture", "focal_point": { "x": 1.5, "y": 0 } });
    let refused = app.editor().await.post(MEDIA, sent).send().await.expect(422);
    assert_eq!(refused.faults(), ["/focal_point/x maximum", "/mime_type pattern"]);
}

#[actix_web::test]
async fn an_asset_is_changed_member_by_member() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = picture(&editor, "helmet").await;
    let point = json!({ "focal_point": { "x": 0.1, "y": 0.9 }, "alt": "A helmet", "slug": "hard-hat" });
    editor.patch(staff_path(&made), point).send().await.expect(200);
    let changed = editor.patch(staff_path(&made), json!({ "focal_point": null })).send().await.expect(200);
    assert_eq!(changed.at("/focal_point"), &json!(null));
    assert_eq!(changed.at("/alt"), "A helmet");
    assert_eq!(changed.at("/caption"), "The caption of helmet");
    assert_eq!(editor.get(format!("{MEDIA}/helmet")).send().await.expect(200).at("/slug"), "hard-hat");
}

#[actix_web::test]
async fn no_caption_tells_of_a_story_before_the_story_does() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    section(&app).await;
    let (unused, of_draft) = (picture(&editor, "unused").await, picture(&editor, "of-draft").await);
    let (planned, live) = (picture(&editor, "planned").await, picture(&editor, "live").await);
    drafted(&app, story_with(&of_draft)).await;
    published_at(&app, story_with(&planned), app.now() + Duration::hours(1)).await;
    published(&app, story_with(&live)).await;
    assert_eq!(seen(&app).await, ["live"]);
    for hidden in [&unused, &of_draft, &planned] {
        for key in [hidden.text_at("/slug"), &hidden.id()] {
            app.reader().get(format!("/v1/media/{key}")).send().await.expect(404);
        }
    }
    assert_eq!(
        app.reader().get("/v1/media?q=caption&include_total=true").send().await.expect(200).at("/meta/total"),
        1
    );
    let before = app.reader().get("/v1/media").send().await.expect(200);
    assert!(before.header("cache-control").contains("s-maxage=30,"), "{before}");
    app.set_clock("2026-01-05T08:59:50Z");
    let before = app.reader().get("/v1/media").send().await.expect(200);
    assert!(before.header("cache-control").contains("s-maxage=10,"), "{before}");
    app.set_clock("2026-01-05T09:00:00Z"); // no worker runs
    assert_eq!(seen(&app).await, ["live", "planned"]);
    app.reader().get("/v1/media/planned").send().await.expect(200);
}

#[actix_web::test]
async fn the_picture_of_an_author_is_public() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.reader());
    let portrait = picture(&editor, "portrait").await;
    reader.get("/v1/media/portrait").send().await.expect(404);
    let author = json!({ "name": "Ida", "avatar": "portrait" });
    let author = editor.post("/v1/newsroom/authors", author).send().await.expect(201);
    reader.get("/v1/media/portrait").send().await.expect(200);
    editor.patch(staff_path(&portrait), json!({ "slug": "ida" })).send().await.expect(200);
    assert_eq!(reader.get("/v1/media/portrait").send().await.expect(301).header("location"), "/v1/media/ida");
    let moved = reader.get("/v1/media/portrait?fields=url").send().await.expect(301);
    assert_eq!(moved.header("location"), "/v1/media/ida?fields=url");
    let path = format!("/v1/newsroom/authors/{}", author.id());
    editor.patch(path, json!({ "avatar": null })).send().await.expect(200);
    reader.get("/v1/media/ida").send().await.expect(404);
    assert!(seen(&app).await.is_empty());
}

#[actix_web::test]
async fn an_asset_goes_only_while_nothing_shows_it() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    section(&app).await;
    let (shown, portrait, unused) =
        (picture(&editor, "shown").await, picture(&editor, "portrait").await, picture(&editor, "unused").await);
    drafted(&app, story_with(&shown)).await;
    editor.post("/v1/newsroom/authors", json!({ "name": "Ida", "avatar": portrait.id() })).send().await.expect(201);
    for used in [&shown, &portrait] {
        assert_eq!(editor.delete(staff_path(used)).send().await.expect(409).code(), "in_use");
    }
    editor.delete(staff_path(&unused)).send().await.expect(204);
    editor.get(staff_path(&unused)).send().await.expect(404);
}

#[actix_web::test]
async fn the_newsroom_lists_all_media_the_newest_first() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for slug in ["one", "two", "three"] {
        picture(&editor, slug).await;
    }
    let film = json!({ "url": "https://media.example.org/film.mp4", "mime_type": "video/mp4", "alt": "100% ore" });
    editor.post(MEDIA, film).send().await.expect(201);
    let first = editor.get(format!("{MEDIA}?limit=3")).send().await.expect(200);
    assert_eq!(first.texts_in("/data", "/slug"), ["film", "three", "two"]);
    let next = ("cursor", first.text_at("/meta/next_cursor"));
    let second = editor.get(format!("{MEDIA}?limit=3")).query(&[next]).send().await.expect(200);
    assert_eq!(second.texts_in("/data", "/slug"), ["one"]);
    let images = editor.get(format!("{MEDIA}?kind=image&q=caption")).send().await.expect(200);
    assert_eq!(images.texts_in("/data", "/slug"), ["three", "two", "one"]);
    let literal = editor.get(format!("{MEDIA}?q=100%25")).send().await.expect(200);
    assert_eq!(literal.texts_in("/data", "/slug"), ["film"]);
    assert_eq!(editor.get(format!("{MEDIA}?kind=sculpture")).send().await.expect(400).faults(), ["kind invalid_value"]);
}

#[actix_web::test]
async fn files_of_one_name_that_arrive_at_once_are_all_taken() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let file = json!({ "url": "https://media.example.org/original.webp", "mime_type": "image/webp" });
    let mut slugs = BTreeSet::new();
    for _ in 0..6 {
        let all = (0..10).map(|_| editor.post(MEDIA, file.clone()).send());
        for made in futures_util::future::join_all(all).await {
            slugs.insert(made.expect(201).text_at("/slug").to_owned());
        }
    }
    assert_eq!(slugs.len(), 60, "{slugs:?}");
    assert!(slugs.contains("original") && slugs.contains("original-2"), "{slugs:?}");
}

#[actix_web::test]
async fn words_are_found_whatever_the_form_of_their_apostrophes_and_letters() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let asset = json!({
        "slug": "mine", "url": "https://media.example.org/a.jpg", "mime_type": "image/jpeg",
        "alt": "Sean O’Mara  in the  snow", "caption": "Ｎｉｃｋｅｌ 100%", "credit_line": "O'Brien_Wire",
    });
    editor.post(MEDIA, asset).send().await.expect(201);
    for words in ["O'Mara", "O’Mara", "o‘mara in the snow", "nickel 100%", "Ｎickel", "O’Brien_Wire", "MINE"] {
        let found = editor.get(MEDIA).query(&[("q", words)]).send().await.expect(200);
        assert_eq!(found.texts_in("/data", "/slug"), ["mine"], "{words}");
    }
    for words in ["OMara", "snow coal", "snow -mine", "\\"] {
        let found = editor.get(MEDIA).query(&[("q", words)]).send().await.expect(200);
        assert_eq!(found.at("/data"), &json!([]), "{words}");
    }
}

#[actix_web::test]
async fn contributors_and_authors_change_what_they_added_and_editors_what_anybody_did() {
    let app = TestApp::start().await;
    let (contributor, author, editor) = (app.contributor().await, app.author().await, app.editor().await);
    let (own, others) = (picture(&contributor, "own").await, picture(&editor, "others").await);
    assert_eq!(own.text_at("/created_by_id"), contributor.id().to_string());
    let edit = json!({ "alt": "Seen anew" });
    for stranger in [&contributor, &author] {
        stranger.patch(staff_path(&others), edit.clone()).send().await.expect(404);
        stranger.delete(staff_path(&others)).send().await.expect(404);
    }
    author.patch(staff_path(&own), edit.clone()).send().await.expect(404);
    contributor.patch(staff_path(&own), edit.clone()).send().await.expect(200);
    editor.patch(staff_path(&own), edit).send().await.expect(200);
    contributor.delete(staff_path(&own)).send().await.expect(204);
    editor.delete(staff_path(&others)).send().await.expect(204);
}

#[actix_web::test]
async fn what_readers_see_or_will_see_of_an_asset_is_the_editors() {
    let app = TestApp::start().await;
    let (contributor, author, editor) = (app.contributor().await, app.author().await, app.editor().await);
    section(&app).await;
    let mut mine = Vec::new();
    for slug in ["live", "planned", "drafted", "portrait"] {
        mine.push(picture(&contributor, slug).await);
    }
    let live = published(&app, story_with(&mine[0])).await;
    published_at(&app, story_with(&mine[1]), app.now() + Duration::hours(1)).await;
    drafted(&app, story_with(&mine[2])).await;
    let ida = json!({ "name": "Ida", "avatar": "portrait" });
    editor.post("/v1/newsroom/authors", ida).send().await.expect(201);
    let edit = json!({ "url": "https://media.example.org/other.jpg", "caption": "Something else" });
    for shown in [&mine[0], &mine[1], &mine[3]] {
        let refused = contributor.patch(staff_path(shown), edit.clone()).send().await.expect(403);
        assert_eq!(refused.code(), "forbidden");
        contributor.delete(staff_path(shown)).send().await.expect(403);
    }
    contributor.patch(staff_path(&mine[2]), edit.clone()).send().await.expect(200);
    // Others learn of an asset when readers do, and may change it no more than before.
    author.get(staff_path(&mine[0])).send().await.expect(200);
    author.patch(staff_path(&mine[0]), edit.clone()).send().await.expect(403);
    editor.patch(staff_path(&mine[0]), json!({ "alt": "Seen" })).send().await.expect(200);
    editor.post(format!("/v1/newsroom/articles/{live}/unpublish"), json!({})).send().await.expect(200);
    contributor.patch(staff_path(&mine[0]), edit).send().await.expect(200);
}

#[actix_web::test]
async fn contributors_know_of_their_own_assets_and_of_what_is_public() {
    let app = TestApp::start().await;
    let (contributor, editor) = (app.contributor().await, app.editor().await);
    section(&app).await;
    let (own, secret, live) =
        (picture(&contributor, "own").await, picture(&editor, "secret").await, picture(&editor, "live").await);
    published(&app, story_with(&live)).await;
    let list = contributor.get(format!("{MEDIA}?include_total=true")).send().await.expect(200);
    assert_eq!(list.texts_in("/data", "/slug"), ["live", "own"]);
    assert_eq!(list.at("/meta/total"), 2);
    assert_eq!(editor.get(MEDIA).send().await.expect(200).texts_in("/data", "/slug"), ["live", "secret", "own"]);
    let (hidden, never) = (staff_path(&secret), format!("{MEDIA}/nowhere"));
    contributor.get(hidden).send().await.expect(404);
    contributor.get(format!("{MEDIA}/secret")).send().await.expect(404);
    contributor.get(never).send().await.expect(404);
    let with = |asset: &Answer| json!({ "headline": "Ore", "hero": { "media": asset.at("/slug") } });
    let articles = "/v1/newsroom/articles";
    let refused = contributor.post(articles, with(&secret)).send().await.expect(422);
    assert_eq!(refused.faults(), ["/hero/media unknown_media"]);
    contributor.post(articles, with(&live)).send().await.expect(201);
    let draft = contributor.post(articles, with(&own)).send().await.expect(201);
    // What an editor put over it may stay.
    editor.patch(draft.place(), json!({ "hero": { "media": "secret" } })).send().await.expect(200);
    let kept = json!({ "hero": { "media": secret.id(), "alt": "Words of my own" } });
    contributor.patch(draft.place(), kept).send().await.expect(200);
}

#[actix_web::test]
async fn a_picture_that_nothing_shows_yet_outdates_nothing() {
    let app = TestApp::start().await;
    let (editor, database) = (app.editor().await, app.database().await);
    let version = async || {
        let version = "SELECT version FROM reference_version";
        database.query_one(version, &[]).await.unwrap().get::<_, i64>(0)
    };
    let before = version().await;
    let made = picture(&editor, "new").await;
    editor.delete(staff_path(&made)).send().await.expect(204);
    assert_eq!(version().await, before);
    let other = picture(&editor, "other").await;
    editor.patch(staff_path(&other), json!({ "caption": "Another" })).send().await.expect(200);
    assert!(version().await > before);
}
