//! The trash: what was deleted can be had back for its days, is gone after them, and stays when the law wants it.

use dateline::jobs::{Keep, sweep};

use crate::support::{Stage, Story, TestApp, json};

async fn restored(stage: &Stage, story: &Story) -> u16 {
    stage.editor.request(reqwest::Method::POST, format!("{}/restore", story.staff())).send().await.status()
}

#[actix_web::test]
async fn what_was_deleted_can_be_had_back_on_day_29_and_is_gone_on_day_31() {
    let stage = Stage::set().await;
    let (kept, gone) = (stage.live("Kept", json!({})).await, stage.live("Gone", json!({})).await);
    stage.app.set_clock("2026-01-06T08:00:00Z");
    for story in [&kept, &gone] {
        stage.editor.delete(story.staff()).send().await.expect(204);
    }
    stage.app.sweeps("2026-02-04T08:00:00Z").await;
    assert_eq!(restored(&stage, &kept).await, 200);
    stage.app.sweeps("2026-02-05T07:59:59.999Z").await;
    stage.editor.get(gone.staff()).send().await.expect(200);
    stage.app.sweeps("2026-02-06T08:00:00Z").await;
    stage.editor.get(gone.staff()).send().await.expect(404);
    assert_eq!(restored(&stage, &gone).await, 404);
    stage.editor.get(kept.staff()).send().await.expect(200);
    let database = stage.app.database().await;
    for table in ["article_revisions", "publications", "slugs", "article_regions"] {
        let left = format!("SELECT count(*) FROM {table} WHERE article_id = $1::text::uuid");
        assert_eq!(database.query_one(&left, &[&gone.id]).await.unwrap().get::<_, i64>(0), 0, "{table}");
    }
    let admin = stage.app.admin().await;
    let told = admin.get(format!("/v1/newsroom/audit?object={}&verb=purged", gone.id)).send().await.expect(200);
    assert_eq!((told.at("/data/0/user_id"), told.text_at("/data/0/details/slug")), (&json!(null), "gone"));
    assert_eq!(stage.live("Gone", json!({})).await.slug, "gone-2", "readers knew another story under that slug");
}

#[actix_web::test]
async fn the_days_in_the_trash_are_a_setting() {
    let app = TestApp::with("2026-01-05T08:00:00Z", |settings| settings.trash_days = 1).await;
    let editor = app.editor().await;
    let made = editor.drafts("Short").await;
    editor.delete(made.place()).send().await.expect(204);
    app.sweeps("2026-01-06T07:59:59.999Z").await;
    editor.get(made.place()).send().await.expect(200);
    app.sweeps("2026-01-06T08:00:00Z").await;
    editor.get(made.place()).send().await.expect(404);
}

#[actix_web::test]
async fn what_a_legal_hold_keeps_is_neither_deleted_nor_purged() {
    let stage = Stage::set().await;
    let admin = stage.app.admin().await;
    let (held, late) = (stage.live("Held", json!({})).await, stage.draft("Late", json!({})).await);
    let hold = |story: &Story| format!("{}/legal-hold", story.staff());
    stage.editor.put(hold(&held), json!({ "reason": "A lawsuit" })).send().await.expect(403);
    admin.get(hold(&held)).send().await.expect(404);
    admin.put(hold(&held), json!({ "reason": "A lawsuit" })).send().await.expect(200);
    let again = admin.put(hold(&held), json!({ "reason": "Two lawsuits" })).send().await.expect(200);
    assert_eq!((again.text_at("/reason"), again.text_at("/placed_by/name")), ("Two lawsuits", "admin of the tests"));
    admin.put(hold(&held), json!({ "reason": " " })).send().await.expect(422);
    for by in [&stage.editor, &admin] {
        assert_eq!(by.delete(held.staff()).send().await.expect(409).code(), "legal_hold");
        let offered = by.get(held.staff()).send().await.expect(200);
        assert!(!offered.at("/actions").as_array().expect("verbs").contains(&json!("delete")), "{offered}");
    }
    stage.read(&held.public()).await;
    stage.editor.delete(late.staff()).send().await.expect(204);
    admin.put(hold(&late), json!({ "reason": "A lawsuit" })).send().await.expect(200);
    stage.app.sweeps("2027-01-05T08:00:00Z").await;
    stage.editor.get(late.staff()).send().await.expect(200);
    admin.delete(hold(&late)).send().await.expect(204);
    admin.delete(hold(&late)).send().await.expect(404);
    stage.app.sweeps("2027-01-05T08:00:01Z").await;
    stage.editor.get(late.staff()).send().await.expect(404);
    admin.delete(hold(&held)).send().await.expect(204);
    stage.editor.delete(held.staff()).send().await.expect(204);
}

