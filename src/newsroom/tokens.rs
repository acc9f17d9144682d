//! API tokens: list, make, read, revoke.

use actix_web::{delete, get, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::views::{StaffToken, StaffTokenCreated, StaffTokenList};
use crate::base::clock::Timestamp;
use crate::base::error::Error;
use crate::desk;
use crate::desk::tokens::{NewToken, seen_by};
use crate::http::actor::Read;
use crate::http::cursor::{Paging, around, identity};
use crate::http::deliver::Fields;
use crate::http::listing::{AgeParams, FieldsParams, Only, PageParams};
use crate::http::query::{FromParams, Params};
use crate::http::{Actor, App, Body, IfMatch, Path, Query, Reply, Tagged};
use crate::rules::permission::Right;
use crate::store::tokens;

/// Mounts the operations.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(list_tokens).service(create_token).service(get_token).service(revoke_token);
}

/// A new API token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenCreate {
    /// What people call it.
    #[schema(example = "Wire import", min_length = 1, max_length = 120, pattern = "\\S")]
    pub name: String,
    /// What it allows: no more than the role of its user, nor than whoever makes it may.
    #[schema(example = json!(["newsroom:read", "articles:write"]), min_items = 1, max_items = 20)]
    pub scopes: Vec<Right>,
    /// For whom it acts: oneself when absent; administrators may name anybody.
    #[serde(default)]
    #[schema(example = "0198c0de-7000-7000-8000-000000000501", nullable = false)]
    pub user_id: Option<Uuid>,
    /// When it ends: within 366 days; 90 days from now when absent.
    #[serde(default)]
    #[schema(nullable = false)]
    pub expires_at: Option<Timestamp>,
}

/// Parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StaffTokenFilter {
    /// Only tokens that act for this user.
    #[param(required = false, example = "0198c0de-7000-7000-8000-000000000501")]
    pub user: Option<Uuid>,
}

/// The parameters as they were read.
#[derive(Debug)]
pub struct TokenQuery {
    user: Option<Uuid>,
    paging: Paging,
    fields: Option<Vec<String>>,
}

impl FromParams for TokenQuery {
    fn from_params(params: &mut Params) -> Self {
        Self { user: params.take("user"), paging: Paging::by_age(params), fields: Only::from_params(params).fields }
    }
}

/// List API tokens
///
/// One's own, and for administrators everybody's; the newest first, revoked and expired ones too.
#[utoipa::path(tag = "Newsroom: tokens", params(StaffTokenFilter, AgeParams, PageParams, FieldsParams), responses((status = 200, description = "One page", body = StaffTokenList)))]
#[get("/tokens")]
async fn list_tokens(by: Actor<Read>, query: Query<TokenQuery>, app: App) -> Reply<StaffTokenList> {
    let TokenQuery { user, paging, fields } = query.0;
    let fields = Fields::among::<StaffToken>(&app, fields)?;
    let list = identity(&format!("tokens of {:?}", seen_by(&by)), app.request().query_string());
    let seek = paging.seek(&app.cursor_key, &list)?;
    let (window, total) = app
        .read(async |tx| {
            let window = tokens::list_in(tx, seen_by(&by), user, &seek).await?;
            let total = paging.total(async || tokens::count_in(tx, seen_by(&by), user).await).await?;
            Ok((window, total))
        })
        .await?;
    let (meta, links) = around(&app, &list, &paging, &window, total);
    let data = window.rows.into_iter().map(StaffToken::from).collect();
    Ok(Tagged::plain(StaffTokenList { data, meta }).links(&links).only(fields))
}

/// Make an API token
///
/// The token itself is in this answer and in no other.
#[utoipa::path(tag = "Newsroom: tokens", request_body = TokenCreate, responses((status = 201, description = "The token", body = StaffTokenCreated)))]
#[post("/tokens")]
async fn create_token(by: Actor<Read>, new: Body<TokenCreate>, app: App) -> Reply<StaffTokenCreated> {
    let now = app.now();
    let TokenCreate { name, scopes, user_id, expires_at } = new.0;
    let user_id = user_id.unwrap_or(by.user_id);
    let new = NewToken { user_id, name, scopes, expires_at: expires_at.map(|at| at.0) };
    app.write(async move |tx| {
        let (row, token) = desk::tokens::create_by(tx, &by, new, now).await?;
        let location = format!("/v1/newsroom/tokens/{}", row.id);
        Ok(Tagged::created(StaffTokenCreated { token, shown: row.into() }, 1, location))
    })
    .await
}

/// Read an API token
///
/// What it may, and when it was used last. Your own; an admin reads everybody’s.
#[utoipa::path(tag = "Newsroom: tokens", responses((status = 200, description = "The token, without itself", body = StaffToken)))]
#[get("/tokens/{id}")]
async fn get_token(by: Actor<Read>, id: Path<Uuid>, app: App) -> Reply<StaffToken> {
    let token =
        app.read(async |tx| tokens::find_in(tx, seen_by(&by), id.0).await).await?.ok_or_else(Error::not_found)?;
    let version = token.version();
    Ok(Tagged::of(StaffToken::from(token), version))
}

/// Revoke an API token
///
/// It is refused at once and for ever; its record stays.
#[utoipa::path(tag = "Newsroom: tokens", responses((status = 204, description = "It is revoked")))]
#[delete("/tokens/{id}")]
async fn revoke_token(by: Actor<Read>, id: Path<Uuid>, seen: IfMatch, app: App) -> Reply<()> {
    let now = app.now();
    app.write(async move |tx| {
        desk::tokens::revoke(tx, &by, id.0, &seen.0, now).await?;
        Ok(Tagged::nothing())
    })
    .await
}
