//! Lists of the working copy: what an editor filters and sorts by, and who links to an article. A page costs the same
//! statements whatever its size.

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::BoxableExpression;
use diesel::dsl::{exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Tx;
use super::article_words::found;
use super::articles::{Article, VisibleTo, visible};
use super::keyset::{in_order_of, page_by_id};
use super::schema::{
    article_authors, article_external_ids, article_regions, article_revisions, article_topics, articles, authors,
    media, publications, region_tree, regions, related_links, topics, users,
};
use super::surroundings::Asset;
use crate::base::error::{Error, Result};
use crate::rules::article::{ArticleStage, ArticleStatus, ArticleType};
use crate::rules::page::{Seek, Window};
use crate::rules::search::Sought;

diesel::alias!(users as creators: Creators, users as updaters: Updaters, users as assignees: Assignees);

/// The order of a list; the id breaks ties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticleOrder {
    /// By last write.
    Updated {
        /// Newest first.
        newest: bool,
    },
    /// By creation.
    Created {
        /// Newest first.
        newest: bool,
    },
    /// By headline.
    Headline,
}

/// From an instant on, and until just before another.
pub type Span = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// Which articles; what is empty or absent filters nothing.
#[derive(Clone, Debug)]
pub struct ArticleFilter {
    /// Who is looking.
    pub to: VisibleTo,
    /// The present instant, on which the status depends.
    pub now: DateTime<Utc>,
    /// Any of these; everything but the trash when empty.
    pub statuses: Vec<ArticleStatus>,
    /// Any of these.
    pub stages: Vec<ArticleStage>,
    /// Any of these.
    pub kinds: Vec<ArticleType>,
    /// Any of these tags.
    pub languages: Vec<String>,
    /// In any of these regions.
    pub regions: Option<Vec<Uuid>>,
    /// Only in the regions themselves, not below them.
    pub region_exact: bool,
    /// By any of these, in whatever role.
    pub authors: Option<Vec<Uuid>>,
    /// With any of these.
    pub topics: Option<Vec<Uuid>>,
    /// With an external id of this scheme.
    pub scheme: Option<String>,
    /// Made by this user.
    pub creator: Option<Uuid>,
    /// The work of any of these.
    pub assignees: Option<Vec<Uuid>>,
    /// What was put away, instead of everything else.
    pub archived: bool,
    /// Only what is looked for.
    pub sought: Option<Sought>,
    /// When it was made.
    pub created: Span,
    /// When it was written last.
    pub updated: Span,
    /// When it first went live.
    pub published: Span,
    /// In this order.
    pub order: ArticleOrder,
}

/// A row of the list.
#[derive(Debug, Queryable)]
pub struct ListedArticle {
    /// The article's own row.
    pub article: Article,
    /// What kind of article it is.
    pub kind: String,
    /// BCP 47 tag.
    pub language: String,
    /// Text.
    pub headline: String,
    /// The standfirst.
    pub summary: String,
    /// Its section: id, slug, name.
    pub primary_region: Option<(Uuid, String, String)>,
    /// Name of who made it.
    pub creator: Option<String>,
    /// Name of who wrote it last.
    pub updater: Option<String>,
    /// Name of whose work it is.
    pub assignee: Option<String>,
    /// The asset over it.
    pub hero: Option<Asset>,
}

/// An article that links to another one.
#[derive(Debug, Queryable)]
pub struct Backlink {
    /// The link.
    pub link_id: Uuid,
    /// Why.
    pub kind: String,
    /// The words it shows.
    pub title: Option<String>,
    /// The block of the body that it stands in.
    pub block_id: Option<String>,
    /// The article that has it.
    pub from: Uuid,
}

type Condition = Box<dyn BoxableExpression<articles::table, Pg, SqlType = Bool>>;
type Listed<'a> = articles::BoxedQuery<'a, Pg>;

fn is_live(now: DateTime<Utc>) -> Condition {
    let periods = publications::table
        .filter(publications::article_id.eq(articles::id).and(publications::live_from.le(now)))
        .filter(publications::live_until.is_null().or(publications::live_until.gt(now).assume_not_null()));
    Box::new(exists(periods))
}

fn is_planned(now: DateTime<Utc>) -> Condition {
    let periods =
        publications::table.filter(publications::article_id.eq(articles::id).and(publications::live_from.gt(now)));
    Box::new(exists(periods))
}

