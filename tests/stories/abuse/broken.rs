//! What breaks off half way: a client that goes away while it writes, and a handler that panics.

use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::{App, HttpResponse, web};
use dateline::http::fallback::Routes;
use dateline::http::manners::manners;

use crate::support::{TestApp, json};

#[actix_web::test]
async fn a_write_whose_client_goes_away_happened_whole_or_not_at_all() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let token = editor.token();
    let body = |number: usize| json!({ "headline": format!("Story {number}"), "note": "x".repeat(2000) });
    for number in 0..24 {
        let sent = body(number).to_string();
        let request = format!(
            "POST /v1/newsroom/articles HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nIdempotency-Key: gone-{number}\r\nContent-Length: {}\r\n\r\n{sent}",
            sent.len()
        );
        let mut wire = app.wire().await;
        // Some go before their last byte, the others after it, sooner or later.
        let half = if number % 4 == 0 { request.len() - 1 } else { request.len() };
        wire.say(&request[..half]).await;
        tokio::time::sleep(Duration::from_millis(number as u64 % 7)).await;
        drop(wire);
    }
    let database = app.database().await;
    let busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND state <> 'idle' AND backend_type = 'client backend'";
    for _ in 0..200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if database.query_one(busy, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            break;
        }
    }
    let events = "SELECT count(*) FROM outbox WHERE event = 'article.created'";
    let whole = async || {
        let events: i64 = database.query_one(events, &[]).await.unwrap().get(0);
        (app.rows("articles").await, app.rows("article_revisions").await, app.rows("slugs").await, events)
    };
    let (articles, revisions, slugs, announced) = whole().await;
    assert_eq!((articles, articles, articles), (revisions, slugs, announced), "something is half written");
    assert!(articles <= 18, "what was never sent to its end was written");
    // Whoever is unsure asks again with the same key.
    for number in 0..24 {
        editor.post("/v1/newsroom/articles", body(number)).key(&format!("gone-{number}")).send().await.expect(201);
    }
    assert_eq!(whole().await, (24, 24, 24, 24));
    let left = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    assert_eq!(database.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0, "a transaction is left open");
}

#[actix_web::test]
async fn a_panic_is_a_problem_of_one_request_and_tells_nothing() {
    async fn falls() -> HttpResponse {
        panic!("secret words of the inside")
    }
    let app = TestApp::start().await;
    let broken = App::new()
        .route("/v1/falls", web::get().to(falls))
        .wrap(from_fn(manners))
        .app_data(app.shared_data())
        .app_data(web::Data::new(Routes::of(&dateline::app::document().value)))
        .default_service(web::to(HttpResponse::Ok));
    let service = init_service(broken).await;
    for _ in 0..3 {
        let failure = try_call_service(&service, TestRequest::get().uri("/v1/falls").to_request()).await.unwrap_err();
        let response = failure.error_response();
        assert_eq!(response.status(), 500);
        let header = |name: &str| response.headers().get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap();
        assert_eq!(header("content-type"), "application/problem+json");
        assert_eq!(header("cache-control"), "private, no-store");
        let body = actix_web::body::MessageBody::try_into_bytes(response.into_body()).unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(text.contains("\"internal\"") && !text.contains("secret") && !text.contains("panic"), "{text}");
    }
    let fine = try_call_service(&service, TestRequest::get().uri("/v1/topics").to_request()).await.unwrap();
    assert_eq!(fine.status(), 200);
}
