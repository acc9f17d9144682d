//! What clients see while something is broken, and that it passes.

use actix_web::body::MessageBody as _;
use actix_web::dev::ServiceResponse;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::{App, HttpResponse, web};
use dateline::base::error::{Code, Error};
use dateline::http::fallback::Routes;
use dateline::http::manners::manners;

use crate::support::{TestApp, json};

#[actix_web::test]
async fn without_a_database_the_server_lives_and_asks_for_patience() {
    let nowhere = |settings: &mut dateline::base::config::Settings| {
        settings.database_url = "postgresql://nobody@%2Fnowhere/none".to_owned();
    };
    let app = TestApp::with("2026-01-05T08:00:00Z", nowhere).await;
    app.reader().get("/healthz").send().await.expect(200);
    for path in ["/readyz", "/v1/topics"] {
        let refused = app.reader().get(path).send().await.expect(503);
        assert_eq!((refused.code(), refused.header("retry-after")), ("unavailable", "1"), "{path}");
        assert!(!refused.text().contains("nowhere"), "{refused}");
    }
}

#[actix_web::test]
async fn readiness_is_looked_at_once_a_second_whatever_is_seen() {
    let app = TestApp::start().await;
    let looks = |expected: u32| {
        let app = app.clone();
        async move {
            let ready = app.reader().get("/readyz").send().await;
            assert_eq!(ready.statements(), expected, "{ready}");
            ready.status()
        }
    };
    assert_eq!((looks(1).await, looks(0).await), (200, 200));
    app.shared().database.close();
    app.set_clock("2026-01-05T08:00:00.999Z");
    assert_eq!(looks(0).await, 200);
    app.set_clock("2026-01-05T08:00:01Z");
    assert_eq!(looks(0).await, 503);
}

#[actix_web::test]
async fn many_who_ask_whether_a_database_is_there_that_is_not_wait_for_one_look() {
    // Takes connections and never says a word.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let app = TestApp::with("2026-01-05T08:00:00Z", |settings| {
        settings.database_url = format!("postgresql://nobody@127.0.0.1:{port}/none");
    })
    .await;
    let started = std::time::Instant::now();
    let asked = (0..20).map(|_| app.reader().get("/readyz").send());
    for answer in futures_util::future::join_all(asked).await {
        answer.expect(503);
    }
    let one_look = started.elapsed();
    app.reader().get("/readyz").send().await.expect(503);
    assert!(started.elapsed() < one_look * 2, "twenty took {one_look:?}, and one more as long again");
    assert!(one_look < std::time::Duration::from_secs(10), "they looked one after the other: {one_look:?}");
}

#[actix_web::test]
async fn a_database_that_speaks_another_language_is_asked_to_speak_english() {
    let app = TestApp::start().await;
    let database = app.database().await;
    let name: String = database.query_one("SELECT current_database()::text", &[]).await.unwrap().get(0);
    // A topic tells the language of the session that made it.
    database
        .batch_execute(&format!(
            "ALTER DATABASE \"{name}\" SET lc_messages = 'C.UTF-8';
             CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN NEW.description := current_setting('lc_messages'); RETURN NEW; END $$;
             CREATE TRIGGER tell BEFORE INSERT ON topics FOR EACH ROW EXECUTE FUNCTION tell()"
        ))
        .await
        .unwrap();
    app.editor().await.post("/v1/newsroom/topics", json!({ "name": "Words" })).send().await.expect(201);
    assert_eq!(app.reader().get("/v1/topics/words").send().await.expect(200).at("/description"), "C");
}

#[actix_web::test]
async fn connections_that_the_database_closed_are_replaced_unseen() {
    let app = TestApp::start().await;
    let (editor, database) = (app.editor().await, app.database().await);
    editor.post("/v1/newsroom/topics", json!({ "name": "Before" })).send().await.expect(201);
    app.reader().get("/v1/topics").send().await.expect(200);
    let close = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let closed = database.query(close, &[]).await.unwrap();
    assert!(closed.len() >= 2, "the reader's and one of the pool");
    let list = app.reader().get("/v1/topics").send().await.expect(200);
    assert_eq!(list.texts_in("/data", "/name"), ["Before"]);
    editor.post("/v1/newsroom/topics", json!({ "name": "After" })).send().await.expect(201);
}

#[actix_web::test]
async fn what_fails_outside_of_every_operation_is_a_problem_with_all_its_headers_too() {
    let app = TestApp::start().await;
    let broken = App::new()
        .wrap_fn(|_, _| async {
            Err::<ServiceResponse, _>(actix_web::Error::from(Error::new(Code::TooManyRequests, "Later.")))
        })
        .wrap(from_fn(manners))
        .app_data(app.shared_data())
        .app_data(web::Data::new(Routes::of(&dateline::app::document().value)))
        .default_service(web::to(HttpResponse::Ok));
    let service = init_service(broken).await;
    let failure = try_call_service(&service, TestRequest::get().uri("/v1/topics").to_request()).await.unwrap_err();
    let response = failure.error_response();
    assert_eq!(response.status(), 429);
    let header = |name: &str| response.headers().get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap();
    assert_eq!(header("content-type"), "application/problem+json");
    assert_eq!(header("cache-control"), "private, no-store");
    let id = header("x-request-id").to_owned();
    let body = response.into_body().try_into_bytes().unwrap();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["request_id"], id);
    assert_eq!(problem["instance"], "/v1/topics");
}
