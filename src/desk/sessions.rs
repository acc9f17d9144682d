//! Signing in, staying signed in, signing out. A session is one sign-in: an access token of ten minutes, and refresh
//! tokens that replace one another. A refresh token that comes back after its successor was given out was stolen from
//! somebody, so the session ends; only within seconds, when its answer may have been lost, is that answer given again.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::announce::announce;
use crate::base::error::{Error, Result};
use crate::base::id::{new_id, random_bytes};
use crate::base::secret::{Keys, sha256};
use crate::rules::token::{ACCESS_SECONDS, Signer};
use crate::rules::{email, opaque};
use crate::store::Tx;
use crate::store::audit::{self, Entry};
use crate::store::people::{self, User};
use crate::store::records::{Doer, Event};
use crate::store::sessions::{self, RefreshToken, Session};

/// A session ends after this at the latest.
const SESSION_DAYS: i64 = 30;
/// A session ends when it was not used for this long.
const IDLE_DAYS: i64 = 7;
const REPLAY_SECONDS: i64 = 10;

/// What makes tokens.
#[derive(Clone, Copy)]
pub struct Mint<'a> {
    /// Signs access tokens.
    pub signer: &'a Signer,
    /// Seals what a refresh token was exchanged for.
    pub seal: &'a Keys,
}

/// The tokens of one exchange.
#[derive(Clone, Serialize, Deserialize)]
pub struct Issued {
    /// The JWT.
    pub access_token: String,
    /// Exchanged for the next pair.
    pub refresh_token: String,
    /// How long the access token lives, in seconds.
    pub expires_in: i64,
}

/// Begins a session for a user whose password was right. `None` if they may not sign in, or the password that was
/// checked is not theirs any more.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn start(
    tx: &mut Tx,
    mint: Mint<'_>,
    checked: &User,
    address: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<Issued>> {
    let user = people::lock(tx, checked.id).await?;
    let user = user.filter(|user| user.is_active() && user.password_hash == checked.password_hash);
    let Some(user) = user else { return Ok(None) };
    let session = Session {
        id: new_id(),
        user_id: user.id,
        epoch: user.epoch,
        created_at: now,
        expires_at: now + TimeDelta::days(SESSION_DAYS),
        ended_at: None,
    };
    sessions::insert(tx, &session, now).await?;
    let by = Doer { user_id: Some(user.id), session_id: Some(session.id), address, ..Doer::default() };
    announce(tx, &by, told("session.started", &session, None), now).await?;
    issue(tx, mint, &session, now).await.map(Some)
}

/// Notes that a password was wrong, or was right for somebody who may not sign in. The account is named as it was sent only
/// if it can be one: people type passwords into the wrong field.
pub fn refuse(tx: &mut Tx, account: &str, user_id: Option<Uuid>, address: Option<&str>, now: DateTime<Utc>) {
    let details = json!({ "account": email::normal(account).ok() });
    let by = Doer { address, ..Doer::default() };
    let entry = Entry { verb: "sign_in_refused", object_kind: "user", object_id: user_id, details: &details };
    audit::note(tx, &by, entry, now);
}

/// Exchanges a refresh token. `None` if it is not valid any more; a reused one ends its session, so the caller must
/// let the transaction commit.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn renew(
    tx: &mut Tx,
    mint: Mint<'_>,
    sent: &str,
    address: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<Issued>> {
    let Some((session, token)) = sessions::lock_family(tx, &sha256(sent.as_bytes())).await? else { return Ok(None) };
    let runs = session.ended_at.is_none() && session.expires_at > now && token.expires_at > now;
    let user = people::find_in(tx, session.user_id).await?;
    if !runs || user.is_none_or(|user| !user.is_active() || user.epoch != session.epoch) {
        return Ok(None);
    }
    let replay_since = now - TimeDelta::seconds(REPLAY_SECONDS);
    if let Some(used_at) = token.used_at {
        let kept = token.reply.as_deref().filter(|_| used_at >= replay_since).and_then(|reply| mint.seal.open(reply));
        if let Some(kept) = kept {
            return serde_json::from_slice(&kept).map(Some).map_err(Error::internal);
        }
        sessions::end(tx, session.id, now).await?;
        let by = Doer { address, ..Doer::default() };
        announce(tx, &by, told("session.ended", &session, Some("refresh_token_reused")), now).await?;
        return Ok(None);
    }
    let issued = issue(tx, mint, &session, now).await?;
    let reply = serde_json::to_vec(&issued).map_err(Error::internal)?;
    let reply = mint.seal.seal(&reply).ok_or_else(|| Error::internal("tokens cannot be sealed"))?;
    sessions::use_token(tx, &token, &reply, replay_since, now).await?;
    Ok(Some(issued))
}

/// Ends a session: its access tokens and its refresh token are refused from then on.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn end(tx: &mut Tx, by: &Doer<'_>, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    if let Some(session) = sessions::find_in(tx, id).await?
        && sessions::end(tx, id, now).await?
    {
        announce(tx, by, told("session.ended", &session, Some("signed_out")), now).await?;
    }
    Ok(())
}

/// The next pair of tokens of a session. Renewals are not announced: they change nothing that anybody sees.
async fn issue(tx: &mut Tx, mint: Mint<'_>, session: &Session, now: DateTime<Utc>) -> Result<Issued> {
    let refresh_token = opaque::refresh_token(&random_bytes());
    let row = RefreshToken {
        token_hash: sha256(refresh_token.as_bytes()).to_vec(),
        session_id: session.id,
        created_at: now,
        expires_at: session.expires_at.min(now + TimeDelta::days(IDLE_DAYS)),
        used_at: None,
        reply: None,
    };
    sessions::insert_token(tx, &row).await?;
    let access_token = mint
        .signer
        .sign(session.user_id, session.id, session.epoch, new_id(), now)
        .ok_or_else(|| Error::internal("an access token cannot be signed"))?;
    Ok(Issued { access_token, refresh_token, expires_in: ACCESS_SECONDS })
}

/// Sessions touch no cached answer.
fn told<'a>(name: &'a str, session: &Session, reason: Option<&str>) -> Event<'a> {
    let details = json!({ "user_id": session.user_id, "reason": reason });
    Event { name, subject_id: session.id, tags: Vec::new(), details }
}
