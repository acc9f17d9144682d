//! The schedule as the newsroom sees it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::Timestamp;
use crate::http::cursor::PageMeta;
use crate::store::timetable::Change;

/// One change of what is live.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScheduleEntry {
    /// When.
    pub at: Timestamp,
    /// `goes_live`, `is_updated` or `ends`; with `with_live` also `is_live`. More may be added.
    #[schema(example = "goes_live", max_length = 40)]
    pub change: String,
    /// Which article.
    pub article: ScheduledArticle,
    /// Id of the period that begins or ends, for rescheduling.
    #[schema(example = "0198c0de-7000-7000-8000-000000000501")]
    pub period: Uuid,
    /// The revision that it shows.
    #[schema(example = 3, minimum = 1)]
    pub revision: i32,
    /// When the period begins.
    pub live_from: Timestamp,
    /// When it ends; `null` for good.
    pub live_until: Option<Timestamp>,
}

/// An article as the planned revision has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScheduledArticle {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000001")]
    pub id: Uuid,
    /// The slug that the revision has.
    #[schema(example = "china-may-lift-retirement-age", max_length = 120)]
    pub slug: String,
    /// The headline that the revision has.
    #[schema(example = "China May Lift Retirement Age", max_length = 300)]
    pub headline: String,
}

/// One page of the schedule.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScheduleEntryList {
    /// In order of time.
    #[schema(max_items = 100)]
    pub data: Vec<ScheduleEntry>,
    /// About the page.
    pub meta: PageMeta,
}

impl From<Change> for ScheduleEntry {
    fn from(change: Change) -> Self {
        Self {
            at: change.at.into(),
            change: change.kind,
            article: ScheduledArticle { id: change.article, slug: change.slug, headline: change.headline },
            period: change.period,
            revision: change.revision,
            live_from: change.live_from.into(),
            live_until: change.live_until.map(Timestamp),
        }
    }
}
