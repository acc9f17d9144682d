//! The URL of a database, as far as it can be judged before it is used, and as it may be shown.

use url::form_urlencoded;

const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];
/// What the driver understands; it refuses everything else.
const PARAMETERS: &[&str] = &[
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "options",
    "password",
    "port",
    "sslmode",
    "sslnegotiation",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

/// The parts of a URL that hold no secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PostgresUrl {
    hosts: String,
    database: String,
}

impl PostgresUrl {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// The fault in words that continue the name of the setting, without any part of the URL that may be secret.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let rest = SCHEMES.iter().find_map(|scheme| url.strip_prefix(scheme));
        let rest = rest.ok_or("does not start with postgres://")?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = place.split_once('/').unwrap_or((place, ""));
        if path.contains('@') || query.contains('@') || url.contains('#') {
            return Err("has a / ? @ or # in the user or password, which must be written as %2F %3F %40 %23".to_owned());
        }
        let (_, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
        let mut parsed = Self { hosts: decoded(hosts), database: decoded(path) };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match (&*name, &*value) {
                ("host", _) if parsed.hosts.is_empty() => parsed.hosts = value.to_string(),
                ("dbname", _) => parsed.database = value.to_string(),
                ("sslmode", "disable" | "prefer") => {}
                ("sslmode", "require") => {
                    return Err("asks for sslmode=require, and this program has no TLS".to_owned());
                }
                ("sslmode", _) => return Err(format!("has sslmode={value}, which is not disable or prefer")),
                (known, _) if PARAMETERS.contains(&known) => {}
                (unknown, _) => return Err(format!("has the parameter {unknown:?}, which does not exist")),
            }
        }
        match (parsed.hosts.is_empty(), parsed.database.is_empty()) {
            (true, _) => Err("names no host".to_owned()),
            (_, true) => Err("names no database".to_owned()),
            (false, false) => Ok(parsed),
        }
    }
}

impl std::fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.hosts, self.database)
    }
}

/// Without percent signs; a plus is itself here.
fn decoded(text: &str) -> String {
    let text = format!("={}", text.replace('+', "%2B").replace('&', "%26"));
    form_urlencoded::parse(text.as_bytes()).map(|(_, value)| value.into_owned()).collect()
}
