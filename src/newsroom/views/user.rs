//! A user as administrators see them.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::Timestamp;
use crate::base::error::{Error, Result};
use crate::desk::people::Person;
use crate::http::cursor::PageMeta;
use crate::rules::permission::{Role, UserState};

/// A user as administrators see them.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffUser {
    /// Their id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000501")]
    pub id: Uuid,
    /// The address that they sign in with, in its one spelling: lower case, the domain in ASCII.
    #[schema(example = "mei.tanaka@example.org", max_length = 254)]
    pub email: String,
    /// As it is shown.
    #[schema(example = "Mei Tanaka", max_length = 120)]
    pub name: String,
    /// What they are in the newsroom.
    #[schema(example = "editor")]
    pub role: Role,
    /// Whether they may act at all.
    #[schema(example = "active")]
    pub state: UserState,
    /// Whether they can sign in; a service account acts by API tokens only.
    #[schema(example = true)]
    pub has_password: bool,
    /// Ids of the regions to which publishing is limited; empty means everywhere.
    #[schema(example = json!(["0198c0de-7000-7000-8000-000000000201"]), max_items = 100)]
    pub regions: Vec<Uuid>,
    /// Their public profile.
    #[schema(example = "0198c0de-7000-7000-8000-000000000101")]
    pub author_id: Option<Uuid>,
    /// Goes up with every write; also the `ETag`.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they were written last.
    pub updated_at: Timestamp,
}

impl TryFrom<Person> for StaffUser {
    type Error = Error;

    fn try_from(Person { user, regions }: Person) -> Result<Self> {
        Ok(Self {
            id: user.id,
            role: user.role()?,
            state: user.state()?,
            email: user.email,
            name: user.name,
            has_password: user.password_hash.is_some(),
            regions,
            author_id: user.author_id,
            version: user.version,
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
        })
    }
}

/// One page of users, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffUserList {
    /// The users of this page.
    #[schema(max_items = 100)]
    pub data: Vec<StaffUser>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
