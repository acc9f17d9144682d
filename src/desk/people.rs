//! Keeping users: add, change, remove. Whatever makes a user less or other than they were ends all their tokens.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::announce::announce;
use super::stale::unless_stale;
use super::unknown::unknown;
use crate::base::error::{Code, Error, Fault, Result, faultless};
use crate::base::id::new_id;
use crate::rules::change::Change;
use crate::rules::permission::{Principal, Right, Role, UserState};
use crate::rules::reference::IdOrSlug;
use crate::rules::version::Expected;
use crate::rules::{email, name};
use crate::store::people::{self, User};
use crate::store::records::{Doer, Event};
use crate::store::{Tx, idempotency, lookup, sessions, tokens};

/// A user and the regions under which they may publish.
#[derive(Clone, Debug)]
pub struct Person {
    /// The row.
    pub user: User,
    /// Ids of regions; none means everywhere.
    pub regions: Vec<Uuid>,
}

/// What a new user is made from.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// In any spelling.
    pub email: String,
    /// As it is shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Regions, by id or slug, to which publishing is limited; none means everywhere.
    pub regions: Vec<String>,
    /// The public profile of this person, by id or slug.
    pub author: Option<String>,
}

/// What changes of a user.
#[derive(Clone, Debug, Default)]
pub struct UserPatch {
    /// A new address.
    pub email: Option<String>,
    /// A new name.
    pub name: Option<String>,
    /// A new role.
    pub role: Option<Role>,
    /// A new state.
    pub state: Option<UserState>,
    /// All regions, by id or slug.
    pub regions: Option<Vec<String>>,
    /// Another public profile, by id or slug.
    pub author: Change<String>,
    /// The hash of a new password; cleared, the user cannot sign in any more.
    pub password_hash: Change<String>,
}

/// The user with this id.
///
/// # Errors
/// 404.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Person> {
    let user = people::find_in(tx, id).await?.ok_or_else(Error::not_found)?;
    with_regions(tx, user).await
}

/// Lets the caller make or change users of these roles: whoever acts with an API token gives nobody more than the token
/// itself allows, or it could give itself more.
///
/// # Errors
/// 403.
pub fn unless_beyond(by: &Principal, roles: &[Role]) -> Result<()> {
    let rights = by.rights();
    let within = |role: &Role| Right::ALL.iter().all(|right| right.least_role() > *role || rights.contains(right));
    if roles.iter().all(within) {
        return Ok(());
    }
    let detail =
        "The role of this user allows more than your token does. Sign in, or use a token with all of its rights.";
    Err(Error::new(Code::Forbidden, detail))
}

/// The same for a user who is there: nobody else changes the role until this transaction ends.
///
/// # Errors
/// 403, 404.
pub async fn unless_above(tx: &mut Tx, by: &Principal, id: Uuid) -> Result<()> {
    people::administer(tx).await?;
    let user = people::find_in(tx, id).await?.ok_or_else(Error::not_found)?;
    unless_beyond(by, &[user.role()?])
}

