//! Publishing: what is live of an article, from when and until when, and what is planned.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::articles::{answered, moved, released};
use super::views::StaffArticle;
use crate::base::error::{Error, Fault, Result, faultless};
use crate::desk::articles::publish::{Plan, publish, unpublish};
use crate::desk::articles::schedule::{Replan, reschedule, unschedule};
use crate::http::actor::Publish;
use crate::http::{Actor, App, Body, IfMatch, OptionalBody, Path, Reply};
use crate::rules::change::Change;
use crate::rules::local_time::{PlannedTime, read_change};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config
        .service(publish_article)
        .service(schedule_article)
        .service(reschedule_article)
        .service(unschedule_article)
        .service(unpublish_article);
}

/// When and how an article goes live; without anything, now and for good.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishPlan {
    /// From this instant on; now without. One that lies ahead is a schedule.
    #[serde(default)]
    #[schema(example = "2026-01-05T09:00:00Z", nullable = false)]
    pub at: Option<PlannedTime>,
    /// Until just before this instant; without, as long as was planned for what it takes over from, or for good.
    #[serde(default)]
    #[schema(example = "2036-02-01T00:00:00Z", nullable = false)]
    pub until: Option<PlannedTime>,
    /// Which revision; the present one without.
    #[serde(default)]
    #[schema(example = 1, minimum = 1, nullable = false)]
    pub revision: Option<i32>,
    /// A small change that does not raise `modified_at`.
    #[serde(default)]
    #[schema(example = false, default = false)]
    pub minor: bool,
    /// Why it goes live although it is under embargo; takes the right `embargoes:break`, and ends the embargo then.
    #[serde(default)]
    #[schema(
        example = "The ministry published it itself.",
        min_length = 1,
        max_length = 2000,
        pattern = "\\S",
        nullable = false
    )]
    pub break_embargo: Option<String>,
}

/// When a revision goes live.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SchedulePlan {
    /// From this instant on, which lies ahead.
    #[schema(example = "2026-01-06T06:00:00Z")]
    pub at: PlannedTime,
    /// Until just before this instant; without, as long as was planned for what it takes over from, or for good.
    #[serde(default)]
    #[schema(example = "2036-02-01T00:00:00Z", nullable = false)]
    pub until: Option<PlannedTime>,
    /// Which revision; the present one without. It stays pinned, whatever is written after.
    #[serde(default)]
    #[schema(example = 1, minimum = 1, nullable = false)]
    pub revision: Option<i32>,
    /// A small change that does not raise `modified_at`.
    #[serde(default)]
    #[schema(example = false, default = false)]
    pub minor: bool,
    /// Why it goes live although it is under embargo; takes the right `embargoes:break`, and ends the embargo then.
    #[serde(default)]
    #[schema(
        example = "The ministry published it itself.",
        min_length = 1,
        max_length = 2000,
        pattern = "\\S",
        nullable = false
    )]
    pub break_embargo: Option<String>,
}

/// Other times for a period. What is not sent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReschedulePlan {
    /// Id of the period, from `live` of the article or from the schedule.
    #[schema(example = "0198c0de-7000-7000-8000-000000000501")]
    pub period: Uuid,
    /// When it begins, unless it has begun.
    #[serde(default)]
    #[schema(example = "2036-01-06T07:00:00Z", nullable = false)]
    pub at: Option<PlannedTime>,
    /// When it ends; `null` for good.
    #[serde(default)]
    #[schema(value_type = Option<PlannedTime>, example = json!(null))]
    pub until: Change<PlannedTime>,
    /// Why it goes live although it is under embargo; takes the right `embargoes:break`, and ends the embargo then.
    #[serde(default)]
    #[schema(
        example = "The ministry published it itself.",
        min_length = 1,
        max_length = 2000,
        pattern = "\\S",
        nullable = false
    )]
    pub break_embargo: Option<String>,
}

/// Which plan is dropped; without anything, all that has not begun.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnschedulePlan {
    /// Id of the period, from `live` of the article or from the schedule.
    #[serde(default)]
    #[schema(example = "0198c0de-7000-7000-8000-000000000501", nullable = false)]
    pub period: Option<Uuid>,
}

/// When an article stops being live; without anything, now.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnpublishPlan {
    /// At this instant; now without.
    #[serde(default)]
    #[schema(example = "2036-02-01T00:00:00Z", nullable = false)]
    pub at: Option<PlannedTime>,
}

