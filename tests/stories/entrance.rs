//! Who may come in: asked before anything that was sent is looked at, and told apart in the log by ids.

use std::time::Duration;

use reqwest::Method;

use crate::support::{TestApp, json, statuses};

/// What nobody could send to good effect: a parameter, a body and a type that no operation has, and no condition.
const NOTHING_GOOD: (&str, &str, &str) = ("?no_such_parameter=1", "text/plain", "{");

#[actix_web::test]
async fn who_is_not_known_is_told_so_whatever_else_is_wrong() {
    let app = TestApp::start().await;
    let gone = app.admin().await;
    let end = "UPDATE sessions SET ended_at = now() WHERE user_id = $1::text::uuid";
    app.database().await.execute(end, &[&gone.id().to_string()]).await.unwrap();
    let mut asked = 0;
    for (path, item) in dateline::app::document().value["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            if operation["security"].as_array().is_none_or(Vec::is_empty) {
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            let (query, kind, body) = NOTHING_GOOD;
            for who in [&app.reader(), &gone] {
                let nowhere = path.split('/').map(|one| if one.starts_with('{') { "none" } else { one });
                let nowhere = format!("{}{query}", nowhere.collect::<Vec<_>>().join("/"));
                let refused = who.request(method.clone(), nowhere).without_condition().body(kind, body).send().await;
                assert_eq!(refused.status(), 401, "{method} {path}: {refused}");
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "the document is not read");
}

#[actix_web::test]
async fn who_may_not_is_told_so_whatever_else_is_wrong() {
    let app = TestApp::start().await;
    let contributor = app.contributor().await;
    let (query, kind, body) = NOTHING_GOOD;
    for (method, path) in [
        (Method::GET, "/v1/newsroom/users"),
        (Method::POST, "/v1/newsroom/users"),
        (Method::PATCH, "/v1/newsroom/users/none"),
        (Method::DELETE, "/v1/newsroom/users/none"),
        (Method::POST, "/v1/newsroom/topics"),
        (Method::PATCH, "/v1/newsroom/topics/none"),
        (Method::DELETE, "/v1/newsroom/topics/none"),
        (Method::POST, "/v1/newsroom/topics/none/merge"),
        (Method::POST, "/v1/newsroom/regions"),
        (Method::PUT, "/v1/newsroom/regions/none/members"),
        (Method::POST, "/v1/newsroom/articles/none/publish"),
        (Method::POST, "/v1/newsroom/articles/none/unpublish"),
    ] {
        let request = contributor.request(method.clone(), format!("{path}{query}"));
        let refused = request.without_condition().body(kind, body).send().await;
        assert_eq!(refused.status(), 403, "{method} {path}: {refused}");
    }
    // Those who may are told what is wrong, the parameter first.
    let allowed = app.admin().await.request(Method::POST, format!("/v1/newsroom/topics{query}"));
    assert_eq!(allowed.body(kind, body).send().await.expect(400).faults(), ["no_such_parameter unknown_parameter"]);
}

#[actix_web::test]
async fn nothing_is_read_of_what_a_stranger_sends() {
    let app = TestApp::start().await;
    let reads = json!({ "name": "Reads", "scopes": ["newsroom:read"] });
    let reads = app.admin().await.post("/v1/newsroom/tokens", reads).send().await.expect(201);
    for (token, status) in [("no.such.token", "401"), (reads.text_at("/token"), "403")] {
        let mut wire = app.wire().await;
        // Announced and never sent: who waits for it waits for ten seconds.
        wire.say(format!(
            "POST /v1/newsroom/articles/bulk HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: 33000000\r\n\r\n{{"
        ))
        .await;
        let heard = wire.hear(Duration::from_millis(1500)).await;
        assert_eq!(statuses(&heard), [status], "{heard}");
    }
}
