//! Merging what two people wrote at once.

use actix_web::post;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::articles::{answered, shown};
use super::views::StaffArticle;
use crate::base::error::{Code, Error, Result};
use crate::desk::articles::input::ArticlePatch;
use crate::desk::articles::merge::{Clash, Outcome, merge_patch};
use crate::http::actor::Articles;
use crate::http::{Actor, App, Body, IfMatch, Path, Reply};
use crate::rules::article::Content;
use crate::rules::body::Block;
use crate::rules::fields::ArticleField;
use crate::rules::merge::Conflict;
use crate::rules::permission::Principal;
use crate::store::Tx;

/// Mounts the operation.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(merge_article);
}

/// A change that was made from an older version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleMerge {
    /// The version that was changed: the `base_version` of the 412.
    #[schema(example = 1, minimum = 1)]
    pub base_version: i32,
    /// The change, as it was sent.
    pub patch: ArticlePatch,
}

/// Merge a change into an article
///
/// For a change that was refused with 412: applies it beside what was written since, where both did not change the same.
/// Blocks of a body are merged one by one; `bylines`, `sources` and `credit_line` go together. Where both changed the
/// same, nothing is written, and the 409 lists `conflicts`: the `field`, with `block_id` for a block, and its value in
/// `base`, `current` and `yours`. `If-Match` names the version to merge into.
#[utoipa::path(tag = "Newsroom: history", request_body = ArticleMerge, responses((status = 200, description = "The article as it is now", body = StaffArticle)))]
#[post("/articles/{id}/merge")]
async fn merge_article(
    by: Actor<Articles>,
    id: Path<Uuid>,
    seen: IfMatch,
    sent: Body<ArticleMerge>,
    app: App,
) -> Reply<StaffArticle> {
    let (now, site) = (app.now(), app.settings.site_url.to_string());
    app.write(async move |tx| {
        let change = (sent.0.base_version, sent.0.patch);
        match merge_patch(tx, &by, &site, id.0, &seen.0, change, now).await? {
            Outcome::Clash(clash) => Err(refused(tx, &by, *clash, now).await?),
            Outcome::Written(done) => answered(tx, &by, *done, now).await,
        }
    })
    .await
}

/// The 409 that shows what clashes.
async fn refused(tx: &mut Tx, by: &Principal, clash: Clash, now: DateTime<Utc>) -> Result<Error> {
    let Clash { article, base, theirs, mine, merged } = clash;
    let bodies = [base.body.clone(), theirs.body.clone(), mine.body.clone()];
    let mut views = Vec::new();
    for content in [base, theirs, mine] {
        views.push(view(tx, by, &article, content, now).await?);
    }
    let conflicts: Vec<Value> = merged.conflicts.iter().flat_map(|conflict| told(conflict, &bodies, &views)).collect();
    let fields: Vec<ArticleField> = merged.conflicts.iter().map(|conflict| conflict.field).collect();
    let names: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
    let detail = format!("Others changed the same since, and otherwise: {}.", names.join(", "));
    Ok(Error::new(Code::MergeConflict, detail).with("conflicting_fields", json!(fields)).with("conflicts", conflicts))
}

async fn view(
    tx: &mut Tx,
    by: &Principal,
    article: &crate::store::articles::Article,
    content: Content,
    now: DateTime<Utc>,
) -> Result<Value> {
    let shown = shown(tx, by, article.clone(), content, now).await?;
    serde_json::to_value(shown).map_err(Error::internal)
}

/// A field as the article shows it in all three, or each block that clashes.
fn told(conflict: &Conflict, bodies: &[Vec<Block>; 3], views: &[Value]) -> Vec<Value> {
    let field = conflict.field;
    if conflict.blocks.is_empty() {
        let value = |at: usize| views.get(at).and_then(|view| view.get(field.as_str())).cloned();
        return vec![
            json!({ "field": field, "block_id": null, "base": value(0), "current": value(1), "yours": value(2) }),
        ];
    }
    let [base, current, yours] = bodies;
    let find = |body: &[Block], id: &str| body.iter().find(|block| block.id == id).cloned();
    let each = |id: &String| {
        json!({
            "field": field, "block_id": id,
            "base": find(base, id), "current": find(current, id), "yours": find(yours, id),
        })
    };
    conflict.blocks.iter().map(each).collect()
}
