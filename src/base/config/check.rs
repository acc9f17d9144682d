//! Text becomes settings: every value is parsed and bounded, and all faults are found in one go.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZero;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use url::Url;

use super::faults::{Faults, SettingFault};
use super::network::Network;
use super::postgres_url::PostgresUrl;
use super::secret;
use super::settings::{NavigationItem, Settings};
use super::source::Source;
use super::variables::Variables;

const LONGEST_NAME: usize = 200;
const MAKE_A_SECRET: &str = "Set it to what `openssl rand -base64 48` prints, and keep it.";

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// All settings of the program, checked.
#[derive(Clone)]
pub struct Config {
    /// The database to use; without one, the embedded one.
    pub database_url: Option<String>,
    /// Folder of the embedded database.
    pub data_dir: PathBuf,
    /// Folder of PostgreSQL's programs.
    pub pg_bin: Option<PathBuf>,
    /// The address to listen on.
    pub bind: SocketAddr,
    /// Whether others may listen there too.
    pub share_port: bool,
    /// The secret, if one is set.
    pub jwt_secret: Option<String>,
    /// How clients reach this API, if that is set.
    pub public_url: Option<Url>,
    /// How long readiness says no before connections are refused.
    pub drain_seconds: u64,
    /// Whether the site was given a name.
    pub names_site: bool,
    /// What is logged.
    pub log: String,
    /// How it looks.
    pub log_format: LogFormat,
    /// Everything else, complete but for what is known only when the program starts.
    rest: Settings,
}

