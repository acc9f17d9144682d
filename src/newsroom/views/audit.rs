//! An entry of the audit log.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::Timestamp;
use crate::base::id::hex;
use crate::http::cursor::PageMeta;
use crate::store::audit::Audited;

/// Who did what to which.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// 1, 2, 3, ... in the order in which things came into force.
    #[schema(example = 1204, minimum = 1)]
    pub number: i64,
    /// When.
    pub created_at: Timestamp,
    /// What was done: `created`, `edited`, `published`, `started` of a session, `sign_in_refused`, ...; more may be added.
    #[schema(example = "published", max_length = 60)]
    pub verb: String,
    /// To what.
    pub object: AuditObject,
    /// By which user; `null` for the program itself, and for whoever is not signed in.
    #[schema(example = "0198c0de-7000-7000-8000-000000000901")]
    pub user_id: Option<Uuid>,
    /// The user's present name; `null` also when the user was removed.
    #[schema(example = "Dana Reyes", max_length = 200)]
    pub user_name: Option<String>,
    /// With which API token, if it was one.
    #[schema(example = "0198c0de-7000-7000-8000-000000000701")]
    pub token_id: Option<Uuid>,
    /// In which session, if somebody was signed in.
    #[schema(example = "0198c0de-7000-7000-8000-000000000711")]
    pub session_id: Option<Uuid>,
    /// From which address; `command line` for who had a shell where the program runs.
    #[schema(example = "203.0.113.7", max_length = 60)]
    pub address: Option<String>,
    /// More about it, different for each verb.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>, example = json!({ "slug": "china-may-lift-retirement-age", "revision": 3 }))]
    pub details: Value,
    /// SHA-256 over the hash of the entry before and this one; `dateline audit verify` computes it anew.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", max_length = 64)]
    pub hash: String,
}

/// What something was done to.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditObject {
    /// `article`, `author`, `region`, `topic`, `media`, `user`, `session`, `token`, ...; more may be added.
    #[schema(example = "article", max_length = 60)]
    pub kind: String,
    /// Which one; `null` where what was named is not there.
    #[schema(example = "0198c0de-7000-7000-8000-000000000001")]
    pub id: Option<Uuid>,
}

impl AuditEntry {
    /// The entry, with the name of the user if they are among these.
    pub fn of(entry: Audited, names: &HashMap<Uuid, String>) -> Self {
        Self {
            number: entry.id,
            created_at: entry.created_at.into(),
            verb: entry.verb,
            object: AuditObject { kind: entry.object_kind, id: entry.object_id },
            user_name: entry.user_id.and_then(|id| names.get(&id).cloned()),
            user_id: entry.user_id,
            token_id: entry.token_id,
            session_id: entry.session_id,
            address: entry.address,
            details: entry.details,
            hash: hex(&entry.hash),
        }
    }
}

/// One page of the audit log, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryList {
    /// The entries of this page.
    #[schema(max_items = 100)]
    pub data: Vec<AuditEntry>,
    /// Where the list goes on.
    pub meta: PageMeta,
}
