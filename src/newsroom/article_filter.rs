//! The parameters of the list of articles: what an editor filters and sorts by.

use std::str::FromStr;

use utoipa::IntoParams;
use uuid::Uuid;

use crate::base::clock::Timestamp;
use crate::base::error::{Error, Fault, Result};
use crate::desk::articles::seen_by;
use crate::http::cursor::Paging;
use crate::http::listing::Only;
use crate::http::query::{FromParams, Params};
use crate::rules::article::{ArticleStage, ArticleStatus, ArticleType};
use crate::rules::language::Language;
use crate::rules::permission::Principal;
use crate::rules::reference::IdOrSlug;
use crate::rules::search::Sought;
use crate::store::article_lists::{ArticleFilter, ArticleOrder, Span};
use crate::store::{Tx, lookup};

const MOST_NAMES: usize = 20;
const ORDERS: &[(&str, ArticleOrder)] = &[
    ("-updated_at", ArticleOrder::Updated { newest: true }),
    ("updated_at", ArticleOrder::Updated { newest: false }),
    ("-created_at", ArticleOrder::Created { newest: true }),
    ("created_at", ArticleOrder::Created { newest: false }),
    ("headline", ArticleOrder::Headline),
];

/// Parameters of the list, as they are documented.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters; ArticleQuery reads them")]
pub struct StaffArticleParams {
    /// Any of these, separated by commas: `draft`, `scheduled`, `live`, `withdrawn`, `killed`, `trashed`. Everything but the trash without.
    #[param(required = false, example = "draft,scheduled", min_length = 1, max_length = 100)]
    status: Option<String>,
    /// Any of these: `draft`, `in_review`, `approved`.
    #[param(required = false, example = "draft", min_length = 1, max_length = 100)]
    stage: Option<String>,
    /// The work of any of these: ids of users, at most 20, or `me`.
    #[param(required = false, example = "me", min_length = 1, max_length = 800)]
    assignee: Option<String>,
    /// What was put away, instead of everything else.
    #[param(required = false, example = false, default = false)]
    archived: Option<bool>,
    /// Ids or slugs of regions, at most 20: articles that stand in any of them, or below them.
    #[param(required = false, example = "north-asia", min_length = 1, max_length = 2500)]
    region: Option<String>,
    /// Only the regions themselves, not what lies below them.
    #[param(required = false, example = false, default = false)]
    region_exact: Option<bool>,
    /// Ids or slugs of authors, at most 20, in whatever role.
    #[param(required = false, example = "sean-o-mara", min_length = 1, max_length = 2500)]
    author: Option<String>,
    /// Ids or slugs of topics, at most 20.
    #[param(required = false, example = "batteries", min_length = 1, max_length = 2500)]
    topic: Option<String>,
    /// Any of these types.
    #[param(required = false, example = "news,analysis", min_length = 1, max_length = 200)]
    r#type: Option<String>,
    /// Any of these BCP 47 tags.
    #[param(
        required = false,
        example = "en",
        min_length = 1,
        max_length = 400,
        pattern = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}(,[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})*$"
    )]
    language: Option<String>,
    /// Articles that have an external id of this scheme.
    #[param(required = false, example = "wire", min_length = 1, max_length = 60)]
    external_scheme: Option<String>,
    /// Words to search for in headline, summary and body of the working copy: words, "phrases", -without, or. An id, or a
    /// slug, present or former, finds its article.
    #[param(required = false, example = "battery metals", min_length = 1, max_length = 200)]
    q: Option<String>,
    /// Only your own.
    #[param(required = false, example = false, default = false)]
    mine: Option<bool>,
    /// Made then or later.
    #[param(required = false, example = "2026-01-05T00:00:00Z", format = DateTime)]
    created_after: Option<String>,
    /// Made before then.
    #[param(required = false, example = "2026-01-06T00:00:00Z", format = DateTime)]
    created_before: Option<String>,
    /// Written last then or later.
    #[param(required = false, example = "2026-01-05T00:00:00Z", format = DateTime)]
    updated_after: Option<String>,
    /// Written last before then.
    #[param(required = false, example = "2026-01-06T00:00:00Z", format = DateTime)]
    updated_before: Option<String>,
    /// First live then or later.
    #[param(required = false, example = "2026-01-05T00:00:00Z", format = DateTime)]
    published_after: Option<String>,
    /// First live before then.
    #[param(required = false, example = "2026-01-06T00:00:00Z", format = DateTime)]
    published_before: Option<String>,
    /// `-updated_at`, `updated_at`, `-created_at`, `created_at` or `headline`.
    #[param(
        required = false,
        example = "-updated_at",
        default = "-updated_at",
        pattern = "^(-updated_at|updated_at|-created_at|created_at|headline)$"
    )]
    sort: Option<String>,
}