impl Config {
    /// Reads and checks all settings.
    ///
    /// # Errors
    /// All wrong settings at once.
    pub fn read(source: &Source) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        for name in Variables::names() {
            if source.get(&name).is_some_and(|value| value.trim().is_empty()) {
                faults.0.push(SettingFault::new(name, "is empty.", "Give it a value, or leave it out."));
            }
        }
        let Some(variables) = faults.keep(Variables::read(source)) else { return Err(faults) };
        let names_site = source.get("DATELINE_SITE_NAME").is_some();
        let config = Self::of(variables, names_site, &mut faults);
        // An empty value has been told once; what it is not good for need not be told as well.
        let mut told = BTreeSet::new();
        faults.0.retain(|fault| told.insert(fault.name.clone()));
        match config {
            Some(config) if faults.0.is_empty() => Ok(config),
            _ => Err(faults),
        }
    }

    fn of(variables: Variables, names_site: bool, faults: &mut Faults) -> Option<Self> {
        let database_url = faults.keep(optional(variables.database_url, |url| database("DATABASE_URL", url)));
        let replica_urls = faults
            .keep(each(variables.replica_urls.as_deref(), ',', |url| database("DATABASE_REPLICA_URLS", url)))
            .and_then(|urls| faults.keep(replicas(urls, database_url == Some(None))));
        let replica_lag = faults.keep(number("DATELINE_REPLICA_LAG", &variables.replica_lag, 200..=60_000));
        let bind = faults.keep(address(&variables.bind));
        let share_port = faults.keep(yes("DATELINE_SHARE_PORT", &variables.share_port));
        let public_url = faults.keep(optional(variables.public_url, |text| origin("DATELINE_PUBLIC_URL", text)));
        let site_url = faults.keep(origin("DATELINE_SITE_URL", &variables.site_url));
        let given = database_url != Some(None);
        let jwt_secret = faults.keep(match variables.jwt_secret {
            None if given => Err(SettingFault::new(
                "DATELINE_JWT_SECRET",
                "is not set, and with DATABASE_URL none is made up.",
                MAKE_A_SECRET,
            )),
            secret => optional(secret, |text| strong("DATELINE_JWT_SECRET", text)),
        });
        let jwt_previous_secrets = faults.keep(each(variables.jwt_previous_secrets.as_deref(), ',', |text| {
            strong("DATELINE_JWT_PREVIOUS_SECRETS", text)
        }));
        let cors_origins = faults.keep(each(variables.cors_origins.as_deref(), ',', cors));
        let trusted_proxies = faults.keep(each(variables.trusted_proxies.as_deref(), ',', proxy));
        let pool_size = faults.keep(number("DATELINE_POOL_SIZE", &variables.pool_size, 1..=1000));
        let rate_token = faults.keep(number("DATELINE_RATE_TOKEN", &variables.rate_token, 0..=1_000_000));
        let rate_address = faults.keep(number("DATELINE_RATE_ADDRESS", &variables.rate_address, 0..=1_000_000));
        let connections_per_address =
            faults.keep(number("DATELINE_CONNECTIONS_ADDRESS", &variables.connections_address, 0..=1_000_000));
        let server_timing = faults.keep(yes("DATELINE_SERVER_TIMING", &variables.server_timing));
        let workers = faults.keep(match &variables.workers {
            None => Ok(std::thread::available_parallelism().map_or(1, NonZero::get)),
            Some(text) => number("DATELINE_WORKERS", text, 1..=256),
        });
        let cache_mib: Option<usize> = faults.keep(number("DATELINE_CACHE_MIB", &variables.cache_mib, 0..=65536));
        let trash_days = faults.keep(number("DATELINE_TRASH_DAYS", &variables.trash_days, 1..=3650));
        let drain_seconds = faults.keep(number("DATELINE_DRAIN_SECONDS", &variables.drain_seconds, 0..=600));
        let shutdown_seconds = faults.keep(number("DATELINE_SHUTDOWN_SECONDS", &variables.shutdown_seconds, 0..=600));
        let site_name = faults.keep(words("DATELINE_SITE_NAME", &variables.site_name));
        let site_publisher =
            faults.keep(optional(variables.site_publisher, |text| words("DATELINE_SITE_PUBLISHER", text)));
        let site_address = faults.keep(optional(variables.site_address, |text| words("DATELINE_SITE_ADDRESS", text)));
        let site_navigation = faults.keep(each(variables.site_navigation.as_deref(), ';', navigation));
        let log = faults.keep(filter(&variables.log));
        let log_format = faults.keep(form(&variables.log_format));
        let (bind, public_url, jwt_secret) = (bind?, public_url?, jwt_secret?);
        Some(Self {
            database_url: database_url?,
            data_dir: PathBuf::from(variables.data_dir),
            pg_bin: variables.pg_bin.map(PathBuf::from),
            bind,
            share_port: share_port?,
            jwt_secret: jwt_secret.clone(),
            public_url: public_url.clone(),
            drain_seconds: drain_seconds?,
            names_site,
            log: log?,
            log_format: log_format?,
            rest: Settings {
                database_url: String::new(),
                replica_urls: replica_urls?,
                replica_lag: Duration::from_millis(replica_lag?),
                bind,
                shutdown_seconds: shutdown_seconds?,
                public_url: Self::local_url(bind),
                site_url: site_url?,
                cors_origins: cors_origins?,
                jwt_secret: String::new(),
                jwt_previous_secrets: jwt_previous_secrets?,
                trusted_proxies: trusted_proxies?,
                trash_days: trash_days?,
                pool_size: pool_size?,
                rate_token: rate_token?,
                rate_address: rate_address?,
                connections_per_address: connections_per_address?,
                server_timing: server_timing?,
                workers: workers?,
                cache_bytes: cache_mib?.saturating_mul(1 << 20),
                site_publisher: site_publisher?.or_else(|| site_name.clone())?,
                site_name: site_name?,
                site_address: site_address?,
                site_navigation: site_navigation?,
            },
        })
    }

    /// The settings of a server that listens on `address`, with what the start has found out.
    pub fn settings(&self, database_url: &str, jwt_secret: &str, address: SocketAddr) -> Settings {
        let mut settings = self.rest.clone();
        database_url.clone_into(&mut settings.database_url);
        jwt_secret.clone_into(&mut settings.jwt_secret);
        settings.bind = address;
        settings.public_url = self.public_url.clone().unwrap_or_else(|| Self::local_url(address));
        settings
    }

    /// The URL under which an address that is listened on is reached from this machine.
    #[expect(clippy::expect_used, reason = "an address and a port are a URL's authority, always")]
    pub fn local_url(address: SocketAddr) -> Url {
        let unspecified = address.ip().is_unspecified();
        let ip = if unspecified { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
        format!("http://{}", SocketAddr::new(ip, address.port())).parse().expect("a URL")
    }

    /// The settings as far as they are known before the start.
    pub fn fixed(&self) -> &Settings {
        &self.rest
    }

    /// Where the database is, for people: without user, password and parameters.
    pub fn database_place(url: &str) -> String {
        PostgresUrl::parse(url).map_or_else(|_| "the database".to_owned(), |url| url.to_string())
    }
}

