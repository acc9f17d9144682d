//! Who sees what when: live is a matter of the clock and of nothing that has to run.

use dateline::rules::tag::tag;

use crate::support::{Answer, Stage, json};

/// Everything of an answer that a reader can tell apart, without what differs from request to request.
fn whole(answer: &Answer, name: &str) -> (u16, Vec<(String, String)>, String) {
    let headers =
        ["content-type", "cache-control", "etag", "surrogate-key", "last-modified", "link", "location", "vary"];
    let headers = headers.iter().filter_map(|name| Some(((*name).to_owned(), answer.find_header(name)?.to_owned())));
    let mut body = answer.json().clone();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (answer.status(), headers.collect(), body.to_string().replace(name, "NAME"))
}

#[actix_web::test]
async fn what_is_not_live_is_answered_as_if_it_had_never_been() {
    let stage = Stage::set().await;
    let draft = stage.draft("Draft", json!({})).await;
    let scheduled = stage.draft("Scheduled", json!({})).await;
    stage.publish(&scheduled, json!({ "at": "2026-01-05T12:00:00Z" })).await;
    let expired = stage.draft("Expired", json!({})).await;
    stage.publish(&expired, json!({ "until": "2026-01-05T08:30:00Z" })).await;
    let withdrawn = stage.live("Withdrawn", json!({})).await;
    let trashed = stage.live("Trashed", json!({})).await;
    let tag = stage.read(&withdrawn.public()).await.header("etag").to_owned();
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.editor.post(format!("{}/unpublish", withdrawn.staff()), json!({})).send().await.expect(200);
    stage.editor.delete(trashed.staff()).send().await.expect(204);

    let nothing = "0198c0de-7000-7000-8000-00000000dead";
    for (before, after, fields) in
        [("/v1/articles/", "", "id"), ("/v1/articles/", "/related", "url"), ("/v1/pages/article/", "", "article.id")]
    {
        let path = |name: &str| format!("{before}{name}{after}");
        let never = stage.reader.get(path(nothing)).send().await;
        for story in [&draft, &scheduled, &expired, &withdrawn, &trashed] {
            for name in [&story.slug, &story.id] {
                for answer in [
                    stage.reader.get(path(name)).send().await.expect(404),
                    stage.reader.get(path(name)).header("if-none-match", &tag).send().await.expect(404),
                    stage.reader.get(format!("{}?fields={fields}", path(name))).send().await.expect(404),
                ] {
                    assert_eq!(whole(&answer, name), whole(&never, nothing), "{name}");
                }
            }
        }
    }
    assert!(stage.headlines("").await.is_empty());
    assert!(stage.headlines("?q=words").await.is_empty());
}

#[actix_web::test]
async fn a_scheduled_story_appears_at_its_millisecond_and_no_cache_crosses_it() {
    let stage = Stage::set().await;
    let story = stage.draft("Soon", json!({})).await;
    stage.publish(&story, json!({ "at": "2026-01-05T09:00:00.500Z", "until": "2026-01-05T10:00:00Z" })).await;
    stage.app.set_clock("2026-01-05T09:00:00.499Z");
    stage.reader.get(story.public()).send().await.expect(404);
    let before = stage.read("/v1/articles").await;
    assert_eq!(before.at("/data"), &json!([]));
    assert!(before.header("cache-control").starts_with("public, max-age=0, s-maxage=0,"), "{before}");
    stage.app.set_clock("2026-01-05T09:00:00.500Z");
    assert_eq!(stage.read(&story.public()).await.at("/published_at"), "2026-01-05T09:00:00.500Z");
    assert_eq!(stage.headlines("").await, ["Soon"]);
    stage.app.set_clock("2026-01-05T09:59:57.000Z");
    let last = stage.read(&story.public()).await;
    assert!(last.header("cache-control").starts_with("public, max-age=3, s-maxage=3,"), "{last}");
    stage.app.set_clock("2026-01-05T09:59:59.999Z");
    stage.read(&story.public()).await;
    stage.app.set_clock("2026-01-05T10:00:00Z");
    stage.reader.get(story.public()).send().await.expect(404);
    assert!(stage.headlines("").await.is_empty());
}

