//! One PostgreSQL server for the whole run, and a database of its own for every test, copied from a template that was
//! migrated once.
//!
//! The server is the one that `TEST_DATABASE_URL` leads to (as a user who may create databases), or a cluster in memory
//! that goes when the run ends.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use dateline::base::id::{hex, new_id};
use dateline::base::secret::sha256;
use dateline::cli::postgres::{Cluster, Options};
use tokio_postgres::{Client, NoTls};

use super::in_package;

/// Any fixed number: two runs on one server make the template one after the other.
const LOCK: i64 = 5_170_021_337;
const SETTINGS: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    // A worker that looks into the template would keep it from being copied.
    ("autovacuum", "off"),
    ("max_connections", "400"),
];

struct Server {
    admin_url: String,
    template: String,
    leavings: Sender<String>,
    /// Stopped by its supervisor when this process ends.
    _cluster: Option<Cluster>,
}

/// A database of one test. It goes when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    /// None where it goes with a server of its own.
    name: Option<String>,
    /// Leads to it.
    pub url: String,
}

impl TestDatabase {
    /// A migrated database.
    pub async fn migrated() -> Self {
        let server = server();
        Self::create(&format!("TEMPLATE {} STRATEGY file_copy", server.template)).await
    }

    /// A database without a single table.
    pub async fn bare() -> Self {
        Self::create("TEMPLATE template0").await
    }

    /// A migrated database on a server that a test started for itself.
    pub fn on_own_server(url: &str) -> Self {
        let target = url.to_owned();
        // Migrations block a thread of their runtime, so it has more than one.
        let migrated = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(dateline::store::migrations::migrate(&target, |_| ()))
        });
        migrated.join().expect("a thread that ends").expect("migrations that run");
        Self { name: None, url: url.to_owned() }
    }

    /// A copy of it as it is now. It lets nobody in any more.
    pub async fn copied(&self) -> Self {
        let admin = connect(&server().admin_url).await;
        let name = self.name.as_ref().expect("a database of the common server");
        admin
            .batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            .await
            .expect("a closed database");
        let close = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1";
        admin.query(close, &[name]).await.expect("nobody in it");
        Self::create(&format!("TEMPLATE {name} STRATEGY file_copy")).await
    }

    async fn create(options: &str) -> Self {
        let server = server();
        let name = format!("t_{}", new_id().simple());
        let admin = connect(&server.admin_url).await;
        admin.batch_execute(&format!("CREATE DATABASE {name} {options}")).await.expect("a database");
        Self { url: on_server(&server.admin_url, &name), name: Some(name) }
    }

    /// A connection for assertions.
    pub async fn client(&self) -> Client {
        connect(&self.url).await
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(name) = self.name.take() {
            let _ = server().leavings.send(name);
        }
    }
}

/// Connects; the connection is driven by the runtime of the caller.
pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a database server");
    tokio::spawn(connection);
    client
}

/// A folder for a cluster, in memory if the machine allows it.
pub fn quick_folder(name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let writable = can_write_in(memory);
    let parent = if writable { memory.to_owned() } else { std::env::temp_dir() };
    parent.join(format!("dateline-{name}-{}", std::process::id()))
}

/// The server to test with, where several are installed.
pub fn given_binaries() -> Option<PathBuf> {
    std::env::var_os("DATELINE_PG_BIN").map(PathBuf::from)
}

fn can_write_in(folder: &Path) -> bool {
    let probe = folder.join(format!("dateline-probe-{}", new_id().simple()));
    std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)).is_ok()
}

/// Settings of a server whose data nobody will miss.
pub fn quick_settings() -> Vec<(String, String)> {
    SETTINGS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| thread::spawn(prepare).join().expect("a prepared database server"))
}

fn prepare() -> Server {
    let given = std::env::var_os("TEST_DATABASE_URL").and_then(|url| url.into_string().ok());
    let cluster = given.is_none().then(|| {
        let folder = quick_folder("tests");
        let options = Options { folder, binaries: given_binaries(), settings: quick_settings(), throw_away: true };
        Cluster::start(&options, &|told| eprintln!("{told}")).expect("a local database server")
    });
    let admin_url = given.or_else(|| cluster.as_ref().map(|cluster| cluster.url("postgres"))).expect("one of both");
    let template = format!("tpl_{}", hash_of_migrations());
    // Migrations block a thread of their runtime, so it has more than one.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(make_template(&admin_url, &template));
    let (leavings, names) = channel::<String>();
    let url = admin_url.clone();
    thread::spawn(move || {
        for name in names {
            runtime.block_on(async {
                let admin = connect(&url).await;
                let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            });
        }
    });
    Server { admin_url, template, leavings, _cluster: cluster }
}

async fn make_template(admin_url: &str, template: &str) {
    let admin = connect(admin_url).await;
    admin.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await.expect("a lock");
    // Databases of runs that ended before they could clear up; the names begin with the time.
    let an_hour_ago = (new_id().as_u128() >> 80) - 3_600_000;
    let left = "SELECT datname::text FROM pg_database WHERE datname LIKE 't\\_%' AND datname < $1";
    for row in admin.query(left, &[&format!("t_{an_hour_ago:012x}")]).await.expect("databases") {
        let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {}", row.get::<_, &str>(0))).await;
    }
    if !admin.query("SELECT 1 FROM pg_database WHERE datname = $1", &[&template]).await.expect("databases").is_empty() {
        return;
    }
    // It gets its name when it is finished, so that a run that breaks off leaves no half template.
    let making = format!("{template}_making");
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {making}")).await.expect("no leavings");
    let create = format!("CREATE DATABASE {making} TEMPLATE template0 ENCODING 'UTF8'");
    admin.batch_execute(&create).await.expect("a database");
    dateline::store::migrations::migrate(&on_server(admin_url, &making), |_| ()).await.expect("migrations that run");
    let rename = format!("ALTER DATABASE {making} RENAME TO {template}");
    // The migrations' connection closes a moment after it was dropped.
    for _ in 0..100 {
        if admin.batch_execute(&rename).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the template database stays in use");
}

fn hash_of_migrations() -> String {
    let mut files: Vec<PathBuf> = std::fs::read_dir(in_package("migrations"))
        .expect("migrations")
        .flat_map(|folder| std::fs::read_dir(folder.expect("a migration").path()).expect("its files"))
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        all.extend_from_slice(file.to_string_lossy().as_bytes());
        all.extend(std::fs::read(&file).expect("a migration that can be read"));
    }
    hex(&sha256(&all)).chars().take(16).collect()
}

/// The URL of another database of the server.
fn on_server(admin_url: &str, name: &str) -> String {
    let mut url: url::Url = admin_url.parse().expect("TEST_DATABASE_URL is a URL");
    url.set_path(name);
    url.to_string()
}
