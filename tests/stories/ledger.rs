//! The ledger: writers go on while the server and PostgreSQL are killed at random, and afterwards everything that was
//! acknowledged is in the database, once and whole.
//!
//! `LEDGER_SECONDS=1500` kills for longer, `LEDGER_SEED=7` at other moments.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use dateline::base::id::new_id;
use dateline::cli::postgres::{Cluster, Options};
use reqwest::Client as Http;
use tokio_postgres::Client;

use crate::support::database::{connect, given_binaries, quick_folder};
use crate::support::json;
use crate::support::program::{Folder, STOPPED_WITHIN, Started, on_database, tools_token};

/// How long a normal run kills.
const SECONDS: u64 = 10;
const WRITERS: usize = 4;

/// What a writer knows of an article: it was acknowledged, under this id.
struct Written {
    headline: String,
    id: String,
}

/// What a writer did.
#[derive(Default)]
struct Account {
    written: Vec<Written>,
    /// Requests whose outcome nobody told; the next one with the same key did.
    unknown: usize,
    /// Those of them that had been done.
    replayed: usize,
}

/// The server and its database, each of which can be killed.
struct Victims {
    folder: Folder,
    options: Options,
    cluster: Option<Cluster>,
    server: Option<Started>,
    address: String,
}

impl Victims {
    fn new() -> Self {
        let folder = quick_folder(&format!("ledger-{}", new_id().simple()));
        // What PostgreSQL confirmed outlives its death without fsync: the kernel lives on.
        let settings = vec![("fsync".to_owned(), "off".to_owned())];
        let options = Options { folder, binaries: given_binaries(), settings, throw_away: true };
        let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let mut victims =
            Self { folder: Folder::new(), options, cluster: None, server: None, address: free.to_string() };
        victims.cluster = Some(victims.database());
        victims.server = Some(Started::by(&mut victims.program()));
        victims
    }

    fn database(&self) -> Cluster {
        let give_up = Instant::now() + Duration::from_secs(20);
        loop {
            match Cluster::start(&self.options, &|_| ()) {
                Ok(cluster) => return cluster,
                // Those that served connections need a moment to notice that the postmaster is gone.
                Err(_) if Instant::now() < give_up => thread::sleep(Duration::from_millis(20)),
                Err(failure) => panic!("{failure}"),
            }
        }
    }

    fn url(&self) -> String {
        self.cluster.as_ref().expect("a database").url("dateline")
    }

    fn program(&self) -> Command {
        let mut program = on_database(&self.folder.0, &self.url());
        program.env("DATELINE_BIND", &self.address);
        program
    }

    /// Kills the server, starts another one, and answers how long that took.
    fn kill_server(&mut self) -> Duration {
        let mut server = self.server.take().expect("a server");
        server.signal("KILL");
        server.ends_within(STOPPED_WITHIN);
        let server = Started::by(&mut self.program());
        let took = server.took;
        self.server = Some(server);
        took
    }

    /// Kills the postmaster; the server is not started again.
    fn kill_database(&mut self) {
        let cluster = self.cluster.take().expect("a database");
        let pid = std::fs::read_to_string(cluster.folder().join("data/postmaster.pid")).expect("a postmaster");
        let pid = pid.lines().next().expect("its id").to_owned();
        assert!(Command::new("kill").args(["-KILL", &pid]).status().expect("kill").success());
        while Path::new(&format!("/proc/{pid}")).exists() {
            thread::sleep(Duration::from_millis(1));
        }
        drop(cluster);
        self.cluster = Some(self.database());
    }
}

/// Writes until it is told to stop, and then until it knows of everything whether it was done.
async fn write(base: String, token: String, number: usize, stop: Arc<AtomicBool>) -> Account {
    let http = Http::builder().no_proxy().timeout(Duration::from_secs(10)).build().expect("a client");
    let mut account = Account::default();
    for turn in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let headline = format!("Writer {number} story {turn}");
        let article = json!({ "headline": headline, "primary_region": "asia",
            "body": { "format": "html", "content": "<p>Words that must not be lost.</p>" } });
        let place = format!("{base}/v1/newsroom/articles");
        let id = sent(&http, &token, &place, &article, &format!("new-{number}-{turn}"), &mut account).await;
        let publish = format!("{place}/{id}/publish");
        sent(&http, &token, &publish, &json!({}), &format!("out-{number}-{turn}"), &mut account).await;
        account.written.push(Written { headline, id });
    }
    account
}

