//! Who is asking: a bearer token turned into a [`Principal`] that has the right the operation needs.

use std::marker::PhantomData;
use std::net::{IpAddr, SocketAddr};

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::future::{Ready, ready};
use uuid::Uuid;

use super::app::{App, Shared};
use super::callers::subscriber;
use super::entrance::Takes;
use crate::base::error::{Code, Error, Result};
use crate::base::secret::sha256;
use crate::rules::opaque;
use crate::rules::permission::{Principal, Right};
use crate::store::callers;

/// A right as a type, so that it stands in the signature of each handler.
pub trait Needs {
    /// The right; none where being signed in is enough.
    const RIGHT: Option<Right>;
}

/// Anybody who is signed in, whatever role and scopes say.
#[derive(Debug)]
pub struct SignedIn;

impl Needs for SignedIn {
    const RIGHT: Option<Right> = None;
}

macro_rules! needs {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub struct $name;

        impl Needs for $name {
            const RIGHT: Option<Right> = Some(Right::$name);
        }
    )+};
}

needs! {
    /// May read the newsroom face.
    Read;
    /// May write articles.
    Articles;
    /// May hand articles to the editors.
    Submit;
    /// May publish.
    Publish;
    /// May allow what was killed.
    Reinstate;
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
    /// May read the audit log.
    Audit;
    /// May place and lift legal holds.
    Hold;
}

/// A caller that has the right `N`.
#[derive(Debug)]
pub struct Actor<N> {
    principal: Principal,
    right: PhantomData<N>,
}

/// Who was let in, and what the operation takes: left in the request for [`Actor`], which is first among what a handler
/// takes, so that nothing that was sent is read for those who may not send it.
#[derive(Debug)]
pub(super) struct Entrant {
    pub principal: Principal,
    pub takes: Takes,
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
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::admitted(request))
    }
}

impl<N: Needs> Actor<N> {
    fn admitted(request: &HttpRequest) -> Result<Self> {
        let entrant = request.extensions_mut().remove::<Entrant>();
        let Entrant { principal, takes } = entrant.ok_or_else(|| Error::internal("nobody was asked for a token"))?;
        if let Some(right) = N::RIGHT.filter(|right| !principal.may(*right)) {
            let detail = format!("This needs the right {} from role and token.", right.as_str());
            return Err(Error::new(Code::Forbidden, detail));
        }
        takes.nothing_else(request.query_string(), request.headers())?;
        App::leave(request, Caller(principal.user_id));
        Ok(Self { principal, right: PhantomData })
    }
}

/// Who sends the request. The token is checked by itself first, so that a bad one costs no database connection.
///
/// # Errors
/// 401, or 503.
pub(super) async fn identify(request: &HttpRequest) -> Result<Principal> {
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
    let shared = request.app_data::<Data<Shared>>().cloned().ok_or_else(|| Error::internal("no shared state"))?;
    let now = shared.clock.now();
    let found = if token.starts_with(opaque::API_PREFIX) {
        if !opaque::is_api_token(token) {
            return Err(refused());
        }
        callers::by_api_token(&shared.database, &sha256(token.as_bytes()), now).await?
    } else {
        let claims = shared.signer.verify(token, now).ok_or_else(refused)?;
        callers::by_session(&shared.database, claims.sub, claims.sid, claims.epoch, now).await?
    };
    let mut principal = found.ok_or_else(refused)?;
    principal.address = client_address(request, &shared);
    Ok(principal)
}

/// The peer's address; a proxy's word is taken only if the proxy is listed as trusted, and only as far back as every
/// hop is a proxy that is. A hop that cannot be read ends the chain, or a client could write its own behind it.
pub fn client_address(request: &HttpRequest, shared: &Shared) -> Option<String> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let mut client = peer;
    let values: Vec<_> = request.headers().get_all("x-forwarded-for").collect();
    // What cannot be read is no address.
    let lines = values.iter().rev().map(|value| value.to_str().unwrap_or_default());
    for hop in lines.flat_map(|value| value.rsplit(',')) {
        if !shared.settings.trusts_proxy(client) {
            break;
        }
        let Some(before) = hop_address(hop.trim()) else { break };
        client = before.to_canonical();
    }
    Some(client.to_string())
}

/// The client as it is counted.
pub(super) fn subscriber_of(request: &HttpRequest, shared: &Shared) -> String {
    let address = client_address(request, shared).unwrap_or_default();
    address.parse::<IpAddr>().map_or(address, |ip| subscriber(ip.to_canonical()).to_string())
}

/// An address as proxies write it, with a port or without.
fn hop_address(hop: &str) -> Option<IpAddr> {
    hop.parse::<IpAddr>().or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip())).ok()
}
