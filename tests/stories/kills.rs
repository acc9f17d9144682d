//! A story that is killed: gone everywhere at once, with a word in its place, until an administrator allows it again.

use crate::support::{Stage, Story, json};

async fn kill(stage: &Stage, story: &Story, plan: serde_json::Value) {
    stage.editor.post(format!("{}/kill", story.staff()), plan).send().await.expect(200);
}

#[actix_web::test]
async fn a_killed_story_is_gone_from_every_answer_and_its_addresses_say_why() {
    let stage = Stage::set().await;
    stage.author("mei", "Mei").await;
    let story = stage.live("Forged", json!({ "bylines": [{ "author": "mei" }] })).await;
    let other =
        stage.live("Other", json!({ "related": [{ "kind": "read_more", "target": { "id": story.id } }] })).await;
    stage.app.set_clock("2026-01-05T09:00:00Z");
    stage.editor.patch(story.staff(), json!({ "slug": "forged-twice" })).send().await.expect(200);
    stage.publish(&story, json!({})).await;
    stage.editor.patch(story.staff(), json!({ "slug": "never-shown" })).send().await.expect(200);
    stage
        .editor
        .post(format!("{}/schedule", story.staff()), json!({ "at": "2026-01-06T09:00:00Z" }))
        .send()
        .await
        .expect(200);
    let lists = ["/v1/articles", "/v1/articles?q=forged", "/v1/articles?region=asia", "/v1/articles?author=mei"];
    let pages = ["/v1/articles/forged-twice", "/v1/pages/article/forged-twice"];
    for path in lists.iter().chain(&pages) {
        assert!(stage.read(path).await.text().contains("orged"), "{path}");
    }
    assert!(stage.read(&other.public()).await.text().contains("Forged"));
    let why = "Its source did not exist.";
    kill(&stage, &story, json!({ "reason": why })).await;
    for path in lists {
        assert!(!stage.read(path).await.text().contains("orged"), "{path}");
    }
    for path in [other.public(), format!("{}/related", other.public()), "/v1/pages/region/asia".to_owned()] {
        assert!(!stage.read(&path).await.text().contains("orged"), "{path}");
    }
    let by_id = format!("/v1/articles/{}", story.id);
    let places = [
        "/v1/articles/forged-twice/related",
        "/v1/articles/forged",
        "/v1/resolve?path=/asia/forged-twice",
        "/v1/resolve?path=/asia/forged",
        &by_id,
    ];
    for path in pages.iter().chain(&places) {
        for _ in 0..2 {
            let gone = stage.reader.get(*path).send().await.expect(410);
            assert_eq!((gone.code(), gone.text_at("/detail")), ("gone", why), "{path}");
            assert_eq!(gone.text_at("/taken_down_at"), "2026-01-05T09:00:00.000Z");
        }
    }
    stage.reader.get("/v1/articles/never-shown").send().await.expect(404);
    stage.app.set_clock("2026-01-07T09:00:00Z");
    stage.reader.get("/v1/articles/forged").send().await.expect(410);
}

#[actix_web::test]
async fn where_the_law_asks_for_it_the_answer_is_451() {
    let stage = Stage::set().await;
    let story = stage.live("Injunction", json!({})).await;
    kill(&stage, &story, json!({ "reason": "A court forbids it.", "legal": true })).await;
    let gone = stage.reader.get(story.public()).send().await.expect(451);
    assert_eq!((gone.code(), gone.text_at("/detail")), ("legal_reasons", "A court forbids it."));
    let staff = stage.editor.get(story.staff()).send().await.expect(200);
    assert_eq!((staff.text_at("/status"), staff.text_at("/live_state")), ("killed", "killed"));
    assert_eq!(staff.at("/takedown/legal"), &json!(true));
    let list = stage.editor.get("/v1/newsroom/articles?status=killed").send().await.expect(200);
    assert_eq!(list.texts_in("/data", "/id"), [story.id.as_str()]);
}

