//! The audit log: who did what to which, in the order of commits, each entry with a hash of itself and of the one before.
//!
//! Entries are gathered while a transaction works and appended last, so that others wait for no more than the commit.
//! PostgreSQL itself commits transactions that notify one after the other, so a write that the public sees pays nothing
//! for this order that it does not pay already.

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bytea, Jsonb, Nullable, Text};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

use super::prepared::Prepare as _;
use super::records::Doer;
use super::schema::{audit_head, audit_log, users};
use super::{Database, Tx};
use crate::base::error::{Error, Result};
use crate::base::id::hex;
use crate::base::secret::sha256;
use crate::rules::page::{Seek, Window};

/// How many entries are checked at a time.
const BATCH: i64 = 5_000;

/// What is to be said of an act.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// `created`, `published`, `sign_in_refused`, ...
    pub verb: &'a str,
    /// `article`, `user`, ...
    pub object_kind: &'a str,
    /// The object, if there is one.
    pub object_id: Option<Uuid>,
    /// More; never a secret.
    pub details: &'a Value,
}

/// Has the entry appended when the transaction commits.
pub fn note(tx: &mut Tx, by: &Doer<'_>, entry: Entry<'_>, now: DateTime<Utc>) {
    tx.audit(json!({
        "verb": entry.verb,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "user_id": by.user_id,
        "token_id": by.token_id,
        "session_id": by.session_id,
        "address": by.address,
        "details": entry.details,
        "created_at": now.to_rfc3339_opts(SecondsFormat::Micros, true),
    }));
}

/// Appends what was gathered.
pub(super) async fn append(tx: &mut Tx, entries: Vec<Value>) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let append = diesel::sql_query("SELECT audit_append($1)").bind::<Jsonb, _>(Value::Array(entries));
    append.prepared().execute(tx.conn()?).await?;
    Ok(())
}

/// One entry.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_log)]
pub struct Audited {
    /// 1, 2, 3, ... in the order of commits.
    pub id: i64,
    /// What was done.
    pub verb: String,
    /// To what kind of thing.
    pub object_kind: String,
    /// To which one.
    pub object_id: Option<Uuid>,
    /// By whom; nobody for the program itself and for strangers.
    pub user_id: Option<Uuid>,
    /// With which API token, if it was one.
    pub token_id: Option<Uuid>,
    /// In which session, if somebody was signed in.
    pub session_id: Option<Uuid>,
    /// From where.
    pub address: Option<String>,
    /// More.
    pub details: Value,
    /// When.
    pub created_at: DateTime<Utc>,
    /// SHA-256 over the hash before and this entry.
    pub hash: Vec<u8>,
}

/// Which entries are wanted: all conditions hold together.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// About this object.
    pub object: Option<Uuid>,
    /// About this kind of object.
    pub kind: Option<String>,
    /// By this user.
    pub user: Option<Uuid>,
    /// With this API token.
    pub token: Option<Uuid>,
    /// Of this verb.
    pub verb: Option<String>,
    /// At this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub to: Option<DateTime<Utc>>,
}

type Query<'a> = audit_log::BoxedQuery<'a, Pg>;

fn narrowed<'a>(filter: &Filter) -> Query<'a> {
    let mut query = audit_log::table.into_boxed();
    if let Some(id) = filter.object {
        query = query.filter(audit_log::object_id.eq(id));
    }
    if let Some(kind) = filter.kind.clone() {
        query = query.filter(audit_log::object_kind.eq(kind));
    }
    if let Some(id) = filter.user {
        query = query.filter(audit_log::user_id.eq(id));
    }
    if let Some(id) = filter.token {
        query = query.filter(audit_log::token_id.eq(id));
    }
    if let Some(verb) = filter.verb.clone() {
        query = query.filter(audit_log::verb.eq(verb));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_log::created_at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(audit_log::created_at.lt(to));
    }
    query
}

/// One page of entries.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn list_in(tx: &mut Tx, filter: &Filter, seek: &Seek) -> Result<Window<Audited>> {
    let mut query = narrowed(filter).limit(seek.fetch());
    if let Some(from) = &seek.from {
        let id: i64 = from.key.parse().map_err(Error::internal)?;
        query = if seek.rising() { query.filter(audit_log::id.gt(id)) } else { query.filter(audit_log::id.lt(id)) };
    }
    query = if seek.rising() { query.order(audit_log::id.asc()) } else { query.order(audit_log::id.desc()) };
    let rows = query.select(Audited::as_select()).load(tx.conn()?).await?;
    Ok(Window::of(rows, seek, |entry: &Audited| (entry.id.to_string(), Uuid::nil())))
}