/// What [`ArticleStatus::of`] says, as a condition.
fn has(status: ArticleStatus, now: DateTime<Utc>) -> Condition {
    let kept = articles::deleted_at.is_null();
    match status {
        ArticleStatus::Trashed => Box::new(articles::deleted_at.is_not_null()),
        ArticleStatus::Live => Box::new(kept.and(is_live(now))),
        ArticleStatus::Scheduled => Box::new(kept.and(is_planned(now)).and(not(is_live(now)))),
        ArticleStatus::Withdrawn => Box::new(
            kept.and(articles::first_published_at.is_not_null())
                .and(articles::killed_at.is_null())
                .and(not(is_live(now)))
                .and(not(is_planned(now))),
        ),
        ArticleStatus::Killed => Box::new(kept.and(articles::killed_at.is_not_null())),
        ArticleStatus::Draft => {
            Box::new(kept.and(articles::first_published_at.is_null()).and(articles::killed_at.is_null()))
        }
    }
}

/// Articles that pass the filter.
fn passing<'a>(filter: &ArticleFilter) -> Listed<'a> {
    let any = filter
        .statuses
        .iter()
        .map(|status| has(*status, filter.now))
        .reduce(|either, or| Box::new(either.or(or)))
        .unwrap_or_else(|| Box::new(articles::deleted_at.is_null()));
    let mut query = visible(filter.to).filter(any);
    if !filter.stages.is_empty() {
        query = query.filter(articles::stage.eq_any(filter.stages.iter().map(|stage| stage.as_str())));
    }
    if !filter.kinds.is_empty() {
        query = query.filter(articles::type_.eq_any(filter.kinds.iter().map(|kind| kind.as_str())));
    }
    if !filter.languages.is_empty() {
        query = query.filter(articles::language.eq_any(filter.languages.clone()));
    }
    query = if filter.archived {
        query.filter(articles::archived_at.is_not_null())
    } else {
        query.filter(articles::archived_at.is_null())
    };
    if let Some(some) = filter.assignees.clone() {
        query = query.filter(articles::assignee_id.eq_any(some));
    }
    if let Some(creator) = filter.creator {
        query = query.filter(articles::created_by.eq(creator));
    }
    if let Some(sought) = &filter.sought {
        query = found(query, sought);
    }
    within(related_to(query, filter), filter)
}

/// Those that stand in the regions, carry the topics and so on.
fn related_to<'a>(mut query: Listed<'a>, filter: &ArticleFilter) -> Listed<'a> {
    if let Some(wanted) = filter.regions.clone() {
        let below = region_tree::table
            .filter(region_tree::ancestor_id.eq_any(wanted.clone()))
            .select(region_tree::descendant_id);
        let standing = article_regions::table.select(article_regions::article_id).into_boxed();
        query = query.filter(articles::id.eq_any(if filter.region_exact {
            standing.filter(article_regions::region_id.eq_any(wanted))
        } else {
            standing.filter(article_regions::region_id.eq_any(below))
        }));
    }
    if let Some(wanted) = filter.authors.clone() {
        let one = authors::table
            .filter(authors::id.eq_any(wanted.clone()).or(authors::merged_into.assume_not_null().eq_any(wanted)))
            .select(authors::id);
        let credited = article_authors::table.filter(article_authors::author_id.eq_any(one));
        query = query.filter(articles::id.eq_any(credited.select(article_authors::article_id)));
    }
    if let Some(wanted) = filter.topics.clone() {
        let one = topics::table
            .filter(topics::id.eq_any(wanted.clone()).or(topics::merged_into.assume_not_null().eq_any(wanted)))
            .select(topics::id);
        let carrying = article_topics::table.filter(article_topics::topic_id.eq_any(one));
        query = query.filter(articles::id.eq_any(carrying.select(article_topics::article_id)));
    }
    if let Some(scheme) = filter.scheme.clone() {
        let named = article_external_ids::table.filter(article_external_ids::scheme.eq(scheme));
        query = query.filter(articles::id.eq_any(named.select(article_external_ids::article_id)));
    }
    query
}

/// Those of the time.
fn within<'a>(mut query: Listed<'a>, filter: &ArticleFilter) -> Listed<'a> {
    if let Some(after) = filter.created.0 {
        query = query.filter(articles::created_at.ge(after));
    }
    if let Some(before) = filter.created.1 {
        query = query.filter(articles::created_at.lt(before));
    }
    if let Some(after) = filter.updated.0 {
        query = query.filter(articles::updated_at.ge(after));
    }
    if let Some(before) = filter.updated.1 {
        query = query.filter(articles::updated_at.lt(before));
    }
    if let Some(after) = filter.published.0 {
        query = query.filter(articles::first_published_at.ge(after));
    }
    if let Some(before) = filter.published.1 {
        query = query.filter(articles::first_published_at.lt(before));
    }
    query
}