#[actix_web::test]
async fn only_an_administrator_lets_a_killed_story_out_again() {
    let stage = Stage::set().await;
    let story = stage.live("Wronged", json!({})).await;
    kill(&stage, &story, json!({ "reason": "It was wrong." })).await;
    let admin = stage.app.admin().await;
    let act = |by: &crate::support::Actor, verb: &str, plan| by.post(format!("{}/{verb}", story.staff()), plan);
    for by in [&stage.editor, &admin] {
        for (verb, plan) in [
            ("publish", json!({})),
            ("schedule", json!({ "at": "2026-01-06T09:00:00Z" })),
            ("correct", json!({ "note": "Right." })),
        ] {
            assert_eq!(act(by, verb, plan).send().await.expect(409).code(), "illegal_move", "{verb}");
        }
    }
    act(&stage.editor, "reinstate", json!({ "reason": "I want to." })).send().await.expect(403);
    act(&admin, "reinstate", json!({})).send().await.expect(422);
    let free = act(&admin, "reinstate", json!({ "reason": "It was right." })).send().await.expect(200);
    assert_eq!(free.at("/takedown"), &json!(null));
    stage.reader.get(story.public()).send().await.expect(404);
    stage.publish(&story, json!({})).await;
    stage.read(&story.public()).await;
    act(&admin, "reinstate", json!({ "reason": "Again." })).send().await.expect(409);
}

#[actix_web::test]
async fn of_what_never_was_live_a_kill_tells_nobody() {
    let stage = Stage::set().await;
    let story = stage.draft("Planned", json!({})).await;
    stage.editor.post(format!("{}/kill", story.staff()), json!({ "reason": "No." })).send().await.expect(409);
    stage
        .editor
        .post(format!("{}/schedule", story.staff()), json!({ "at": "2026-01-06T09:00:00Z" }))
        .send()
        .await
        .expect(200);
    kill(&stage, &story, json!({ "reason": "No." })).await;
    for path in [story.public(), format!("/v1/articles/{}", story.id)] {
        stage.reader.get(path).send().await.expect(404);
    }
    stage.app.set_clock("2026-01-07T09:00:00Z");
    stage.reader.get(story.public()).send().await.expect(404);
}

#[actix_web::test]
async fn a_kill_is_amended_and_what_was_said_before_stays_in_the_audit_log() {
    let stage = Stage::set().await;
    let story = stage.live("Accused", json!({})).await;
    kill(&stage, &story, json!({ "reason": "It was wrong." })).await;
    stage.app.set_clock("2026-01-05T09:00:00Z");
    kill(&stage, &story, json!({ "reason": "A court forbids it.", "legal": true })).await;
    let gone = stage.reader.get(story.public()).send().await.expect(451);
    let told = (gone.text_at("/detail"), gone.text_at("/taken_down_at"));
    assert_eq!(told, ("A court forbids it.", "2026-01-05T08:00:00.000Z"));
    let admin = stage.app.admin().await;
    let audit = admin.get(format!("/v1/newsroom/audit?object={}&verb=killed", story.id)).send().await.expect(200);
    assert_eq!(audit.texts_in("/data", "/details/reason"), ["A court forbids it.", "It was wrong."]);
    assert_eq!(audit.at("/data/0/details/before"), &json!({ "reason": "It was wrong.", "legal": false }));
    let plan = json!({ "reason": "I want to." });
    stage.app.author().await.post(format!("{}/kill", story.staff()), plan).send().await.expect(403);
}

#[actix_web::test]
async fn links_to_the_draft_of_a_killed_story_say_why_and_lead_back_when_it_is_reinstated() {
    let stage = Stage::set().await;
    let story = stage.live("Forged", json!({})).await;
    let links = format!("{}/previews", story.staff());
    let made = stage.editor.post(&links, json!({})).send().await.expect(201);
    let place = format!("/v1/preview/{}", made.text_at("/token"));
    stage.read(&place).await;
    kill(&stage, &story, json!({ "reason": "A court forbids it.", "legal": true })).await;
    let gone = stage.reader.get(&place).send().await.expect(451);
    let told = (gone.code(), gone.text_at("/detail"), gone.text_at("/taken_down_at"));
    assert_eq!(told, ("legal_reasons", "A court forbids it.", "2026-01-05T08:00:00.000Z"));
    assert!(!gone.text().contains("Forged"), "{gone}");
    kill(&stage, &story, json!({ "reason": "It was wrong." })).await;
    assert_eq!(stage.reader.get(&place).send().await.expect(410).code(), "gone");
    assert_eq!(stage.editor.post(&links, json!({})).send().await.expect(409).code(), "illegal_move");
    let admin = stage.app.admin().await;
    let reinstated = admin.post(format!("{}/reinstate", story.staff()), json!({ "reason": "It was right." }));
    reinstated.send().await.expect(200);
    assert_eq!(stage.read(&place).await.text_at("/headline"), "Forged");
}
