//! An API token as it is shown: never the token itself, except once.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::Timestamp;
use crate::http::cursor::PageMeta;
use crate::rules::permission::Right;
use crate::store::tokens::ApiToken;

/// An API token, without the token itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffToken {
    /// Its id for life.
    #[schema(example = "0198c0de-7000-7000-8000-000000000701")]
    pub id: Uuid,
    /// The user for whom it acts.
    #[schema(example = "0198c0de-7000-7000-8000-000000000501")]
    pub user_id: Uuid,
    /// What people call it.
    #[schema(example = "Wire import", max_length = 120)]
    pub name: String,
    /// How the token begins, to tell tokens apart.
    #[schema(example = "dateline_N2Fm0v", max_length = 15)]
    pub prefix: String,
    /// What it allows, so far as the user's role does.
    #[schema(example = json!(["newsroom:read", "articles:write"]), max_items = 20)]
    pub scopes: Vec<Right>,
    /// Who made it; `null` when it was made at the command line.
    #[schema(example = "0198c0de-7000-7000-8000-000000000501")]
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used last, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked, by hand or because its user was suspended or got another role or password.
    pub revoked_at: Option<Timestamp>,
}

impl From<ApiToken> for StaffToken {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id,
            user_id: token.user_id,
            scopes: token.rights(),
            name: token.name,
            prefix: token.prefix,
            created_by: token.created_by,
            created_at: token.created_at.into(),
            expires_at: token.expires_at.into(),
            last_used_at: token.last_used_at.map(Timestamp),
            revoked_at: token.revoked_at.map(Timestamp),
        }
    }
}

/// A new API token. Keep `token` now: it is never shown again.
#[derive(Serialize, ToSchema)]
pub struct StaffTokenCreated {
    /// The token: send it as `Authorization: Bearer`.
    #[schema(example = "dateline_N2Fm0v2LwqXz1pQ4aYbGkR8sT5uVcHdJeKfLgMhNiOj4R1x", max_length = 56)]
    pub token: String,
    /// What is shown of it from now on.
    #[serde(flatten)]
    pub shown: StaffToken,
}

/// One page of API tokens, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffTokenList {
    /// The tokens of this page.
    #[schema(max_items = 100)]
    pub data: Vec<StaffToken>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
