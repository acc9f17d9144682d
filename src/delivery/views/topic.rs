//! A topic as the public sees it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::cursor::PageMeta;
use crate::store;

/// A topic.
#[derive(Debug, Serialize, ToSchema)]
pub struct Topic {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000301")]
    pub id: Uuid,
    /// Its slug, for addresses.
    #[schema(example = "critical-minerals", max_length = 120)]
    pub slug: String,
    /// As it is shown.
    #[schema(example = "Critical minerals", max_length = 120)]
    pub name: String,
    /// What it is about, in plain text.
    #[schema(example = "Metals without which there is no battery.", max_length = 2000)]
    pub description: Option<String>,
}

impl From<store::topics::Topic> for Topic {
    fn from(topic: store::topics::Topic) -> Self {
        Self { id: topic.id, slug: topic.slug, name: topic.name, description: topic.description }
    }
}

/// One page of topics, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopicList {
    /// The topics of this page.
    #[schema(max_items = 100)]
    pub data: Vec<Topic>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
