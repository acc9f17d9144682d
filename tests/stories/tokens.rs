//! API tokens: for tools and wires, narrower than their user, shown once.

use crate::support::{Actor, Answer, TestApp, json};

const TOKENS: &str = "/v1/newsroom/tokens";
const TOPICS: &str = "/v1/newsroom/topics";

async fn made(by: &Actor, scopes: &[&str]) -> Answer {
    by.post(TOKENS, json!({ "name": "Wire import", "scopes": scopes })).send().await.expect(201)
}

#[actix_web::test]
async fn a_token_is_shown_once_and_known_by_its_beginning() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = made(&editor, &["newsroom:read"]).await;
    let token = made.text_at("/token").to_owned();
    assert!(token.starts_with("dateline_") && token.len() == 56, "{token}");
    assert_eq!(made.at("/expires_at"), "2026-04-05T08:00:00.000Z");
    let path = made.header("location").to_owned();
    let read = editor.get(path).send().await.expect(200);
    assert_eq!(read.at("/prefix"), &token[..15]);
    let list = editor.get(TOKENS).query(&[("include_total", "true")]).send().await.expect(200);
    assert_eq!((list.texts_in("/data", "/id"), list.at("/meta/total")), (vec![made.text_at("/id")], &json!(1)));
    assert!(!read.text().contains(&token) && !list.text().contains(&token));
    assert!(read.at("/last_used_at").is_null());
    app.me(&token).send().await.expect(200);
    assert_eq!(
        editor.get(made.header("location")).send().await.expect(200).at("/last_used_at"),
        "2026-01-05T08:00:00.000Z"
    );
}

#[actix_web::test]
async fn a_repeated_request_is_answered_with_the_same_token() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let new = json!({ "name": "Wire import", "scopes": ["newsroom:read"] });
    let first = editor.post(TOKENS, new.clone()).key("one").send().await.expect(201);
    let again = editor.post(TOKENS, new).key("one").send().await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), again.bytes()), ("true", first.bytes()));
    let other = json!({ "name": "Another", "scopes": ["newsroom:read"] });
    assert_eq!(editor.post(TOKENS, other).key("one").send().await.expect(422).code(), "key_reused");
}

#[actix_web::test]
async fn a_token_allows_its_scopes_and_no_more() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let reading = editor.api_token(&["newsroom:read"]).await;
    let writing = editor.api_token(&["topics:write"]).await;
    let topic = json!({ "name": "Critical minerals" });
    app.reader().get(TOPICS).bearer(&reading).send().await.expect(200);
    let refused = app.reader().post(TOPICS, topic.clone()).bearer(&reading).send().await.expect(403);
    assert_eq!(refused.code(), "forbidden");
    app.reader().post(TOPICS, topic).bearer(&writing).send().await.expect(201);
    app.reader().get(TOPICS).bearer(&writing).send().await.expect(403);
    let me = app.me(&writing).send().await.expect(200);
    assert_eq!(me.at("/rights"), &json!(["topics:write"]));
    assert!(me.at("/token_id").is_string() && me.at("/session_id").is_null());
}

#[actix_web::test]
async fn a_token_has_no_account_to_change_and_makes_no_tokens() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let token = editor.api_token(&["newsroom:read", "topics:write"]).await;
    let tool = app.reader();
    tool.patch("/v1/auth/me", json!({ "name": "X" })).bearer(&token).send().await.expect(403);
    let change = json!({ "current_password": "x", "new_password": "nine lanterns over a wet quay" });
    tool.post("/v1/auth/password", change).bearer(&token).send().await.expect(403);
    tool.request(reqwest::Method::POST, "/v1/auth/logout").bearer(&token).send().await.expect(403);
    let more = json!({ "name": "More", "scopes": ["newsroom:read"] });
    tool.post(TOKENS, more).bearer(&token).send().await.expect(403);
    let other = made(&editor, &["newsroom:read"]).await;
    tool.delete(other.header("location")).bearer(&token).send().await.expect(403);
    let own = app.me(&token).send().await.expect(200).text_at("/token_id").to_owned();
    tool.delete(format!("{TOKENS}/{own}")).bearer(&token).without_condition().send().await.expect(428);
    tool.delete(format!("{TOKENS}/{own}")).bearer(&token).if_match("2").send().await.expect(412);
    tool.delete(format!("{TOKENS}/{own}")).bearer(&token).if_match("1").send().await.expect(204);
    app.me(&token).send().await.expect(401);
}

