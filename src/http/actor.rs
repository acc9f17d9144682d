//! Who is asking: a bearer token turned into a [`Principal`] that has the right the operation needs.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{FutureExt, LocalBoxFuture};
use uuid::Uuid;

use super::app::App;
use crate::base::error::{Code, Error, Result};
use crate::base::secret::sha256;
use crate::rules::permission::{Principal, Right};
use crate::rules::token::API_TOKEN_PREFIX;
use crate::store::people;

/// A right as a type, so that it stands in the signature of each handler.
pub trait Needs {
    /// The right.
    const RIGHT: Right;
}

macro_rules! needs {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub struct $name;

        impl Needs for $name {
            const RIGHT: Right = Right::$name;
        }
    )+};
}

needs! {
    /// Any signed-in caller.
    Read;
    /// May write articles.
    Articles;
    /// May publish.
    Publish;
    /// May write media.
    Media;
    /// May write authors.
    Authors;
    /// May write topics.
    Topics;
    /// May write regions.
    Regions;
    /// May administer people and tokens.
    People;
}

/// A caller that has the right `N`.
#[derive(Debug)]
pub struct Actor<N> {
    principal: Principal,
    right: PhantomData<N>,
}

/// The caller's user id, left in the request for its idempotency key.
#[derive(Clone, Copy, Debug)]
pub struct Caller(pub Uuid);

impl<N> std::ops::Deref for Actor<N> {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.principal
    }
}

impl<N: Needs> FromRequest for Actor<N> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let principal = identify(&request).await?;
            if !principal.may(N::RIGHT) {
                let detail = format!("This needs the right {} from role and token.", N::RIGHT.as_str());
                return Err(Error::new(Code::Forbidden, detail));
            }
            App::leave(&request, Caller(principal.user_id));
            Ok(Self { principal, right: PhantomData })
        }
        .boxed_local()
    }
}

/// Checks the token by itself first, so that a bad one costs no database connection.
async fn identify(request: &HttpRequest) -> Result<Principal> {
    let refused = || Error::new(Code::Unauthenticated, "Send Authorization: Bearer with a token that is valid now.");
    let mut values = request.headers().get_all(AUTHORIZATION);
    let value = values.next().and_then(|value| value.to_str().ok()).ok_or_else(refused)?;
    if values.next().is_some() {
        return Err(refused());
    }
    let (scheme, token) = value.split_once(' ').ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused());
    }
    let app = App::of(request)?;
    let now = app.now();
    let found = if token.starts_with(API_TOKEN_PREFIX) {
        people::by_api_token(&app.database, &sha256(token.as_bytes()), now).await?
    } else {
        let claims = app.signer.verify(token, now).ok_or_else(refused)?;
        people::by_session(&app.database, claims.sub, claims.sid, claims.epoch, now).await?
    };
    let mut principal = found.ok_or_else(refused)?;
    principal.address = client_address(request, &app);
    Ok(principal)
}

/// The peer's address; a proxy's word is taken only if the proxy is listed as trusted.
pub fn client_address(request: &HttpRequest, app: &App) -> Option<String> {
    let peer = request.peer_addr()?.ip();
    if !app.settings.trusts_proxy(peer) {
        return Some(peer.to_string());
    }
    let forwarded = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let client = forwarded
        .rsplit(',')
        .filter_map(|hop| hop.trim().parse::<std::net::IpAddr>().ok())
        .find(|hop| !app.settings.trusts_proxy(*hop));
    Some(client.unwrap_or(peer).to_string())
}
