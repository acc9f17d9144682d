//! The way of the working copy: submitted, sent back, approved, given to somebody, put away.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::articles::moved;
use super::views::StaffArticle;
use crate::base::error::{Result, faultless};
use crate::desk::articles::moves::{Handover, archive, hand_over};
use crate::http::actor::{Articles, Publish, Submit};
use crate::http::{Actor, App, Body, IfMatch, OptionalBody, Path, Reply};
use crate::rules::change::Change;
use crate::rules::local_time::{PlannedTime, read_change};
use crate::rules::version::Expected;
use crate::rules::workflow::Verb;

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config
        .service(submit_article)
        .service(request_changes)
        .service(approve_article)
        .service(assign_article)
        .service(archive_article);
}

/// What goes along with a move.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StageMove {
    /// What whoever gets it should know; the note of the move before goes.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Please check the figures in the third paragraph.", min_length = 1, max_length = 2000, pattern = "\\S")]
    pub note: Change<String>,
    /// Id of the user whose work it is from now on; `null` for nobody in particular.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>, example = json!(null))]
    pub assignee: Change<Uuid>,
    /// When it is due.
    #[serde(default)]
    #[schema(value_type = Option<PlannedTime>, example = "2026-01-05T17:00:00Z")]
    pub deadline: Change<PlannedTime>,
}

/// Whose work an article is, and until when. What is not sent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1)]
pub struct Assignment {
    /// What the assignee should know.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Two hundred words, please.", min_length = 1, max_length = 2000, pattern = "\\S")]
    pub note: Change<String>,
    /// Id of the user; `null` for nobody in particular.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>, example = json!(null))]
    pub assignee: Change<Uuid>,
    /// When it is due.
    #[serde(default)]
    #[schema(value_type = Option<PlannedTime>, example = "2026-01-05T17:00:00Z")]
    pub deadline: Change<PlannedTime>,
}

impl StageMove {
    fn read(self) -> Result<Handover> {
        Assignment { note: self.note, assignee: self.assignee, deadline: self.deadline }.read()
    }
}

impl Assignment {
    fn read(self) -> Result<Handover> {
        let mut faults = Vec::new();
        let deadline = read_change(&self.deadline, "/deadline", &mut faults);
        faultless(faults)?;
        Ok(Handover { note: self.note, assignee: self.assignee, deadline })
    }
}

/// Submit an article for review
///
/// From draft to review. Editors find it with `stage=in_review`.
#[utoipa::path(tag = "Newsroom: workflow", request_body = Option<StageMove>, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/submit")]
async fn submit_article(
    by: Actor<Submit>,
    id: Path<Uuid>,
    seen: IfMatch,
    with: OptionalBody<StageMove>,
    app: App,
) -> Reply<StaffArticle> {
    handed_over(&app, by, id.0, seen.0, (Verb::Submit, with.0.read()?)).await
}

/// Send an article back to its writer
///
/// From review, or approved, to draft. What is live or planned of it stays as it is.
#[utoipa::path(tag = "Newsroom: workflow", request_body = Option<StageMove>, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/request-changes")]
async fn request_changes(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    with: OptionalBody<StageMove>,
    app: App,
) -> Reply<StaffArticle> {
    handed_over(&app, by, id.0, seen.0, (Verb::RequestChanges, with.0.read()?)).await
}

/// Approve an article
///
/// Pins the present revision as `approved_revision`. Whoever edits the article after that takes it back to draft.
#[utoipa::path(tag = "Newsroom: workflow", request_body = Option<StageMove>, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/approve")]
async fn approve_article(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    with: OptionalBody<StageMove>,
    app: App,
) -> Reply<StaffArticle> {
    handed_over(&app, by, id.0, seen.0, (Verb::Approve, with.0.read()?)).await
}

/// Assign an article
///
/// Says whose work it is and when it is due, and changes nothing else.
#[utoipa::path(tag = "Newsroom: workflow", request_body = Assignment, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/assign")]
async fn assign_article(
    by: Actor<Articles>,
    id: Path<Uuid>,
    seen: IfMatch,
    with: Body<Assignment>,
    app: App,
) -> Reply<StaffArticle> {
    handed_over(&app, by, id.0, seen.0, (Verb::Assign, with.0.read()?)).await
}

/// Archive an article
///
/// Puts it away: it is in no list unless `archived=true` asks for it, and nothing but restoring it changes it.
#[utoipa::path(tag = "Newsroom: workflow", responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/archive")]
async fn archive_article(by: Actor<Articles>, id: Path<Uuid>, seen: IfMatch, app: App) -> Reply<StaffArticle> {
    let clock = app.clock.clone();
    app.write(async move |tx| {
        let done = archive(tx, &by, id.0, &seen.0, &clock).await?;
        moved(tx, &by, done, clock.now()).await
    })
    .await
}

async fn handed_over<N: 'static>(
    app: &App,
    by: Actor<N>,
    id: Uuid,
    seen: Expected,
    with: (Verb, Handover),
) -> Reply<StaffArticle> {
    let clock = app.clock.clone();
    app.write(async move |tx| {
        let done = hand_over(tx, &by, id, &seen, with, &clock).await?;
        moved(tx, &by, done, clock.now()).await
    })
    .await
}
