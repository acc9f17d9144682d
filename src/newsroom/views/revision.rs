//! The history of an article.

use serde::Serialize;
use utoipa::ToSchema;

use super::article::StaffArticle;
use super::reference::StaffPerson;
use crate::base::clock::Timestamp;
use crate::http::cursor::PageMeta;
use crate::store::articles::RevisionHead;

/// One write in the history of an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRevisionSummary {
    /// 1, 2, 3, ...
    #[schema(example = 1, minimum = 1)]
    pub number: i32,
    /// What was done: `created`, `edited`, `links`, `trashed`, `restored` (out of the trash, or from
    /// `restored_from`), or a verb that is younger than your client.
    #[schema(example = "created", max_length = 40)]
    pub verb: String,
    /// Who did it; `null` for the program itself.
    pub created_by: Option<StaffPerson>,
    /// When.
    pub created_at: Timestamp,
    /// The earlier revision that it brought back; `null` if it did not.
    #[schema(example = json!(null), minimum = 1)]
    pub restored_from: Option<i32>,
}

impl StaffRevisionSummary {
    /// A write and the name of who wrote.
    pub fn of(head: RevisionHead, name: Option<&String>) -> Self {
        Self {
            created_by: StaffPerson::of(head.created_by, name),
            number: head.number,
            verb: head.verb,
            created_at: head.created_at.into(),
            restored_from: head.restored_from,
        }
    }
}

/// One page of the history.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRevisionList {
    /// The newest write first.
    #[schema(max_items = 100)]
    pub data: Vec<StaffRevisionSummary>,
    /// Where the list goes on.
    pub meta: PageMeta,
}

/// One write, and the article as it stood after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRevision {
    /// 1, 2, 3, ...
    #[schema(example = 1, minimum = 1)]
    pub number: i32,
    /// What was done.
    #[schema(example = "created", max_length = 40)]
    pub verb: String,
    /// Who did it; `null` for the program itself.
    pub created_by: Option<StaffPerson>,
    /// When.
    pub created_at: Timestamp,
    /// The earlier revision that it brought back; `null` if it did not.
    #[schema(example = json!(null), minimum = 1)]
    pub restored_from: Option<i32>,
    /// The article with the content that it had then. Where it stands (`status`, `stage`, `live`, `actions` and what else
    /// is no content) is told as of now.
    pub article: StaffArticle,
}