#[actix_web::test]
async fn nobody_gives_a_token_more_than_they_have() {
    let app = TestApp::start().await;
    let (author, editor, admin) = (app.author().await, app.editor().await, app.admin().await);
    let ask = |scopes: &[&str]| json!({ "name": "Wire", "scopes": scopes });
    let beyond = author.post(TOKENS, ask(&["newsroom:read", "articles:publish"])).send().await.expect(422);
    assert_eq!(beyond.faults(), ["/scopes/1 scope"]);
    let for_author = json!({ "name": "Wire", "scopes": ["articles:publish"], "user_id": author.id() });
    editor.post(TOKENS, for_author.clone()).send().await.expect(403);
    assert_eq!(admin.post(TOKENS, for_author).send().await.expect(422).faults(), ["/scopes/0 scope"]);
    let fine = json!({ "name": "Wire", "scopes": ["articles:write"], "user_id": author.id() });
    let made = admin.post(TOKENS, fine).send().await.expect(201);
    assert_eq!(made.at("/created_by"), &json!(admin.id()));
    let nobody = json!({ "name": "Wire", "scopes": ["articles:write"], "user_id": dateline::base::id::new_id() });
    assert_eq!(admin.post(TOKENS, nobody).send().await.expect(422).faults(), ["/user_id unknown_user"]);
    for scopes in [json!([]), json!(["*"]), json!("newsroom:read"), json!(null)] {
        author.post(TOKENS, json!({ "name": "Wire", "scopes": scopes })).send().await.expect(422);
    }
    for member in ["id", "prefix", "token", "token_hash", "created_by", "last_used_at"] {
        let refused = author.post(TOKENS, json!({ "name": "W", "scopes": ["newsroom:read"], member: "x" }));
        assert_eq!(refused.send().await.expect(422).faults(), [format!("/{member} unknown_key")]);
    }
}

#[actix_web::test]
async fn a_token_ends_when_it_was_said_to_and_lives_a_year_at_most() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let until =
        |at: &str| editor.post(TOKENS, json!({ "name": "Wire", "scopes": ["newsroom:read"], "expires_at": at }));
    for at in ["2026-01-05T08:00:00Z", "2025-01-01T00:00:00Z", "2027-01-06T08:00:00.001Z"] {
        assert_eq!(until(at).send().await.expect(422).faults(), ["/expires_at out_of_range"]);
    }
    until("2027-01-06T08:00:00Z").send().await.expect(201);
    let made = until("2026-01-05T09:00:00Z").send().await.expect(201);
    let token = made.text_at("/token");
    app.set_clock("2026-01-05T08:59:59.999Z");
    app.me(token).send().await.expect(200);
    app.set_clock("2026-01-05T09:00:00Z");
    app.me(token).send().await.expect(401);
}

#[actix_web::test]
async fn a_revoked_token_is_refused_at_once_and_its_record_stays() {
    let app = TestApp::start().await;
    let (editor, other, admin) = (app.editor().await, app.editor().await, app.admin().await);
    let made = made(&editor, &["newsroom:read"]).await;
    let path = made.header("location");
    other.get(path).send().await.expect(404);
    other.delete(path).send().await.expect(404);
    assert!(other.get(TOKENS).send().await.expect(200).texts_in("/data", "/id").is_empty());
    app.me(made.text_at("/token")).send().await.expect(200);
    admin.delete(path).send().await.expect(204);
    app.me(made.text_at("/token")).send().await.expect(401);
    admin.delete(path).send().await.expect(204);
    let record = editor.get(path).send().await.expect(200);
    assert_eq!(record.at("/revoked_at"), "2026-01-05T08:00:00.000Z");
    assert_eq!(record.header("etag"), "\"2\"");
}

#[actix_web::test]
async fn tokens_are_listed_page_by_page_and_by_user_for_administrators() {
    let app = TestApp::start().await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.insert(0, made(&editor, &["newsroom:read"]).await.id());
    }
    made(&admin, &["newsroom:read"]).await;
    let user = editor.id().to_string();
    let first = admin.get(TOKENS).query(&[("user", &user), ("limit", "2")]).send().await.expect(200);
    assert_eq!(first.texts_in("/data", "/id"), ids[..2]);
    let cursor = first.text_at("/meta/next_cursor");
    let rest = admin.get(TOKENS).query(&[("user", &user), ("limit", "2"), ("cursor", cursor)]).send().await.expect(200);
    assert_eq!(rest.texts_in("/data", "/id"), ids[2..]);
    // A cursor belongs to the caller's list.
    let foreign = editor.get(TOKENS).query(&[("user", &user), ("cursor", cursor)]).send().await.expect(400);
    assert_eq!(foreign.code(), "invalid_cursor");
    assert_eq!(admin.get(TOKENS).send().await.expect(200).texts_in("/data", "/id").len(), 4);
}
