//! Who may come in: asked before anything that was sent is looked at, and told apart in the log by ids.

use std::time::Duration;

use reqwest::Method;

use crate::support::program::{Folder, Started, dateline};
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

#[actix_web::test]
async fn a_request_is_found_in_the_log_by_its_id_and_by_its_trace() {
    let app = TestApp::start().await;
    let folder = Folder::new();
    let started = Started::by(
        dateline(&folder.0)
            .env("DATABASE_URL", app.database_url())
            .env("DATELINE_JWT_SECRET", "kVw8Zt0q3bXr5nYm7cLp1dGs9hJf2aQe4uTi6oRz")
            .env("DATELINE_LOG", "dateline=info")
            .env("DATELINE_LOG_FORMAT", "json"),
    );
    let url = started.url("API ");
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let known = [
        format!("00-{trace}-b7ad6b7169203331-01"),
        format!("00-{trace}-b7ad6b7169203331-00"),
        format!("cc-{trace}-b7ad6b7169203331-01-what-the-future-adds"),
    ];
    let unknown = [
        "nonsense".to_owned(),
        format!("00-{trace}-b7ad6b7169203331"),
        format!("00-{trace}-b7ad6b7169203331-01-more"),
        format!("ff-{trace}-b7ad6b7169203331-01"),
        format!("00-{}-b7ad6b7169203331-01", trace.to_uppercase()),
        format!("00-{}-b7ad6b7169203331-01", "0".repeat(32)),
        format!("00-{trace}-{}-01", "0".repeat(16)),
    ];
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    for (number, traceparent) in known.iter().chain(&unknown).enumerate() {
        let request = client.get(&url).header("x-request-id", format!("call-{number}"));
        let answer = request.header("traceparent", traceparent).send().await.expect("an answer");
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["x-request-id"].as_bytes()),
            (200, format!("call-{number}").as_bytes())
        );
    }
    let log = started.said();
    for number in 0..known.len() + unknown.len() {
        let line = log.lines().find(|line| line.contains(&format!("\"call-{number}\"")));
        let line = line.unwrap_or_else(|| panic!("no call-{number} in {log}"));
        assert_eq!(line.contains(trace), number < known.len(), "{line}");
    }
    assert!(started.stop().success());
}
