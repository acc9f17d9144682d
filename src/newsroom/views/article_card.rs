//! An article in a list of the newsroom.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::article::StaffHeroMedia;
use super::reference::{StaffPerson, StaffReference};
use crate::base::clock::Timestamp;
use crate::base::error::{Error, Result};
use crate::http::cursor::PageMeta;
use crate::rules::article::{ArticleStage, ArticleStatus, ArticleType};
use crate::rules::workflow::LiveState;
use crate::store::article_lists::ListedArticle;

/// An article in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffArticleCard {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000001")]
    pub id: Uuid,
    /// Goes up with every write.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    /// Its ETag, as `If-Match` takes it: the version, and how often it was moved since.
    #[schema(example = "\"1.2\"", pattern = "^\"[0-9]+(\\.[0-9]+)?\"$", max_length = 23)]
    pub etag: String,
    /// Where the working copy stands, and what is live of it.
    pub status: ArticleStatus,
    /// Where it stands on its way to publication.
    pub stage: ArticleStage,
    /// Whose work it is now.
    pub assignee: Option<StaffPerson>,
    /// When it is due.
    pub deadline: Option<Timestamp>,
    /// Its slug.
    #[schema(example = "tokyo-and-ottawa-team-up-on-a-battery-metals-backbone", max_length = 120)]
    pub slug: String,
    /// What kind of article it is.
    pub r#type: ArticleType,
    /// BCP 47 tag.
    #[schema(example = "en", max_length = 35)]
    pub language: String,
    /// The headline, as text.
    #[schema(example = "Tokyo and Ottawa Team Up on a Battery Metals ‘Backbone’", max_length = 300)]
    pub headline: String,
    /// The standfirst, as text.
    #[schema(example = "A delegation spent a week in Canada’s mining provinces", max_length = 1000)]
    pub summary: String,
    /// The section that it stands in.
    pub primary_region: Option<StaffReference>,
    /// Further regions, in order.
    #[schema(max_items = 20)]
    pub regions: Vec<StaffReference>,
    /// The asset over it.
    pub hero: Option<StaffHeroMedia>,
    /// The people of its bylines, in order, each once.
    #[schema(max_items = 50)]
    pub authors: Vec<StaffReference>,
    /// From when on it is live: since then, or the next planned time.
    pub live_from: Option<Timestamp>,
    /// Who made it; `null` for the program itself.
    pub created_by: Option<StaffPerson>,
    /// Who wrote it last.
    pub updated_by: Option<StaffPerson>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was written last.
    pub updated_at: Timestamp,
    /// When it first went live, or is going to.
    pub first_published_at: Option<Timestamp>,
    /// When it was put away.
    pub archived_at: Option<Timestamp>,
    /// When it went to the trash.
    pub deleted_at: Option<Timestamp>,
}

impl StaffArticleCard {
    /// A row of the list, with its authors, its further regions and what is live of it.
    ///
    /// # Errors
    /// 500 for a type that this program does not know.
    pub fn of(
        row: ListedArticle,
        (authors, regions): (Vec<StaffReference>, Vec<StaffReference>),
        live: LiveState,
        live_from: Option<Timestamp>,
    ) -> Result<Self> {
        let article = row.article;
        Ok(Self {
            id: article.id,
            version: article.version,
            etag: format!("\"{}\"", article.at()),
            status: ArticleStatus::of(article.deleted_at, live),
            stage: article.stage(),
            assignee: StaffPerson::of(article.assignee_id, row.assignee.as_ref()),
            deadline: article.deadline.map(Timestamp),
            slug: article.slug,
            r#type: row.kind.parse().map_err(Error::internal)?,
            language: row.language,
            headline: row.headline,
            summary: row.summary,
            primary_region: row.primary_region.map(StaffReference::from),
            regions,
            hero: row.hero.as_ref().map(StaffHeroMedia::from),
            authors,
            live_from,
            created_by: StaffPerson::of(article.created_by, row.creator.as_ref()),
            updated_by: StaffPerson::of(article.updated_by, row.updater.as_ref()),
            created_at: article.created_at.into(),
            updated_at: article.updated_at.into(),
            first_published_at: article.first_published_at.map(Timestamp),
            archived_at: article.archived_at.map(Timestamp),
            deleted_at: article.deleted_at.map(Timestamp),
        })
    }
}

/// One page of articles.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffArticleList {
    /// The articles of this page.
    #[schema(max_items = 100)]
    pub data: Vec<StaffArticleCard>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
