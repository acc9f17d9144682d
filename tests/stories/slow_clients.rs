//! Clients that send and take so slowly that they only hold what others need: all are gone in time, whatever they are slow
//! at, and those who ask in the ordinary way hardly notice.
//!
//! `SLOW_SOCKETS=10000` makes so many of them, and three more for ten that stop in the middle of a body;
//! `TEST_PROGRAM=target/release/dateline` attacks another build.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::support::program::House;

/// What a normal run opens.
const SOCKETS: usize = 300;
const GONE_WITHIN: Duration = Duration::from_secs(15);
const MOST_MEMORY_KIB: u64 = 150 * 1024;
/// So often a slow client moves.
const TURN: Duration = Duration::from_secs(1);
const ASKED: usize = 400;
/// Connections of those who ask in the ordinary way, which may stay.
const ORDINARY: usize = 2;
/// What takes nothing has little room for what comes.
const SMALL_WINDOW: u32 = 4096;
const FIRST: &str = "GET /v1/topics HTTP/1.1\r\nHost: a.example\r\n\r\n";
/// A large file, several times.
const LARGE: &str = "GET /openapi.json HTTP/1.1\r\nHost: a.example\r\n\r\n";
const HALF_HEAD: &str = "GET /v1/topics HTTP/1.1\r\nHost: a.example\r\nX-Slow: ";

/// What a client is slow at.
#[derive(Clone, Copy, Debug)]
enum Slow {
    Head,
    LaterHead,
    Body,
    RefusedBody,
    Reader,
    DeafReader,
}

const ALL: [Slow; 6] = [Slow::Head, Slow::LaterHead, Slow::Body, Slow::RefusedBody, Slow::Reader, Slow::DeafReader];

struct Attacker {
    slow: Slow,
    stream: TcpStream,
}

impl Attacker {
    async fn starts(slow: Slow, address: &str, token: &str) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        if matches!(slow, Slow::Reader | Slow::DeafReader) {
            socket.set_recv_buffer_size(SMALL_WINDOW).expect("a small window");
        }
        let mut stream = socket.connect(address.parse().expect("an address")).await.expect("a connection");
        let post = "POST /v1/newsroom/topics HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n";
        let first = match slow {
            Slow::Head => HALF_HEAD.to_owned(),
            Slow::LaterHead => FIRST.to_owned(),
            Slow::Body => format!("{post}Authorization: Bearer {token}\r\nContent-Length: 1000\r\n\r\n{{\"name\":\""),
            Slow::RefusedBody => format!("{post}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n"),
            Slow::Reader | Slow::DeafReader => LARGE.repeat(4),
        };
        stream.write_all(first.as_bytes()).await.expect("a server that listens");
        if matches!(slow, Slow::LaterHead) {
            let mut part = [0; 16_384];
            assert!(stream.read(&mut part).await.expect("an answer") > 0);
            stream.write_all(HALF_HEAD.as_bytes()).await.expect("a server that listens");
        }
        Self { slow, stream }
    }

    /// One byte more.
    fn moves(&self) {
        let _ = match self.slow {
            Slow::Head | Slow::LaterHead | Slow::Body => self.stream.try_write(b"a"),
            Slow::RefusedBody => self.stream.try_write(b"1\r\na\r\n"),
            Slow::Reader => self.stream.try_read(&mut [0; 1]),
            Slow::DeafReader => Ok(0),
        };
    }
}

impl House {
    /// How long ordinary reads take; the slowest of a hundred.
    async fn p99(&self) -> Duration {
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let url = format!("http://{}/v1/topics", self.address);
        let mut took = Vec::new();
        for _ in 0..ASKED {
            let began = Instant::now();
            let answer = http.get(&url).send().await.expect("an answer");
            assert_eq!(answer.status(), 200);
            answer.bytes().await.expect("a whole answer");
            took.push(began.elapsed());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        took.sort_unstable();
        took.get(took.len() * 99 / 100).copied().unwrap_or_default()
    }

    /// How many connections of its port the server holds.
    fn connections(&self) -> usize {
        let port = self.address.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok()).expect("a port");
        let local = format!(":{port:04X}");
        let table = self.server.told("net/tcp");
        let held = table.lines().filter(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_, own, _, state, .., inode] = fields.get(..10).unwrap_or_default() else { return false };
            own.ends_with(&local) && ["01", "08"].contains(state) && *inode != "0"
        });
        held.count()
    }

    /// Refuses to begin what would break off in the middle.
    fn may_open(&self, sockets: usize) {
        for (whose, limits) in [
            ("the server", self.server.told("limits")),
            ("these tests", std::fs::read_to_string("/proc/self/limits").unwrap_or_default()),
        ] {
            let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap_or_default();
            let most = line.split_whitespace().next().and_then(|number| number.parse::<usize>().ok());
            let needed = sockets + 200;
            assert!(
                most.is_none_or(|most| most >= needed),
                "{sockets} sockets need a limit of {needed} open files, and {whose} may have {most:?}: \
                 say `ulimit -n {needed}` first"
            );
        }
    }
}

#[test]
fn clients_that_are_slow_at_anything_are_gone_in_time_and_others_hardly_notice() {
    let sockets = std::env::var_os("SLOW_SOCKETS")
        .map_or(SOCKETS, |value| value.to_string_lossy().parse().expect("SLOW_SOCKETS is a number"));
    let halves = sockets * 3 / 10;
    // The attackers have a thread of their own.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let house = House::with(&[("DATELINE_CONNECTIONS_ADDRESS", "0")], "topics:write").await;
        house.may_open(sockets + halves);
        let before = house.p99().await;
        let memory = house.server.memory();

        let began = Instant::now();
        let mut attackers = Vec::new();
        for number in 0..sockets + halves {
            // Those beyond send half a body and nothing more.
            let slow = if number < sockets { ALL[number % ALL.len()] } else { Slow::Body };
            attackers.push(Attacker::starts(slow, &house.address, &house.token).await);
        }
        let (opened, opening) = (house.connections(), began.elapsed());
        let began = Instant::now();
        let dribbling = tokio::spawn(async move {
            while began.elapsed() < GONE_WITHIN * 2 {
                attackers.iter().take(sockets).for_each(Attacker::moves);
                tokio::time::sleep(TURN).await;
            }
        });
        let under = house.p99().await;
        let (mut most, mut left) = (house.server.memory(), usize::MAX);
        while left > ORDINARY && began.elapsed() < GONE_WITHIN * 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            left = house.connections();
            most = most.max(house.server.memory());
        }
        let gone = began.elapsed();
        dribbling.abort();
        let grown = most.saturating_sub(memory);
        println!(
            "slow clients: {sockets} slow ones and {halves} half bodies, of which {opened} were open at once {opening:?} after \
             the first; all gone {gone:?} after the last; normal reads within {under:?} (99 of 100), {before:?} without \
             them; the server grew by {} MiB",
            grown / 1024
        );
        assert!(left <= ORDINARY, "{left} are still there");
        assert!(gone < GONE_WITHIN, "it took {gone:?}");
        assert!(grown < MOST_MEMORY_KIB, "{grown} KiB more");
        assert!(opened > sockets / 2, "the attack was none: {opened}");
    });
}
