//! Read replicas: delivery reads from them while they have everything that was told of, and from the database otherwise.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use dateline::base::config::Settings;
use dateline::cli::postgres::{Cluster, Options};

use crate::support::database::{TestDatabase, connect, given_binaries, quick_folder, quick_settings};
use crate::support::{Actor, TestApp, json};

/// A database and a server that follows it. Both go when this is dropped.
struct Pair {
    primary: Cluster,
    replica: Cluster,
}

impl Pair {
    fn start(name: &str) -> Self {
        let options = |role: &str, more: &[(&str, String)]| {
            let mut settings = quick_settings();
            settings.retain(|(name, _)| name != "wal_level" && name != "max_wal_senders");
            settings.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            let folder = quick_folder(&format!("{name}-{role}"));
            Options { folder, binaries: given_binaries(), settings, throw_away: true }
        };
        let start = |options: &Options| Cluster::start(options, &|_| ()).unwrap_or_else(|failure| panic!("{failure}"));
        let keeping = options("primary", &[("max_wal_senders", "3".to_owned())]);
        // A clean stop leaves files that can be copied as they are; they would be thrown away.
        let made = start(&Options { throw_away: false, ..keeping.clone() });
        let connection = connection_of(&made);
        made.stop().unwrap();
        let following = options("replica", &[("primary_conninfo", connection)]);
        copy(&keeping.folder, &following.folder);
        let primary = start(&keeping);
        Self { primary, replica: start(&following) }
    }

    fn replica_url(&self) -> String {
        self.replica.url("dateline")
    }

    /// A server that keeps no answers and may read from the replica while it is not older than this.
    async fn app(&self, lag: Duration) -> TestApp {
        let (url, replica) = (self.primary.url("dateline"), self.replica_url());
        let change = |settings: &mut Settings| {
            settings.replica_urls = vec![replica];
            settings.replica_lag = lag;
            settings.cache_bytes = 0;
        };
        TestApp::on_database(TestDatabase::on_own_server(&url), change).await
    }

    async fn tell_replica(&self, order: &str) {
        connect(&self.replica_url()).await.batch_execute(order).await.unwrap();
    }
}

/// As libpq takes it: the folder of the socket, and the user.
fn connection_of(cluster: &Cluster) -> String {
    let url = cluster.url("dateline");
    let (user, host) = url.trim_start_matches("postgresql://").split_once('@').unwrap();
    let folder = host.split('/').next().unwrap().replace("%2F", "/");
    format!("host={folder} user={user}")
}

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(done.success());
    let signal = to.join("data/standby.signal");
    std::fs::copy(to.join("data/PG_VERSION"), &signal).unwrap();
    // Owner and rights of the copied file are those of root where root runs the test.
    let _ = Command::new("chown").arg("--reference").arg(to.join("data/PG_VERSION")).arg(&signal).status();
}

async fn waits_until(what: &str, happened: impl Fn() -> bool) {
    let started = Instant::now();
    while !happened() {
        assert!(started.elapsed() < Duration::from_secs(20), "{what} did not happen");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn is_used(app: &TestApp) {
    waits_until("the replica's arrival", || app.shared().replicas.is_fresh(0)).await;
}

async fn publishes(editor: &Actor, headline: &str) {
    let region = json!({ "name": format!("Region of {headline}"), "kind": "editorial" });
    let region = editor.post("/v1/newsroom/regions", region).send().await.expect(201);
    let draft = json!({
        "headline": headline, "primary_region": region.id(), "body": { "format": "text", "content": "It rained." },
    });
    let draft = editor.post("/v1/newsroom/articles", draft).send().await.expect(201);
    let path = format!("/v1/newsroom/articles/{}/publish", draft.id());
    editor.post(&path, json!({})).if_match("*").send().await.expect(200);
}

#[actix_web::test]
async fn readers_are_answered_by_a_replica_that_has_every_change() {
    let pair = Pair::start("followed");
    let app = pair.app(Duration::from_mins(1)).await;
    publishes(&app.admin().await, "Rain").await;
    app.reader().get("/v1/articles/rain?body_format=text").send().await.expect(200);
    is_used(&app).await;
    let Pair { primary, replica } = pair;
    primary.stop().unwrap();
    // There is no other server left that could have answered.
    let read = app.reader().get("/v1/articles/rain?body_format=text").send().await.expect(200);
    assert_eq!(read.at("/headline"), "Rain");
    replica.stop().unwrap();
}

#[actix_web::test]
async fn what_was_just_published_is_read_wherever_it_is() {
    let pair = Pair::start("behind");
    let app = pair.app(Duration::from_mins(1)).await;
    let editor = app.admin().await;
    for number in 1..=10 {
        publishes(&editor, &format!("Storm {number}")).await;
        app.reader().get(format!("/v1/articles/storm-{number}")).send().await.expect(200);
        is_used(&app).await;
        app.reader().get(format!("/v1/articles/storm-{number}")).send().await.expect(200);
    }
    pair.tell_replica("SELECT pg_wal_replay_pause()").await;
    publishes(&editor, "Thaw").await;
    // The replica would answer 404, for as long as it is held.
    app.reader().get("/v1/articles/thaw").send().await.expect(200);
    assert!(!app.shared().replicas.is_fresh(0));
    pair.tell_replica("SELECT pg_wal_replay_resume()").await;
    is_used(&app).await;
    app.reader().get("/v1/articles/thaw").send().await.expect(200);
}

#[actix_web::test]
async fn a_change_of_another_instance_is_read_as_soon_as_it_was_heard_of() {
    let pair = Pair::start("beside");
    let app = pair.app(Duration::from_mins(1)).await;
    let other = app.beside_with(|_| ()).await;
    is_used(&app).await;
    pair.tell_replica("SELECT pg_wal_replay_pause()").await;
    publishes(&other.admin().await, "Hail").await;
    waits_until("news of the change", || !app.shared().replicas.is_fresh(0)).await;
    app.reader().get("/v1/articles/hail").send().await.expect(200);
}

#[actix_web::test]
async fn a_replica_that_is_too_far_behind_is_not_read_from() {
    let pair = Pair::start("late");
    let app = pair.app(Duration::from_millis(300)).await;
    is_used(&app).await;
    pair.tell_replica("SELECT pg_wal_replay_pause()").await;
    // Something has to happen that it does not have, be it nothing that readers see.
    let draft = json!({ "headline": "A draft" });
    app.editor().await.post("/v1/newsroom/articles", draft).send().await.expect(201);
    waits_until("the end of its use", || !app.shared().replicas.is_fresh(0)).await;
    app.reader().get("/v1/articles").send().await.expect(200);
}