/// The parameters as they were sent.
#[derive(Debug)]
pub struct ArticleQuery {
    statuses: Vec<ArticleStatus>,
    stages: Vec<ArticleStage>,
    assignees: Option<Vec<Somebody>>,
    archived: bool,
    regions: Option<Vec<IdOrSlug>>,
    region_exact: bool,
    authors: Option<Vec<IdOrSlug>>,
    topics: Option<Vec<IdOrSlug>>,
    kinds: Vec<ArticleType>,
    languages: Vec<Language>,
    scheme: Option<String>,
    sought: Option<Sought>,
    mine: bool,
    created: Span,
    updated: Span,
    published: Span,
    order: ArticleOrder,
    /// Which page.
    pub paging: Paging,
    /// Members of each article.
    pub fields: Option<Vec<String>>,
}

impl FromParams for ArticleQuery {
    fn from_params(params: &mut Params) -> Self {
        let regions = params.list("region", MOST_NAMES);
        let region_exact = params.flag("region_exact");
        if region_exact.is_some() && regions.is_none() {
            params.fault("region_exact", "needs_region", "means nothing without region");
        }
        Self {
            statuses: params.list("status", ArticleStatus::ALL.len()).unwrap_or_default(),
            stages: params.list("stage", ArticleStage::ALL.len()).unwrap_or_default(),
            assignees: params.list("assignee", MOST_NAMES),
            archived: params.flag("archived").unwrap_or(false),
            regions,
            region_exact: region_exact.unwrap_or(false),
            authors: params.list("author", MOST_NAMES),
            topics: params.list("topic", MOST_NAMES),
            kinds: params.list("type", ArticleType::ALL.len()).unwrap_or_default(),
            languages: params.list("language", 10).unwrap_or_default(),
            scheme: params.words("external_scheme", 60),
            sought: params.words("q", 200).as_deref().map(Sought::of),
            mine: params.flag("mine").unwrap_or(false),
            created: span(params, "created_after", "created_before"),
            updated: span(params, "updated_after", "updated_before"),
            published: span(params, "published_after", "published_before"),
            order: params.choice("sort", ORDERS).unwrap_or(ArticleOrder::Updated { newest: true }),
            paging: Paging::from_params(params),
            fields: Only::from_params(params).fields,
        }
    }
}

/// A user by id, or the caller.
#[derive(Clone, Copy, Debug)]
struct Somebody(Option<Uuid>);

impl FromStr for Somebody {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        match text {
            "me" => Ok(Self(None)),
            id => id.parse().map(|id| Self(Some(id))).map_err(|_| "is neither the id of a user nor \"me\""),
        }
    }
}

fn span(params: &mut Params, after: &'static str, before: &'static str) -> Span {
    let from = params.take::<Timestamp>(after).map(|at| at.0);
    let until = params.take::<Timestamp>(before).map(|at| at.0);
    (from, until)
}

impl ArticleQuery {
    /// The filter that they mean for this caller.
    ///
    /// # Errors
    /// 400 for a region, author or topic that does not exist.
    pub async fn filter(
        &self,
        tx: &mut Tx,
        by: &Principal,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<ArticleFilter> {
        let mut faults = Vec::new();
        let regions = match &self.regions {
            Some(keys) => Some(ids(keys, &lookup::regions(tx, keys).await?, "region", &mut faults)),
            None => None,
        };
        let authors = match &self.authors {
            Some(keys) => Some(ids(keys, &lookup::authors(tx, keys).await?, "author", &mut faults)),
            None => None,
        };
        let topics = match &self.topics {
            Some(keys) => {
                let names: Vec<String> = keys.iter().map(IdOrSlug::to_string).collect();
                let found = lookup::topics(tx, &names).await?;
                let found = keys.iter().filter_map(|key| Some((key.clone(), *found.get(&key.to_string())?))).collect();
                Some(ids(keys, &found, "topic", &mut faults))
            }
            None => None,
        };
        if !faults.is_empty() {
            return Err(Error::parameters(faults));
        }
        Ok(ArticleFilter {
            to: seen_by(by),
            now,
            statuses: self.statuses.clone(),
            stages: self.stages.clone(),
            kinds: self.kinds.clone(),
            languages: self.languages.iter().map(|language| language.0.clone()).collect(),
            regions,
            region_exact: self.region_exact,
            authors,
            topics,
            scheme: self.scheme.clone(),
            creator: self.mine.then_some(by.user_id),
            assignees: self.assignees.as_ref().map(|some| some.iter().map(|one| one.0.unwrap_or(by.user_id)).collect()),
            archived: self.archived,
            sought: self.sought.clone(),
            created: self.created,
            updated: self.updated,
            published: self.published,
            order: self.order,
        })
    }
}

fn ids(
    keys: &[IdOrSlug],
    found: &std::collections::HashMap<IdOrSlug, uuid::Uuid>,
    name: &str,
    faults: &mut Vec<Fault>,
) -> Vec<uuid::Uuid> {
    for key in keys.iter().filter(|key| !found.contains_key(key)) {
        faults.push(Fault::of(name, &format!("unknown_{name}"), format!("{key} is no {name}")));
    }
    found.values().copied().collect()
}
