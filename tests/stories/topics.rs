//! Topics: kept by editors, read by everybody.

use crate::support::{Actor, Answer, TestApp, json};

pub(super) const TOPICS: &str = "/v1/newsroom/topics";

pub(super) async fn topic(by: &Actor, name: &str) -> Answer {
    by.post(TOPICS, json!({ "name": name })).send().await.expect(201)
}

pub(super) fn staff_path(topic: &Answer) -> String {
    format!("{TOPICS}/{}", topic.id())
}

async fn merge(by: &Actor, stays: &Answer, ends: &Answer) -> Answer {
    by.post(format!("{}/merge", staff_path(stays)), json!({ "absorb": ends.id() })).send().await
}

async fn leads_to(reader: &Actor, from: &str, slug: &str) {
    let moved = reader.get(format!("/v1/topics/{from}")).send().await.expect(301);
    assert_eq!(moved.header("location"), format!("/v1/topics/{slug}"), "{from}");
    let moved = reader.get(format!("/v1/topics/{from}?fields=id")).send().await.expect(301);
    assert_eq!(moved.header("location"), format!("/v1/topics/{slug}?fields=id"), "{from}");
}

#[actix_web::test]
async fn a_topic_is_public_as_soon_as_it_is_made() {
    let app = TestApp::start().await;
    let made = topic(&app.editor().await, "Critical minerals").await;
    assert_eq!(made.header("location"), staff_path(&made));
    assert_eq!(made.header("etag"), "\"1\"");
    let read = app.reader().get("/v1/topics/critical-minerals").send().await.expect(200);
    assert_eq!(read.id(), made.id());
    assert_eq!(read.at("/name"), "Critical minerals");
    let by_id = app.reader().get(format!("/v1/topics/{}", made.id())).send().await.expect(200);
    assert_eq!(by_id.json(), read.json());
}

#[actix_web::test]
async fn only_editors_and_admins_keep_topics() {
    let app = TestApp::start().await;
    let wanted = json!({ "name": "Elections" });
    let anonymous = app.reader().post(TOPICS, wanted.clone()).send().await.expect(401);
    assert_eq!(anonymous.header("www-authenticate"), "Bearer realm=\"dateline\"");
    app.reader().get(TOPICS).send().await.expect(401);
    for actor in [app.contributor().await, app.author().await] {
        actor.get(TOPICS).send().await.expect(200);
        assert_eq!(actor.post(TOPICS, wanted.clone()).send().await.expect(403).code(), "forbidden");
    }
    app.admin().await.post(TOPICS, wanted).send().await.expect(201);
}

#[actix_web::test]
async fn a_renamed_topic_keeps_its_former_slugs_with_one_hop_each() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.reader());
    let made = topic(&editor, "Rare earths").await;
    for slug in ["rare-earth-metals", "critical-minerals"] {
        editor.patch(staff_path(&made), json!({ "slug": slug })).send().await.expect(200);
    }
    leads_to(&reader, "rare-earths", "critical-minerals").await;
    leads_to(&reader, "rare-earth-metals", "critical-minerals").await;
    let other = editor.post(TOPICS, json!({ "name": "Mining", "slug": "rare-earths" })).send().await.expect(409);
    assert_eq!(other.faults(), ["/slug taken"]);
    // Its own former slug it may have back.
    editor.patch(staff_path(&made), json!({ "slug": "rare-earths" })).send().await.expect(200);
    leads_to(&reader, "critical-minerals", "rare-earths").await;
    reader.get("/v1/topics/rare-earths").send().await.expect(200);
}

#[actix_web::test]
async fn a_merged_topic_lives_on_in_the_one_that_took_it_in() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.reader());
    let (first, second, third) =
        (topic(&editor, "EVs").await, topic(&editor, "Electric cars").await, topic(&editor, "Electric vehicles").await);
    editor.patch(staff_path(&first), json!({ "slug": "e-cars" })).send().await.expect(200);
    merge(&editor, &second, &first).await.expect(200);
    assert_eq!(merge(&editor, &third, &second).await.expect(200).at("/version"), 2);
    for slug in ["evs", "e-cars", "electric-cars"] {
        leads_to(&reader, slug, "electric-vehicles").await;
    }
    for ended in [&first, &second] {
        leads_to(&reader, &ended.id(), &third.id()).await;
    }
    let list = reader.get("/v1/topics").send().await.expect(200);
    assert_eq!(list.texts_in("/data", "/slug"), ["electric-vehicles"]);
    // The name is free again, the slug is not.
    assert_eq!(topic(&editor, "EVs").await.at("/slug"), "evs-2");
}

