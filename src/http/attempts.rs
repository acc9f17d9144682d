//! How often somebody may guess a password: counted for the account, in whatever spelling it was sent, and for the
//! address of the peer. In the memory of each instance, and bounded.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use actix_web::http::header::{HeaderName, HeaderValue};
use chrono::{DateTime, TimeDelta, Utc};

use super::actor::client_address;
use super::app::App;
use super::manners::RequestInfo;
use crate::base::error::{Code, Error, Result};
use crate::base::secret::sha256;

const WINDOW_SECONDS: i64 = 900;
const PER_ACCOUNT: u32 = 10;
const PER_PEER: u32 = 30;
const MOST_KEYS: usize = 50_000;
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// All counts. Shared by all workers.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    accounts: Table,
    peers: Table,
}

type Key = [u8; 32];

#[derive(Debug, Default)]
struct Table(HashMap<Key, Window>);

#[derive(Clone, Copy, Debug)]
struct Window {
    failures: u32,
    until: DateTime<Utc>,
}

/// What is left, as the `RateLimit` headers say it.
#[derive(Clone, Copy, Debug)]
struct Standing {
    account: Left,
    peer: Left,
}

#[derive(Clone, Copy, Debug)]
struct Left {
    attempts: u32,
    seconds: i64,
}

/// One guess, counted as a failure until it turns out to be none.
#[derive(Debug)]
pub struct Attempt<'a> {
    all: &'a Attempts,
    account: Key,
    peer: Key,
}

impl<'a> Attempt<'a> {
    /// Counts a guess at this account from the request's peer.
    ///
    /// # Errors
    /// 429 when account or peer have failed too often; that guess is not counted.
    pub fn at(app: &'a App, account: &str) -> Result<Self> {
        let account = sha256(account.as_bytes());
        let peer = sha256(peer(app).as_bytes());
        let (allowed, standing) = app.attempts.take(&account, &peer, app.now());
        standing.tell();
        if allowed {
            return Ok(Self { all: &app.attempts, account, peer });
        }
        let spent = [standing.account, standing.peer].into_iter().filter(|left| left.attempts == 0);
        let wait = spent.map(|left| left.seconds).max().unwrap_or(WINDOW_SECONDS);
        let detail = "Signing in failed too often for this account or from this address.";
        Err(Error::new(Code::TooManyRequests, detail).after(u32::try_from(wait).unwrap_or(u32::MAX).max(1)))
    }

    /// The password was right: the account starts afresh; what the peer failed at elsewhere stays counted.
    pub fn succeeded(&self) {
        let mut tables = self.all.tables();
        tables.accounts.0.remove(&self.account);
        tables.peers.give_back(&self.peer);
    }

    /// Nothing was checked, so nothing counts.
    pub fn uncounted(&self) {
        let mut tables = self.all.tables();
        tables.accounts.give_back(&self.account);
        tables.peers.give_back(&self.peer);
    }
}

impl Attempts {
    fn take(&self, account: &Key, peer: &Key, now: DateTime<Utc>) -> (bool, Standing) {
        let mut tables = self.tables();
        let before = Standing {
            account: tables.accounts.left(account, PER_ACCOUNT, now),
            peer: tables.peers.left(peer, PER_PEER, now),
        };
        if before.account.attempts == 0 || before.peer.attempts == 0 {
            return (false, before);
        }
        tables.accounts.count(account, now);
        tables.peers.count(peer, now);
        let after = Standing {
            account: tables.accounts.left(account, PER_ACCOUNT, now),
            peer: tables.peers.left(peer, PER_PEER, now),
        };
        (true, after)
    }

    fn tables(&self) -> std::sync::MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn left(&self, key: &Key, most: u32, now: DateTime<Utc>) -> Left {
        match self.0.get(key).filter(|window| window.until > now) {
            None => Left { attempts: most, seconds: WINDOW_SECONDS },
            Some(window) => Left {
                attempts: most.saturating_sub(window.failures),
                seconds: ((window.until - now).num_milliseconds() + 999) / 1000,
            },
        }
    }

    fn count(&mut self, key: &Key, now: DateTime<Utc>) {
        if self.0.len() >= MOST_KEYS && !self.0.contains_key(key) {
            self.make_room(now);
        }
        let fresh = Window { failures: 0, until: now + TimeDelta::seconds(WINDOW_SECONDS) };
        let window = self.0.entry(*key).or_insert(fresh);
        if window.until <= now {
            *window = fresh;
        }
        window.failures += 1;
    }

    fn give_back(&mut self, key: &Key) {
        if let Some(window) = self.0.get_mut(key) {
            window.failures = window.failures.saturating_sub(1);
            if window.failures == 0 {
                self.0.remove(key);
            }
        }
    }

    /// Drops what is over, and if that is too little the older half.
    fn make_room(&mut self, now: DateTime<Utc>) {
        self.0.retain(|_, window| window.until > now);
        if self.0.len() >= MOST_KEYS {
            let mut ends: Vec<_> = self.0.values().map(|window| window.until).collect();
            let half = ends.len() / 2;
            let (_, middle, _) = ends.select_nth_unstable(half);
            let middle = *middle;
            self.0.retain(|_, window| window.until > middle);
        }
    }
}

impl Standing {
    /// Says what is left in the answer, whatever it will be.
    fn tell(self) {
        let Self { account, peer } = self;
        let limit = format!(
            "\"account\";r={};t={}, \"peer\";r={};t={}",
            account.attempts, account.seconds, peer.attempts, peer.seconds
        );
        let policy =
            format!("\"account\";q={PER_ACCOUNT};w={WINDOW_SECONDS}, \"peer\";q={PER_PEER};w={WINDOW_SECONDS}");
        for (name, value) in [(LIMIT, limit), (POLICY, policy)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                RequestInfo::current().tell(name, value);
            }
        }
    }
}

/// The peer as it is counted: an IPv6 subscriber has a whole /64.
fn peer(app: &App) -> String {
    let address = client_address(app.request(), app).unwrap_or_default();
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        Ok(ip) => ip.to_string(),
        Err(_) => address,
    }
}
