//! Users, kept by administrators: list, add, read, change, remove.

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::passwords::allowed;
use super::views::{StaffUser, StaffUserList};
use crate::base::error::Result;
use crate::desk;
use crate::desk::people::{NewUser, Person};
use crate::http::actor::People;
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{FieldsParams, Only, PageParams};
use crate::http::query::{FromParams, Params};
use crate::http::{Actor, App, Body, IfMatch, Path, Query, Reply, Tagged};
use crate::rules::change::Change;
use crate::rules::permission::{Role, UserState};
use crate::store::people::{self, UserFilter};
use crate::store::records::Doer;

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_users).service(create_user).service(get_user).service(patch_user).service(delete_user);
}

/// A new user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserCreate {
    /// The address to sign in with; kept in lower case, the domain in ASCII.
    #[schema(example = "mei.tanaka@example.org", min_length = 3, max_length = 254)]
    pub email: String,
    /// As it is shown.
    #[schema(example = "Mei Tanaka", min_length = 1, max_length = 120, pattern = "\\S")]
    pub name: String,
    /// What they may do.
    #[schema(example = "editor")]
    pub role: Role,
    /// 15 to 256 characters, not what everybody tries first. Without one it is a service account, for API tokens only.
    #[serde(default)]
    #[schema(example = "nine lanterns over a wet quay", min_length = 15, max_length = 256, nullable = false, format = Password)]
    pub password: Option<String>,
    /// Regions, by id or slug, to which publishing is limited; empty means everywhere.
    #[serde(default)]
    #[schema(example = json!(["north-asia"]), max_items = 100)]
    pub regions: Vec<String>,
    /// Their public profile, by id or slug.
    #[serde(default)]
    #[schema(example = "mei-tanaka", min_length = 1, max_length = 200)]
    pub author: Option<String>,
}

/// What changes of a user: a merge-patch. A new role, state or password ends all their sessions and API tokens.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// Another address to sign in with.
    #[serde(default)]
    #[schema(example = "mei.tanaka@example.org", min_length = 3, max_length = 254, nullable = false)]
    pub email: Option<String>,
    /// As it is shown.
    #[serde(default)]
    #[schema(example = "Mei Tanaka", min_length = 1, max_length = 120, pattern = "\\S", nullable = false)]
    pub name: Option<String>,
    /// What they may do from now on.
    #[serde(default)]
    #[schema(example = "editor", nullable = false)]
    pub role: Option<Role>,
    /// Whether they may act at all.
    #[serde(default)]
    #[schema(example = "suspended", nullable = false)]
    pub state: Option<UserState>,
    /// A new password; `null` takes it away, which leaves a service account.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "nine lanterns over a wet quay", min_length = 15, max_length = 256, format = Password)]
    pub password: Change<String>,
    /// All regions, by id or slug, to which publishing is limited; empty means everywhere.
    #[serde(default)]
    #[schema(example = json!(["north-asia"]), max_items = 100, nullable = false)]
    pub regions: Option<Vec<String>>,
    /// Their public profile, by id or slug; `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "mei-tanaka", min_length = 1, max_length = 200)]
    pub author: Change<String>,
}

/// Parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StaffUserFilter {
    /// Only users of this role.
    #[param(required = false, example = "editor")]
    pub role: Option<Role>,
    /// Only users in this state.
    #[param(required = false, example = "active")]
    pub state: Option<UserState>,
    /// Only users whose name or e-mail address contains this.
    #[param(required = false, example = "tanaka", min_length = 1, max_length = 100)]
    pub q: Option<String>,
    /// `name`, or `-name` for the last one first.
    #[param(required = false, example = "name", default = "name", pattern = "^-?name$")]
    pub sort: Option<String>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct UserQuery {
    filter: UserFilter,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for UserQuery {
    fn from_params(params: &mut Params) -> Self {
        let roles = Role::ALL.map(|role| (role.as_str(), role));
        let states = UserState::ALL.map(|state| (state.as_str(), state));
        let filter = UserFilter {
            role: params.choice("role", &roles),
            state: params.choice("state", &states),
            words: params.words("q", 100),
        };
        Self { filter, paging: Paging::by_name(params), fields: Only::from_params(params).fields }
    }
}

/// List users
///
/// By name.
#[utoipa::path(tag = "Newsroom: users", params(StaffUserFilter, PageParams, FieldsParams), responses((status = 200, description = "One page", body = StaffUserList)))]
#[get("/users")]
async fn list_users(_by: Actor<People>, query: Query<UserQuery>, app: App) -> Reply<StaffUserList> {
    let UserQuery { filter, paging, fields } = query.0;
    let fields = Fields::among::<StaffUser>(&app, fields)?;
    let list = identity("users", app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let (window, mut regions, total) = app
        .read(async |tx| {
            let window = people::list_in(tx, &filter, &seek).await?;
            let ids: Vec<Uuid> = window.rows.iter().map(|user| user.id).collect();
            let regions = people::regions_of(tx, &ids).await?;
            let total = paging.total(async || people::count_in(tx, &filter).await).await?;
            Ok((window, regions, total))
        })
        .await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let person = |user: people::User| Person { regions: regions.remove(&user.id).unwrap_or_default(), user };
    let data = window.rows.into_iter().map(person).map(StaffUser::try_from).collect::<Result<_>>()?;
    Ok(Tagged::plain(StaffUserList { data, meta }).links(&links).only(fields))
}

/// Add a user
///
/// They sign in with the address and the password that you give. An API token adds no user whose role allows more than
/// the token does.
#[utoipa::path(tag = "Newsroom: users", request_body = UserCreate, responses((status = 201, description = "The user", body = StaffUser)))]
#[post("/users")]
async fn create_user(by: Actor<People>, new: Body<UserCreate>, app: App) -> Reply<StaffUser> {
    let now = app.now();
    let UserCreate { email, name, role, password, regions, author } = new.0;
    desk::people::unless_beyond(&by, &[role])?;
    let hash = match password {
        None => None,
        Some(password) => {
            allowed(&app, "/password", &password, &email, &name, None)?;
            Some(app.passwords.hash(password).await?)
        }
    };
    let new = NewUser { email, name, role, regions, author };
    app.write(async move |tx| {
        let person = desk::people::create_user(tx, &Doer::from(&*by), new, hash, now).await?;
        let location = format!("/v1/newsroom/users/{}", person.user.id);
        Ok(Tagged::created(person.try_into()?, 1, location))
    })
    .await
}

/// Read a user
///
/// Only admins see users; everybody sees themselves at `/v1/auth/me`.
#[utoipa::path(tag = "Newsroom: users", responses((status = 200, description = "The user", body = StaffUser)))]
#[get("/users/{id}")]
async fn get_user(_by: Actor<People>, id: Path<Uuid>, app: App) -> Reply<StaffUser> {
    let person = app.read(async |tx| desk::people::find(tx, id.0).await).await?;
    let version = person.user.version;
    Ok(Tagged::of(person.try_into()?, version))
}

/// Change a user
///
/// A new role, state or password ends every session and API token of theirs at once. An API token changes only users
/// whose role, before and after, allows no more than the token does.
#[utoipa::path(tag = "Newsroom: users", request_body = UserPatch, responses((status = 200, description = "The user as they are now", body = StaffUser)))]
#[patch("/users/{id}")]
async fn patch_user(
    by: Actor<People>,
    id: Path<Uuid>,
    seen: IfMatch,
    patch: Body<UserPatch>,
    app: App,
) -> Reply<StaffUser> {
    let now = app.now();
    desk::people::unless_beyond(&by, patch.0.role.as_slice())?;
    let patch = checked(&app, id.0, patch.0).await?;
    app.write(async move |tx| {
        desk::people::unless_above(tx, &by, id.0).await?;
        let person = desk::people::patch_user(tx, &Doer::from(&*by), id.0, &seen.0, patch, now).await?;
        let version = person.user.version;
        Ok(Tagged::of(person.try_into()?, version))
    })
    .await
}

/// Remove a user
///
/// Only while no article names them; else suspend them instead. An API token removes only users whose role allows no more
/// than the token does.
#[utoipa::path(tag = "Newsroom: users", responses((status = 204, description = "They are gone")))]
#[delete("/users/{id}")]
async fn delete_user(by: Actor<People>, id: Path<Uuid>, seen: IfMatch, app: App) -> Reply<()> {
    let now = app.now();
    app.write(async move |tx| {
        desk::people::unless_above(tx, &by, id.0).await?;
        desk::people::delete_user(tx, &Doer::from(&*by), id.0, &seen.0, now).await?;
        Ok(Tagged::nothing())
    })
    .await
}

/// The patch with the password as its hash, made before the transaction begins.
async fn checked(app: &App, id: Uuid, patch: UserPatch) -> Result<desk::people::UserPatch> {
    let password_hash = match patch.password {
        Change::Keep => Change::Keep,
        Change::Clear => Change::Clear,
        Change::Set(password) => {
            let user = app.read(async |tx| desk::people::find(tx, id).await).await?.user;
            let email = patch.email.as_deref().unwrap_or(&user.email);
            let name = patch.name.as_deref().unwrap_or(&user.name);
            allowed(app, "/password", &password, email, name, None)?;
            Change::Set(app.passwords.hash(password).await?)
        }
    };
    Ok(desk::people::UserPatch {
        email: patch.email,
        name: patch.name,
        role: patch.role,
        state: patch.state,
        regions: patch.regions,
        author: patch.author,
        password_hash,
    })
}
