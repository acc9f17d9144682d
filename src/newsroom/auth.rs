//! Signing in and out, who one is, and the keys that tokens are checked with.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{get, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::grant::{Grant, TokenForm, invalid_grant};
use super::passwords::{allowed, unless_wrong};
use super::views::{AccessTokens, KeySet, Me};
use crate::base::error::{Code, Error, Result};
use crate::desk;
use crate::desk::sessions::{Issued, Mint};
use crate::http::actor::{SignedIn, client_address};
use crate::http::attempts::Attempt;
use crate::http::{Actor, App, Body, Form, IfMatch, Reply, Tagged};
use crate::rules::{email, opaque};
use crate::store::people;
use crate::store::records::Doer;

/// Mounts the operations below `/v1/auth`.
pub fn mount(config: &mut ServiceConfig<'_>) {
    config.service(issue_tokens).service(log_out).service(get_me).service(patch_me).service(change_password);
}

/// What changes of one's own account: a merge-patch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MePatch {
    /// As it is shown.
    #[serde(default)]
    #[schema(example = "Mei Tanaka", min_length = 1, max_length = 120, pattern = "\\S", nullable = false)]
    pub name: Option<String>,
}

/// A new password for oneself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present password.
    #[schema(example = "nine lanterns over a wet quay", min_length = 1, max_length = 256, format = Password)]
    pub current_password: String,
    /// 15 to 256 characters, not what everybody tries first; counted and compared in composed form (NFC).
    #[schema(example = "a kettle, two maps and the late ferry", min_length = 15, max_length = 256, format = Password)]
    pub new_password: String,
}

/// Get tokens
///
/// OAuth 2: `grant_type=password` signs in, `grant_type=refresh_token` goes on. A refresh token is exchanged once; within
/// ten seconds the same answer comes again, after that its session ends. `scope` and client credentials have no effect,
/// and neither has `Idempotency-Key`: tokens are never kept to be answered again.
#[utoipa::path(tag = "Auth", request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"), responses((status = 200, description = "Tokens", body = AccessTokens)))]
#[post("/token")]
async fn issue_tokens(form: Form<TokenForm>, app: App) -> Reply<AccessTokens> {
    let issued = match Grant::try_from(form.0)? {
        Grant::Password { username, password } => sign_in(&app, &username, password).await?,
        Grant::Refresh { token } => refresh(&app, token).await?,
    };
    issued.map(|issued| Tagged::plain(issued.into())).ok_or_else(invalid_grant)
}

/// Unknown and known users cost the same and are answered the same.
async fn sign_in(app: &App, username: &str, password: String) -> Result<Option<Issued>> {
    let account = email::normal(username).unwrap_or_else(|_| username.trim().to_lowercase());
    let attempt = Attempt::at(app, &account)?;
    let found = app.read(async |tx| people::by_email(tx, &account).await).await;
    let user = found.inspect_err(|_| attempt.uncounted())?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let checked = app.passwords.verify(password, hash).await.inspect_err(|_| attempt.uncounted())?;
    let (shared, address, now) = (app.clone(), client_address(app.request(), app), app.now());
    let started = app
        .commit(async move |tx| {
            let started = match user.as_ref().filter(|_| checked) {
                Some(user) => desk::sessions::start(tx, mint(&shared), user, address.as_deref(), now).await?,
                None => None,
            };
            if started.is_none() {
                desk::sessions::refuse(tx, &account, user.map(|user| user.id), address.as_deref(), now);
            }
            Ok(started)
        })
        .await
        .inspect_err(|_| attempt.uncounted())?;
    if started.is_some() {
        attempt.succeeded();
    }
    Ok(started)
}

/// What is no refresh token costs no connection.
async fn refresh(app: &App, token: String) -> Result<Option<Issued>> {
    if !opaque::is_refresh_token(&token) {
        return Ok(None);
    }
    let (shared, address, now) = (app.clone(), client_address(app.request(), app), app.now());
    app.commit(async move |tx| desk::sessions::renew(tx, mint(&shared), &token, address.as_deref(), now).await).await
}