#[actix_web::test]
async fn a_topic_merges_neither_with_itself_nor_with_what_is_none() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (stays, ends) = (topic(&editor, "Trade").await, topic(&editor, "Tariffs").await);
    assert_eq!(merge(&editor, &stays, &stays).await.expect(422).faults(), ["/absorb unknown_topic"]);
    merge(&editor, &stays, &ends).await.expect(200);
    assert_eq!(merge(&editor, &stays, &ends).await.expect(422).faults(), ["/absorb unknown_topic"]);
    merge(&editor, &ends, &stays).await.expect(404);
    let refused = editor.post(format!("{}/merge", staff_path(&stays)), json!({ "absorb": "nope" })).send().await;
    assert_eq!(refused.expect(422).text_at("/errors/0/detail"), "\"nope\" is no topic");
}

#[actix_web::test]
async fn what_is_taken_in_may_be_named_by_its_slug() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (stays, ends) = (topic(&editor, "Trade").await, topic(&editor, "Tariffs").await);
    editor.patch(staff_path(&ends), json!({ "slug": "duties" })).send().await.expect(200);
    editor.post(format!("{}/merge", staff_path(&stays)), json!({ "absorb": "tariffs" })).send().await.expect(200);
    leads_to(&app.reader(), &ends.id(), &stays.id()).await;
}

#[actix_web::test]
async fn a_topic_that_articles_carry_stays_until_it_is_merged() {
    let app = TestApp::start().await;
    let (editor, database) = (app.editor().await, app.database().await);
    let (carried, other) = (topic(&editor, "Floods").await, topic(&editor, "Weather").await);
    let article = "0198c0de-7000-7000-8000-000000000001";
    let rows = format!(
        "INSERT INTO articles (id, slug, type, language, headline, created_at, updated_at)
             VALUES ('{article}', 'flood', 'news', 'en', 'Flood', now(), now());
         INSERT INTO article_topics (article_id, position, topic_id) VALUES ('{article}', 0, '{}')",
        carried.id()
    );
    database.batch_execute(&rows).await.unwrap();
    assert_eq!(editor.delete(staff_path(&carried)).send().await.expect(409).code(), "in_use");
    merge(&editor, &other, &carried).await.expect(200);
    let now = database.query_one("SELECT topic_id::text FROM article_topics", &[]).await.unwrap();
    assert_eq!(now.get::<_, String>(0), other.id());
}

#[actix_web::test]
async fn a_removed_topic_is_gone_everywhere() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = topic(&editor, "Mistake").await;
    editor.patch(staff_path(&made), json!({ "slug": "an-error" })).send().await.expect(200);
    editor.delete(staff_path(&made)).send().await.expect(204);
    for key in ["mistake", "an-error", &made.id()] {
        app.reader().get(format!("/v1/topics/{key}")).send().await.expect(404);
        editor.get(format!("{TOPICS}/{key}")).send().await.expect(404);
    }
    editor.delete(staff_path(&made)).send().await.expect(404);
}

#[actix_web::test]
async fn a_change_says_which_version_it_was_made_from() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = topic(&editor, "Housing").await;
    let change = || editor.patch(staff_path(&made), json!({ "description": "Rents." }));
    assert_eq!(change().without_condition().send().await.expect(428).code(), "condition_required");
    app.set_clock("2026-01-05T08:00:05Z");
    let changed = change().if_match("1").send().await.expect(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    let stale = change().if_match("1").send().await.expect(412);
    assert_eq!(stale.at("/current/etag"), "\"2\"");
    assert_eq!(stale.at("/current/updated_at"), "2026-01-05T08:00:05.000Z");
    assert_eq!(
        (stale.at("/current/verb"), stale.at("/current/updated_by/name")),
        (&json!("changed"), &json!("editor of the tests"))
    );
    change().if_match("\"1\", \"2\"").send().await.expect(200);
    change().if_match("W/\"3\"").send().await.expect(412);
    for odd in ["3 or so", "\"1\" \"2\"", "\"1\",", "*, \"1\"", "W/W/\"1\"", "\"a b\"", "\"1", &"\"1\", ".repeat(300)] {
        change().if_match(odd).send().await.expect(400);
    }
    editor.delete(staff_path(&made)).if_match("1").send().await.expect(412);
    editor.delete(staff_path(&made)).without_condition().send().await.expect(428);
}

#[actix_web::test]
async fn a_patch_clears_with_null_and_keeps_what_it_does_not_name() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let new = json!({ "name": "Ports", "description": "Ships and cranes." });
    let made = editor.post(TOPICS, new).send().await.expect(201);
    let renamed = editor.patch(staff_path(&made), json!({ "name": "Harbours" })).send().await.expect(200);
    assert_eq!((renamed.at("/slug"), renamed.at("/description")), (&json!("ports"), &json!("Ships and cranes.")));
    let cleared = editor.patch(staff_path(&made), json!({ "description": null })).send().await.expect(200);
    assert_eq!(cleared.at("/description"), &json!(null));
    let refused = editor.patch(staff_path(&made), json!({ "name": null })).send().await.expect(422);
    assert_eq!(refused.faults(), ["/name type"]);
}

