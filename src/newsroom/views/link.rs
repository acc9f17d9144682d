//! Related links, and the links that lead here.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::reference::ArticleMention;
use crate::http::cursor::{PageMeta, WholeListMeta};
use crate::rules::article::{Content, Link, LinkKind};
use crate::store::surroundings::Surroundings;

/// One related link.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StaffLink {
    /// One id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000501")]
    pub id: Uuid,
    /// Why it is there. `inline` links stand in the body and are made from it.
    pub kind: LinkKind,
    /// The article that it leads to; `null` for a link elsewhere.
    #[schema(example = "0198c0de-7000-7000-8000-000000000002")]
    pub target_id: Option<Uuid>,
    /// That article, if you may know of it.
    pub target: Option<ArticleMention>,
    /// Where it leads elsewhere; `null` for a link to an article.
    #[schema(example = json!(null), max_length = 2000)]
    pub url: Option<String>,
    /// The words to show; `null` shows the headline.
    #[schema(example = json!(null), max_length = 300)]
    pub title: Option<String>,
    /// The block of the body that an `inline` link stands in.
    #[schema(example = json!(null), max_length = 40)]
    pub block_id: Option<String>,
}

impl StaffLink {
    /// A link with what may be known of its target.
    pub fn of(link: &Link, around: &Surroundings) -> Self {
        let target = link.target.and_then(|id| Some(ArticleMention::of(id, around.articles.get(&id)?)));
        Self {
            id: link.id,
            kind: link.kind,
            target_id: link.target,
            target,
            url: link.url.clone(),
            title: link.title.clone(),
            block_id: link.block_id.clone(),
        }
    }
}

/// All links of an article: the inline ones as they stand in the body, then the others in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffLinkList {
    /// The links.
    #[schema(max_items = 2100)]
    pub data: Vec<StaffLink>,
    /// How many they are.
    pub meta: WholeListMeta,
}

impl StaffLinkList {
    /// The links of this content.
    pub fn of(content: &Content, around: &Surroundings) -> Self {
        let data: Vec<StaffLink> = content.links.iter().map(|link| StaffLink::of(link, around)).collect();
        Self { meta: WholeListMeta::of(&data), data }
    }
}

/// A link that leads here.
#[derive(Debug, Serialize, ToSchema)]
pub struct Backlink {
    /// The link.
    #[schema(example = "0198c0de-7000-7000-8000-000000000501")]
    pub link_id: Uuid,
    /// Why it is there.
    pub kind: LinkKind,
    /// The words it shows; `null` shows the headline.
    #[schema(example = json!(null), max_length = 300)]
    pub title: Option<String>,
    /// The block of that article's body that an `inline` link stands in.
    #[schema(example = json!(null), max_length = 40)]
    pub block_id: Option<String>,
    /// The article that has the link.
    pub article: ArticleMention,
}

/// One page of the links that lead here.
#[derive(Debug, Serialize, ToSchema)]
pub struct BacklinkList {
    /// The newest link first.
    #[schema(max_items = 100)]
    pub data: Vec<Backlink>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