impl fmt::Debug for Config {
    /// Without secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("database", &self.database_url.as_deref().map(Self::database_place))
            .field("data_dir", &self.data_dir)
            .field("pg_bin", &self.pg_bin)
            .field("drain_seconds", &self.drain_seconds)
            .field("log", &self.log)
            .field("log_format", &self.log_format)
            .field("rest", &self.rest)
            .finish_non_exhaustive()
    }
}

fn yes(name: &str, text: &str) -> Result<bool, SettingFault> {
    match text.trim() {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => {
            Err(SettingFault::new(name, format!("is {other:?}, which is neither yes nor no."), "Set it to yes or no."))
        }
    }
}

fn optional<T>(
    text: Option<String>,
    check: impl Fn(&str) -> Result<T, SettingFault>,
) -> Result<Option<T>, SettingFault> {
    text.map(|text| check(text.trim())).transpose()
}

fn each<T>(
    text: Option<&str>,
    separator: char,
    check: impl Fn(&str) -> Result<T, SettingFault>,
) -> Result<Vec<T>, SettingFault> {
    let items = text.unwrap_or_default().split(separator).map(str::trim).filter(|item| !item.is_empty());
    items.map(check).collect()
}

fn database(name: &str, url: &str) -> Result<String, SettingFault> {
    let fix = "Write postgres://user:password@host:5432/dateline, on a network that others cannot listen to.";
    PostgresUrl::parse(url).map(|_| url.to_owned()).map_err(|fault| SettingFault::new(name, format!("{fault}."), fix))
}

/// The embedded database has none.
fn replicas(urls: Vec<String>, embedded: bool) -> Result<Vec<String>, SettingFault> {
    if urls.is_empty() || !embedded {
        return Ok(urls);
    }
    let fix = "Set DATABASE_URL to the database that they follow.";
    Err(SettingFault::new("DATABASE_REPLICA_URLS", "is set, and DATABASE_URL is not.", fix))
}

fn address(text: &str) -> Result<SocketAddr, SettingFault> {
    text.trim().parse().map_err(|_| {
        SettingFault::new(
            "DATELINE_BIND",
            format!("is {text:?}, which is not an IP address with a port."),
            "Write 127.0.0.1:8080, [::1]:8080, or 0.0.0.0:8080 for every interface.",
        )
    })
}

/// Scheme, host and port, and nothing behind.
fn origin(name: &str, text: &str) -> Result<Url, SettingFault> {
    let wrong = |fault: String| SettingFault::new(name, fault, "Write it like https://news.example.org.");
    let url = Url::parse(text.trim()).map_err(|error| wrong(format!("is {text:?}, which is not a URL: {error}.")))?;
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !["http", "https"].contains(&url.scheme()) || url.host().is_none() {
        return Err(wrong(format!("is {text:?}, which is not an http or https URL.")));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("holds a user name or a password.".to_owned()));
    }
    if plain { Ok(url) } else { Err(wrong(format!("is {text:?}; only scheme, host and port are taken."))) }
}

