//! Articles in public: the list, and one by id or slug.

use actix_web::get;
use chrono::{DateTime, Utc};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::absent::absent;
use super::article_query::{ArticleFilter, ArticleQuery};
use super::as_of::{AsOf, lasting};
use super::cards::{drawn, listed, raw};
use super::scene::Scene;
use super::tags::Tags;
use super::views::{ArticleCard, ArticleCardList, ArticlePage};
use crate::base::clock::Timestamp;
use crate::base::error::{Error, Fault, Result};
use crate::http::cursor::{around, identity};
use crate::http::deliver::{Fields, Freshness};
use crate::http::query::{FromParams, Params};
use crate::http::{App, Delivered, Path, Query};
use crate::rules::body::Format;
use crate::rules::reference::IdOrSlug;
use crate::rules::tag::tag;
use crate::store::cards::CardFilter;
use crate::store::live::Pulse;
use crate::store::pages::Whole;
use crate::store::{cards, pages};

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_articles).service(get_article);
}

/// Parameters of one article.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ArticleForm {
    /// What the public saw at this instant, which must be over.
    #[param(required = false, example = "2026-01-05T09:00:00Z", value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// Which forms of the body, comma-separated: `blocks`, `html`, `markdown`, `text`, `portable_text`.
    #[param(required = false, example = "blocks,html", default = "blocks,html", min_length = 1, max_length = 60)]
    pub body_format: Option<String>,
    /// Only these members, comma-separated, nested ones with a dot. The others are absent, required or not.
    #[param(required = false, example = "id,headline,hero.url", min_length = 1, max_length = 1000)]
    pub fields: Option<String>,
}

/// The parameters as they were read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FormQuery {
    forms: Option<Vec<Format>>,
    /// Members of the answer.
    pub fields: Option<Vec<String>>,
}

impl FromParams for FormQuery {
    fn from_params(params: &mut Params) -> Self {
        Self { forms: params.list("body_format", 5), fields: params.list("fields", 50) }
    }
}

/// A form, and the instant that is asked about.
impl FromParams for (FormQuery, AsOf) {
    fn from_params(params: &mut Params) -> Self {
        (FormQuery::from_params(params), AsOf::from_params(params))
    }
}

impl FormQuery {
    /// The forms to read; none when the body below `member` is not among the fields.
    ///
    /// # Errors
    /// 400 for a form among the fields that `body_format` leaves out.
    pub fn forms(&self, member: &str) -> Result<Vec<Format>> {
        let leads = |field: &String| {
            *field == member || member.starts_with(&format!("{field}.")) || field.starts_with(&format!("{member}."))
        };
        if self.fields.as_ref().is_some_and(|fields| !fields.iter().any(leads)) {
            return Ok(Vec::new());
        }
        let below = format!("{member}.");
        let form = |field: &String| field.strip_prefix(&below)?.split('.').next()?.parse().ok();
        let named = self.fields.iter().flatten().filter(|field| leads(field));
        let named: Option<Vec<Format>> = named.map(form).collect();
        let named = named.filter(|forms| !forms.is_empty());
        // Who names nothing of the body but `body.text` wants that form.
        let Some(asked) = &self.forms else {
            return Ok(named.unwrap_or_else(|| vec![Format::Blocks, Format::Html]));
        };
        let beyond = named.iter().flatten().find(|form| !asked.contains(form));
        beyond.map_or_else(
            || Ok(asked.clone()),
            |form| {
                let detail = format!("\"{below}{}\" is not among the forms of body_format", form.as_str());
                Err(Error::parameters(vec![Fault::of("fields", "unknown_field", detail)]))
            },
        )
    }
}

/// List articles
///
/// What is live now, the newest first; with `q` the best match first.
#[utoipa::path(tag = "Delivery: articles", params(ArticleFilter), responses((status = 200, description = "One page", body = ArticleCardList)))]
#[get("/articles")]
async fn list_articles(query: Query<ArticleQuery>, app: App) -> Result<Delivered> {
    let (query, now) = (query.0, app.now());
    let (moment, reader) = query.as_of.reader(&app)?;
    let fields = Fields::among::<ArticleCard>(&app, query.fields.clone())?;
    let list = identity("articles", app.request().query_string());
    let seek = query.paging.seek(&app.cursor_key, &list)?;
    let doors = (&reader, &app.documents);
    let known =
        cards::list(doors, moment, |directory| query.mean(directory), &seek, query.paging.include_total).await?;
    let (window, total) = &known.value;
    let mut tags = list_tags(&known.meant);
    let cards = drawn(&app, &window.rows, &known, moment, &mut tags)?;
    let (meta, links) = around(&app, &list, &query.paging, window, *total);
    let fresh = lasting(moment, whenever(&known.pulse, tags, window.rows.iter().map(|row| row.updated_at)));
    let answer = match &fields {
        None => Delivered::bytes(listed(&cards, &meta)?, fresh, now),
        fields => Delivered::json(&ArticleCardList { data: raw(cards)?, meta }, fields.as_ref(), fresh, now)?,
    };
    Ok(answer.links(links))
}

