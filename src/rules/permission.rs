//! Who may do what: roles, the rights each has, and the scopes that narrow an API token.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a person is in the newsroom. Each role may all that the one before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Writes own drafts and adds media.
    Contributor,
    /// Also submits own drafts for review.
    Author,
    /// Works on every article, publishes (perhaps only under some regions), keeps authors and topics.
    Editor,
    /// Also administers people, tokens and regions.
    Admin,
}

impl Role {
    /// All roles, the weakest first.
    pub const ALL: [Self; 4] = [Self::Contributor, Self::Author, Self::Editor, Self::Admin];

    /// The role as it is stored and written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contributor => "contributor",
            Self::Author => "author",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or("is not a role")
    }
}

/// Whether a user may act at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserState {
    /// May sign in and use tokens.
    Active,
    /// May not; all their tokens have ended.
    Suspended,
}

impl UserState {
    /// Both states.
    pub const ALL: [Self; 2] = [Self::Active, Self::Suspended];

    /// The state as it is stored and written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

impl FromStr for UserState {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or("is not a state")
    }
}

/// What an operation asks of its caller. The scope of an API token has the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Right {
    /// Read the newsroom face; contributors and authors see their own articles there.
    #[serde(rename = "newsroom:read")]
    Read,
    /// Write articles and their links.
    #[serde(rename = "articles:write")]
    Articles,
    /// Hand articles to the editors.
    #[serde(rename = "articles:submit")]
    Submit,
    /// Approve, publish, schedule, correct, withdraw and kill.
    #[serde(rename = "articles:publish")]
    Publish,
    /// Allow a killed article to be published again.
    #[serde(rename = "articles:reinstate")]
    Reinstate,
    /// Publish before an embargo ends, or end it early.
    #[serde(rename = "embargoes:break")]
    BreakEmbargo,
    /// Add media and change them; contributors and authors change what they added, until readers see it.
    #[serde(rename = "media:write")]
    Media,
    /// Add, change and merge authors.
    #[serde(rename = "authors:write")]
    Authors,
    /// Add, change and merge topics.
    #[serde(rename = "topics:write")]
    Topics,
    /// Add, change and move regions.
    #[serde(rename = "regions:write")]
    Regions,
    /// Administer users and API tokens.
    #[serde(rename = "people:admin")]
    People,
    /// Read the audit log.
    #[serde(rename = "audit:read")]
    Audit,
    /// Place and lift legal holds.
    #[serde(rename = "articles:hold")]
    Hold,
}

impl Right {
    /// All rights.
    pub const ALL: [Self; 13] = [
        Self::Read,
        Self::Articles,
        Self::Submit,
        Self::Publish,
        Self::Reinstate,
        Self::BreakEmbargo,
        Self::Media,
        Self::Authors,
        Self::Topics,
        Self::Regions,
        Self::People,
        Self::Audit,
        Self::Hold,
    ];

    /// The weakest role that has it.
    pub fn least_role(self) -> Role {
        match self {
            Self::Read | Self::Articles | Self::Media => Role::Contributor,
            Self::Submit => Role::Author,
            Self::Publish | Self::Authors | Self::Topics => Role::Editor,
            Self::Reinstate | Self::BreakEmbargo | Self::Regions | Self::People | Self::Audit | Self::Hold => {
                Role::Admin
            }
        }
    }

    /// The scope as it is stored and written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "newsroom:read",
            Self::Articles => "articles:write",
            Self::Submit => "articles:submit",
            Self::Publish => "articles:publish",
            Self::Reinstate => "articles:reinstate",
            Self::BreakEmbargo => "embargoes:break",
            Self::Media => "media:write",
            Self::Authors => "authors:write",
            Self::Topics => "topics:write",
            Self::Regions => "regions:write",
            Self::People => "people:admin",
            Self::Audit => "audit:read",
            Self::Hold => "articles:hold",
        }
    }
}

impl FromStr for Right {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|right| right.as_str() == text).ok_or("is not a scope")
    }
}

/// The caller of a request, once known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The user who acts.
    pub user_id: Uuid,
    /// The user's role now, whatever it was when the token was made.
    pub role: Role,
    /// The API token that was used, if it was one.
    pub token_id: Option<Uuid>,
    /// The session of the access token that was used, if it was one.
    pub session_id: Option<Uuid>,
    /// Scopes of the API token; a signed-in person has all.
    pub scopes: Option<Vec<Right>>,
    /// Regions to which publishing is limited; empty means everywhere.
    pub regions: Vec<Uuid>,
    /// Where the request came from, for the audit log.
    pub address: Option<String>,
}

impl Principal {
    /// Whether role and scopes allow it.
    pub fn may(&self, right: Right) -> bool {
        self.role >= right.least_role() && self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&right))
    }

    /// What role and scopes allow.
    pub fn rights(&self) -> Vec<Right> {
        Right::ALL.into_iter().filter(|right| self.may(*right)).collect()
    }

    /// Whether the caller may change an asset that this user added. What readers see is the editors', whoever added it.
    pub fn may_change_media_of(&self, creator: Option<Uuid>, is_shown: bool) -> bool {
        self.role >= Role::Editor || (creator == Some(self.user_id) && !is_shown)
    }

    /// Whether the caller works on everybody's articles and media rather than on their own only.
    pub fn sees_all_articles(&self) -> bool {
        self.role >= Role::Editor
    }
}
