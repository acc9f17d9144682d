//! Credentials that have ended, or belong elsewhere: every operation of the document that asks for one refuses each of
//! them alike, and in the same words as a request without any.

use serde_json::Value;

use super::errands::Newsroom;
use super::operations::{Operation, operations};
use crate::support::people::PASSWORD;
use crate::support::{Answer, TestApp, json};

/// Somebody's whole set of credentials.
struct Set {
    id: String,
    access: String,
    refresh: String,
    api: String,
}

async fn somebody(app: &TestApp, email: &str) -> Set {
    let id = app.user("admin", email).await.id();
    let signed_in = app.signs_in(email, PASSWORD).send().await.expect(200);
    let new = json!({ "name": "Wire import", "scopes": ["newsroom:read", "articles:write", "articles:publish"] });
    let made = app.reader().post("/v1/newsroom/tokens", new).bearer(signed_in.access()).send().await.expect(201);
    Set {
        id,
        access: signed_in.access().to_owned(),
        refresh: signed_in.refresh().to_owned(),
        api: made.text_at("/token").to_owned(),
    }
}

/// Everything that stands for nobody any more, or never stood for anybody here.
async fn ended(app: &TestApp) -> Vec<(&'static str, String)> {
    let admin = app.admin().await;
    let mut all = Vec::new();
    // The last administrator who can sign in has to stay.
    let there = somebody(app, "there@example.org").await;
    let suspended = somebody(app, "suspended@example.org").await;
    let place = format!("/v1/newsroom/users/{}", suspended.id);
    admin.patch(place, json!({ "state": "suspended" })).send().await.expect(200);
    all.extend([("access token, suspended", suspended.access), ("API token, suspended", suspended.api)]);
    let demoted = somebody(app, "demoted@example.org").await;
    let place = format!("/v1/newsroom/users/{}", demoted.id);
    admin.patch(place, json!({ "role": "contributor" })).send().await.expect(200);
    all.push(("access token, demoted", demoted.access));
    let removed = somebody(app, "removed@example.org").await;
    admin.delete(format!("/v1/newsroom/users/{}", removed.id)).send().await.expect(204);
    all.extend([("access token, removed", removed.access), ("API token, removed", removed.api)]);
    let left = somebody(app, "left@example.org").await;
    let out = app.reader().request(reqwest::Method::POST, "/v1/auth/logout").bearer(&left.access);
    out.send().await.expect(204);
    all.extend([("access token, signed out", left.access), ("refresh token, signed out", left.refresh)]);
    let cut: String = there.access.chars().take(there.access.len() - 2).collect();
    all.extend([("refresh token as bearer", there.refresh), ("access token without its end", cut)]);
    all.extend([("password", PASSWORD.to_owned()), ("user id", there.id), ("nothing", String::new())]);
    all
}

/// What is told, without what differs from request to request.
fn told(answer: &Answer) -> (u16, String, Value) {
    let mut body = answer.json().clone();
    body.as_object_mut().expect("a problem").remove("request_id");
    (answer.status(), answer.header("www-authenticate").to_owned(), body)
}

#[actix_web::test]
async fn no_credential_that_has_ended_or_belongs_elsewhere_opens_any_operation() {
    let newsroom = Newsroom::open().await;
    let (reader, owner) = (newsroom.app.reader(), newsroom.app.author().await);
    let ended = ended(&newsroom.app).await;
    let guarded: Vec<Operation> = operations().into_iter().filter(Operation::needs_token).collect();
    assert!(guarded.len() > 50, "the document guards less than it did: {}", guarded.len());
    for operation in &guarded {
        let errand = newsroom.errand(operation, &owner).await;
        let without = errand.send(&reader, None).await.expect(401);
        for (what, token) in &ended {
            let refused = errand.send(&reader, Some(token)).await;
            assert_eq!(told(&refused), told(&without), "{what} at {}", operation.id);
        }
    }
    println!("{} guarded operations x {} credentials that are none: all refused alike", guarded.len(), ended.len());
}
