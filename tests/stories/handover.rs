//! One instance takes over from another: on the same port, with requests under way, and nobody notices.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use reqwest::Client as Http;

use crate::support::database::TestDatabase;
use crate::support::json;
use crate::support::program::{Folder, STOPPED_WITHIN, Started, on_database, tools_token};

const CLIENTS: usize = 3;

struct House {
    folder: Folder,
    database: TestDatabase,
    address: String,
}

impl House {
    async fn new() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        Self { folder: Folder::new(), database: TestDatabase::migrated().await, address: free.to_string() }
    }

    fn program(&self) -> Command {
        let mut program = on_database(&self.folder.0, &self.database.url);
        program
            .env("DATELINE_BIND", &self.address)
            .env("DATELINE_SHARE_PORT", "yes")
            .env("DATELINE_DRAIN_SECONDS", "1")
            .env("DATELINE_WORKERS", "2");
        program
    }
}

/// Reads until it is told to stop; answers how often, and every failure. The system resets connections that wait to be
/// accepted when their socket closes (it moves them over only with `net.ipv4.tcp_migrate_req`), so what is reset before there
/// was any answer is sent again, as proxies do.
async fn read(url: String, anew: bool, stop: Arc<AtomicBool>) -> (usize, Vec<String>) {
    let client = || Http::builder().no_proxy().timeout(Duration::from_secs(5)).build().expect("a client");
    let (kept, mut count, mut failures) = (client(), 0, Vec::new());
    while !stop.load(Ordering::SeqCst) {
        let http = if anew { client() } else { kept.clone() };
        let mut answered = http.get(&url).send().await;
        if answered.as_ref().is_err_and(|error| format!("{error:?}").contains("ConnectionReset")) {
            println!("a connection was reset, and its request sent again");
            answered = client().get(&url).send().await;
        }
        match answered {
            Ok(answer) if answer.status() == 200 => count += 1,
            Ok(answer) => failures.push(answer.status().to_string()),
            Err(error) => failures.push(format!("{error:?}")),
        }
    }
    (count, failures)
}

#[actix_web::test]
async fn a_new_instance_takes_over_the_port_while_readers_read_and_a_write_is_under_way() {
    let house = House::new().await;
    let mut old = Started::by(&mut house.program());
    let token = tools_token(|| house.program(), "editor", "topics:write");
    let base = format!("http://{}", house.address);
    let stop = Arc::new(AtomicBool::new(false));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let readers: Vec<_> = (0..CLIENTS)
        .map(|number| runtime.spawn(read(format!("{base}/v1/articles"), number == 0, Arc::clone(&stop))))
        .collect();
    // A write of which the old instance has only half when it is told to stop.
    let topic = json!({ "name": "Ports" }).to_string();
    let (half, rest) = topic.split_at(topic.len() / 2);
    let head = format!(
        "POST /v1/newsroom/topics HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{half}",
        house.address,
        topic.len()
    );
    let mut under_way = TcpStream::connect(&house.address).expect("a connection");
    under_way.write_all(head.as_bytes()).expect("half a request");

    let new = Started::by(&mut house.program());
    let began = Instant::now();
    old.signal("TERM");
    thread::sleep(Duration::from_millis(500));
    under_way.write_all(rest.as_bytes()).expect("the other half");
    let mut answer = String::new();
    under_way.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(old.ends_within(STOPPED_WITHIN).success());
    let took = began.elapsed();
    thread::sleep(Duration::from_millis(300));
    stop.store(true, Ordering::SeqCst);
    let (mut count, mut failures) = (0, Vec::new());
    for reader in readers {
        let (read, failed) = reader.await.expect("a reader");
        count += read;
        failures.extend(failed);
    }
    runtime.shutdown_background();
    println!(
        "handover on one port: {count} requests, {} failed; the old instance ended with 0 after {took:?}",
        failures.len()
    );
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(count > 50, "only {count} requests");
    assert!(new.stop().success());
}
