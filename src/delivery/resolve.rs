//! What stands at a path of the site, so that a frontend needs one route for everything.

use actix_web::get;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::absent::absent;
use super::articles::whenever;
use super::as_of::{AsOf, lasting};
use super::scene::Scene;
use super::tags::Tags;
use super::views::{Place, PlaceKind};
use crate::base::clock::Timestamp;
use crate::base::error::{Error, Result};
use crate::http::query::{FromParams, Params};
use crate::http::{App, Delivered, Query};
use crate::rules::reference::IdOrSlug;
use crate::store::cards::CardRow;
use crate::store::directory::Directory;
use crate::store::pages;

const LONGEST: usize = 500;

/// Mounts the operation.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(resolve_path);
}

/// Parameters of the question.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ResolveFilter {
    /// A path of the site, from its first `/` on.
    #[param(
        required = true,
        example = "/north-asia/china-may-lift-retirement-age",
        min_length = 1,
        max_length = 500,
        pattern = "^/"
    )]
    pub path: String,
    /// What the public saw at this instant, which must be over.
    #[param(required = false, example = "2026-01-05T09:00:00Z", value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct ResolveQuery {
    path: String,
    as_of: AsOf,
}

impl FromParams for ResolveQuery {
    fn from_params(params: &mut Params) -> Self {
        let path = params.words("path", LONGEST);
        match &path {
            None => params.fault("path", "required", "is required"),
            Some(path) if !path.starts_with('/') => params.fault("path", "invalid_value", "does not begin with /"),
            Some(_) => {}
        }
        Self { path: path.unwrap_or_default(), as_of: AsOf::from_params(params) }
    }
}

/// Resolve a path
///
/// What stands at a path of the site: an article or a region. `redirect_to` is set if it stands at another path now.
#[utoipa::path(tag = "Delivery: paths", params(ResolveFilter), responses((status = 200, description = "What stands there", body = Place)))]
#[get("/resolve")]
async fn resolve_path(query: Query<ResolveQuery>, app: App) -> Result<Delivered> {
    let ResolveQuery { path: sent, as_of } = query.0;
    let (now, (moment, reader)) = (app.now(), as_of.reader(&app)?);
    let steps: Vec<IdOrSlug> = sent
        .split('/')
        .filter(|step| !step.is_empty())
        .map(|step| step.parse().map_err(|_| Error::not_found()))
        .collect::<Result<_>>()?;
    let key = match steps.as_slice() {
        [IdOrSlug::Slug(_)] | [IdOrSlug::Slug(_), IdOrSlug::Slug(_)] => steps.last().ok_or_else(Error::not_found)?,
        _ => return Err(Error::not_found()),
    };
    let known = pages::card(&reader, key, moment).await?;
    let scene = Scene { directory: &known.directory, settings: &app.settings };
    let mut tags = Tags::default();
    let place = match (region(&steps, &known.directory), known.value) {
        (Some(place), _) => {
            tags.of("region", place.id);
            place
        }
        (None, Some(row)) if in_a_section(&steps, &known.directory) => {
            tags.card(&row, &scene);
            article(&row, &scene)
        }
        (None, None) if in_a_section(&steps, &known.directory) => return Err(absent(&reader, key, moment).await),
        _ => return Err(Error::not_found()),
    };
    let redirect_to = Some(place.path.clone()).filter(|path| *path != sent);
    let fresh = lasting(moment, whenever(&known.pulse, tags, std::iter::empty()));
    Delivered::json(&Place { redirect_to, ..place }, None, fresh, now)
}

/// A path of one step is a region's, if a region has the slug.
fn region(steps: &[IdOrSlug], directory: &Directory) -> Option<Place> {
    let [slug] = steps else { return None };
    let region = directory.find_region(slug)?;
    Some(Place {
        kind: PlaceKind::Region,
        id: region.id,
        slug: region.slug.clone(),
        path: Scene::region_path(region),
        redirect_to: None,
    })
}

/// Of two steps, the first must be some region, present or former: other folders of a site are not ours.
fn in_a_section(steps: &[IdOrSlug], directory: &Directory) -> bool {
    match steps {
        [section, _] => directory.find_region(section).is_some(),
        _ => true,
    }
}

fn article(row: &CardRow, scene: &Scene<'_>) -> Place {
    Place {
        kind: PlaceKind::Article,
        id: row.id,
        slug: row.slug.clone(),
        path: scene.article_path(row.primary_region, &row.slug),
        redirect_to: None,
    }
}