#[actix_web::test]
async fn a_name_is_taken_in_every_spelling_of_it() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    topic(&editor, "Women's sport").await;
    for spelling in ["women's sport", "WOMEN’S SPORT"] {
        let refused = editor.post(TOPICS, json!({ "name": spelling })).send().await.expect(409);
        assert_eq!(refused.code(), "conflict", "{spelling}");
    }
}

#[actix_web::test]
async fn a_list_is_paged_by_name_forwards_and_back() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.reader());
    for name in ["Echo", "alpha", "Delta", "bravo", "Charlie"] {
        topic(&editor, name).await;
    }
    let first = reader.get("/v1/topics?limit=2&include_total=true").send().await.expect(200);
    assert_eq!((first.texts_in("/data", "/name"), first.at("/meta/total")), (vec!["alpha", "bravo"], &json!(5)));
    assert_eq!(first.at("/meta/prev_cursor"), &json!(null));
    let page = |cursor: String| reader.get("/v1/topics").query(&[("limit", "2"), ("cursor", &cursor)]);
    let next = |answer: &Answer| answer.text_at("/meta/next_cursor").to_owned();
    let second = page(next(&first)).send().await.expect(200);
    assert_eq!(second.texts_in("/data", "/name"), ["Charlie", "Delta"]);
    let third = page(next(&second)).send().await.expect(200);
    assert_eq!(third.texts_in("/data", "/name"), ["Echo"]);
    assert_eq!(third.at("/meta/next_cursor"), &json!(null));
    let back = page(third.text_at("/meta/prev_cursor").to_owned()).send().await.expect(200);
    assert_eq!(back.texts_in("/data", "/name"), ["Charlie", "Delta"]);
    // A cursor belongs to its list, and nobody else makes one.
    let other = reader.get("/v1/topics").query(&[("q", "a"), ("cursor", &next(&first))]).send().await.expect(400);
    assert_eq!(other.faults(), ["cursor invalid_cursor"]);
    page(next(&first).replace('A', "B") + "x").send().await.expect(400);
}

#[actix_web::test]
async fn a_list_is_searched_by_name_and_cut_to_the_members_that_were_asked_for() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.reader());
    for name in ["100% renewable", "Renewables", "1000 renewable homes"] {
        topic(&editor, name).await;
    }
    let found = reader.get("/v1/topics").query(&[("q", "0% R"), ("fields", "name")]).send().await.expect(200);
    assert_eq!(found.at("/data"), &json!([{ "name": "100% renewable" }]));
    let staff = editor.get(TOPICS).query(&[("q", "RENEWABLE")]).send().await.expect(200);
    assert_eq!(staff.texts_in("/data", "/slug"), ["100-renewable", "1000-renewable-homes", "renewables"]);
}

#[actix_web::test]
async fn a_page_of_a_hundred_costs_as_many_statements_as_a_page_of_one() {
    let app = TestApp::start().await;
    let database = app.database().await;
    let rows = "INSERT INTO topics (id, slug, name, name_key, created_at, updated_at)
        SELECT gen_random_uuid(), 'topic-' || n, 'Topic ' || n, 'topic ' || n, now(), now() FROM generate_series(1, 100) n";
    database.batch_execute(rows).await.unwrap();
    for list in ["/v1/topics", TOPICS] {
        let one = app.statements_of(&format!("{list}?limit=1")).await;
        assert_eq!(app.statements_of(&format!("{list}?limit=100")).await, one, "{list}");
    }
}

#[actix_web::test]
async fn every_change_is_announced_and_audited_with_it() {
    let app = TestApp::start().await;
    let (editor, database) = (app.editor().await, app.database().await);
    let (stays, ends) = (topic(&editor, "Cricket").await, topic(&editor, "Test cricket").await);
    editor.post(TOPICS, json!({ "name": "Cricket" })).send().await.expect(409);
    editor.patch(staff_path(&stays), json!({ "slug": "the-cricket" })).send().await.expect(200);
    merge(&editor, &stays, &ends).await.expect(200);
    merge(&editor, &stays, &ends).await.expect(422);
    let told = database.query("SELECT event FROM outbox ORDER BY id", &[]).await.unwrap();
    let events: Vec<String> = told.iter().map(|row| row.get(0)).collect();
    assert_eq!(events, ["topic.created", "topic.created", "topic.changed", "topic.merged"]);
    let audited = "SELECT count(*) FROM audit_log WHERE user_id = $1::text::uuid";
    let audited = database.query_one(audited, &[&editor.id().to_string()]).await.unwrap();
    assert_eq!(audited.get::<_, i64>(0), 4);
}
