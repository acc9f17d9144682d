//! The disk is lost, and the newsroom comes back from a base backup and the archived log, as it was at a chosen moment:
//! with every write that was acknowledged before it, and none of those after.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use dateline::cli::postgres::{Cluster, Options};
use reqwest::Client as Http;
use tokio_postgres::Client as Connection;

use crate::support::database::{connect, given_binaries, quick_folder};
use crate::support::json;
use crate::support::program::{Folder, Started, on_database, says, tools_token};

/// Written before the backup, while it is taken, and after it; and then what is not wanted back.
const EACH: usize = 25;
const PATIENCE: Duration = Duration::from_secs(30);

/// The newsroom over HTTP.
struct Desk {
    http: Http,
    base: String,
    token: String,
}

impl Desk {
    fn of(server: &Started, token: String) -> Self {
        let base = server.url("API ").replace("/v1/articles", "");
        Self { http: Http::builder().no_proxy().build().expect("a client"), base, token }
    }

    /// Writes articles; answers the headlines that were acknowledged.
    async fn write(&self, when: &str) -> Vec<String> {
        let mut acknowledged = Vec::new();
        for number in 0..EACH {
            let headline = format!("{when} {number}");
            let article = json!({ "headline": headline, "body": { "format": "text", "content": "It rained." } });
            let request = self.http.post(format!("{}/v1/newsroom/articles", self.base)).bearer_auth(&self.token);
            let answer = request.json(&article).send().await.expect("an answer");
            assert_eq!(answer.status(), 201);
            acknowledged.push(headline);
        }
        acknowledged
    }
}

fn options(folder: PathBuf, settings: &[(&str, String)], throw_away: bool) -> Options {
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Options { folder, binaries: given_binaries(), settings, throw_away }
}

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").env("LC_ALL", "C").arg("-a").arg(from).arg(to).output().expect("cp");
    // Files that went or were replaced while they were copied are in the log.
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    let known = |line: &str| line.contains("No such file") || line.contains("replaced while being copied");
    assert!(said.lines().all(known), "{said}");
}

/// Puts a file into a data folder, as the database's own.
fn put(data: &Path, name: &str, text: &str) {
    let file = data.join(name);
    std::fs::write(&file, text).expect("a file");
    let _ = Command::new("chown").arg("--reference").arg(data.join("PG_VERSION")).arg(&file).status();
}

async fn text(database: &Connection, query: &str) -> String {
    database.query_one(query, &[]).await.expect(query).get(0)
}

/// Has all that was written so far in the archive.
async fn archive(database: &Connection) {
    let last = text(database, "SELECT pg_walfile_name(pg_switch_wal())").await;
    let began = Instant::now();
    let there = format!("SELECT (coalesce(last_archived_wal, '') >= '{last}')::text FROM pg_stat_archiver");
    while text(database, &there).await != "true" {
        assert!(began.elapsed() < PATIENCE, "the log is not archived");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[actix_web::test]
async fn a_lost_disk_is_restored_to_a_moment_with_all_that_was_acknowledged_before() {
    let home = Folder::new();
    let archived = Folder(quick_folder("archive"));
    let keep = format!("mkdir -p {0} && cp %p {0}/%f", archived.0.display());
    let settings = [("wal_level", "replica".into()), ("archive_mode", "on".into()), ("archive_command", keep)];
    let lost = options(quick_folder("lost"), &settings, true);
    let cluster = Cluster::start(&lost, &|_| ()).expect("a database server");
    let url = cluster.url("dateline");
    let server = Started::by(&mut on_database(&home.0, &url));
    let token = tools_token(|| on_database(&home.0, &url), "editor", "newsroom:read,articles:write");
    let desk = Desk::of(&server, token.clone());
    let database = connect(&url).await;

    let mut wanted = desk.write("Before the backup").await;
    // What pg_basebackup does; it is not everywhere where the server is.
    database.batch_execute("SELECT pg_backup_start('drill', true)").await.expect("a backup");
    let backup = Folder(quick_folder("backup"));
    std::fs::create_dir_all(&backup.0).expect("a folder");
    let (from, to) = (cluster.folder().join("data"), backup.0.join("data"));
    let copied = actix_web::rt::task::spawn_blocking(move || copy(&from, &to));
    wanted.extend(desk.write("During the backup").await);
    copied.await.expect("a copy");
    let label = text(&database, "SELECT labelfile FROM pg_backup_stop(false)").await;
    wanted.extend(desk.write("After the backup").await);

    let moment = text(&database, "SELECT clock_timestamp()::text").await;
    let unwanted = desk.write("After the moment").await;
    archive(&database).await;
    assert!(server.stop().success());
    drop(database);
    cluster.stop().expect("the loss of everything");

    let began = Instant::now();
    let data = backup.0.join("data");
    let _ = std::fs::remove_file(data.join("postmaster.pid"));
    put(&data, "backup_label", &label);
    put(&data, "recovery.signal", "");
    let settings = [
        ("restore_command", format!("cp {}/%f %p", archived.0.display())),
        ("recovery_target_time", moment.clone()),
        ("recovery_target_action", "promote".to_owned()),
    ];
    let restored = options(backup.0.clone(), &settings, true);
    let cluster = Cluster::start(&restored, &|_| ()).expect("a database server");
    let url = cluster.url("dateline");
    let database = connect(&url).await;
    while text(&database, "SELECT pg_is_in_recovery()::text").await == "true" {
        assert!(began.elapsed() < PATIENCE, "the recovery does not end");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let server = Started::by(&mut on_database(&home.0, &url));
    let took = began.elapsed();

    let rows = database.query("SELECT headline FROM articles ORDER BY id", &[]).await.expect("headlines");
    let there: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let lost = wanted.iter().filter(|headline| !there.contains(headline)).count();
    let kept = unwanted.iter().filter(|headline| there.contains(headline)).count();
    println!(
        "restore to a moment: {} writes acknowledged before it, {lost} lost, {kept} of {} after it; serving again {took:?} \
         after the loss",
        wanted.len(),
        unwanted.len()
    );
    assert_eq!(there, wanted);
    // Fails where the log of acts is not whole.
    says(on_database(&home.0, &url).args(["audit", "verify"]));
    // It goes on from there, for tools that were known then.
    let desk = Desk::of(&server, token);
    desk.write("After the loss").await;
    assert!(server.stop().success());
    drop(database);
    cluster.stop().expect("a stop");
}
