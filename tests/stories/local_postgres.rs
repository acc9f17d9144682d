//! The server of one's own: it starts again in a moment, and nothing that kills it keeps it from starting.

use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use dateline::cli::postgres::{Cluster, Options};

use crate::support::database::{connect, given_binaries, quick_folder, quick_settings};

fn options(name: &str) -> Options {
    Options { folder: quick_folder(name), binaries: given_binaries(), settings: quick_settings(), throw_away: false }
}

fn start(options: &Options) -> Cluster {
    Cluster::start(options, &|_| ()).unwrap_or_else(|failure| panic!("{failure}"))
}

/// The first number in `postmaster.pid`.
fn server_pid(folder: &Path) -> Option<String> {
    let file = std::fs::read_to_string(folder.join("data/postmaster.pid")).ok()?;
    file.lines().next().map(str::to_owned)
}

fn kill(pid: &str) {
    assert!(Command::new("kill").args(["-9", pid]).status().unwrap().success());
}

fn waits_until(what: &str, happened: impl Fn() -> bool) {
    let started = Instant::now();
    while !happened() {
        assert!(started.elapsed() < Duration::from_secs(10), "{what} did not happen");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn clear(folder: PathBuf) {
    std::fs::remove_dir_all(folder).unwrap();
}

#[actix_web::test]
async fn data_survive_a_stop_and_the_second_start_takes_a_moment() {
    let options = options("again");
    let cluster = start(&options);
    connect(&cluster.url("dateline")).await.batch_execute("CREATE TABLE kept ()").await.unwrap();
    cluster.stop().unwrap();
    assert_eq!(server_pid(&options.folder), None);
    let started = Instant::now();
    let cluster = start(&options);
    // Measured at 0.1 s; the rest is for a machine that has other things to do.
    assert!(started.elapsed() < Duration::from_secs(2), "it took {:?}", started.elapsed());
    let client = connect(&cluster.url("dateline")).await;
    client.batch_execute("SELECT FROM kept").await.unwrap();
    let order = "SELECT string_agg(word, '' ORDER BY word) || lower('Ä') FROM unnest('{b,B,a,ä,Z}'::text[]) word";
    assert_eq!(client.query_one(order, &[]).await.unwrap().get::<_, &str>(0), "BZabää", "text sorts by code point");
    cluster.stop().unwrap();
    clear(options.folder);
}

#[actix_web::test]
async fn a_second_program_joins_the_server_and_leaves_it_running() {
    let options = options("joined");
    let first = start(&options);
    let second = start(&options);
    assert!(second.is_joined() && !first.is_joined());
    let url = second.url("dateline");
    second.stop().unwrap();
    connect(&url).await.batch_execute("SELECT 1").await.unwrap();
    first.stop().unwrap();
    clear(options.folder);
}

#[test]
fn the_server_goes_when_the_program_goes_and_the_next_start_does_not_mind() {
    let options = options("dropped");
    // What the system does at the end of a process, whatever ended it: the pipe closes.
    drop(start(&options));
    start(&options).stop().unwrap();
    drop(start(&options));
    waits_until("the end of the server", || server_pid(&options.folder).is_none());
    clear(options.folder);
}

#[test]
fn a_server_or_supervisor_that_was_killed_does_not_block_the_next_start() {
    let options = options("killed");
    let cluster = start(&options);
    kill(&server_pid(&options.folder).unwrap());
    drop(cluster);
    let cluster = start(&options);
    let server = server_pid(&options.folder).unwrap();
    let asked = Command::new("ps").args(["-o", "ppid=", "-p", &server]).output().unwrap();
    kill(String::from_utf8(asked.stdout).unwrap().trim());
    drop(cluster);
    start(&options).stop().unwrap();
    clear(options.folder);
}

#[test]
fn a_stale_pid_that_belongs_to_another_program_by_now_is_forgotten() {
    let options = options("stale");
    start(&options).stop().unwrap();
    let stale = format!("{}\n{}\n1\n5432\n/tmp\n\n0 0\nready\n", std::process::id(), options.folder.display());
    std::fs::write(options.folder.join("data/postmaster.pid"), stale).unwrap();
    start(&options).stop().unwrap();
    clear(options.folder);
}

#[test]
fn a_folder_that_is_thrown_away_goes_with_its_server() {
    let options = Options { throw_away: true, ..options("thrown") };
    start(&options).stop().unwrap();
    assert!(!options.folder.exists());
}

#[test]
fn root_puts_the_data_where_the_server_reaches_them() {
    if std::fs::metadata("/proc/self").map_or(1, |process| process.uid()) != 0 {
        return;
    }
    let private = quick_folder("private");
    std::fs::DirBuilder::new().mode(0o700).create(&private).unwrap();
    let cluster = start(&Options { folder: private.join("data"), ..options("unused") });
    let folder = cluster.folder().to_owned();
    assert!(!folder.starts_with(&private));
    cluster.stop().unwrap();
    clear(folder);
    clear(private);
}
