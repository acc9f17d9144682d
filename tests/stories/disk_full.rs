//! The disk of the database is full: writes are told so, reads go on, and with room again everything is as if nothing had
//! been. The disk is a small one in memory, which only root can make.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use dateline::base::id::new_id;
use dateline::cli::postgres::{Cluster, Options};
use reqwest::{Client as Http, StatusCode};
use serde_json::Value;

use crate::support::database::{connect, given_binaries};
use crate::support::json;
use crate::support::program::{Folder, Started, on_database, tools_token};

const SIZE: &str = "size=160m,mode=755";
/// So many articles fit into any pages that were there already.
const MOST_WRITES: usize = 400;
const PATIENCE: Duration = Duration::from_secs(20);

/// A disk that can be full.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Nothing where this user may not make one, or the system cannot.
    fn new() -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("dateline-disk-{}", new_id().simple()));
        std::fs::create_dir(&folder).ok()?;
        let made = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(&folder).output();
        if made.is_ok_and(|made| made.status.success()) {
            return Some(Self(folder));
        }
        let _ = std::fs::remove_dir(&folder);
        None
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Takes all the room there is.
    fn fill(&self) {
        let ballast = format!("of={}", self.ballast().display());
        let taken = Command::new("dd").args(["if=/dev/zero", "bs=64k", &ballast]).output().expect("dd");
        assert!(!taken.status.success(), "the disk is not full");
    }

    fn make_room(&self) {
        std::fs::remove_file(self.ballast()).expect("a ballast");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}

/// The newsroom over HTTP.
struct Desk {
    http: Http,
    base: String,
    token: String,
}

impl Desk {
    async fn writes(&self, headline: &str) -> (StatusCode, Option<String>, Value) {
        // Words that PostgreSQL cannot make small.
        let words: String = (0..600).map(|_| new_id().simple().to_string()).collect::<Vec<_>>().join(" ");
        let article = json!({ "headline": headline, "body": { "format": "text", "content": words } });
        let request = self.http.post(format!("{}/v1/newsroom/articles", self.base)).bearer_auth(&self.token);
        let answer = request
            .header("idempotency-key", headline.replace(' ', "-"))
            .json(&article)
            .send()
            .await
            .expect("an answer");
        let status = answer.status();
        let wait = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned);
        (status, wait, answer.json().await.expect("JSON"))
    }

    async fn reads(&self, path: &str, by_the_newsroom: bool) -> StatusCode {
        let request = self.http.get(format!("{}{path}", self.base));
        let request = if by_the_newsroom { request.bearer_auth(&self.token) } else { request };
        request.send().await.expect("an answer").status()
    }
}

#[test]
fn with_a_full_disk_writes_are_told_so_reads_go_on_and_nothing_is_half_written() {
    let Some(disk) = SmallDisk::new() else {
        println!("full disk: skipped, because mounting a small one takes root and a system that allows it");
        return;
    };
    let settings = [("fsync", "off"), ("min_wal_size", "32MB"), ("max_wal_size", "32MB"), ("autovacuum", "off")];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let folder = disk.0.join("cluster");
    let options = Options { folder, binaries: given_binaries(), settings, throw_away: false };
    let cluster = Cluster::start(&options, &|_| ()).expect("a database server");
    let url = cluster.url("dateline");
    let home = Folder::new();
    let program = || on_database(&home.0, &url);
    let server = Started::by(&mut program());
    let token = tools_token(program, "editor", "newsroom:read,articles:write");
    let base = server.url("API ").replace("/v1/articles", "");
    let desk = Desk { http: Http::builder().no_proxy().build().expect("a client"), base, token };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (first, _, made) = desk.writes("Before").await;
        assert_eq!(first, StatusCode::CREATED, "{made}");
        let first = format!("/v1/newsroom/articles/{}", made["id"].as_str().expect("an id"));

        disk.fill();
        let mut acknowledged = vec!["Before".to_owned()];
        let mut refused = None;
        for number in 0..MOST_WRITES {
            let headline = format!("Full {number}");
            match desk.writes(&headline).await {
                (StatusCode::CREATED, ..) => acknowledged.push(headline),
                told => {
                    refused = Some((headline, told));
                    break;
                }
            }
        }
        let (headline, (status, wait, problem)) = refused.expect("a disk that is full in the end");
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
        assert!(problem["detail"].as_str().expect("words").contains("no room left"), "{problem}");
        assert_eq!(wait.as_deref(), Some("30"));
        for (path, by_the_newsroom) in
            [("/v1/articles", false), ("/v1/topics", false), ("/v1/regions?limit=7", false), (&first, true)]
        {
            assert_eq!(desk.reads(path, by_the_newsroom).await, StatusCode::OK, "{path}");
        }
        assert_eq!(desk.reads("/readyz", false).await, StatusCode::OK);

        disk.make_room();
        let began = Instant::now();
        while desk.writes(&headline).await.0 != StatusCode::CREATED {
            assert!(began.elapsed() < PATIENCE, "it does not write again");
        }
        let after = began.elapsed();
        acknowledged.push(headline);
        let database = connect(&url).await;
        let half = "SELECT count(*) FROM articles a
            WHERE (SELECT count(*) FROM article_revisions r WHERE r.article_id = a.id) <> a.version
            OR NOT EXISTS (SELECT FROM slugs s WHERE s.article_id = a.id AND s.current AND s.slug = a.slug)
            OR (SELECT count(*) FROM audit_log l WHERE l.object_id = a.id) <> 1";
        let half: i64 = database.query_one(half, &[]).await.expect("a count").get(0);
        let there = database.query("SELECT headline FROM articles ORDER BY id", &[]).await.expect("headlines");
        let there: Vec<String> = there.iter().map(|row| row.get(0)).collect();
        println!(
            "full disk: {} articles written, the next refused with {status}, reads went on; written again {after:?} after \
             there was room; {half} half written",
            acknowledged.len() - 1
        );
        assert_eq!(there, acknowledged);
        assert_eq!(half, 0);
    });
    assert!(server.stop().success());
    cluster.stop().expect("a stop");
}
