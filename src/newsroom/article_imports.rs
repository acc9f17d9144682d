//! Articles from other systems: many at once, and by the name that another system has for one.

use actix_web::{get, post, put};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::articles::{place, shown, written};
use super::views::{ArticleImport, ImportedArticle, StaffArticle};
use crate::base::aside::aside;
use crate::base::error::{Error, Result};
use crate::desk::articles::bulk::{Row, create_all, create_each};
use crate::desk::articles::input::ArticleCreate;
use crate::desk::articles::{self, seen_by};
use crate::http::actor::{Articles, Read};
use crate::http::body::{partial, whole};
use crate::http::schemas::Schemas;
use crate::http::{Actor, App, PartsBody, Path, Reply, Sent, Tagged, UpsertCondition};
use crate::rules::article::ExternalId;
use crate::rules::reference::IdOrSlug;
use crate::store::{self, Tx};

const MOST: usize = 1_000;
const MOST_BYTES: usize = 33_554_432;

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(import_articles).service(get_article_by_external_id).service(put_article_by_external_id);
}

/// What happens to the other articles when one cannot be made.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// They are made all the same.
    Each,
    /// None is made.
    All,
}

/// Many new articles.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleImportRequest {
    /// What happens to the other articles when one cannot be made.
    #[schema(example = "each")]
    pub mode: ImportMode,
    /// The articles, in the order in which they are made: later ones may link to earlier ones.
    #[schema(min_items = 1, max_items = 1000)]
    pub articles: Vec<ArticleCreate>,
}

/// Create many articles
///
/// At most 1,000 articles and 32 MiB, with one result for each; two imports at a time, and a few more that wait. With mode `each` an article that cannot be made stops
/// none of the others; with `all`, one that cannot be made stops all, and the answer is its problem.
#[utoipa::path(tag = "Newsroom: articles", request_body = ArticleImportRequest, responses((status = 200, description = "What became of each article", body = ArticleImport)))]
#[post("/articles/bulk")]
async fn import_articles(by: Actor<Articles>, sent: PartsBody<MOST_BYTES>, app: App) -> Reply<ArticleImport> {
    let PartsBody { members, turn } = sent;
    let shared = app.shared();
    let (mode, sent) = aside(usize::MAX, move || parts(&shared.schemas, Value::Object(members))).await??;
    let (now, site) = (app.now(), app.settings.site_url.to_string());
    app.write(async move |tx| {
        let _turn = &turn;
        let outcomes = match mode {
            ImportMode::Each => create_each(tx, &by, &site, sent, now).await?,
            ImportMode::All => create_all(tx, &by, &site, sent, now).await?,
        };
        let results = outcomes.into_iter().enumerate().map(|(index, outcome)| match outcome {
            Ok(done) => ImportedArticle::made(index, done.article.id, done.content.slug, done.warnings),
            Err(error) => ImportedArticle::refused(index, error),
        });
        let data: Vec<ImportedArticle> = results.collect();
        let created = data.iter().filter(|result| result.problem.is_none()).count();
        Ok(Tagged::plain(ArticleImport { created, failed: data.len() - created, data }))
    })
    .await
}

/// Checks the request by its schema, with one plain article in place of those that were sent, and then each of these by
/// itself, so that a fault in one is that one's.
fn parts(schemas: &Schemas, mut body: Value) -> Result<(ImportMode, Vec<Row>)> {
    let rows = match body.get_mut("articles") {
        // What are too many or too few is said of the array as it is.
        Some(Value::Array(rows)) if (1..=MOST).contains(&rows.len()) => {
            std::mem::replace(rows, vec![json!({ "headline": "-" })])
        }
        _ => Vec::new(),
    };
    let request: ArticleImportRequest = whole(schemas, body).map_err(Error::invalid)?;
    let one = |row| partial(schemas, row).map_err(Error::invalid);
    Ok((request.mode, rows.into_iter().map(one).collect()))
}

/// The external id that a path names; what cannot be one is not there.
fn external(path: Path<(String, String)>) -> Result<ExternalId> {
    let (scheme, value) = path.0;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.' | '-');
    let starts_well = scheme.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let fits = starts_well && scheme.len() <= 60 && scheme.chars().all(plain);
    if fits { Ok(ExternalId { scheme, value }) } else { Err(Error::not_found()) }
}

/// Read an article by an external id
///
/// The name that another system has for it; the answer is that of reading it by id.
#[utoipa::path(tag = "Newsroom: articles", params(("scheme" = String, Path, description = "Which system or register", example = "wire", min_length = 1, max_length = 60, pattern = "^[a-z0-9][a-z0-9_.-]*$"), ("value" = String, Path, description = "The name there, percent-encoded", example = "tr:20230314-battery-metals", min_length = 1, max_length = 200)), responses((status = 200, description = "The article", body = StaffArticle)))]
#[get("/articles/by-external-id/{scheme}/{value}")]
async fn get_article_by_external_id(by: Actor<Read>, path: Path<(String, String)>, app: App) -> Reply<StaffArticle> {
    let (external, now) = (external(path)?, app.now());
    app.read(async |tx| {
        let id = store::articles::by_external_id(tx, &external).await?.ok_or_else(Error::not_found)?;
        let found = store::articles::read(tx, &IdOrSlug::Id(id), seen_by(&by)).await?;
        let (article, content) = found.ok_or_else(Error::not_found)?;
        let version = article.at();
        Ok(Tagged::of(shown(tx, &by, article, content, now).await?, version))
    })
    .await
}

/// Create or change an article by an external id
///
/// Makes the article that has this external id, or changes it: what is not sent of one that exists stays. Sent twice at
/// the same time, it makes one article. `If-Match` is optional here, because what is not there yet has no version; with
/// it, nothing is made and only that version is changed. `If-None-Match: *` is the other way round: nothing is changed.
#[utoipa::path(tag = "Newsroom: articles", params(("scheme" = String, Path, description = "Which system or register", example = "wire", min_length = 1, max_length = 60, pattern = "^[a-z0-9][a-z0-9_.-]*$"), ("value" = String, Path, description = "The name there, percent-encoded", example = "tr:20230314-battery-metals", min_length = 1, max_length = 200)), request_body = ArticleCreate, responses((status = 200, description = "The article as it is now", body = StaffArticle), (status = 201, description = "The article that was made", body = StaffArticle)))]
#[put("/articles/by-external-id/{scheme}/{value}")]
async fn put_article_by_external_id(
    by: Actor<Articles>,
    path: Path<(String, String)>,
    held: UpsertCondition,
    new: Sent<ArticleCreate>,
    app: App,
) -> Reply<StaffArticle> {
    let (now, site) = (app.now(), app.settings.site_url.to_string());
    let external = external(path)?;
    app.write(async move |tx| {
        let upsert = async |tx: &mut Tx, new| articles::upsert(tx, &by, &site, external, new, held.0, now).await;
        let (done, is_new) = new.0.write(tx, upsert).await?;
        let (version, location) = (done.article.at(), place(done.article.id));
        let shown = written(tx, &by, done, now).await?;
        Ok(if is_new { Tagged::created(shown, version, location) } else { Tagged::of(shown, version) })
    })
    .await
}