/// Sends it until it is acknowledged, and answers the article's id.
async fn sent(
    http: &Http,
    token: &str,
    place: &str,
    body: &serde_json::Value,
    key: &str,
    account: &mut Account,
) -> String {
    let mut in_doubt = false;
    loop {
        let request =
            http.post(place).bearer_auth(token).header("idempotency-key", key).header("if-match", "*").json(body);
        let Ok(answer) = request.send().await else {
            account.unknown += usize::from(!in_doubt);
            in_doubt = true;
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let (status, replayed) = (answer.status().as_u16(), answer.headers().contains_key("idempotency-replayed"));
        let answer = answer.json::<serde_json::Value>().await.unwrap_or_default();
        match (status, answer.get("id").and_then(serde_json::Value::as_str)) {
            (200 | 201, Some(id)) => {
                account.replayed += usize::from(replayed);
                return id.to_owned();
            }
            // Half an answer, or one of those that say to come again.
            (200 | 201 | 409 | 503, _) => {
                account.unknown += usize::from(!in_doubt && status != 409);
                in_doubt = true;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            _ => panic!("{place} was answered {status}: {answer}"),
        }
    }
}

#[test]
fn whatever_was_acknowledged_is_there_once_and_whole_however_often_everything_is_killed() {
    let (seconds, seed) = (setting("LEDGER_SECONDS", SECONDS), setting("LEDGER_SEED", 1));
    let mut victims = Victims::new();
    let scopes = "newsroom:read,articles:write,articles:publish,regions:write";
    let token = tools_token(|| victims.program(), "admin", scopes);
    let base = format!("http://{}", victims.address);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let region = json!({ "name": "Asia", "slug": "asia", "kind": "region" });
    let places = format!("{base}/v1/newsroom/regions");
    let mut nothing = Account::default();
    runtime.block_on(sent(&Http::new(), &token, &places, &region, "region", &mut nothing));

    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| runtime.spawn(write(base.clone(), token.clone(), number, Arc::clone(&stop))))
        .collect();
    let (mut chance, mut servers, mut databases, mut starts) = (seed, 0, 0, Vec::<Duration>::new());
    let until = Instant::now() + Duration::from_secs(seconds);
    // A busy machine needs longer for as much.
    while Instant::now() < until || servers < 3 || databases < 1 {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let moment = Duration::from_millis(60 + (chance >> 33) % 400);
        thread::sleep(moment + starts.last().copied().unwrap_or_default());
        if (chance >> 48).is_multiple_of(4) {
            victims.kill_database();
            databases += 1;
        } else {
            starts.push(victims.kill_server());
            servers += 1;
        }
    }
    stop.store(true, Ordering::SeqCst);
    let accounts: Vec<Account> = runtime.block_on(async {
        futures_util::future::join_all(writers).await.into_iter().map(|account| account.expect("a writer")).collect()
    });
    let written: Vec<&Written> = accounts.iter().flat_map(|account| &account.written).collect();
    let sum = |count: fn(&Account) -> usize| accounts.iter().map(count).sum::<usize>();
    let (unknown, replayed) = (sum(|account| account.unknown), sum(|account| account.replayed));
    starts.sort_unstable();
    let faults = runtime.block_on(audit(&victims.url(), &written));
    println!(
        "ledger: seed {seed}, {servers} kills of the server and {databases} of PostgreSQL in {seconds} s; {} articles made and \
         published; {unknown} outcomes unknown, {replayed} of them done, all found by repeating the key; {faults:?}; the server \
         answered {:?} after its start",
        written.len(),
        starts.get(starts.len() / 2)
    );
    assert!(written.len() >= WRITERS && unknown > 0, "nothing was tried");
    assert!(faults.iter().all(|(_, count)| *count == 0), "{faults:?}");
    assert!(victims.server.take().expect("a server").stop().success());
}

/// How many are lost, doubled, half written, or nobody's.
async fn audit(url: &str, written: &[&Written]) -> Vec<(&'static str, i64)> {
    let database = connect(url).await;
    let mut lost = 0;
    for article in written {
        let there = "SELECT count(*) FROM articles a JOIN publications p ON p.article_id = a.id
            WHERE a.id = $1::text::uuid AND a.headline = $2";
        let count: i64 = database.query_one(there, &[&article.id, &article.headline]).await.expect("a count").get(0);
        lost += i64::from(count != 1);
    }
    let headlines: Vec<&str> = written.iter().map(|article| article.headline.as_str()).collect();
    let ghosts = "SELECT count(*) FROM articles WHERE headline <> ALL($1)";
    let ghosts: i64 = database.query_one(ghosts, &[&headlines]).await.expect("a count").get(0);
    let count = async |sql: &str| count(&database, sql).await;
    vec![
        ("lost", lost),
        ("doubled", count("SELECT count(*) - count(DISTINCT headline) FROM articles").await),
        (
            "half written",
            count(
                "SELECT count(*) FROM articles a
                WHERE (SELECT count(*) FROM article_revisions r WHERE r.article_id = a.id) <> a.version
                OR NOT EXISTS (SELECT FROM slugs s WHERE s.article_id = a.id AND s.current AND s.slug = a.slug)
                OR (SELECT count(*) FROM outbox o WHERE o.subject_id = a.id) <> 2
                OR (SELECT count(*) FROM audit_log l WHERE l.object_id = a.id) <> 2
                OR (SELECT count(*) FROM publications p WHERE p.article_id = a.id) <> 1",
            )
            .await,
        ),
        ("ghosts", ghosts),
        ("keys without their write", count(
            "SELECT abs((SELECT count(*) FROM idempotency_keys WHERE key <> 'region') - 2 * (SELECT count(*) FROM articles))",
        ).await),
    ]
}

async fn count(database: &Client, sql: &str) -> i64 {
    database.query_one(sql, &[]).await.expect("a count").get(0)
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var_os(name).map_or(usual, |value| value.to_string_lossy().parse().expect("a number"))
}