#[actix_web::test]
async fn articles_that_led_to_what_was_purged_can_still_be_written_and_published() {
    let stage = Stage::set().await;
    let gone = stage.live("Gone", json!({})).await;
    let members = json!({
        "translation_of": gone.id,
        "related": [{ "kind": "read_more", "target": { "slug": gone.slug } }],
        "body": { "format": "html", "content": format!("<p>Words.</p><p>Also on: <a href=\"/asia/{}\">it</a></p>", gone.slug) },
    });
    let story = stage.live("It leads there", members).await;
    stage.editor.delete(gone.staff()).send().await.expect(204);
    stage.app.sweeps("2026-03-05T08:00:00Z").await;
    let add = json!({ "kind": "read_more", "target": { "url": "https://example.org/", "title": "Elsewhere" } });
    stage.editor.post(format!("{}/related", story.staff()), add).send().await.expect(201);
    stage.editor.patch(story.staff(), json!({ "headline": "It led there" })).send().await.expect(200);
    stage.publish(&story, json!({})).await;
    let page = stage.read(&story.public()).await;
    assert_eq!((page.text_at("/headline"), page.texts_in("/related", "/title")), ("It led there", vec!["Elsewhere"]));
    let preview = stage.editor.post(format!("{}/previews", story.staff()), json!({})).send().await.expect(201);
    stage.reader.get(format!("/v1/preview/{}", preview.text_at("/token"))).send().await.expect(200);
}

#[actix_web::test]
async fn rows_that_time_has_made_useless_are_removed_and_no_others() {
    let stage = Stage::set().await;
    let app = &stage.app;
    stage.editor.post("/v1/newsroom/articles", json!({ "headline": "One" })).key("one").send().await.expect(201);
    let story = stage.draft("Two", json!({})).await;
    let short = json!({ "expires_at": "2026-01-06T08:00:00Z" });
    stage.editor.post(format!("{}/previews", story.staff()), short).send().await.expect(201);
    let ends = "UPDATE sessions SET expires_at = '2026-01-06T08:00:00Z' WHERE user_id = $1::text::uuid";
    let passing = app.author().await;
    app.database().await.execute(ends, &[&passing.id().to_string()]).await.unwrap();
    let tables = ["idempotency_keys", "outbox", "sessions", "previews"];
    let mut before = Vec::new();
    for table in tables {
        before.push(app.rows(table).await);
    }
    for (time, fewer) in [
        ("2026-01-06T07:59:59.999Z", [0, 0, 0, 0]),
        ("2026-01-06T08:00:00Z", [1, 0, 1, 0]),
        ("2026-01-12T07:59:59.999Z", [1, 0, 1, 0]),
        ("2026-01-12T08:00:00Z", [1, before[1], 1, 0]),
        ("2026-02-05T07:59:59.999Z", [1, before[1], 1, 0]),
        ("2026-02-05T08:00:00Z", [1, before[1], 1, 1]),
    ] {
        app.sweeps(time).await;
        for (index, table) in tables.iter().enumerate() {
            assert_eq!(app.rows(table).await, before[index] - fewer[index], "{table} at {time}");
        }
    }
}

#[actix_web::test]
async fn instances_that_sweep_at_once_do_everything_once() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for number in 0..120 {
        let made = editor.drafts(&format!("Story {number}")).await;
        if number % 2 == 0 {
            editor.delete(made.place()).send().await.expect(204);
        }
    }
    let outbox = app.rows("outbox").await;
    app.set_clock("2026-02-20T08:00:00Z");
    let now = app.now();
    let keep = Keep { trash_days: 30 };
    let database = &app.shared().database;
    tokio::join!(sweep(database, keep, now), sweep(database, keep, now), sweep(database, keep, now));
    sweep(database, keep, now).await;
    assert_eq!(app.rows("articles").await, 60);
    let purged = "SELECT count(*), count(DISTINCT object_id) FROM audit_log WHERE verb = 'purged'";
    let row = app.database().await.query_one(purged, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (60, 60));
    assert!(outbox >= 180 && app.rows("outbox").await == 60, "only what tells of the purge is new enough to stay");
}

#[actix_web::test]
async fn an_address_that_readers_knew_never_leads_to_another_story_and_one_that_nobody_saw_is_free_again() {
    let stage = Stage::set().await;
    let story = stage.live("Forged", json!({ "slug": "forged" })).await;
    stage.editor.patch(story.staff(), json!({ "slug": "forged-twice" })).send().await.expect(200);
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.publish(&story, json!({})).await;
    stage.editor.patch(story.staff(), json!({ "slug": "never-shown" })).send().await.expect(200);
    let reason = json!({ "reason": "Its source did not exist." });
    stage.app.set_clock("2026-01-05T10:00:00Z");
    stage.editor.post(format!("{}/kill", story.staff()), reason).send().await.expect(200);
    stage.editor.delete(story.staff()).send().await.expect(204);
    stage.app.sweeps("2026-03-05T08:00:00Z").await;
    stage.editor.get(story.staff()).send().await.expect(404);
    for slug in ["forged", "forged-twice"] {
        let taken = json!({ "headline": "Another", "slug": slug });
        assert_eq!(stage.editor.post("/v1/newsroom/articles", taken).send().await.expect(409).code(), "conflict");
        stage.editor.get(format!("/v1/newsroom/articles/{slug}")).send().await.expect(404);
        let gone = stage.reader.get(format!("/v1/articles/{slug}")).send().await.expect(410);
        assert_eq!(gone.text_at("/detail"), "Its source did not exist.");
    }
    let other = stage.live("Another", json!({})).await;
    stage.editor.patch(other.staff(), json!({ "slug": "forged" })).send().await.expect(409);
    stage.editor.patch(other.staff(), json!({ "slug": "never-shown" })).send().await.expect(200);
}