#[actix_web::test]
async fn a_scheduled_update_changes_the_article_at_its_instant() {
    let stage = Stage::set().await;
    let story = stage.live("Before", json!({ "slug": "one" })).await;
    stage.editor.patch(story.staff(), json!({ "headline": "After" })).send().await.expect(200);
    stage.publish(&story, json!({ "at": "2026-01-05T09:00:00Z" })).await;
    stage.editor.patch(story.staff(), json!({ "headline": "Later still" })).send().await.expect(200);
    stage.app.set_clock("2026-01-05T08:59:58Z");
    let before = stage.read("/v1/articles/one").await;
    assert_eq!(before.at("/headline"), "Before");
    assert!(before.header("cache-control").starts_with("public, max-age=2,"), "{before}");
    stage.app.set_clock("2026-01-05T09:00:00Z");
    let after = stage.read("/v1/articles/one").await;
    assert_eq!(after.at("/headline"), "After");
    assert_eq!(after.at("/published_at"), "2026-01-05T08:00:00.000Z");
    assert_eq!(after.at("/modified_at"), "2026-01-05T09:00:00.000Z");
    assert_eq!(stage.headlines("").await, ["After"]);
}

#[actix_web::test]
async fn a_link_to_a_draft_is_invisible_until_the_draft_is_live() {
    let stage = Stage::set().await;
    let hidden = stage.draft("Secret plan", json!({})).await;
    stage.live("Open", json!({})).await;
    let body =
        "<p>Before.</p><p><strong>Also on DL:</strong> <a href=\"/asia/secret-plan\">A zeppelin</a></p><p>After.</p>";
    let related = json!([
        { "kind": "read_more", "target": { "slug": "secret-plan" } },
        { "kind": "read_more", "target": { "slug": "open" } },
    ]);
    let story = stage.live("One", json!({ "related": related, "body": { "format": "html", "content": body } })).await;
    let all = "?body_format=blocks,html,markdown,text,portable_text";
    let path = format!("{}{all}", story.public());
    let dark = stage.read(&path).await;
    let page = stage.read(&format!("/v1/pages/article/{}{all}", story.slug)).await;
    for answer in [&dark, &page] {
        for secret in ["zeppelin", "ecret", hidden.id.as_str()] {
            assert!(!answer.text().contains(secret), "{secret} in {answer}");
            assert!(!answer.header("surrogate-key").contains(secret), "{answer}");
        }
    }
    assert_eq!(dark.texts_in("/related", "/title"), ["Open"]);
    assert_eq!(dark.at("/body/blocks").as_array().map(Vec::len), Some(2));
    assert!(stage.headlines("?q=zeppelin").await.is_empty(), "found by the words of a hidden link");

    let tag = dark.header("etag").to_owned();
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.publish(&hidden, json!({ "until": "2026-01-05T10:00:00Z" })).await;
    let light = stage.reader.get(&path).header("if-none-match", &tag).send().await.expect(200);
    assert_eq!(light.texts_in("/related", "/title"), ["A zeppelin", "Secret plan", "Open"]);
    assert_eq!(light.at("/related/0/block_id"), light.at("/body/blocks/1/id"));
    assert_eq!(light.at("/body/blocks/1/article_id"), &json!(hidden.id));
    assert!(light.text_at("/body/html").contains("zeppelin"));
    assert_eq!(light.header("last-modified"), "Mon, 05 Jan 2026 09:00:00 GMT");

    stage.app.set_clock("2026-01-05T09:59:59Z");
    let last = stage.read(&path).await;
    assert!(last.header("cache-control").starts_with("public, max-age=1,"), "{last}");
    stage.app.set_clock("2026-01-05T10:00:00Z");
    let again = stage.read(&path).await;
    assert_eq!(again.header("etag"), tag);
    assert_eq!(again.header("last-modified"), "Mon, 05 Jan 2026 08:00:00 GMT", "of what is shown, not of what went");
    let since = light.header("last-modified").to_owned();
    stage.reader.get(&path).header("if-modified-since", since).send().await.expect(200);
}