fn cors(text: &str) -> Result<String, SettingFault> {
    if text == "*" {
        return Err(SettingFault::new(
            "DATELINE_CORS_ORIGINS",
            "is *, which would let every website use the newsroom.",
            "List the origins of your own tools; what is public is shared with everybody anyway.",
        ));
    }
    origin("DATELINE_CORS_ORIGINS", text).map(|url| url.origin().ascii_serialization())
}

fn proxy(text: &str) -> Result<Network, SettingFault> {
    text.parse().map_err(|fault: String| {
        SettingFault::new(
            "DATELINE_TRUSTED_PROXIES",
            format!("{fault}."),
            "List the addresses or networks of your own proxies, such as 10.0.0.0/8, 192.0.2.7.",
        )
    })
}

fn strong(name: &str, text: &str) -> Result<String, SettingFault> {
    secret::check(text).map(|()| text.to_owned()).map_err(|fault| {
        let fix = if name == "DATELINE_JWT_SECRET" {
            MAKE_A_SECRET
        } else {
            "Take that one out; its tokens end within minutes."
        };
        SettingFault::new(name, format!("{fault}."), fix)
    })
}

fn number<T: FromStr + PartialOrd + fmt::Display>(
    name: &str,
    text: &str,
    range: RangeInclusive<T>,
) -> Result<T, SettingFault> {
    text.trim().parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
        let (least, most) = (range.start(), range.end());
        SettingFault::new(name, format!("is {text:?}."), format!("Write a whole number from {least} to {most}."))
    })
}

fn words(name: &str, text: &str) -> Result<String, SettingFault> {
    let text = text.trim();
    if text.chars().count() > LONGEST_NAME {
        return Err(SettingFault::new(name, "is too long.", format!("Use at most {LONGEST_NAME} characters.")));
    }
    if text.chars().any(char::is_control) {
        return Err(SettingFault::new(name, "holds a control character.", "Write it in one line of plain text."));
    }
    Ok(text.to_owned())
}

fn navigation(text: &str) -> Result<NavigationItem, SettingFault> {
    let wrong = |fault: &str| {
        SettingFault::new(
            "DATELINE_SITE_NAVIGATION",
            format!("holds {text:?}, {fault}."),
            "Write About=/about; Contact=https://example.org/contact.",
        )
    };
    let (label, target) = text.split_once('=').ok_or_else(|| wrong("which has no ="))?;
    let label = words("DATELINE_SITE_NAVIGATION", label)?;
    let target = words("DATELINE_SITE_NAVIGATION", target)?;
    let path = target.starts_with('/') && !target.starts_with("//");
    let url = Url::parse(&target).is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
    match (label.is_empty(), path || url) {
        (true, _) => Err(wrong("which has no label")),
        (_, false) => Err(wrong("whose target is neither a path nor an http or https URL")),
        (false, true) => Ok(NavigationItem { label, target }),
    }
}

fn filter(text: &str) -> Result<String, SettingFault> {
    let read = EnvFilter::try_new(text).is_ok() && text.split(',').all(directive);
    read.then(|| text.to_owned()).ok_or_else(|| {
        SettingFault::new(
            "DATELINE_LOG",
            format!("is {text:?}, which is not a filter."),
            "Write error, warn, info, debug or a filter such as info,actix_server=warn.",
        )
    })
}

/// A level, or a target with its level. A word that is no level would be taken for a target, and nothing be logged; spans
/// in brackets are left to the reader of filters.
fn directive(text: &str) -> bool {
    let is_level = |text: &str| text.parse::<LevelFilter>().is_ok();
    let is_target = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:-".contains(&byte));
    let text = text.trim();
    text.contains('[') || text.split_once('=').map_or_else(|| is_level(text), |(to, at)| is_target(to) && is_level(at))
}

fn form(text: &str) -> Result<LogFormat, SettingFault> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(SettingFault::new("DATELINE_LOG_FORMAT", format!("is {text:?}."), "Write text or json.")),
    }
}
