//! Articles for stories about something else: written and published at the desk itself.

use chrono::{DateTime, Utc};
use dateline::base::error::Result;
use dateline::desk::articles::publish::{Plan, publish};
use dateline::desk::articles::{create, input::ArticleCreate};
use dateline::rules::permission::{Principal, Role};
use dateline::rules::version::Expected;
use dateline::store::Tx;
use serde_json::Value;
use uuid::Uuid;

use super::app::TestApp;

/// A draft.
pub async fn drafted(app: &TestApp, body: Value) -> Uuid {
    let (by, now) = (editor(app).await, app.now());
    let write = async |tx: &mut Tx| draft(tx, &by, body, now).await;
    app.shared().database.write(write).await.expect("a draft")
}

/// An article that is live from now on.
pub async fn published(app: &TestApp, body: Value) -> Uuid {
    published_at(app, body, app.now()).await
}

/// An article that goes live at this time.
pub async fn published_at(app: &TestApp, body: Value, at: DateTime<Utc>) -> Uuid {
    let (by, now) = (editor(app).await, app.now());
    let plan = Plan { at: Some(at), ..Plan::default() };
    let write = async |tx: &mut Tx| {
        let id = draft(tx, &by, body, now).await?;
        publish(tx, &by, id, &Expected::Any, plan, now).await?;
        Ok(id)
    };
    app.shared().database.write(write).await.expect("a published article")
}

async fn draft(tx: &mut Tx, by: &Principal, body: Value, now: DateTime<Utc>) -> Result<Uuid> {
    let new: ArticleCreate = serde_json::from_value(body).expect("an article");
    Ok(create(tx, by, "site.example.org", new, now).await?.article.id)
}

async fn editor(app: &TestApp) -> Principal {
    Principal {
        user_id: app.editor().await.id(),
        role: Role::Editor,
        token_id: None,
        session_id: None,
        scopes: None,
        regions: Vec::new(),
        address: None,
    }
}
