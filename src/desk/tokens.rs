//! Keeping API tokens: make one, revoke one. A token never allows more than its user's role, nor more than whoever
//! made it was allowed.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::announce::announce;
use super::stale::unless_stale;
use crate::base::error::{Code, Error, Fault, Result, faultless};
use crate::base::id::{new_id, random_bytes};
use crate::base::secret::sha256;
use crate::rules::permission::{Principal, Right};
use crate::rules::version::Expected;
use crate::rules::{name, opaque};
use crate::store::records::{Doer, Event};
use crate::store::tokens::{self, ApiToken, TokensOf};
use crate::store::{Tx, people};

/// The longest life of a token, in days.
pub const LONGEST_DAYS: i64 = 366;
/// The life of a token when nothing else is asked for, in days.
pub const DEFAULT_DAYS: i64 = 90;

/// What a new token is made from.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// For whom it acts.
    pub user_id: Uuid,
    /// What people call it.
    pub name: String,
    /// What it allows; at least one.
    pub scopes: Vec<Right>,
    /// When it ends; 90 days from now without.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Whose tokens the caller may see and revoke.
pub fn seen_by(by: &Principal) -> TokensOf {
    if by.may(Right::People) { TokensOf::Everybody } else { TokensOf::User(by.user_id) }
}

/// Makes a token for a caller: for themselves, or as an administrator for anybody.
///
/// # Errors
/// 403 when the caller may not, 422 as [`create`].
pub async fn create_by(tx: &mut Tx, by: &Principal, new: NewToken, now: DateTime<Utc>) -> Result<(ApiToken, String)> {
    if !by.may(Right::People) && (new.user_id != by.user_id || by.token_id.is_some()) {
        let detail = "Tokens are made by people for themselves, and for others by who has the right people:admin.";
        return Err(Error::new(Code::Forbidden, detail));
    }
    let beyond = new.scopes.iter().enumerate().filter(|(_, scope)| !by.may(**scope));
    let faults: Vec<Fault> = beyond.map(|(index, _)| beyond_role(index, "is more than you may yourself")).collect();
    faultless(faults)?;
    create(tx, &by.into(), new, now).await
}

/// Makes a token. It is answered here and never again.
///
/// # Errors
/// 422 with every fault: no such user, a suspended one, a scope beyond the user's role, an end that is past or more
/// than 366 days away.
pub async fn create(tx: &mut Tx, by: &Doer<'_>, new: NewToken, now: DateTime<Utc>) -> Result<(ApiToken, String)> {
    // Locked, so that a suspension at the same time finds the token or is found by it.
    let user = people::lock(tx, new.user_id).await?;
    let unknown = |detail| Error::invalid(vec![Fault::at("/user_id", "unknown_user", detail)]);
    let user = user.ok_or_else(|| unknown("is no user"))?;
    if !user.is_active() {
        return Err(unknown("is suspended"));
    }
    let role = user.role()?;
    let beyond = new.scopes.iter().enumerate().filter(|(_, scope)| scope.least_role() > role);
    let mut faults: Vec<Fault> =
        beyond.map(|(index, _)| beyond_role(index, "is more than the user's role allows")).collect();
    faults.extend(name::check(&new.name).err().map(|detail| Fault::at("/name", "name", detail)));
    let repeated =
        new.scopes.iter().enumerate().filter(|(index, scope)| new.scopes.iter().take(*index).any(|one| one == *scope));
    faults.extend(repeated.map(|(index, _)| Fault::at(format!("/scopes/{index}"), "repeated", "stands twice")));
    let expires_at = new.expires_at.unwrap_or(now + TimeDelta::days(DEFAULT_DAYS));
    if expires_at <= now || expires_at > now + TimeDelta::days(LONGEST_DAYS) {
        let detail = format!("is not between now and {LONGEST_DAYS} days from now");
        faults.push(Fault::at("/expires_at", "out_of_range", detail));
    }
    faultless(faults)?;
    let secret = opaque::api_token(&random_bytes());
    let token = ApiToken {
        id: new_id(),
        user_id: user.id,
        name: new.name,
        prefix: secret.chars().take(opaque::SHOWN).collect(),
        token_hash: sha256(secret.as_bytes()).to_vec(),
        scopes: new.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
        created_by: by.user_id,
        created_at: now,
        expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    tokens::insert(tx, &token).await?;
    announce(tx, by, told("token.created", &token), now).await?;
    Ok((token, secret))
}

/// Revokes a token; one that is revoked stays so. A token may revoke itself, else it needs `people:admin`.
///
/// # Errors
/// 403, 404, 412.
pub async fn revoke(tx: &mut Tx, by: &Principal, id: Uuid, seen: &Expected, now: DateTime<Utc>) -> Result<()> {
    let token = tokens::find_in(tx, seen_by(by), id).await?.ok_or_else(Error::not_found)?;
    if !by.may(Right::People) && by.token_id.is_some_and(|own| own != id) {
        return Err(Error::new(Code::Forbidden, "A token revokes only itself, unless it has the scope people:admin."));
    }
    unless_stale(tx, seen, id, token.version(), token.revoked_at.unwrap_or(token.created_at)).await?;
    if tokens::revoke(tx, id, now).await? {
        return announce(tx, by, told("token.revoked", &token), now).await;
    }
    // It was revoked before, or meanwhile by somebody else: then what this caller has seen is not it.
    let revoked = ApiToken { revoked_at: token.revoked_at.or(Some(now)), ..token };
    unless_stale(tx, seen, id, revoked.version(), revoked.revoked_at.unwrap_or(now)).await
}

fn beyond_role(index: usize, detail: &str) -> Fault {
    Fault::at(format!("/scopes/{index}"), "scope", detail)
}

/// Tokens touch no cached answer.
fn told<'a>(name: &'a str, token: &ApiToken) -> Event<'a> {
    let details =
        json!({ "user_id": token.user_id, "name": token.name, "prefix": token.prefix, "scopes": token.scopes });
    Event { name, subject_id: token.id, tags: Vec::new(), details }
}
