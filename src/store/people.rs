//! Users: who may act, what they are, and under which regions they may publish.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::keyset::page_by_text;
use super::schema::{article_revisions, articles, user_regions, users};
use super::topics::contains;
use super::{Tx, hold};
use crate::base::error::{Error, Result};
use crate::rules::page::{Seek, Window};
use crate::rules::permission::{Role, UserState};

/// Serialises what could leave the newsroom without an administrator.
const ADMINISTRATION: i64 = 0x6461_7465_6c69_6e65;

/// One user.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub struct User {
    /// UUIDv7.
    pub id: Uuid,
    /// In its one spelling.
    pub email: String,
    /// As it is shown.
    pub name: String,
    /// The name folded for comparison and order.
    pub name_key: String,
    /// A [`Role`].
    pub role: String,
    /// A [`UserState`].
    pub state: String,
    /// argon2id in PHC form; none for a service account.
    pub password_hash: Option<String>,
    /// The public profile of this person.
    pub author_id: Option<Uuid>,
    /// Goes up whenever every token must end.
    pub epoch: i32,
    /// Goes up with every write.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was written last.
    pub updated_at: DateTime<Utc>,
}

/// Without the hash, so that no log line can hold it.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("role", &self.role)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl User {
    /// The role.
    ///
    /// # Errors
    /// 500 for a role that this program does not know.
    pub fn role(&self) -> Result<Role> {
        self.role.parse().map_err(Error::internal)
    }

    /// The state.
    ///
    /// # Errors
    /// 500 for a state that this program does not know.
    pub fn state(&self) -> Result<UserState> {
        self.state.parse().map_err(Error::internal)
    }

    /// Whether the user may act at all.
    pub fn is_active(&self) -> bool {
        self.state == UserState::Active.as_str()
    }

    /// Whether the user can sign in and administer.
    pub fn administers(&self) -> bool {
        self.is_active() && self.role == Role::Admin.as_str() && self.password_hash.is_some()
    }
}

/// Which users a list shows.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Only those of this role.
    pub role: Option<Role>,
    /// Only those in this state.
    pub state: Option<UserState>,
    /// Only those whose name or e-mail address contains this.
    pub words: Option<String>,
}

fn chosen<'a>(filter: &UserFilter) -> users::BoxedQuery<'a, Pg> {
    let mut query = users::table.into_boxed();
    if let Some(role) = filter.role {
        query = query.filter(users::role.eq(role.as_str()));
    }
    if let Some(state) = filter.state {
        query = query.filter(users::state.eq(state.as_str()));
    }
    if let Some(words) = &filter.words {
        let pattern = contains(words);
        query = query
            .filter(users::name_key.like(pattern.clone()).escape('\\').or(users::email.like(pattern).escape('\\')));
    }
    query
}

/// One page of users, by name.
pub async fn list_in(tx: &mut Tx, filter: &UserFilter, seek: &Seek) -> Result<Window<User>> {
    let query = page_by_text!(chosen(filter), users::name_key, users::id, seek);
    let rows = query.select(User::as_select()).load(tx.conn()?).await?;
    Ok(Window::of(rows, seek, |user: &User| (user.name_key.clone(), user.id)))
}

/// How many users the list has in all.
pub async fn count_in(tx: &mut Tx, filter: &UserFilter) -> Result<i64> {
    Ok(chosen(filter).count().get_result(tx.conn()?).await?)
}

/// The user with this id.
pub async fn find_in(tx: &mut Tx, id: Uuid) -> Result<Option<User>> {
    Ok(users::table.find(id).select(User::as_select()).first(tx.conn()?).await.optional()?)
}

/// The user with this e-mail address in its one spelling.
pub async fn by_email(tx: &mut Tx, email: &str) -> Result<Option<User>> {
    let query = users::table.filter(users::email.eq(email));
    Ok(query.select(User::as_select()).first(tx.conn()?).await.optional()?)
}

/// The user with this id, locked until the transaction ends; others may go on referring to them.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<User>> {
    Ok(users::table.find(id).select(User::as_select()).for_no_key_update().first(tx.conn()?).await.optional()?)
}

/// Adds a user.
pub async fn insert(tx: &mut Tx, user: &User) -> Result<()> {
    diesel::insert_into(users::table).values(user).execute(tx.conn()?).await?;
    Ok(())
}

/// Writes all of a user's columns.
pub async fn update(tx: &mut Tx, user: &User) -> Result<()> {
    diesel::update(users::table.find(user.id)).set(user).execute(tx.conn()?).await?;
    Ok(())
}

/// Removes a user to whom no article and no revision refers.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<()> {
    diesel::delete(users::table.find(id)).execute(tx.conn()?).await?;
    Ok(())
}

/// Whether articles or revisions name the user as who wrote them, or works on them.
pub async fn has_written(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let own = articles::created_by.eq(id).or(articles::updated_by.eq(id)).or(articles::assignee_id.eq(id));
    let wrote = articles::table.filter(own);
    let revised = article_revisions::table.filter(article_revisions::created_by.eq(id));
    let written = diesel::select(diesel::dsl::exists(wrote).or(diesel::dsl::exists(revised)));
    Ok(written.get_result(tx.conn()?).await?)
}

/// Waits until no other transaction changes users, and keeps others waiting until this one ends.
pub async fn administer(tx: &mut Tx) -> Result<()> {
    hold::alone(tx, ADMINISTRATION).await
}

/// How many users besides this one can sign in and administer.
pub async fn other_admins(tx: &mut Tx, id: Uuid) -> Result<i64> {
    let others = users::table
        .filter(users::role.eq(Role::Admin.as_str()).and(users::state.eq(UserState::Active.as_str())))
        .filter(users::id.ne(id).and(users::password_hash.is_not_null()));
    Ok(others.count().get_result(tx.conn()?).await?)
}

/// The regions under which each of these users may publish, in the order of their ids.
pub async fn regions_of(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let rows: Vec<(Uuid, Uuid)> = user_regions::table
        .filter(user_regions::user_id.eq_any(ids))
        .order((user_regions::user_id, user_regions::region_id))
        .select((user_regions::user_id, user_regions::region_id))
        .load(tx.conn()?)
        .await?;
    let mut regions: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (user_id, region_id) in rows {
        regions.entry(user_id).or_default().push(region_id);
    }
    Ok(regions)
}

/// Sets the regions under which a user may publish, in the order of their ids; `false` if they were these before.
pub async fn set_regions(tx: &mut Tx, user_id: Uuid, regions: &[Uuid]) -> Result<bool> {
    if regions_of(tx, &[user_id]).await?.remove(&user_id).unwrap_or_default() == regions {
        return Ok(false);
    }
    diesel::delete(user_regions::table.filter(user_regions::user_id.eq(user_id))).execute(tx.conn()?).await?;
    let rows: Vec<_> = regions
        .iter()
        .map(|region_id| (user_regions::user_id.eq(user_id), user_regions::region_id.eq(*region_id)))
        .collect();
    diesel::insert_into(user_regions::table).values(rows).execute(tx.conn()?).await?;
    Ok(true)
}