/// Read an article
///
/// Complete, as its page needs it. A former slug answers 301 to the present one.
#[utoipa::path(tag = "Delivery: articles", params(("id_or_slug" = String, Path, description = "Id or slug, present or former", example = "china-may-lift-retirement-age"), ArticleForm), responses((status = 200, description = "The article", body = ArticlePage)))]
#[get("/articles/{id_or_slug}")]
async fn get_article(key: Path<IdOrSlug>, query: Query<(FormQuery, AsOf)>, app: App) -> Result<Delivered> {
    let (form, as_of) = query.0;
    let (now, (moment, reader)) = (app.now(), as_of.reader(&app)?);
    let fields = Fields::among::<ArticlePage>(&app, form.fields.clone())?;
    let forms = form.forms("body")?;
    let ground = if form == FormQuery::default() && !moment.is_past() {
        match app.documents.page(&reader, &key, now).await? {
            Ok(page) => return Ok(Delivered::kept(page, now)),
            Err(ground) => Some(ground),
        }
    } else {
        None
    };
    let known = pages::article(&reader, &key, &forms, moment).await?;
    let Some(whole) = known.value else { return Err(absent(&reader, &key, moment).await) };
    let scene = Scene { directory: &known.directory, settings: &app.settings };
    let mut tags = Tags::default();
    article_tags(&mut tags, &whole, &scene);
    let fresh = lasting(moment, until_changed(&whole, tags));
    if let Some(slug) = moved(&key, &whole) {
        return Ok(Delivered::moved(present(&app, "/v1/articles", slug, ""), fresh, now));
    }
    let page = ArticlePage::of(&whole, &forms, &scene)?;
    let link = format!("<{}>; rel=\"canonical\"", page.canonical_url);
    let answer = Delivered::json(&page, fields.as_ref(), fresh, now)?.links(link);
    if let Some(ground) = ground.filter(|ground| ground.holds(&reader)) {
        app.documents.keep_page(page.id, &page.slug, answer.page(), ground, now);
    }
    Ok(answer)
}

/// The present slug, if the article was asked for by a former one.
pub(super) fn moved<'a>(key: &IdOrSlug, whole: &'a Whole) -> Option<&'a str> {
    let present = whole.article.card.slug.as_str();
    matches!(key, IdOrSlug::Slug(slug) if slug != present).then_some(present)
}

/// The same request under the present slug.
pub(super) fn present(app: &App, before: &str, slug: &str, after: &str) -> String {
    match app.request().query_string() {
        "" => format!("{before}/{slug}{after}"),
        query => format!("{before}/{slug}{after}?{query}"),
    }
}

/// Tags of the article and of everything that it shows. What it does not show is not named.
pub(super) fn article_tags(tags: &mut Tags, whole: &Whole, scene: &Scene<'_>) {
    tags.card(&whole.article.card, scene);
    for region in whole
        .article
        .card
        .primary_region
        .and_then(|id| scene.directory.region(id))
        .iter()
        .flat_map(|region| &region.ancestors)
    {
        tags.of("region", *region);
    }
    for author in &whole.article.card.rendered().people {
        if let Some(avatar) = scene.directory.author(author.author).and_then(|author| author.avatar.as_ref()) {
            tags.of("media", avatar.id);
        }
    }
    whole.links.iter().filter_map(|link| link.card.as_ref()).for_each(|card| tags.card(card, scene));
}

/// Tags of a list by what it is filtered by.
pub(super) fn list_tags(filter: &CardFilter) -> Tags {
    let mut tags = Tags::default();
    tags.add("list:articles".to_owned());
    for (kind, ids) in [("region", &filter.regions), ("author", &filter.authors), ("topic", &filter.topics)] {
        for id in ids {
            tags.add(tag(&format!("list:{kind}"), *id));
        }
    }
    tags
}

/// Freshness of what any publication may change; `shown` are the times of those that it shows. When others came and went
/// is not told.
pub(super) fn whenever(pulse: &Pulse, tags: Tags, shown: impl Iterator<Item = DateTime<Utc>>) -> Freshness {
    Freshness {
        boundary: pulse.next_change(),
        ends: pulse.next_end(),
        tags: tags.finish(),
        last_modified: shown.max(),
        dated: false,
    }
}

/// When the article and what it links to were last changed, as far as they are shown.
pub(super) fn changes_of(whole: &Whole) -> impl Iterator<Item = DateTime<Utc>> {
    let linked = whole.links.iter().filter_map(|link| link.card.as_ref()).map(|card| card.updated_at);
    linked.chain([whole.article.card.updated_at])
}

/// Freshness of an article by itself: its own period and those of what it links to.
pub(super) fn until_changed(whole: &Whole, tags: Tags) -> Freshness {
    let article = &whole.article;
    let periods = || {
        let linked = whole.links.iter().map(|link| (link.live_until, link.next_start));
        linked.chain([(article.live_until, article.next_start)])
    };
    Freshness {
        boundary: periods().flat_map(|(end, start)| end.into_iter().chain(start)).min(),
        // Where another version goes on at once, nothing ends.
        ends: periods().filter(|(end, start)| end != start).filter_map(|(end, _)| end).min(),
        tags: tags.finish(),
        last_modified: changes_of(whole).max(),
        dated: false,
    }
}
