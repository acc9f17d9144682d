//! What every write leaves beside its rows: an announcement in the outbox, and an entry for the audit log.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::audit::{self, Entry};
use super::schema::outbox;
use super::{Tx, directory};
use crate::base::error::Result;
use crate::rules::permission::Principal;

/// What readers hold in memory: a write of one of these raises the version of all.
const REFERENCE_KINDS: [&str; 4] = ["author", "region", "topic", "media"];
/// What changes nothing that is shown: an asset is named before it is seen, and goes only when nothing shows it.
const UNSEEN: [&str; 2] = ["media.created", "media.deleted"];

/// What happened, to what, and which cached answers it touches.
#[derive(Debug)]
pub struct Event<'a> {
    /// `article.published`, `topic.renamed`, ...: kind of object, then verb.
    pub name: &'a str,
    /// The object.
    pub subject_id: Uuid,
    /// Tags of the answers that show it: `topic:ID`, `list:region:ID`, ...
    pub tags: Vec<String>,
    /// What subscribers and auditors are told; never a secret.
    pub details: Value,
}

/// Who did it; nobody when the program itself did.
#[derive(Clone, Debug, Default)]
pub struct Doer<'a> {
    /// The user.
    pub user_id: Option<Uuid>,
    /// The API token, if one was used.
    pub token_id: Option<Uuid>,
    /// The session, if somebody was signed in.
    pub session_id: Option<Uuid>,
    /// Where the request came from.
    pub address: Option<&'a str>,
}

impl Doer<'_> {
    /// Whoever has a shell where the program runs, and so needs no account.
    pub fn at_the_console() -> Self {
        Self { address: Some("command line"), ..Self::default() }
    }
}

impl<'a> From<&'a Principal> for Doer<'a> {
    fn from(by: &'a Principal) -> Self {
        Self {
            user_id: Some(by.user_id),
            token_id: by.token_id,
            session_id: by.session_id,
            address: by.address.as_deref(),
        }
    }
}

impl<'a> From<&Doer<'a>> for Doer<'a> {
    fn from(by: &Doer<'a>) -> Self {
        by.clone()
    }
}

/// Writes both records in the caller's transaction.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn record(tx: &mut Tx, by: &Doer<'_>, event: &Event<'_>, now: DateTime<Utc>) -> Result<()> {
    tx.touch(&event.tags);
    let (kind, verb) = event.name.split_once('.').unwrap_or((event.name, ""));
    diesel::insert_into(outbox::table)
        .values((
            outbox::event.eq(event.name),
            outbox::subject_id.eq(event.subject_id),
            outbox::tags.eq(event.tags.iter().map(Some).collect::<Vec<_>>()),
            outbox::payload.eq(&event.details),
            outbox::origin.eq(tx.origin()),
            outbox::created_at.eq(now),
        ))
        .execute(tx.conn()?)
        .await?;
    audit::note(
        tx,
        by,
        Entry { verb, object_kind: kind, object_id: Some(event.subject_id), details: &event.details },
        now,
    );
    if REFERENCE_KINDS.contains(&kind) && !UNSEEN.contains(&event.name) {
        directory::bump(tx, now).await?;
    }
    Ok(())
}
