//! How many connections an address may hold, and which of them are given up.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::support::TestApp;

const MORNING: &str = "2026-01-05T08:00:00Z";
const ASK: &str = "GET /healthz HTTP/1.1\r\nHost: a.example\r\n\r\n";
/// What is late is gone by then.
const GONE_WITHIN: Duration = Duration::from_secs(15);

async fn with_at_most(connections: usize, proxies: &str) -> TestApp {
    TestApp::with(MORNING, |settings| {
        settings.connections_per_address = connections;
        settings.trusted_proxies = proxies.split(',').filter_map(|network| network.parse().ok()).collect();
    })
    .await
}

/// A connection from the local host's address of this number.
async fn connected(app: &TestApp, from: u8) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    let address = IpAddr::V4(Ipv4Addr::new(127, 0, 0, from));
    socket.bind(SocketAddr::new(address, 0)).expect("an address of this host");
    socket.connect(app.address()).await.expect("a connection")
}

/// The status of what is answered, and whether the connection stays; none if nothing is.
async fn asks(stream: &mut TcpStream) -> Option<String> {
    let _ = stream.write_all(ASK.as_bytes()).await;
    let mut part = [0; 4096];
    let count = timeout(Duration::from_secs(5), stream.read(&mut part)).await.expect("an answer or the end").ok()?;
    let answer = String::from_utf8_lossy(part.get(..count)?).into_owned();
    answer.split_whitespace().nth(1).map(str::to_owned)
}

#[actix_web::test]
async fn an_address_holds_so_many_connections_and_others_are_not_touched() {
    let app = with_at_most(3, "").await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = connected(&app, 2).await;
        assert_eq!(asks(&mut stream).await.as_deref(), Some("200"));
        held.push(stream);
    }
    let mut refused = connected(&app, 2).await;
    let mut said = String::new();
    timeout(Duration::from_secs(1), refused.read_to_string(&mut said)).await.expect("a refusal at once").expect("text");
    let (head, body) = said.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("\r\nretry-after: 1\r\n"), "{head}");
    let problem: serde_json::Value = serde_json::from_str(body).expect("a problem");
    assert_eq!(problem["code"], "unavailable");

    assert_eq!(asks(&mut connected(&app, 3).await).await.as_deref(), Some("200"), "another address");
    for stream in &mut held {
        assert_eq!(asks(stream).await.as_deref(), Some("200"), "those that are held go on");
    }
    drop(held.pop());
    let began = Instant::now();
    while asks(&mut connected(&app, 2).await).await.as_deref() != Some("200") {
        assert!(began.elapsed() < GONE_WITHIN, "the place is never free again");
    }
    drop((held, refused));
    while app.shared().callers.counted() > 0 {
        assert!(began.elapsed() < GONE_WITHIN, "some are counted for ever");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[actix_web::test]
async fn proxies_that_are_trusted_hold_as_many_as_they_like_and_so_does_everybody_without_a_limit() {
    for app in [with_at_most(1, "127.0.0.0/30").await, with_at_most(0, "").await] {
        let mut held = Vec::new();
        for _ in 0..5 {
            let mut stream = connected(&app, 2).await;
            assert_eq!(asks(&mut stream).await.as_deref(), Some("200"));
            held.push(stream);
        }
        assert_eq!(app.shared().callers.counted(), 0);
    }
}
