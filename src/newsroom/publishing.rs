//! Publishing: what is live of an article, from when and until when.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::articles::moved;
use super::views::StaffArticle;
use crate::base::clock::Timestamp;
use crate::desk::articles::publish::{Plan, publish, unpublish};
use crate::http::actor::Publish;
use crate::http::{Actor, App, IfMatch, OptionalBody, Path, Reply};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(publish_article).service(unpublish_article);
}

/// When and how an article goes live; without anything, now and for good.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishPlan {
    /// From this instant on; now without. One that lies ahead is a schedule.
    #[serde(default)]
    #[schema(example = "2026-01-05T09:00:00Z", nullable = false)]
    pub at: Option<Timestamp>,
    /// Until just before this instant; for good without.
    #[serde(default)]
    #[schema(example = "2026-02-01T00:00:00Z", nullable = false)]
    pub until: Option<Timestamp>,
    /// A small change that does not raise `modified_at`.
    #[serde(default)]
    #[schema(example = false, default = false)]
    pub minor: bool,
}

/// When an article stops being live; without anything, now.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnpublishPlan {
    /// At this instant; now without.
    #[serde(default)]
    #[schema(example = "2026-02-01T00:00:00Z", nullable = false)]
    pub at: Option<Timestamp>,
}

/// Publish an article
///
/// Makes the present version live, now or, if `at` lies ahead, then. Later changes are not live until it is published again.
#[utoipa::path(tag = "Newsroom: publishing", request_body = Option<PublishPlan>, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/publish")]
async fn publish_article(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    plan: OptionalBody<PublishPlan>,
    app: App,
) -> Reply<StaffArticle> {
    let now = app.now();
    let plan = Plan { at: plan.0.at.map(|at| at.0), until: plan.0.until.map(|at| at.0), minor: plan.0.minor };
    app.write(async move |tx| {
        let done = publish(tx, &by, id.0, &seen.0, plan, now).await?;
        moved(tx, &by, done, now).await
    })
    .await
}

/// Unpublish an article
///
/// Ends what is live, now or at a planned time, and drops what is planned after that.
#[utoipa::path(tag = "Newsroom: publishing", request_body = Option<UnpublishPlan>, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/unpublish")]
async fn unpublish_article(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    plan: OptionalBody<UnpublishPlan>,
    app: App,
) -> Reply<StaffArticle> {
    let now = app.now();
    let at = plan.0.at.map(|at| at.0);
    app.write(async move |tx| {
        let done = unpublish(tx, &by, id.0, &seen.0, at, now).await?;
        moved(tx, &by, done, now).await
    })
    .await
}