/// In the list's order, or the opposite one when the page lies before the cursor.
macro_rules! in_order {
    ($query:expr, $order:expr, $seek:expr) => {{
        let seek: &Seek = $seek;
        match $order {
            ArticleOrder::Updated { newest } => {
                in_order_of!($query, articles::updated_at, articles::id, newest == seek.back(), instant(seek)?)
            }
            ArticleOrder::Created { newest } => {
                in_order_of!($query, articles::created_at, articles::id, newest == seek.back(), instant(seek)?)
            }
            ArticleOrder::Headline => {
                let from = seek.from.as_ref().map(|from| (from.key.clone(), from.id));
                in_order_of!($query, articles::headline, articles::id, !seek.back(), from)
            }
        }
    }};
}

fn instant(seek: &Seek) -> Result<Option<(DateTime<Utc>, Uuid)>> {
    let Some(from) = &seek.from else { return Ok(None) };
    let at = DateTime::parse_from_rfc3339(&from.key).map_err(Error::internal)?;
    Ok(Some((at.with_timezone(&Utc), from.id)))
}

/// One page of articles. One statement.
pub async fn list(tx: &mut Tx, filter: &ArticleFilter, seek: &Seek) -> Result<Window<ListedArticle>> {
    let page = in_order!(passing(filter), filter.order, seek).limit(seek.fetch()).select(articles::id);
    let newest = article_revisions::article_id.eq(articles::id).and(article_revisions::number.eq(articles::version));
    let query = articles::table
        .inner_join(article_revisions::table.on(newest))
        .left_join(regions::table.on(articles::primary_region_id.eq(regions::id.nullable())))
        .left_join(creators.on(articles::created_by.eq(creators.field(users::id).nullable())))
        .left_join(updaters.on(articles::updated_by.eq(updaters.field(users::id).nullable())))
        .left_join(media::table)
        .left_join(assignees.on(articles::assignee_id.eq(assignees.field(users::id).nullable())))
        .filter(articles::id.eq_any(page))
        .select((
            Article::as_select(),
            articles::type_,
            articles::language,
            articles::headline,
            article_revisions::snapshot.retrieve_as_text("summary"),
            (regions::id, regions::slug, regions::name).nullable(),
            creators.field(users::name).nullable(),
            updaters.field(users::name).nullable(),
            assignees.field(users::name).nullable(),
            Option::<Asset>::as_select(),
        ))
        .into_boxed();
    let rows = match (filter.order, seek.back()) {
        (ArticleOrder::Updated { newest }, back) if newest == back => {
            query.order((articles::updated_at.asc(), articles::id.asc()))
        }
        (ArticleOrder::Updated { .. }, _) => query.order((articles::updated_at.desc(), articles::id.desc())),
        (ArticleOrder::Created { newest }, back) if newest == back => {
            query.order((articles::created_at.asc(), articles::id.asc()))
        }
        (ArticleOrder::Created { .. }, _) => query.order((articles::created_at.desc(), articles::id.desc())),
        (ArticleOrder::Headline, true) => query.order((articles::headline.desc(), articles::id.desc())),
        (ArticleOrder::Headline, false) => query.order((articles::headline.asc(), articles::id.asc())),
    };
    let rows: Vec<ListedArticle> = rows.load(tx.conn()?).await?;
    let place = |row: &ListedArticle| {
        let key = match filter.order {
            ArticleOrder::Updated { .. } => row.article.updated_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            ArticleOrder::Created { .. } => row.article.created_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            ArticleOrder::Headline => row.headline.clone(),
        };
        (key, row.article.id)
    };
    Ok(Window::of(rows, seek, place))
}

/// How many articles pass the filter.
pub async fn count(tx: &mut Tx, filter: &ArticleFilter) -> Result<i64> {
    Ok(passing(filter).count().get_result(tx.conn()?).await?)
}

/// Links to an article from those that the caller may see; none in the trash.
macro_rules! linking {
    ($target:expr, $to:expr) => {{
        let query = related_links::table
            .inner_join(articles::table.on(articles::id.eq(related_links::article_id)))
            .filter(related_links::target_id.eq($target).and(articles::deleted_at.is_null()))
            .into_boxed();
        match $to {
            VisibleTo::Everybody => query,
            VisibleTo::Creator(id) => query.filter(articles::created_by.eq(id)),
        }
    }};
}

/// The articles that link to this one and that the caller may see, by the age of the link; none in the trash.
pub async fn backlinks(tx: &mut Tx, target: Uuid, to: VisibleTo, seek: &Seek) -> Result<Window<Backlink>> {
    let rows = page_by_id!(linking!(target, to), related_links::id, seek)
        .select((related_links::id, related_links::kind, related_links::title, related_links::block_id, articles::id))
        .load(tx.conn()?)
        .await?;
    Ok(Window::of(rows, seek, |row: &Backlink| (String::new(), row.link_id)))
}

/// How many links the list has.
pub async fn count_backlinks(tx: &mut Tx, target: Uuid, to: VisibleTo) -> Result<i64> {
    Ok(linking!(target, to).count().get_result(tx.conn()?).await?)
}
