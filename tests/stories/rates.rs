//! How often somebody may ask: each caller in the newsroom, and each address for what is not in memory.

use dateline::base::config::Settings;

use crate::support::{TestApp, json};

const MORNING: &str = "2026-01-05T08:00:00Z";
const TOPICS: &str = "/v1/newsroom/topics";

async fn limited(token: u32, address: u32, proxies: &[&str]) -> TestApp {
    TestApp::with(MORNING, |settings: &mut Settings| {
        settings.rate_token = token;
        settings.rate_address = address;
        settings.trusted_proxies = proxies.iter().map(|network| network.parse().expect("a network")).collect();
    })
    .await
}

#[actix_web::test]
async fn a_caller_is_told_what_is_left_and_to_wait_when_nothing_is() {
    let app = limited(3, 0, &[]).await;
    let (editor, other) = (app.editor().await, app.editor().await);
    for left in ["2", "1", "0"] {
        let read = editor.get(TOPICS).send().await.expect(200);
        assert_eq!(read.header("ratelimit"), format!("\"token\";r={left};t=60"));
        assert_eq!(read.header("ratelimit-policy"), "\"token\";q=3;w=60");
    }
    app.set_clock("2026-01-05T08:00:20.500Z");
    let refused = editor.post(TOPICS, json!({ "name": "Too much" })).send().await.expect(429);
    assert_eq!((refused.code(), refused.header("retry-after")), ("too_many_requests", "40"));
    assert_eq!(refused.header("ratelimit"), "\"token\";r=0;t=40");
    // Each has a limit of their own, and it starts afresh.
    other.get(TOPICS).send().await.expect(200);
    app.set_clock("2026-01-05T08:01:00Z");
    editor.post(TOPICS, json!({ "name": "In time" })).send().await.expect(201);
    assert_eq!(app.reader().get("/v1/topics").send().await.expect(200).texts_in("/data", "/name"), ["In time"]);
}

#[actix_web::test]
async fn each_token_of_a_person_has_a_limit_of_its_own() {
    let app = limited(2, 0, &[]).await;
    let admin = app.admin().await;
    let new = json!({ "name": "Wire", "scopes": ["newsroom:read"] });
    let token = admin.post("/v1/newsroom/tokens", new).send().await.expect(201);
    let tool = || app.reader().get(TOPICS).bearer(token.text_at("/token"));
    tool().send().await.expect(200);
    tool().send().await.expect(200);
    tool().send().await.expect(429);
    admin.get(TOPICS).send().await.expect(200);
    admin.get(TOPICS).send().await.expect(429);
}

#[actix_web::test]
async fn an_address_asks_for_what_is_in_memory_as_often_as_it_likes_and_for_the_rest_within_its_limit() {
    let app = limited(0, 3, &[]).await;
    let read = |path: &str| app.reader().get(path).send();
    read("/v1/topics").await.expect(200);
    for _ in 0..10 {
        read("/v1/topics").await.expect(200);
    }
    read("/v1/topics?limit=7").await.expect(200);
    app.reader().get(TOPICS).send().await.expect(401);
    let refused = read("/v1/topics?limit=8").await.expect(429);
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit")), ("60", "\"address\";r=0;t=60"));
    app.reader().get(TOPICS).send().await.expect(429);
    // What is in memory, who has a token, and how the server is: as before.
    assert!(read("/v1/topics").await.expect(200).find_header("ratelimit").is_none());
    app.editor().await.get(TOPICS).send().await.expect(200);
    for _ in 0..5 {
        read("/readyz").await.expect(200);
    }
    app.set_clock("2026-01-05T08:01:00Z");
    read("/v1/topics?limit=8").await.expect(200);
}

#[actix_web::test]
async fn behind_a_trusted_proxy_each_client_counts_and_nobody_names_another() {
    let app = limited(0, 2, &["127.0.0.0/8", "10.0.0.0/8"]).await;
    let read = |number: u32, forwarded: &str| {
        app.reader().get(format!("/v1/topics?limit={number}")).header("x-forwarded-for", forwarded).send()
    };
    read(1, "203.0.113.9").await.expect(200);
    // Through a second proxy, and with a name of its own choice before.
    read(2, "198.51.100.1, 203.0.113.9, 10.1.2.3").await.expect(200);
    for forwarded in ["203.0.113.9", "203.0.113.9:4711", "198.51.100.2, 203.0.113.9", "::ffff:203.0.113.9"] {
        read(3, forwarded).await.expect(429);
    }
    read(4, "203.0.113.10").await.expect(200);
    // Of IPv6 a client has a whole network.
    read(5, "2001:db8::1").await.expect(200);
    read(6, "2001:db8::2").await.expect(200);
    read(7, "2001:db8:0:0:ffff::3").await.expect(429);
    read(8, "2001:db8:0:1::1").await.expect(200);
}

#[actix_web::test]
async fn what_a_client_says_of_its_address_without_a_trusted_proxy_counts_for_nothing() {
    let app = limited(0, 2, &["10.0.0.0/8"]).await;
    for (number, status) in [(1, 200), (2, 200), (3, 429), (4, 429)] {
        let request = app.reader().get(format!("/v1/topics?limit={number}"));
        request.header("x-forwarded-for", format!("203.0.113.{number}")).send().await.expect(status);
    }
}