/// Adds a user; without a password it is a service account, which acts by API tokens only.
///
/// # Errors
/// 409 when the address is taken, 422 for what is no address, no region or no author.
pub async fn create_user(
    tx: &mut Tx,
    by: &Doer<'_>,
    new: NewUser,
    password_hash: Option<String>,
    now: DateTime<Utc>,
) -> Result<Person> {
    can_be_named(&new.name)?;
    let email = address(&new.email)?;
    let author_id = author(tx, new.author.as_deref()).await?;
    let regions = named_regions(tx, &new.regions).await?;
    let user = User {
        id: new_id(),
        email,
        name_key: name::key(&new.name),
        name: new.name,
        role: new.role.as_str().to_owned(),
        state: UserState::Active.as_str().to_owned(),
        password_hash,
        author_id,
        epoch: 0,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    people::insert(tx, &user).await?;
    people::set_regions(tx, user.id, &regions).await?;
    announce(tx, by, told("user.created", &user, &[]), now).await?;
    Ok(Person { user, regions })
}

/// Changes a user. A new role, state or password ends every session and API token of theirs, and what was kept of their
/// answers for repeated requests; what changes nothing writes nothing.
///
/// # Errors
/// 404, 409 when the address is taken or nobody could administer any more, 412, 422.
pub async fn patch_user(
    tx: &mut Tx,
    by: &Doer<'_>,
    id: Uuid,
    seen: &Expected,
    patch: UserPatch,
    now: DateTime<Utc>,
) -> Result<Person> {
    let old = held(tx, id, seen).await?;
    let mut user = old.clone();
    if let Some(text) = patch.email {
        user.email = address(&text)?;
    }
    if let Some(new_name) = patch.name {
        can_be_named(&new_name)?;
        user.name_key = name::key(&new_name);
        user.name = new_name;
    }
    if let Some(role) = patch.role {
        role.as_str().clone_into(&mut user.role);
    }
    if let Some(state) = patch.state {
        state.as_str().clone_into(&mut user.state);
    }
    user.author_id = match patch.author {
        Change::Keep => user.author_id,
        Change::Clear => None,
        Change::Set(key) => author(tx, Some(&key)).await?,
    };
    user.password_hash = patch.password_hash.over(user.password_hash);
    let moved = match patch.regions {
        None => false,
        Some(sent) => {
            let regions = named_regions(tx, &sent).await?;
            people::set_regions(tx, id, &regions).await?
        }
    };
    if user == old && !moved {
        return with_regions(tx, user).await;
    }
    unless_last(tx, &old, user.administers()).await?;
    let user = written(tx, by, &old, user, moved, now).await?;
    with_regions(tx, user).await
}

/// Sets a password that the user chose, and ends everything that was opened with the old one.
///
/// # Errors
/// 404; 409 when the password was changed by somebody else meanwhile.
pub async fn change_password(
    tx: &mut Tx,
    by: &Doer<'_>,
    id: Uuid,
    old_hash: Option<&str>,
    new_hash: String,
    now: DateTime<Utc>,
) -> Result<User> {
    let old = people::lock(tx, id).await?.ok_or_else(Error::not_found)?;
    if old.password_hash.as_deref() != old_hash {
        return Err(Error::new(Code::Conflict, "The password was changed at the same time."));
    }
    let user = User { password_hash: Some(new_hash), ..old.clone() };
    written(tx, by, &old, user, false, now).await
}

/// Removes a user who has written nothing.
///
/// # Errors
/// 404, 412, 409 when articles name the user or nobody could administer any more.
pub async fn delete_user(tx: &mut Tx, by: &Doer<'_>, id: Uuid, seen: &Expected, now: DateTime<Utc>) -> Result<()> {
    let user = held(tx, id, seen).await?;
    unless_last(tx, &user, false).await?;
    if people::has_written(tx, id).await? {
        return Err(Error::new(Code::InUse, "Articles name this user. Suspend the user instead."));
    }
    people::delete(tx, id).await?;
    announce(tx, by, told("user.deleted", &user, &[]), now).await
}

/// Writes the row, ends what has to end, and tells which members changed.
async fn written(
    tx: &mut Tx,
    by: &Doer<'_>,
    old: &User,
    mut user: User,
    moved: bool,
    now: DateTime<Utc>,
) -> Result<User> {
    let members = [
        ("email", user.email != old.email),
        ("name", user.name != old.name),
        ("role", user.role != old.role),
        ("state", user.state != old.state),
        ("author", user.author_id != old.author_id),
        ("regions", moved),
        ("password", user.password_hash != old.password_hash),
    ];
    let changed: Vec<&str> = members.into_iter().filter(|(_, differs)| *differs).map(|(member, _)| member).collect();
    if changed.iter().any(|member| ["role", "state", "password"].contains(member)) {
        user.epoch += 1;
        sessions::end_all(tx, user.id, now).await?;
        tokens::revoke_all(tx, user.id, now).await?;
        idempotency::forget_all(tx, user.id).await?;
    }
    user.version += 1;
    user.updated_at = now;
    people::update(tx, &user).await?;
    announce(tx, by, told("user.changed", &user, &changed), now).await?;
    Ok(user)
}

/// The user, locked, after every other change of users has ended.
async fn held(tx: &mut Tx, id: Uuid, seen: &Expected) -> Result<User> {
    people::administer(tx).await?;
    let user = people::lock(tx, id).await?.ok_or_else(Error::not_found)?;
    unless_stale(tx, seen, id, user.version, user.updated_at).await?;
    Ok(user)
}

async fn unless_last(tx: &mut Tx, user: &User, stays: bool) -> Result<()> {
    if user.administers() && !stays && people::other_admins(tx, user.id).await? == 0 {
        let detail = "Nobody else could sign in and administer the newsroom. Make another administrator first.";
        return Err(Error::new(Code::LastAdmin, detail));
    }
    Ok(())
}

async fn with_regions(tx: &mut Tx, user: User) -> Result<Person> {
    let regions = people::regions_of(tx, &[user.id]).await?.remove(&user.id).unwrap_or_default();
    Ok(Person { user, regions })
}

fn address(text: &str) -> Result<String> {
    email::normal(text).map_err(|detail| Error::invalid(vec![Fault::at("/email", "email", detail)]))
}

async fn author(tx: &mut Tx, sent: Option<&str>) -> Result<Option<Uuid>> {
    let Some(sent) = sent else { return Ok(None) };
    let refuse = || Error::invalid(vec![unknown("/author", "author", sent)]);
    let key: IdOrSlug = sent.parse().map_err(|_| refuse())?;
    let found = lookup::authors(tx, std::slice::from_ref(&key)).await?;
    found.get(&key).copied().map(Some).ok_or_else(refuse)
}

async fn named_regions(tx: &mut Tx, sent: &[String]) -> Result<Vec<Uuid>> {
    let keys: Vec<Option<IdOrSlug>> = sent.iter().map(|text| text.parse().ok()).collect();
    let known: Vec<IdOrSlug> = keys.iter().flatten().cloned().collect();
    let found: HashMap<IdOrSlug, Uuid> = lookup::regions(tx, &known).await?;
    let mut regions = Vec::with_capacity(keys.len());
    let mut faults = Vec::new();
    for (index, (key, text)) in keys.iter().zip(sent).enumerate() {
        match key.as_ref().and_then(|key| found.get(key)) {
            Some(id) => regions.push(*id),
            None => faults.push(unknown(format!("/regions/{index}"), "region", text)),
        }
    }
    regions.sort_unstable();
    regions.dedup();
    faultless(faults)?;
    Ok(regions)
}

/// Users touch no cached answer.
fn told<'a>(name: &'a str, user: &User, changed: &[&str]) -> Event<'a> {
    let details = json!({ "role": user.role, "state": user.state, "changed": changed });
    Event { name, subject_id: user.id, tags: Vec::new(), details }
}

fn can_be_named(text: &str) -> Result<()> {
    name::check(text).map_err(|detail| Error::invalid(vec![Fault::at("/name", "name", detail)]))
}
