//! Articles for stories about something else.

use chrono::{DateTime, Utc};
use dateline::base::clock::Timestamp;
use serde_json::{Value, json};

use super::app::TestApp;

/// A draft.
pub async fn drafted(app: &TestApp, body: Value) -> String {
    app.editor().await.post("/v1/newsroom/articles", body).send().await.expect(201).id()
}

/// An article that is live from now on.
pub async fn published(app: &TestApp, body: Value) -> String {
    published_at(app, body, app.now()).await
}

/// An article that goes live at this time.
pub async fn published_at(app: &TestApp, body: Value, at: DateTime<Utc>) -> String {
    let id = drafted(app, body).await;
    let plan = json!({ "at": Timestamp(at).to_string() });
    let path = format!("/v1/newsroom/articles/{id}/publish");
    app.editor().await.post(path, plan).send().await.expect(200);
    id
}