impl PublishPlan {
    fn read(self, app: &App) -> Result<Plan> {
        let mut faults = Vec::new();
        let plan = Plan {
            at: self.at.and_then(|at| at.read("/at", &mut faults)),
            until: self.until.and_then(|until| until.read("/until", &mut faults)),
            revision: self.revision,
            minor: self.minor,
            break_embargo: self.break_embargo,
            site: app.settings.site_url.to_string(),
        };
        faultless(faults)?;
        Ok(plan)
    }
}

impl ReschedulePlan {
    fn read(self, app: &App) -> Result<Replan> {
        let mut faults = Vec::new();
        let until = read_change(&self.until, "/until", &mut faults);
        let at = self.at.and_then(|at| at.read("/at", &mut faults));
        faultless(faults)?;
        let site = app.settings.site_url.to_string();
        Ok(Replan { period: self.period, at, until, break_embargo: self.break_embargo, site })
    }
}

/// Publish an article
///
/// Makes a revision live, now or, if `at` lies ahead, then. Later changes are not live until it is published again.
/// `warnings` says when the revision is older than the last correction, and so takes it back.
#[utoipa::path(tag = "Newsroom: publishing", request_body = Option<PublishPlan>, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/publish")]
async fn publish_article(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    plan: OptionalBody<PublishPlan>,
    app: App,
) -> Reply<StaffArticle> {
    let (clock, plan) = (app.clock.clone(), plan.0.read(&app)?);
    app.write(async move |tx| {
        let done = publish(tx, &by, id.0, &seen.0, plan, &clock).await?;
        released(tx, &by, done, clock.now()).await
    })
    .await
}

/// Schedule an article
///
/// Plans that a revision goes live. Several plans may follow each other; each takes over from what is live then. Nothing
/// has to run for it to happen, and `published_at` is the planned time. `warnings` says when the revision is older than the
/// last correction, and so takes it back.
#[utoipa::path(tag = "Newsroom: publishing", request_body = SchedulePlan, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/schedule")]
async fn schedule_article(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    plan: Body<SchedulePlan>,
    app: App,
) -> Reply<StaffArticle> {
    let clock = app.clock.clone();
    let SchedulePlan { at, until, revision, minor, break_embargo } = plan.0;
    let plan = PublishPlan { at: Some(at), until, revision, minor, break_embargo }.read(&app)?;
    if plan.at.is_none_or(|at| at <= app.now()) {
        return Err(Error::invalid(vec![Fault::at("/at", "past", "does not lie ahead: publish it instead")]));
    }
    app.write(async move |tx| {
        let done = publish(tx, &by, id.0, &seen.0, plan, &clock).await?;
        released(tx, &by, done, clock.now()).await
    })
    .await
}

/// Reschedule an article
///
/// Gives a planned period other times, or a live one another end. It goes on showing the revision that was pinned, and an
/// end that is not sent stays as it was planned. `warnings` names a plan for the same instant, which gives way.
#[utoipa::path(tag = "Newsroom: publishing", request_body = ReschedulePlan, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/reschedule")]
async fn reschedule_article(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    plan: Body<ReschedulePlan>,
    app: App,
) -> Reply<StaffArticle> {
    let (clock, plan) = (app.clock.clone(), plan.0.read(&app)?);
    app.write(async move |tx| {
        let done = reschedule(tx, &by, id.0, &seen.0, plan, &clock).await?;
        answered(tx, &by, done, clock.now()).await
    })
    .await
}

/// Unschedule an article
///
/// Drops a plan, or all. What a dropped plan would have taken over from goes on.
#[utoipa::path(tag = "Newsroom: publishing", request_body = Option<UnschedulePlan>, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/unschedule")]
async fn unschedule_article(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    plan: OptionalBody<UnschedulePlan>,
    app: App,
) -> Reply<StaffArticle> {
    let clock = app.clock.clone();
    app.write(async move |tx| {
        let done = unschedule(tx, &by, id.0, &seen.0, plan.0.period, &clock).await?;
        moved(tx, &by, done, clock.now()).await
    })
    .await
}

/// Unpublish an article
///
/// Ends what is live, now or at a planned time, and drops what is planned after that. An end that was planned before gives
/// way, also to a later one.
#[utoipa::path(tag = "Newsroom: publishing", request_body = Option<UnpublishPlan>, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/unpublish")]
async fn unpublish_article(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    plan: OptionalBody<UnpublishPlan>,
    app: App,
) -> Reply<StaffArticle> {
    let clock = app.clock.clone();
    let mut faults = Vec::new();
    let at = plan.0.at.and_then(|at| at.read("/at", &mut faults));
    faultless(faults)?;
    app.write(async move |tx| {
        let done = unpublish(tx, &by, id.0, &seen.0, at, &clock).await?;
        moved(tx, &by, done, clock.now()).await
    })
    .await
}
