//! How many connections each address holds. In the memory of each instance; a refusal costs no more than the accepting.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tokio::net::TcpStream;

use super::problem::Problem;
use crate::base::config::Settings;
use crate::base::error::{Code, Error};

/// What a refused client is told, if it listens.
static REFUSAL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let error = Error::new(Code::Unavailable, "This address holds as many connections as it may.");
    Problem::alone(&error.after(1), "none")
});
/// What the request that comes along is read into, so that closing does not take the refusal with it.
const REST: usize = 4096;

/// Open connections by address. Shared by all workers.
#[derive(Debug, Default)]
pub struct Callers {
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection that counts for its address until it is dropped.
#[derive(Debug)]
pub struct Held {
    callers: Arc<Callers>,
    address: IpAddr,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut open = self.callers.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// Whether a connection is served.
#[derive(Debug)]
pub enum Admission {
    /// It counts.
    Counted(Held),
    /// Nobody counts it: a proxy speaks for many, or no limit is set.
    Free,
    /// Its address holds as many as it may.
    Refused,
}

impl Callers {
    /// Lets a connection from this peer in, or not.
    pub fn admit(self: &Arc<Self>, peer: IpAddr, settings: &Settings) -> Admission {
        let most = settings.connections_per_address;
        let peer = peer.to_canonical();
        if most == 0 || settings.trusts_proxy(peer) {
            return Admission::Free;
        }
        let address = subscriber(peer);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= most {
            tracing::debug!(%address, most, "refused a connection");
            return Admission::Refused;
        }
        *count += 1;
        if *count == most {
            tracing::warn!(
                %address, most,
                "an address holds as many connections as it may; if it is a proxy, name it in DATELINE_TRUSTED_PROXIES"
            );
        }
        Admission::Counted(Held { callers: Arc::clone(self), address })
    }

    /// How many connections are counted.
    pub fn counted(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

/// The address as it is counted: an IPv6 subscriber has a whole /64.
pub(super) fn subscriber(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        IpAddr::V4(_) => address,
    }
}

/// Says no and closes. Waits for nothing: what cannot be said at once is left unsaid.
pub fn refuse(stream: TcpStream) {
    // The runtime does not know yet whether a connection that is new can be written to; the system does.
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.read(&mut [0; REST]);
        let _ = stream.write(&REFUSAL);
    }
}
