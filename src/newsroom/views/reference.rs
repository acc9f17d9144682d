//! Short names of other things: what an article refers to.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::rules::article::ArticleStatus;
use crate::store::lookup::Named;
use crate::store::surroundings::Mention;

/// An author, a region or a topic, by its names. One that was merged away appears as the one that took it in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StaffReference {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000101")]
    pub id: Uuid,
    /// Its present slug.
    #[schema(example = "north-asia", max_length = 120)]
    pub slug: String,
    /// As it is shown.
    #[schema(example = "North Asia", max_length = 200)]
    pub name: String,
}

impl From<Named> for StaffReference {
    fn from(named: Named) -> Self {
        Self { id: named.id, slug: named.slug, name: named.name }
    }
}

impl From<(Uuid, String, String)> for StaffReference {
    fn from((id, slug, name): (Uuid, String, String)) -> Self {
        Self { id, slug, name }
    }
}

/// A user of the newsroom, by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StaffPerson {
    /// The user's id.
    #[schema(example = "0198c0de-7000-7000-8000-000000000901")]
    pub id: Uuid,
    /// The user's name.
    #[schema(example = "Dana Reyes", max_length = 200)]
    pub name: String,
}

impl StaffPerson {
    /// Both, where both are known.
    pub fn of(id: Option<Uuid>, name: Option<&String>) -> Option<Self> {
        Some(Self { id: id?, name: name?.clone() })
    }
}

/// Another article, as far as you may know of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ArticleMention {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000002")]
    pub id: Uuid,
    /// Its slug; of an article that you may not edit, the one under which it is live.
    #[schema(example = "china-may-lift-retirement-age", max_length = 120)]
    pub slug: String,
    /// Its headline; of an article that you may not edit, the one that is live.
    #[schema(example = "China May Lift Retirement Age", max_length = 300)]
    pub headline: String,
    /// What is live of it.
    pub status: ArticleStatus,
}

impl ArticleMention {
    /// The article with this id.
    pub fn of(id: Uuid, mention: &Mention) -> Self {
        Self { id, slug: mention.slug.clone(), headline: mention.headline.clone(), status: mention.status }
    }
}
