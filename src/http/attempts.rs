//! How often somebody may guess a password: counted for the account, in whatever spelling it was sent, and for the
//! address of the peer. In the memory of each instance, and bounded.

use std::sync::{Mutex, PoisonError};

use actix_web::http::header::HeaderValue;
use chrono::{DateTime, Utc};

use super::actor::subscriber_of;
use super::app::App;
use super::manners::RequestInfo;
use super::rates::{LIMIT, POLICY};
use super::windows::{Left, Windows};
use crate::base::error::{Code, Error, Result};
use crate::base::secret::sha256;

const WINDOW_SECONDS: i64 = 900;
const PER_ACCOUNT: u32 = 10;
const PER_PEER: u32 = 30;

/// All counts. Shared by all workers.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<Tables>);

#[derive(Debug)]
struct Tables {
    accounts: Windows<Key>,
    peers: Windows<Key>,
}

impl Default for Tables {
    fn default() -> Self {
        Self { accounts: Windows::of(WINDOW_SECONDS), peers: Windows::of(WINDOW_SECONDS) }
    }
}

type Key = [u8; 32];

/// What is left, as the `RateLimit` headers say it.
#[derive(Clone, Copy, Debug)]
struct Standing {
    account: Left,
    peer: Left,
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
        let peer = sha256(subscriber_of(app.request(), app).as_bytes());
        let (allowed, standing) = app.attempts.take(&account, &peer, app.now());
        standing.tell();
        if allowed {
            return Ok(Self { all: &app.attempts, account, peer });
        }
        let spent = [standing.account, standing.peer].into_iter().filter(|left| left.times == 0);
        let wait = spent.map(|left| left.seconds).max().unwrap_or(WINDOW_SECONDS);
        let detail = "Signing in failed too often for this account or from this address.";
        Err(Error::new(Code::TooManyRequests, detail).after(u32::try_from(wait).unwrap_or(u32::MAX).max(1)))
    }

    /// The password was right: the account starts afresh; what the peer failed at elsewhere stays counted.
    pub fn succeeded(&self) {
        let mut tables = self.all.tables();
        tables.accounts.forget(&self.account);
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
        if before.account.times == 0 || before.peer.times == 0 {
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

impl Standing {
    /// Says what is left in the answer, whatever it will be.
    fn tell(self) {
        let Self { account, peer } = self;
        let limit = format!(
            "\"account\";r={};t={}, \"peer\";r={};t={}",
            account.times, account.seconds, peer.times, peer.seconds
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
