//! The settings that the server is composed with.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use url::Url;

use super::network::Network;

/// One link of the site's navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavigationItem {
    /// What it says.
    pub label: String,
    /// A path of the site, or a URL.
    pub target: String,
}

/// What the server needs to know, checked.
#[derive(Clone)]
pub struct Settings {
    /// Where PostgreSQL is.
    pub database_url: String,
    /// Where its read replicas are.
    pub replica_urls: Vec<String>,
    /// How far they may be behind.
    pub replica_lag: Duration,
    /// The address to listen on.
    pub bind: SocketAddr,
    /// How long requests in flight may take to finish at a stop.
    pub shutdown_seconds: u64,
    /// How clients reach this API: scheme, host and port.
    pub public_url: Url,
    /// Where readers find the site: scheme, host and port.
    pub site_url: Url,
    /// Origins whose scripts may use the newsroom.
    pub cors_origins: Vec<String>,
    /// From this all keys are made.
    pub jwt_secret: String,
    /// Former secrets whose tokens are still accepted.
    pub jwt_previous_secrets: Vec<String>,
    /// Proxies whose word about the client's address is taken.
    pub trusted_proxies: Vec<Network>,
    /// Connections for writing.
    pub pool_size: usize,
    /// Requests of a caller in a minute; 0 for any number.
    pub rate_token: u32,
    /// Requests of an address in a minute that come without a token and are not answered from memory; 0 for any number.
    pub rate_address: u32,
    /// Connections that an address may hold at once; 0 for any number.
    pub connections_per_address: usize,
    /// Whether public answers say how they were made.
    pub server_timing: bool,
    /// Threads that answer requests.
    pub workers: usize,
    /// How many days a deleted article can be restored.
    pub trash_days: u32,
    /// How much of the public answers is held in memory.
    pub cache_bytes: usize,
    /// Name of the site.
    pub site_name: String,
    /// Who publishes it.
    pub site_publisher: String,
    /// Postal address of the publisher.
    pub site_address: Option<String>,
    /// Links of the site's navigation, in order.
    pub site_navigation: Vec<NavigationItem>,
}

impl Settings {
    /// Whether the word of this peer about the client's address is taken.
    pub fn trusts_proxy(&self, ip: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(ip))
    }

    /// Settings for a server inside of a test: a free port, one worker, fixed names.
    #[expect(clippy::expect_used, reason = "both URLs are written here")]
    pub fn for_tests(database_url: &str) -> Self {
        Self {
            database_url: database_url.to_owned(),
            replica_urls: Vec::new(),
            replica_lag: Duration::from_secs(1),
            bind: ([127, 0, 0, 1], 0).into(),
            shutdown_seconds: 2,
            public_url: "http://api.example.org".parse().expect("a URL"),
            site_url: "https://news.example.org".parse().expect("a URL"),
            cors_origins: Vec::new(),
            jwt_secret: "a secret of the tests that is long enough".to_owned(),
            jwt_previous_secrets: Vec::new(),
            trusted_proxies: Vec::new(),
            pool_size: 4,
            rate_token: 0,
            rate_address: 0,
            connections_per_address: 0,
            server_timing: true,
            workers: 1,
            trash_days: 30,
            cache_bytes: 64 << 20,
            site_name: "The Example Times".to_owned(),
            site_publisher: "Example Press".to_owned(),
            site_address: None,
            site_navigation: Vec::new(),
        }
    }
}

impl fmt::Debug for Settings {
    /// Without the secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("replicas", &self.replica_urls.len())
            .field("replica_lag", &self.replica_lag)
            .field("bind", &self.bind)
            .field("public_url", &self.public_url.as_str())
            .field("site_url", &self.site_url.as_str())
            .field("shutdown_seconds", &self.shutdown_seconds)
            .field("cors_origins", &self.cors_origins)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("pool_size", &self.pool_size)
            .field("rate_token", &self.rate_token)
            .field("rate_address", &self.rate_address)
            .field("connections_per_address", &self.connections_per_address)
            .field("server_timing", &self.server_timing)
            .field("workers", &self.workers)
            .field("trash_days", &self.trash_days)
            .field("cache_bytes", &self.cache_bytes)
            .field("site_name", &self.site_name)
            .field("site_publisher", &self.site_publisher)
            .field("site_address", &self.site_address)
            .field("site_navigation", &self.site_navigation)
            .finish_non_exhaustive()
    }
}
