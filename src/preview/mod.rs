//! Drafts as their pages would be: rendered by the desk as publishing renders, drawn with delivery's views. It stands
//! above both faces, because neither knows the other, and so that delivery has no query that reads a working copy.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::base::error::{Error, Result};
use crate::delivery::articles::FormQuery;
use crate::delivery::scene::Scene;
use crate::delivery::views::{ArticlePage, ArticlePageBundle};
use crate::desk::articles::previews;
use crate::http::deliver::Fields;
use crate::http::{App, Path, Query, Reply, Tagged};
use crate::store::live;

/// Mounts the operations, below `/v1`.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(get_preview).service(get_preview_page);
}

/// Parameters of a draft.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters; FormQuery reads them")]
struct DraftForm {
    /// Which forms of the body, comma-separated: `blocks`, `html`, `markdown`, `text`, `portable_text`.
    #[param(required = false, example = "blocks,html", default = "blocks,html", min_length = 1, max_length = 60)]
    body_format: Option<String>,
    /// Only these members, comma-separated, nested ones with a dot. The others are absent, required or not.
    #[param(required = false, example = "id,headline,hero.url", min_length = 1, max_length = 1000)]
    fields: Option<String>,
}

/// Parameters of the page of a draft.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters; FormQuery reads them")]
struct DraftPageForm {
    /// Which forms of the body, comma-separated: `blocks`, `html`, `markdown`, `text`, `portable_text`.
    #[param(required = false, example = "blocks,html", default = "blocks,html", min_length = 1, max_length = 60)]
    body_format: Option<String>,
    /// Only these members, comma-separated, nested ones with a dot. The others are absent, required or not.
    #[param(required = false, example = "article.headline,read_more.title", min_length = 1, max_length = 1000)]
    fields: Option<String>,
}

/// Read a draft by a link to it
///
/// In the shape of `/v1/articles/{id_or_slug}`, as it would be if it were published now; its links lead to what is live
/// only. Not cached and not to be indexed. A link ends at its time, when it is revoked, and when whoever made it may no
/// longer see the article; then, as one that never was, it answers 404. Of an article that was taken down it answers 410
/// or 451 with the reason, as the live page does.
#[utoipa::path(tag = "Delivery: previews", params(("token" = String, Path, description = "What the link was made with", example = "dateline_preview_AZjA3nAAcACAAAAAAAAIAQAAAZuNdKAAp7h0m8Zr1f2xq9c3K5s4T6u8V0wXyZaBcDeFgHiJkLmN", min_length = 1, max_length = 200, pattern = "^dateline_preview_[A-Za-z0-9_-]+$"), DraftForm), responses((status = 200, description = "The draft", body = ArticlePage)))]
#[get("/preview/{token}")]
async fn get_preview(token: Path<String>, query: Query<FormQuery>, app: App) -> Reply<ArticlePage> {
    let now = app.now();
    let fields = Fields::among::<ArticlePage>(&app, query.0.fields.clone())?;
    let forms = query.0.forms("body")?;
    let id = opened(&app, &token)?;
    let whole = app.read(async |tx| previews::shown(tx, id, &forms, now).await).await?.ok_or_else(Error::not_found)?;
    let directory = live::directory(app.reader(), now).await?;
    let page = ArticlePage::of(&whole, &forms, &Scene { directory: &directory, settings: &app.settings })?;
    Ok(Tagged::plain(page).only(fields))
}

/// Read everything for the page of a draft by a link to it
///
/// In the shape of `/v1/pages/article/{slug}`, as it would be if the draft were published now; what stands around it is
/// live. Not cached and not to be indexed. A link ends at its time, when it is revoked, and when whoever made it may no
/// longer see the article; then, as one that never was, it answers 404. Of an article that was taken down it answers 410
/// or 451 with the reason, as the live page does.
#[utoipa::path(tag = "Delivery: previews", params(("token" = String, Path, description = "What the link was made with", example = "dateline_preview_AZjA3nAAcACAAAAAAAAIAQAAAZuNdKAAp7h0m8Zr1f2xq9c3K5s4T6u8V0wXyZaBcDeFgHiJkLmN", min_length = 1, max_length = 200, pattern = "^dateline_preview_[A-Za-z0-9_-]+$"), DraftPageForm), responses((status = 200, description = "The page", body = ArticlePageBundle)))]
#[get("/preview/{token}/page")]
async fn get_preview_page(token: Path<String>, query: Query<FormQuery>, app: App) -> Reply<ArticlePageBundle> {
    let now = app.now();
    let fields = Fields::among::<ArticlePageBundle>(&app, query.0.fields.clone())?;
    let forms = query.0.forms("article.body")?;
    let id = opened(&app, &token)?;
    let shown = app.read(async |tx| previews::shown_and_around(tx, id, &forms, now).await).await?;
    let (whole, around) = shown.ok_or_else(Error::not_found)?;
    let directory = live::directory(app.reader(), now).await?;
    let scene = Scene { directory: &directory, settings: &app.settings };
    Ok(Tagged::plain(ArticlePageBundle::of(&whole, &around, &forms, &scene)?).only(fields))
}

/// The link that a token opens, if it is ours and its time is not over. No look into the database.
fn opened(app: &App, token: &str) -> Result<Uuid> {
    app.previews.verify(token, app.now()).ok_or_else(Error::not_found)
}
