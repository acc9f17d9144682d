//! Pages as a frontend draws them: one request each.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::absent::absent;
use super::articles::{FormQuery, article_tags, changes_of, list_tags, moved, present, whenever};
use super::as_of::{AsOf, lasting};
use super::cards::{drawn, raw};
use super::scene::Scene;
use super::views::{ArticlePageBundle, RegionPageBundle};
use crate::base::clock::Timestamp;
use crate::base::error::{Error, Result};
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::Fields;
use crate::http::query::{FromParams, Params};
use crate::http::{App, Delivered, Path, Query};
use crate::rules::reference::IdOrSlug;
use crate::store::cards::CardFilter;
use crate::store::directory::Directory;
use crate::store::{cards, pages};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(get_article_page).service(get_region_page);
}

/// Parameters of the page of an article.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageForm {
    /// What the public saw at this instant, which must be over.
    #[param(required = false, example = "2026-01-05T09:00:00Z", value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// Which forms of the body, comma-separated: `blocks`, `html`, `markdown`, `text`, `portable_text`.
    #[param(required = false, example = "blocks,html", default = "blocks,html", min_length = 1, max_length = 60)]
    pub body_format: Option<String>,
    /// Only these members, comma-separated, nested ones with a dot. The others are absent, required or not.
    #[param(required = false, example = "article.headline,read_more.title", min_length = 1, max_length = 1000)]
    pub fields: Option<String>,
}

/// Read everything for the page of an article
///
/// The article, what to read next, the newest of its section, and the site around it. A former slug answers 301.
#[utoipa::path(tag = "Delivery: pages", params(("slug" = String, Path, description = "Slug, present or former, or id", example = "china-may-lift-retirement-age"), PageForm), responses((status = 200, description = "The page", body = ArticlePageBundle)))]
#[get("/pages/article/{slug}")]
async fn get_article_page(key: Path<IdOrSlug>, query: Query<(FormQuery, AsOf)>, app: App) -> Result<Delivered> {
    let (form, as_of) = query.0;
    let (now, (moment, reader)) = (app.now(), as_of.reader(&app)?);
    let fields = Fields::among::<ArticlePageBundle>(&app, form.fields.clone())?;
    let forms = form.forms("article.body")?;
    let known = pages::article_and_around(&reader, &key, &forms, moment).await?;
    let (whole, around) = known.value;
    let Some(whole) = whole else { return Err(absent(&reader, &key, moment).await) };
    let scene = Scene { directory: &known.directory, settings: &app.settings };
    let mut tags = list_tags(&CardFilter::default());
    tags.add("list:regions".to_owned());
    article_tags(&mut tags, &whole, &scene);
    around.iter().for_each(|row| tags.card(&row.card, &scene));
    let shown = around.iter().map(|row| row.card.updated_at).chain(changes_of(&whole));
    let fresh = lasting(moment, whenever(&known.pulse, tags, shown));
    if let Some(slug) = moved(&key, &whole) {
        return Ok(Delivered::moved(present(&app, "/v1/pages/article", slug, ""), fresh, now));
    }
    let page = ArticlePageBundle::of(&whole, &around, &forms, &scene)?;
    let link = format!("<{}>; rel=\"canonical\"", page.article.canonical_url);
    Ok(Delivered::json(&page, fields.as_ref(), fresh, now)?.links(link))
}

/// Parameters of a section's front.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RegionPageFilter {
    /// What the public saw at this instant, which must be over.
    #[param(required = false, example = "2026-01-05T09:00:00Z", value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// Articles per page.
    #[param(required = false, example = 20, minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i64>,
    /// From `meta` of another page of this front.
    #[param(required = false, example = "AXsiayI6", min_length = 1, max_length = 2000)]
    pub cursor: Option<String>,
    /// Only these members, comma-separated, nested ones with a dot. The others are absent, required or not.
    #[param(required = false, example = "lead.headline,articles.headline", min_length = 1, max_length = 1000)]
    pub fields: Option<String>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct RegionPageQuery {
    as_of: AsOf,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for RegionPageQuery {
    fn from_params(params: &mut Params) -> Self {
        let paging = Paging::uncounted(params);
        Self { as_of: AsOf::from_params(params), paging, fields: params.list("fields", 50) }
    }
}

/// Read everything for the front of a section
///
/// The region with what is above and below it, its lead and its newest articles, and the site around it. A former slug
/// answers 301.
#[utoipa::path(tag = "Delivery: pages", params(("slug" = String, Path, description = "Slug, present or former, or id", example = "north-asia"), RegionPageFilter), responses((status = 200, description = "The page", body = RegionPageBundle)))]
#[get("/pages/region/{slug}")]
async fn get_region_page(key: Path<IdOrSlug>, query: Query<RegionPageQuery>, app: App) -> Result<Delivered> {
    let RegionPageQuery { as_of, paging, fields } = query.0;
    let (now, (moment, reader)) = (app.now(), as_of.reader(&app)?);
    let fields = Fields::among::<RegionPageBundle>(&app, fields)?;
    let list = identity(&format!("region page {}", *key), app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let doors = (&reader, &app.documents);
    let known = cards::section(doors, moment, |directory| of_region(&key, directory), &seek).await?;
    let (window, site) = &known.value;
    let scene = Scene { directory: &known.directory, settings: &app.settings };
    let region = known.directory.find_region(&key).ok_or_else(Error::not_found)?;
    let mut tags = list_tags(&known.meant);
    tags.add("list:regions".to_owned());
    for id in region.ancestors.iter().chain(&region.children).chain([&region.id]) {
        tags.of("region", *id);
    }
    let articles = raw(drawn(&app, &window.rows, &known, moment, &mut tags)?)?;
    site.iter().for_each(|row| tags.card(&row.card, &scene));
    let shown = window.rows.iter().map(|row| row.updated_at).chain(site.iter().map(|row| row.card.updated_at));
    let fresh = lasting(moment, whenever(&known.pulse, tags, shown));
    if matches!(&*key, IdOrSlug::Slug(slug) if *slug != region.slug) {
        return Ok(Delivered::moved(present(&app, "/v1/pages/region", &region.slug, ""), fresh, now));
    }
    let (meta, links) = around(&app, &list, &paging, window, None);
    let page = RegionPageBundle::of(region, articles, paging.cursor.is_none(), meta, site, &scene)?;
    Ok(Delivered::json(&page, fields.as_ref(), fresh, now)?.links(links))
}

fn of_region(key: &IdOrSlug, directory: &Directory) -> Result<CardFilter> {
    let region = directory.find_region(key).ok_or_else(Error::not_found)?;
    Ok(CardFilter { regions: vec![region.id], ..CardFilter::default() })
}
