//! A link to a draft as it is shown: never what opens it, except once.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::reference::StaffPerson;
use crate::base::clock::Timestamp;
use crate::http::cursor::PageMeta;
use crate::store::previews::Preview;

/// A link that shows a draft, without what opens it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffPreview {
    /// Its id.
    #[schema(example = "0198c0de-7000-7000-8000-000000000801")]
    pub id: Uuid,
    /// Whose draft it shows.
    #[schema(example = "0198c0de-7000-7000-8000-000000000001")]
    pub article_id: Uuid,
    /// The revision that it shows; `null` for the newest, whichever it is.
    #[schema(example = 3, minimum = 1)]
    pub revision: Option<i32>,
    /// For whom it is.
    #[schema(example = "For the lawyers", max_length = 300)]
    pub note: Option<String>,
    /// Who made it.
    pub created_by: Option<StaffPerson>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl StaffPreview {
    /// The link with the name of who made it.
    pub fn of(preview: Preview, name: Option<&String>) -> Self {
        Self {
            id: preview.id,
            article_id: preview.article_id,
            revision: preview.revision,
            note: preview.note,
            created_by: StaffPerson::of(preview.created_by, name),
            created_at: preview.created_at.into(),
            expires_at: preview.expires_at.into(),
            revoked_at: preview.revoked_at.map(Timestamp),
        }
    }

    /// Its version: it changes once, when it is revoked.
    pub fn version(&self) -> i32 {
        1 + i32::from(self.revoked_at.is_some())
    }
}

/// A new link to a draft. Keep `token` now: it is never shown again.
#[derive(Serialize, ToSchema)]
pub struct StaffPreviewCreated {
    /// What opens the draft, for a frontend's draft mode: whoever holds it may read.
    #[schema(
        example = "dateline_preview_AZjA3nAAcACAAAAAAAAIAQAAAZuNdKAAp7h0m8Zr1f2xq9c3K5s4T6u8V0wXyZaBcDeFgHiJkLmN",
        max_length = 100
    )]
    pub token: String,
    /// The draft in the shape of the live article.
    #[schema(
        example = "https://api.example.org/v1/preview/dateline_preview_AZjA3nAAcACAAAAAAAAIAQAAAZuNdKAAp7h0m8Zr1f2xq9c3K5s4T6u8V0wXyZaBcDeFgHiJkLmN",
        max_length = 2300
    )]
    pub url: String,
    /// What is shown of it from now on.
    #[serde(flatten)]
    pub shown: StaffPreview,
}

/// One page of links to drafts, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffPreviewList {
    /// The links of this page.
    #[schema(max_items = 100)]
    pub data: Vec<StaffPreview>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
