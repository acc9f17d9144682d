//! The parameters of the list of articles, and what they mean in the present reference data.

use utoipa::IntoParams;
use uuid::Uuid;

use super::as_of::AsOf;
use crate::base::clock::Timestamp;
use crate::base::error::{Error, Fault, Result};
use crate::http::cursor::Paging;
use crate::http::query::{FromParams, Params};
use crate::rules::article::ArticleType;
use crate::rules::language::Language;
use crate::rules::reference::IdOrSlug;
use crate::rules::search;
use crate::store::cards::{CardFilter, Sort};
use crate::store::directory::Directory;

const MOST_VALUES: usize = 20;
const SORTS: &[(&str, Sort)] = &[
    ("-published_at", Sort::NewestFirst),
    ("published_at", Sort::OldestFirst),
    ("-updated_at", Sort::UpdatedFirst),
    ("updated_at", Sort::UpdatedLast),
    ("relevance", Sort::Relevance),
];

/// Parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ArticleFilter {
    /// Ids or slugs of regions, comma-separated: articles under any of them, descendants included.
    #[param(required = false, example = "north-asia", min_length = 1, max_length = 4000)]
    pub region: Option<String>,
    /// Ids or slugs of regions: only articles under each of them.
    #[param(required = false, example = "japan,canada", min_length = 1, max_length = 4000)]
    pub region_all: Option<String>,
    /// Ids or slugs of regions: no articles under any of them.
    #[param(required = false, example = "europe", min_length = 1, max_length = 4000)]
    pub region_not: Option<String>,
    /// Whether `region` leaves out what stands in descendants only.
    #[param(required = false, example = false, default = false)]
    pub region_exact: Option<bool>,
    /// Ids or slugs of authors: articles in which any of them had a part.
    #[param(required = false, example = "sean-o-mara", min_length = 1, max_length = 4000)]
    pub author: Option<String>,
    /// Ids or slugs of topics: articles on any of them.
    #[param(required = false, example = "critical-minerals", min_length = 1, max_length = 4000)]
    pub topic: Option<String>,
    /// Types: `news`, `analysis`, ... Pages of the site itself are listed only by `type=page`.
    #[param(required = false, example = "news,analysis", min_length = 1, max_length = 1000)]
    pub r#type: Option<String>,
    /// BCP 47 tags, as they stand in the articles.
    #[param(
        required = false,
        example = "en",
        min_length = 1,
        max_length = 800,
        pattern = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}(,[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})*$"
    )]
    pub language: Option<String>,
    /// Names of sources, as they are printed.
    #[param(required = false, example = "Example Wire", min_length = 1, max_length = 4000)]
    pub source: Option<String>,
    /// First published at this instant or later.
    #[param(required = false, example = "2026-01-05T00:00:00Z", value_type = Option<String>, format = DateTime)]
    pub published_after: Option<Timestamp>,
    /// First published before this instant.
    #[param(required = false, example = "2026-01-06T00:00:00Z", value_type = Option<String>, format = DateTime)]
    pub published_before: Option<Timestamp>,
    /// Updated at this instant or later.
    #[param(required = false, example = "2026-01-05T00:00:00Z", value_type = Option<String>, format = DateTime)]
    pub updated_after: Option<Timestamp>,
    /// Updated before this instant.
    #[param(required = false, example = "2026-01-06T00:00:00Z", value_type = Option<String>, format = DateTime)]
    pub updated_before: Option<Timestamp>,
    /// What the public saw at this instant, which must be over.
    #[param(required = false, example = "2026-01-05T09:00:00Z", value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// Words to search for in headline, summary and body, in any of their forms: words, "phrases", -without, or.
    #[param(required = false, example = "battery -nickel", min_length = 1, max_length = 200)]
    pub q: Option<String>,
    /// `-published_at`, `published_at`, `-updated_at`, `updated_at`, or beside `q` also `relevance`, which is its default.
    #[param(
        required = false,
        example = "-published_at",
        min_length = 1,
        max_length = 40,
        pattern = "^(-?published_at|-?updated_at|relevance)$"
    )]
    pub sort: Option<String>,
    /// Items per page.
    #[param(required = false, example = 20, minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i64>,
    /// From `meta` of another page of this list.
    #[param(required = false, example = "AXsiayI6", min_length = 1, max_length = 2000)]
    pub cursor: Option<String>,
    /// Whether `meta.total` counts the list.
    #[param(required = false, example = false, default = false)]
    pub include_total: Option<bool>,
    /// Only these members of each item, comma-separated, nested ones with a dot. The others are absent, required or not.
    #[param(required = false, example = "id,headline,hero.url", min_length = 1, max_length = 1000)]
    pub fields: Option<String>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct ArticleQuery {
    regions: [(&'static str, Vec<IdOrSlug>); 3],
    authors: Vec<IdOrSlug>,
    topics: Vec<IdOrSlug>,
    plain: CardFilter,
    /// The instant that is asked about.
    pub as_of: AsOf,
    /// Limit, cursor, total.
    pub paging: Paging,
    /// Members of each item.
    pub fields: Option<Vec<String>>,
}

impl FromParams for ArticleQuery {
    fn from_params(params: &mut Params) -> Self {
        let mut keys = |name| params.list::<IdOrSlug>(name, MOST_VALUES).unwrap_or_default();
        let regions = ["region", "region_all", "region_not"].map(|name| (name, keys(name)));
        let (authors, topics) = (keys("author"), keys("topic"));
        let exact = params.flag("region_exact");
        if exact.is_some() && regions.first().is_none_or(|(_, keys)| keys.is_empty()) {
            params.fault("region_exact", "incomplete", "goes with region");
        }
        let types = params.list::<ArticleType>("type", MOST_VALUES).unwrap_or_default();
        let languages = params.list::<Language>("language", MOST_VALUES).unwrap_or_default();
        let words = params.words("q", 200);
        let sort = params.choice("sort", SORTS);
        if words.is_none() && sort == Some(Sort::Relevance) {
            params.fault("sort", "incomplete", "is relevance only beside q");
        }
        let usual = if words.is_some() { Sort::Relevance } else { Sort::NewestFirst };
        let mut time = |name| params.take::<Timestamp>(name).map(|at| at.0);
        let published = (time("published_after"), time("published_before"));
        let updated = (time("updated_after"), time("updated_before"));
        let plain = CardFilter {
            exactly: exact.unwrap_or(false),
            types: types.iter().map(ToString::to_string).collect(),
            languages: languages.into_iter().map(|language| language.0).collect(),
            sources: texts(params, "source"),
            published,
            updated,
            words: words.as_deref().map(search::query),
            sort: sort.unwrap_or(usual),
            ..CardFilter::default()
        };
        Self {
            regions,
            authors,
            topics,
            plain,
            as_of: AsOf::from_params(params),
            paging: Paging::from_params(params),
            fields: params.list("fields", 50),
        }
    }
}

impl ArticleQuery {
    /// The filter with ids for what was named.
    ///
    /// # Errors
    /// 400 that names everything that is no region, author or topic.
    pub fn mean(&self, directory: &Directory) -> Result<CardFilter> {
        let mut faults = Vec::new();
        let region = |key: &IdOrSlug| directory.find_region(key).map(|region| region.id);
        let [regions, all_regions, no_regions] = [0, 1, 2].map(|index| match self.regions.get(index) {
            Some((name, keys)) => meant(name, "region", keys, region, &mut faults),
            None => Vec::new(),
        });
        let author = |key: &IdOrSlug| directory.find_author(key).map(|author| author.id);
        let authors = meant("author", "author", &self.authors, author, &mut faults);
        let topic = |key: &IdOrSlug| directory.find_topic(key).map(|topic| topic.id);
        let topics = meant("topic", "topic", &self.topics, topic, &mut faults);
        if !faults.is_empty() {
            return Err(Error::parameters(faults));
        }
        Ok(CardFilter { regions, all_regions, no_regions, authors, topics, ..self.plain.clone() })
    }
}

fn meant(
    parameter: &str,
    noun: &str,
    keys: &[IdOrSlug],
    find: impl Fn(&IdOrSlug) -> Option<Uuid>,
    faults: &mut Vec<Fault>,
) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = Vec::new();
    for key in keys {
        match find(key) {
            Some(id) if ids.contains(&id) => {}
            Some(id) => ids.push(id),
            None => faults.push(Fault::of(parameter, &format!("unknown_{noun}"), format!("{key} is no {noun}"))),
        }
    }
    ids
}

fn texts(params: &mut Params, name: &'static str) -> Vec<String> {
    let values = params.list::<String>(name, MOST_VALUES).unwrap_or_default();
    if values.iter().any(|value| value.trim().is_empty()) {
        params.fault(name, "empty", "has an empty value");
    }
    values
}