#[actix_web::test]
async fn publishing_tells_every_answer_that_shows_the_article() {
    let stage = Stage::set().await;
    let target = stage.draft("Target", json!({})).await;
    let related = json!([{ "kind": "read_more", "target": { "slug": "target" } }]);
    let linking = stage.live("Linking", json!({ "related": related })).await;
    let translation = stage.live("Ziel", json!({ "language": "de", "translation_of": "target" })).await;
    stage.publish(&target, json!({})).await;
    stage.editor.delete(target.staff()).send().await.expect(204);
    let rows = stage
        .app
        .database()
        .await
        .query(
            "SELECT event, tags FROM outbox WHERE subject_id = $1::text::uuid AND tags <> '{}' ORDER BY id",
            &[&target.id],
        )
        .await
        .expect("announcements");
    let events: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(events, ["article.published", "article.unpublished"]);
    for row in &rows {
        let tags: Vec<String> = row.get(1);
        for id in [&target.id, &linking.id, &translation.id] {
            assert!(tags.contains(&tag("article", id.parse().unwrap())), "{tags:?}");
        }
        assert!(tags.contains(&"list:articles".to_owned()));
    }
}

#[actix_web::test]
async fn drafts_change_no_list_no_count_and_no_page() {
    let stage = Stage::set().await;
    let story = stage.live("One", json!({})).await;
    let paths = [
        "/v1/articles?include_total=true".to_owned(),
        "/v1/articles?region=asia&include_total=true".to_owned(),
        "/v1/articles?q=words&include_total=true".to_owned(),
        "/v1/pages/region/asia".to_owned(),
        format!("/v1/pages/article/{}", story.slug),
        story.public(),
    ];
    let mut before = Vec::new();
    for path in &paths {
        before.push(whole(&stage.read(path).await, "-"));
    }
    for number in 0..5 {
        let related = json!([{ "kind": "read_more", "target": { "slug": "one" } }]);
        stage.draft(&format!("Draft {number}"), json!({ "related": related, "translation_of": "one" })).await;
    }
    stage.editor.patch(story.staff(), json!({ "headline": "Another", "note": "words" })).send().await.expect(200);
    for (path, before) in paths.iter().zip(&before) {
        assert_eq!(&whole(&stage.read(path).await, "-"), before, "{path}");
    }
}

#[actix_web::test]
async fn no_header_tells_of_a_plan_before_its_last_minute() {
    let stage = Stage::set().await;
    let story = stage.live("One", json!({})).await;
    let soon = stage.draft("Soon", json!({})).await;
    let page = format!("/v1/pages/article/{}", story.slug);
    let paths = ["/v1/articles", "/v1/pages/region/asia", "/v1/media", &story.public(), &page].map(str::to_owned);
    let mut before = Vec::new();
    for path in &paths {
        before.push(whole(&stage.read(path).await, "-"));
    }
    stage.publish(&soon, json!({ "at": "2026-01-05T09:00:00Z", "until": "2026-01-05T10:00:00Z" })).await;
    stage.editor.patch(story.staff(), json!({ "headline": "After" })).send().await.expect(200);
    stage.publish(&story, json!({ "at": "2026-01-05T20:00:00Z" })).await;
    for (path, before) in paths.iter().zip(&before) {
        assert_eq!(&whole(&stage.read(path).await, "-"), before, "{path}");
    }
    stage.app.set_clock("2026-01-05T08:59:40Z");
    let last = stage.read("/v1/articles").await;
    assert!(
        last.header("cache-control").starts_with("public, max-age=5, s-maxage=20, stale-while-revalidate=0,"),
        "{last}"
    );
}
