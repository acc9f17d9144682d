//! `PgBouncer` in front of the database: by sessions everything works, and by transactions nothing is begun.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dateline::store::inspect::pools_transactions;

use crate::support::chaos::Chaos;
use crate::support::database::{TestDatabase, quick_folder};
use crate::support::{Stage, TestApp, json};

/// A `PgBouncer`. It ends when this is dropped.
struct Bouncer {
    process: Child,
    folder: PathBuf,
    url: String,
    /// It reaches databases by TCP only.
    _bridge: Chaos,
}

impl Bouncer {
    /// None where it is not installed.
    async fn before(database_url: &str, mode: &str) -> Option<Self> {
        let places = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"];
        let program = places.iter().find(|place| std::path::Path::new(place).exists())?;
        let bridge = Chaos::before(database_url);
        let behind: url::Url = bridge.url().parse().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = quick_folder(&format!("bouncer-{port}"));
        std::fs::create_dir(&folder).unwrap();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={} user={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             auth_type = any\nunix_socket_dir =\npool_mode = {mode}\ndefault_pool_size = 40\n",
            behind.port().unwrap(),
            behind.username(),
        );
        let file = folder.join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new(program);
        // It refuses to be root.
        command.args(["-q", "-u", "nobody"]).arg(&file);
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let url = format!("postgres://{}@127.0.0.1:{port}{}", behind.username(), behind.path());
        let started = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(10), "PgBouncer does not come up");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Some(Self { process, folder, url, _bridge: bridge })
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[actix_web::test]
async fn everything_works_through_a_pool_of_sessions() {
    let database = TestDatabase::migrated().await;
    let Some(pool) = Bouncer::before(&database.url, "session").await else {
        println!("PgBouncer is not installed: not tried.");
        return;
    };
    assert!(!pools_transactions(&pool.url).await.unwrap());
    let through = pool.url.clone();
    let app = TestApp::on_database(database, |settings| settings.database_url = through).await;
    let other = app.beside().await;
    let stage = Stage::on(app).await;
    stage.region("asia", "Asia", "editorial", None).await;
    let story = stage.live("Rain", json!({ "primary_region": "asia" })).await;
    stage.read(&story.public()).await;
    // The change is heard of through the pool, too.
    let path = format!("/v1/newsroom/articles/{}/unpublish", story.id);
    other.admin().await.post(path, json!({})).send().await.expect(200);
    let started = Instant::now();
    while stage.reader.get(story.public()).send().await.status() == 200 {
        assert!(started.elapsed() < Duration::from_secs(5), "the change is not heard of");
    }
}

#[actix_web::test]
async fn a_pool_of_transactions_is_found_out() {
    let database = TestDatabase::migrated().await;
    for _ in 0..3 {
        let Some(pool) = Bouncer::before(&database.url, "transaction").await else {
            println!("PgBouncer is not installed: not tried.");
            return;
        };
        assert!(pools_transactions(&pool.url).await.unwrap());
    }
    assert!(!pools_transactions(&database.url).await.unwrap());
}
