//! Topics: kept by editors, read by everybody.

use crate::support::{Actor, Answer, TestApp, json};

const TOPICS: &str = "/v1/newsroom/topics";

async fn topic(by: &Actor, name: &str) -> Answer {
    by.post(TOPICS, json!({ "name": name })).send().await.expect(201)
}

fn staff_path(topic: &Answer) -> String {
    format!("{TOPICS}/{}", topic.id())
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