/// Sign out
///
/// Ends the session: its access tokens and its refresh token are refused at once.
#[utoipa::path(tag = "Auth", responses((status = 204, description = "Signed out")))]
#[post("/logout")]
async fn log_out(by: Actor<SignedIn>, app: App) -> Reply<()> {
    let session_id = session_of(&by)?;
    let now = app.now();
    app.write(async move |tx| {
        desk::sessions::end(tx, &Doer::from(&*by), session_id, now).await?;
        Ok(Tagged::nothing())
    })
    .await
}

/// Read one's own account
///
/// The user, and what role and token allow together.
#[utoipa::path(tag = "Auth", responses((status = 200, description = "The caller", body = Me)))]
#[get("/me")]
async fn get_me(by: Actor<SignedIn>, app: App) -> Reply<Me> {
    let person = app.read(async |tx| desk::people::find(tx, by.user_id).await).await?;
    let version = person.user.version;
    Ok(Tagged::of(Me::of(&by, person), version))
}

/// Change one's own account
///
/// The name; role, state and regions are for administrators.
#[utoipa::path(tag = "Auth", request_body = MePatch, responses((status = 200, description = "The caller", body = Me)))]
#[patch("/me")]
async fn patch_me(by: Actor<SignedIn>, seen: IfMatch, patch: Body<MePatch>, app: App) -> Reply<Me> {
    session_of(&by)?;
    let now = app.now();
    let patch = desk::people::UserPatch { name: patch.0.name, ..desk::people::UserPatch::default() };
    app.write(async move |tx| {
        let person = desk::people::patch_user(tx, &Doer::from(&*by), by.user_id, &seen.0, patch, now).await?;
        let version = person.user.version;
        Ok(Tagged::of(Me::of(&by, person), version))
    })
    .await
}

/// Change one's own password
///
/// Ends every session and API token of the user; the answer holds the tokens of a new session.
#[utoipa::path(tag = "Auth", request_body = PasswordChange, responses((status = 200, description = "Tokens of a new session", body = AccessTokens)))]
#[post("/password")]
async fn change_password(by: Actor<SignedIn>, change: Body<PasswordChange>, app: App) -> Reply<AccessTokens> {
    session_of(&by)?;
    let user = app.read(async |tx| desk::people::find(tx, by.user_id).await).await?.user;
    let PasswordChange { current_password, new_password } = change.0;
    unless_wrong(&app, &user, current_password.clone()).await?;
    allowed(&app, "/new_password", &new_password, &user.email, &user.name, Some(&current_password))?;
    let new_hash = app.passwords.hash(new_password).await?;
    let (shared, now) = (app.clone(), app.now());
    app.write(async move |tx| {
        let doer = Doer::from(&*by);
        let old_hash = user.password_hash.as_deref();
        let user = desk::people::change_password(tx, &doer, user.id, old_hash, new_hash, now).await?;
        let issued = desk::sessions::start(tx, mint(&shared), &user, doer.address, now).await?;
        issued.map(|issued| Tagged::plain(issued.into())).ok_or_else(invalid_grant)
    })
    .await
}

/// Read the public keys of access tokens
///
/// Ed25519; the present key first. Held for some minutes.
#[utoipa::path(tag = "Auth", responses((status = 200, description = "The keys", body = KeySet)))]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(app: App) -> Reply<KeySet> {
    let keys = KeySet::of(app.signer.public_keys());
    Ok(Tagged::plain(keys).header(CACHE_CONTROL, "public, max-age=300".to_owned()))
}

fn mint(app: &App) -> Mint<'_> {
    Mint { signer: &app.signer, seal: &app.reply_keys }
}

/// The session of a person who signed in; an API token has none.
fn session_of(by: &Actor<SignedIn>) -> Result<Uuid> {
    by.session_id.ok_or_else(|| Error::new(Code::Forbidden, "This is for people who signed in, not for API tokens."))
}
