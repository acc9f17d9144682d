//! What is public is put right, held back, or taken down.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::articles::{answered, moved};
use super::views::StaffArticle;
use crate::base::error::faultless;
use crate::desk::articles::embargo::embargo;
use crate::desk::articles::takedown::{Amendment, correct, kill, reinstate};
use crate::http::actor::{Publish, Reinstate};
use crate::http::{Actor, App, Body, IfMatch, Path, Reply};
use crate::rules::change::Change;
use crate::rules::local_time::PlannedTime;

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(correct_article).service(kill_article).service(reinstate_article).service(embargo_article);
}

/// What was wrong, and what is right.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionPlan {
    /// What readers are told, as text.
    #[schema(example = "An earlier version named the wrong city.", min_length = 1, max_length = 2000, pattern = "\\S")]
    pub note: String,
    /// The revision that is right; the present one without.
    #[serde(default)]
    #[schema(example = 2, minimum = 1, nullable = false)]
    pub revision: Option<i32>,
    /// Why it goes live although the article is under embargo; takes the right `embargoes:break`, and ends the embargo then.
    #[serde(default)]
    #[schema(
        example = "The error was dangerous.",
        min_length = 1,
        max_length = 2000,
        pattern = "\\S",
        nullable = false
    )]
    pub break_embargo: Option<String>,
}

/// Why a story is taken down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KillPlan {
    /// What readers are told in its place, as text.
    #[schema(
        example = "This article was withdrawn because its source did not exist.",
        min_length = 1,
        max_length = 2000,
        pattern = "\\S"
    )]
    pub reason: String,
    /// Whether the law asks for it: then it answers 451 rather than 410.
    #[serde(default)]
    #[schema(example = false, default = false)]
    pub legal: bool,
}

/// Why a story may be published again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReinstatePlan {
    /// For the audit log.
    #[schema(example = "The court lifted the injunction.", min_length = 1, max_length = 2000, pattern = "\\S")]
    pub reason: String,
}

/// Before when nothing of an article is live.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbargoPlan {
    /// The end of the embargo; `null` lifts it.
    #[serde(default)]
    #[schema(value_type = Option<PlannedTime>, required = true, example = "2026-01-06T11:00:00Z")]
    pub until: Change<PlannedTime>,
    /// Why; required where the embargo ends earlier than before, which takes the right `embargoes:break`.
    #[serde(default)]
    #[schema(example = "The agency lifted it.", min_length = 1, max_length = 2000, pattern = "\\S", nullable = false)]
    pub reason: Option<String>,
}

/// Correct an article
///
/// Publishes the present revision, or another one, in place of the one that is live, with a public note that stays with
/// the article; of a revision that was put live without a note, tells it afterwards. Raises `modified_at`. An embargo holds a correction back too. `warnings` names what is planned and would
/// show what was wrong again.
#[utoipa::path(tag = "Newsroom: publishing", request_body = CorrectionPlan, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/correct")]
async fn correct_article(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    plan: Body<CorrectionPlan>,
    app: App,
) -> Reply<StaffArticle> {
    let clock = app.clock.clone();
    let CorrectionPlan { note, revision, break_embargo } = plan.0;
    let amendment = Amendment { note, revision, break_embargo, site: app.settings.site_url.to_string() };
    app.write(async move |tx| {
        let done = correct(tx, &by, id.0, &seen.0, amendment, &clock).await?;
        answered(tx, &by, done, clock.now()).await
    })
    .await
}

/// Kill an article
///
/// Takes it down everywhere at once, and all that is planned of it. Its address and all its former ones answer 410, or
/// 451, with the reason, until an administrator reinstates it; so do links that show it as a draft. Killed once more, it
/// has the new reason, and is down since the first time.
#[utoipa::path(tag = "Newsroom: publishing", request_body = KillPlan, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/kill")]
async fn kill_article(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    plan: Body<KillPlan>,
    app: App,
) -> Reply<StaffArticle> {
    let clock = app.clock.clone();
    app.write(async move |tx| {
        let done = kill(tx, &by, id.0, &seen.0, (&plan.0.reason, plan.0.legal), &clock).await?;
        moved(tx, &by, done, clock.now()).await
    })
    .await
}

/// Reinstate an article
///
/// Allows what was killed to be published again. Nothing of it is live until it is.
#[utoipa::path(tag = "Newsroom: publishing", request_body = ReinstatePlan, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/reinstate")]
async fn reinstate_article(
    by: Actor<Reinstate>,
    id: Path<Uuid>,
    seen: IfMatch,
    plan: Body<ReinstatePlan>,
    app: App,
) -> Reply<StaffArticle> {
    let clock = app.clock.clone();
    app.write(async move |tx| {
        let done = reinstate(tx, &by, id.0, &seen.0, &plan.0.reason, &clock).await?;
        moved(tx, &by, done, clock.now()).await
    })
    .await
}

/// Set the embargo of an article
///
/// Nothing of it goes live before, whoever publishes it. Refused while something is planned before.
#[utoipa::path(tag = "Newsroom: publishing", request_body = EmbargoPlan, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/embargo")]
async fn embargo_article(
    by: Actor<Publish>,
    id: Path<Uuid>,
    seen: IfMatch,
    plan: Body<EmbargoPlan>,
    app: App,
) -> Reply<StaffArticle> {
    let clock = app.clock.clone();
    let mut faults = Vec::new();
    let until = plan.0.until.value().and_then(|until| until.read("/until", &mut faults));
    faultless(faults)?;
    app.write(async move |tx| {
        let done = embargo(tx, &by, id.0, &seen.0, (until, plan.0.reason.as_deref()), &clock).await?;
        moved(tx, &by, done, clock.now()).await
    })
    .await
}