/// What was done last to an object, other than these verbs, and the name of who did it.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn last_about(tx: &mut Tx, object: Uuid, but: &[&str]) -> Result<Option<(Audited, Option<String>)>> {
    let query = audit_log::table
        .left_join(users::table.on(audit_log::user_id.eq(users::id.nullable())))
        .filter(audit_log::object_id.eq(object).and(audit_log::verb.ne_all(but)))
        .order(audit_log::id.desc())
        .select((Audited::as_select(), users::name.nullable()));
    Ok(query.first(tx.conn()?).await.optional()?)
}

/// How many entries the list has in all.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn count_in(tx: &mut Tx, filter: &Filter) -> Result<i64> {
    Ok(narrowed(filter).count().get_result(tx.conn()?).await?)
}

/// What a check of the whole log found.
#[derive(Debug, Default)]
pub struct Findings {
    /// How many entries there are.
    pub entries: u64,
    /// Number and hash of the newest.
    pub head: (i64, String),
    /// What does not fit, by the number of the entry; empty when the log is whole.
    pub faults: Vec<String>,
}

/// An entry as it is checked.
#[derive(QueryableByName)]
struct Link {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Bytea)]
    hash: Vec<u8>,
    #[diesel(sql_type = Nullable<Text>)]
    told: Option<String>,
}

/// Computes every hash anew, in one view of the database. `known` is the number and the hash of an entry that an earlier
/// check saw.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn verify(database: &Database, known: Option<&(i64, String)>) -> Result<Findings> {
    database
        .write(async |tx| {
            diesel::sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(tx.conn()?).await?;
            let (head_id, head_hash): (i64, Vec<u8>) =
                audit_head::table.select((audit_head::id, audit_head::hash)).first(tx.conn()?).await?;
            let mut check = Check { before: (0, sha256(b"dateline").to_vec()), known, findings: Findings::default() };
            let mut after = i64::MIN;
            loop {
                let batch = batch(tx, after).await?;
                let Some(last) = batch.last() else { break };
                after = last.id;
                batch.iter().for_each(|link| check.take(link));
            }
            Ok(check.finish(head_id, &head_hash))
        })
        .await
}

async fn batch(tx: &mut Tx, after: i64) -> Result<Vec<Link>> {
    let query = diesel::sql_query(
        "SELECT id, audit_text(entry) AS text, hash, verb || ' ' || object_kind AS told FROM audit_log entry \
         WHERE id > $1 ORDER BY id LIMIT $2",
    );
    Ok(query.bind::<BigInt, _>(after).bind::<BigInt, _>(BATCH).load(tx.conn()?).await?)
}

struct Check<'a> {
    /// The entry before: its number and its hash as it is stored.
    before: (i64, Vec<u8>),
    known: Option<&'a (i64, String)>,
    findings: Findings,
}

impl Check<'_> {
    fn take(&mut self, link: &Link) {
        self.findings.entries += 1;
        let told = link.told.as_deref().unwrap_or_default();
        let mut fault = |text: String| self.findings.faults.push(text);
        let expected = self.before.0 + 1;
        if link.id < 1 {
            fault(format!("entry {} ({told}) was put in: the log begins with 1", link.id));
            return;
        }
        if link.id > expected {
            fault(missing(expected, link.id - 1));
        } else if link.hash != sha256(&[self.before.1.as_slice(), link.text.as_bytes()].concat()) {
            fault(format!("entry {} ({told}) was altered or put in: its hash is that of something else", link.id));
        }
        if self.known.is_some_and(|(id, hash)| *id == link.id && *hash != hex(&link.hash)) {
            fault(format!("entry {} ({told}) is not the one that was there before", link.id));
        }
        self.before = (link.id, link.hash.clone());
    }

    fn finish(mut self, head_id: i64, head_hash: &[u8]) -> Findings {
        let (last, hash) = (self.before.0, hex(&self.before.1));
        let faults = &mut self.findings.faults;
        if last < head_id {
            faults.push(missing(last + 1, head_id));
        } else if last > head_id {
            faults.push(format!("entries after {head_id} were put in: {head_id} was the last that the program wrote"));
        } else if hash != hex(head_hash) {
            faults.push(format!("entry {last} is not the last one that the program wrote"));
        }
        if let Some((id, _)) = self.known.filter(|(id, _)| *id > last.max(head_id)) {
            faults.push(format!("entry {id} was there before and is missing"));
        }
        self.findings.head = (last, hash);
        self.findings
    }
}

fn missing(first: i64, last: i64) -> String {
    if first == last {
        format!("entry {first} is missing: it was removed")
    } else {
        format!("entries {first} to {last} are missing: they were removed")
    }
}
