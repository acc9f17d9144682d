//! The one list of settings: name, default and meaning of each. `--help`, `.env.example` and the reading all come from
//! it.
#![expect(clippy::doc_markdown, reason = "what is said of a setting is printed as it stands")]

use clap::builder::Resettable;
use clap::{CommandFactory, FromArgMatches, Parser};

use super::faults::SettingFault;
use super::source::Source;

/// Every setting as text, before it is checked. Settings are never given as arguments, which other users of the
/// machine can see; the parser only supplies defaults and descriptions.
#[derive(Clone, Parser)]
#[command(name = "dateline", no_binary_name = true, disable_help_flag = true)]
pub struct Variables {
    /// The PostgreSQL database (15 to 18) to use, such as postgres://user:password@host/dateline. Without it the
    /// program starts its own PostgreSQL and keeps everything in DATELINE_DATA_DIR.
    #[arg(long, env = "DATABASE_URL", value_name = "URL")]
    pub database_url: Option<String>,

    /// Read replicas of that database, separated by commas (one in a password is written %2C), each of them one server and
    /// no balancer before several. What is public is read from them, by turns of workers, as long as they have every change
    /// that this instance has heard of.
    #[arg(long, env = "DATABASE_REPLICA_URLS", value_name = "URLS")]
    pub replica_urls: Option<String>,

    /// How far, in milliseconds, a read replica may be behind and still be read from.
    #[arg(long, env = "DATELINE_REPLICA_LAG", value_name = "200-60000", default_value = "1000")]
    pub replica_lag: String,

    /// Folder of the embedded database and of the secrets that are made for it. As root, where the database's own
    /// user could not reach it, another folder is taken and named at the start.
    #[arg(long, env = "DATELINE_DATA_DIR", value_name = "FOLDER", default_value = ".dateline")]
    pub data_dir: String,

    /// Folder with the programs initdb and postgres for the embedded database. Without it they are looked for in the
    /// usual places.
    #[arg(long, env = "DATELINE_PG_BIN", value_name = "FOLDER")]
    pub pg_bin: Option<String>,

    /// IP address and port to listen on; port 0 takes any free one.
    #[arg(long, env = "DATELINE_BIND", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub bind: String,

    /// Whether several instances may listen on the address at the same time, so that a new one takes over from an old one
    /// without a pause: yes or no.
    #[arg(long, env = "DATELINE_SHARE_PORT", value_name = "yes|no", default_value = "no")]
    pub share_port: String,

    /// How clients reach this API, for links in answers and as issuer of access tokens. Without it: the address that
    /// is listened on.
    #[arg(long, env = "DATELINE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// Where readers find the site that shows the articles, for canonical links.
    #[arg(long, env = "DATELINE_SITE_URL", value_name = "URL", default_value = "http://localhost:3000")]
    pub site_url: String,

    /// Secret of at least 32 bytes from which all keys are made; `openssl rand -base64 48` prints a good one. Required
    /// with DATABASE_URL; the embedded database gets its own at the first start.
    #[arg(long, env = "DATELINE_JWT_SECRET", value_name = "SECRET")]
    pub jwt_secret: Option<String>,

    /// Former secrets, separated by commas, whose access tokens are still accepted while the secret is being changed.
    #[arg(long, env = "DATELINE_JWT_PREVIOUS_SECRETS", value_name = "SECRETS")]
    pub jwt_previous_secrets: Option<String>,

    /// Web origins, separated by commas, whose scripts may use the newsroom, such as https://desk.example.org. What is
    /// public is shared with every origin in any case.
    #[arg(long, env = "DATELINE_CORS_ORIGINS", value_name = "ORIGINS")]
    pub cors_origins: Option<String>,

    /// Addresses or networks of proxies, separated by commas, such as 10.0.0.0/8, whose X-Forwarded-For is believed.
    #[arg(long, env = "DATELINE_TRUSTED_PROXIES", value_name = "NETWORKS")]
    pub trusted_proxies: Option<String>,

    /// Connections to the database for writing; every worker has one more for reading, and one for the past.
    #[arg(long, env = "DATELINE_POOL_SIZE", value_name = "1-1000", default_value = "10")]
    pub pool_size: String,

    /// Requests that each API token or signed-in person may send in a minute, to each instance; 0 sets no limit.
    #[arg(long, env = "DATELINE_RATE_TOKEN", value_name = "0-1000000", default_value = "6000")]
    pub rate_token: String,

    /// Requests without a token that each address may send in a minute, to each instance, those not counted that are
    /// answered from memory; 0 sets no limit.
    #[arg(long, env = "DATELINE_RATE_ADDRESS", value_name = "0-1000000", default_value = "12000")]
    pub rate_address: String,

