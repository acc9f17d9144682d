//! How many requests are answered in a minute: for each API token or person in the newsroom, and for each address that
//! asks without a token for what is not in memory. In the memory of each instance, and bounded.

use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, HeaderValue};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::actor::subscriber_of;
use super::app::Shared;
use super::manners::RequestInfo;
use super::windows::{Left, Windows};
use crate::base::error::{Code, Error, Result};
use crate::base::secret::sha256;
use crate::rules::permission::Principal;

const WINDOW_SECONDS: i64 = 60;
pub(super) const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
pub(super) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// All counts. Shared by all workers.
#[derive(Debug)]
pub struct Rates {
    callers: Mutex<Windows<Uuid>>,
    addresses: Mutex<Windows<[u8; 32]>>,
}

impl Default for Rates {
    fn default() -> Self {
        Self { callers: Mutex::new(Windows::of(WINDOW_SECONDS)), addresses: Mutex::new(Windows::of(WINDOW_SECONDS)) }
    }
}

/// Counts a request of a caller who is known, and says in its answer what is left.
///
/// # Errors
/// 429 when nothing was left.
pub(super) fn count_caller(shared: &Shared, principal: &Principal) -> Result<()> {
    let most = shared.settings.rate_token;
    if most == 0 {
        return Ok(());
    }
    let key = principal.token_id.unwrap_or(principal.user_id);
    let (counted, left) = take(&shared.rates.callers, &key, most, shared.clock.now());
    tell("token", most, left);
    if counted { Ok(()) } else { Err(refused("This token was used", left)) }
}

/// Counts a request of somebody who is not known. What is left is said only where nothing is: other answers may be
/// shared by caches, and would tell everybody what is left to one.
///
/// # Errors
/// 429 when nothing was left.
pub(super) fn count_address(shared: &Shared, request: &HttpRequest) -> Result<()> {
    let most = shared.settings.rate_address;
    if most == 0 {
        return Ok(());
    }
    let key = sha256(subscriber_of(request, shared).as_bytes());
    let (counted, left) = take(&shared.rates.addresses, &key, most, shared.clock.now());
    if counted {
        return Ok(());
    }
    tell("address", most, left);
    Err(refused("This address asked", left))
}

fn take<K: Eq + Hash + Copy>(windows: &Mutex<Windows<K>>, key: &K, most: u32, now: DateTime<Utc>) -> (bool, Left) {
    let mut windows = windows.lock().unwrap_or_else(PoisonError::into_inner);
    let before = windows.left(key, most, now);
    if before.times == 0 {
        return (false, before);
    }
    windows.count(key, now);
    (true, windows.left(key, most, now))
}

fn tell(limit: &str, most: u32, left: Left) {
    let (times, seconds) = (left.times, left.seconds);
    for (name, value) in [
        (LIMIT, format!("\"{limit}\";r={times};t={seconds}")),
        (POLICY, format!("\"{limit}\";q={most};w={WINDOW_SECONDS}")),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            RequestInfo::current().tell(name, value);
        }
    }
}

fn refused(who: &str, left: Left) -> Error {
    let wait = u32::try_from(left.seconds).unwrap_or(u32::MAX).max(1);
    Error::new(Code::TooManyRequests, format!("{who} too often within a minute.")).after(wait)
}
