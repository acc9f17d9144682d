//! placeholder
use std::net::IpAddr;
use url::Url;
#[derive(Clone, Debug)]
pub struct Settings {
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
}
impl Settings {
    pub fn trusts_proxy(&self, _ip: IpAddr) -> bool {
        false
    }
}