    /// Connections that each address may hold at the same time, to each instance; a network of IPv6 with a prefix of 64
    /// counts as one address, and DATELINE_TRUSTED_PROXIES are not counted. 0 sets no limit.
    #[arg(long, env = "DATELINE_CONNECTIONS_ADDRESS", value_name = "0-1000000", default_value = "1000")]
    pub connections_address: String,

    /// Whether public answers say in Server-Timing whether they came from memory and how many statements they took: yes
    /// or no. Who watches that can see when something is planned, so it is for measuring; answers of the newsroom always
    /// say it.
    #[arg(long, env = "DATELINE_SERVER_TIMING", value_name = "yes|no", default_value = "no")]
    pub server_timing: String,

    /// Threads that answer requests. Without it: one per processor.
    #[arg(long, env = "DATELINE_WORKERS", value_name = "1-256")]
    pub workers: Option<String>,

    /// Memory, in MiB, in which finished public answers are kept for the next reader; 0 keeps none.
    #[arg(long, env = "DATELINE_CACHE_MIB", value_name = "0-65536", default_value = "64")]
    pub cache_mib: String,

    /// How many days a deleted article stays in the trash, from where it can be restored, before it is gone for good.
    #[arg(long, env = "DATELINE_TRASH_DAYS", value_name = "1-3650", default_value = "30")]
    pub trash_days: String,

    /// At a stop, how long /readyz says 503 while requests are still taken, so that a load balancer turns away first.
    #[arg(long, env = "DATELINE_DRAIN_SECONDS", value_name = "0-600", default_value = "0")]
    pub drain_seconds: String,

    /// At a stop, how long requests in flight may take to finish.
    #[arg(long, env = "DATELINE_SHUTDOWN_SECONDS", value_name = "0-600", default_value = "30")]
    pub shutdown_seconds: String,

    /// Name of the site, as pages print it.
    #[arg(long, env = "DATELINE_SITE_NAME", value_name = "TEXT", default_value = "Dateline")]
    pub site_name: String,

    /// Who publishes the site. Without it: the site's name.
    #[arg(long, env = "DATELINE_SITE_PUBLISHER", value_name = "TEXT")]
    pub site_publisher: Option<String>,

    /// Postal address of the publisher, in one line.
    #[arg(long, env = "DATELINE_SITE_ADDRESS", value_name = "TEXT")]
    pub site_address: Option<String>,

    /// Links of the site's navigation, instead of its sections, separated by semicolons: About=/about; Asia=/asia. A
    /// target is a path of the site or a URL.
    #[arg(long, env = "DATELINE_SITE_NAVIGATION", value_name = "LABEL=TARGET;...")]
    pub site_navigation: Option<String>,

    /// What is logged to standard error: error, warn, info (one line per request), debug, or a filter such as
    /// info,actix_server=warn.
    #[arg(long, env = "DATELINE_LOG", value_name = "FILTER", default_value = "warn")]
    pub log: String,

    /// Form of the log: text or json.
    #[arg(long, env = "DATELINE_LOG_FORMAT", value_name = "text|json", default_value = "text")]
    pub log_format: String,
}

/// One setting as it is documented.
pub(super) struct Documented {
    pub(super) name: String,
    pub(super) value_name: String,
    pub(super) default: Option<String>,
    pub(super) meaning: String,
}

impl Variables {
    /// Takes each setting from the source, or its default.
    ///
    /// # Errors
    /// When the parser and this list disagree, which a test would have shown.
    pub(super) fn read(source: &Source) -> Result<Self, SettingFault> {
        let command = Self::command();
        let mut arguments = Vec::new();
        for argument in command.get_arguments() {
            let name = argument.get_env().and_then(|name| name.to_str()).unwrap_or_default();
            if let (Some(long), Some(value)) = (argument.get_long(), source.get(name)) {
                arguments.push(format!("--{long}={value}"));
            }
        }
        let strange = |error: clap::Error| SettingFault::new("settings", error.to_string(), "report this");
        // The parser would look at the environment by itself: what is read is the source alone.
        let command = command.mut_args(|argument| argument.env(Resettable::Reset));
        let mut matches = command.try_get_matches_from(arguments).map_err(strange)?;
        Self::from_arg_matches_mut(&mut matches).map_err(strange)
    }

    /// Name, default and meaning of every setting, in order.
    pub(super) fn documented() -> Vec<Documented> {
        let command = Self::command();
        command
            .get_arguments()
            .filter_map(|argument| {
                Some(Documented {
                    name: argument.get_env()?.to_str()?.to_owned(),
                    value_name: argument.get_value_names()?.first()?.to_string(),
                    default: argument.get_default_values().first().and_then(|value| value.to_str()).map(str::to_owned),
                    meaning: format!("{}.", argument.get_help()?.to_string().replace('\n', " ").trim_end_matches('.')),
                })
            })
            .collect()
    }

    /// The names of all settings.
    pub fn names() -> Vec<String> {
        Self::documented().into_iter().map(|setting| setting.name).collect()
    }
}
