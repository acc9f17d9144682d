//! placeholder
use std::net::{IpAddr, SocketAddr};
use url::Url;
#[derive(Clone, Debug)]
pub struct Settings {
    pub database_url: String,
    pub bind: SocketAddr,
    pub shutdown_seconds: u64,
    pub public_url: Url,
    pub site_url: Url,
    pub cors_origins: Vec<String>,
    pub jwt_secret: String,
    pub jwt_previous_secrets: Vec<String>,
    pub pool_size: usize,
    pub workers: usize,
    pub site_name: String,
    pub site_publisher: String,
    pub site_address: Option<String>,
    pub cache_bytes: usize,
}
impl Settings {
    pub fn trusts_proxy(&self, _ip: IpAddr) -> bool {
        false
    }
    pub fn for_tests(database_url: &str) -> Self {
        Self {
            database_url: database_url.to_owned(),
            bind: ([127, 0, 0, 1], 0).into(),
            shutdown_seconds: 2,
            public_url: "http://api.example.org".parse().unwrap(),
            site_url: "https://news.example.org".parse().unwrap(),
            cors_origins: vec![],
            jwt_secret: "a secret of the tests that is long enough".into(),
            jwt_previous_secrets: vec![],
            pool_size: 4,
            workers: 1,
            site_name: "The Example Times".into(),
            site_publisher: "Example Press".into(),
            site_address: None,
            cache_bytes: 64 << 20,
        }
    }
}
