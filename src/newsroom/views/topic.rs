//! A topic as the newsroom sees it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::Timestamp;
use crate::http::cursor::PageMeta;
use crate::store::topics::Topic;

/// A topic as the newsroom sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffTopic {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000301")]
    pub id: Uuid,
    /// Its slug; former ones go on resolving.
    #[schema(example = "critical-minerals", max_length = 120)]
    pub slug: String,
    /// As it is shown.
    #[schema(example = "Critical minerals", max_length = 120)]
    pub name: String,
    /// What it is about, in plain text.
    #[schema(example = "Metals without which there is no battery.", max_length = 2000)]
    pub description: Option<String>,
    /// Goes up with every write; also the `ETag`.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was written last.
    pub updated_at: Timestamp,
}

impl From<Topic> for StaffTopic {
    fn from(topic: Topic) -> Self {
        Self {
            id: topic.id,
            slug: topic.slug,
            name: topic.name,
            description: topic.description,
            version: topic.version,
            created_at: topic.created_at.into(),
            updated_at: topic.updated_at.into(),
        }
    }
}

/// One page of topics, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffTopicList {
    /// The topics of this page.
    #[schema(max_items = 100)]
    pub data: Vec<StaffTopic>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
