//! Ten times more than the server can do is asked of it, all of it through the database: as much as before gets done, the
//! rest is refused at once, and nothing of it stays behind.
//!
//! `OVERLOAD_SECONDS=30` offers it for longer; `TEST_PROGRAM=target/release/dateline` asks another build.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::timeout;

use crate::support::program::House;

/// How long a normal run offers it.
const SECONDS: u64 = 3;
/// So many keep the server busy without making it wait in line.
const BUSY: usize = 8;
const TIMES: f64 = 10.0;
/// No client waits longer.
const PATIENCE: Duration = Duration::from_secs(10);
const NORMAL_WITHIN: Duration = Duration::from_secs(5);

/// What came of a request, and how long it took.
#[derive(Clone, Copy, Debug)]
struct Outcome {
    status: u16,
    tells_when: bool,
    took: Duration,
}

/// Where it is asked, and as whom.
struct Desk {
    address: String,
    token: String,
}

impl Desk {
    /// Three reads of the newsroom, which nobody keeps, to one article that is written.
    fn request(&self, number: usize) -> String {
        let token = &self.token;
        if number.is_multiple_of(4) {
            let body = format!("{{\"headline\":\"Overload {number}\"}}");
            let length = body.len();
            return format!(
                "POST /v1/newsroom/articles HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer {token}\r\n\
                 Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
            );
        }
        format!(
            "GET /v1/newsroom/articles?limit=5 HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer {token}\r\n\r\n"
        )
    }
}

/// A connection that is used again and again.
struct Wire(TcpStream);

impl Wire {
    async fn to(address: &str) -> Option<Self> {
        let stream = TcpStream::connect(address).await.ok()?;
        stream.set_nodelay(true).ok()?;
        Some(Self(stream))
    }

    /// Sends it and reads the answer to its end; nothing if there is none.
    async fn asks(&mut self, request: &str) -> Option<Outcome> {
        let began = Instant::now();
        self.0.write_all(request.as_bytes()).await.ok()?;
        let (mut heard, mut part) = (Vec::new(), [0; 16_384]);
        loop {
            let count = timeout(PATIENCE, self.0.read(&mut part)).await.ok()?.ok().filter(|count| *count > 0)?;
            heard.extend_from_slice(part.get(..count)?);
            let Some(end) = heard.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(heard.get(..end)?).to_ascii_lowercase();
            let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next()?.parse().ok());
            if heard.len() >= end + 4 + length.unwrap_or(0_usize) {
                let status = head.get(9..12)?.parse().ok()?;
                return Some(Outcome { status, tells_when: head.contains("retry-after"), took: began.elapsed() });
            }
        }
    }
}

/// Some ask one after the other; what a second of it brings.
async fn peak(desk: &Arc<Desk>, time: Duration) -> (f64, Vec<Outcome>) {
    let began = Instant::now();
    let busy = (0..BUSY).map(|first| {
        let desk = Arc::clone(desk);
        tokio::spawn(async move {
            let mut wire = Wire::to(&desk.address).await.expect("a server that listens");
            let mut outcomes = Vec::new();
            for turn in 0.. {
                if began.elapsed() > time {
                    break;
                }
                outcomes.push(wire.asks(&desk.request(first + turn * 3)).await.expect("an answer"));
            }
            outcomes
        })
    });
    let done = futures_util::future::join_all(busy).await;
    let outcomes: Vec<Outcome> = done.into_iter().flat_map(|outcomes| outcomes.expect("a client")).collect();
    (per_second(done_of(&outcomes), began.elapsed()), outcomes)
}

/// So many a second are sent, whether or not those before were answered.
async fn offered(desk: &Arc<Desk>, rate: f64, time: Duration) -> Vec<Outcome> {
    let (tell, mut told) = unbounded_channel();
    let began = Instant::now();
    let mut idle: Vec<UnboundedSender<usize>> = Vec::new();
    let (home, mut back) = unbounded_channel();
    let mut due = began;
    for number in 0.. {
        due += Duration::from_secs_f64(1.0 / rate);
        if due > began + time {
            break;
        }
        tokio::time::sleep_until(due.into()).await;
        while let Ok(free) = back.try_recv() {
            idle.push(free);
        }
        let one = idle.pop().unwrap_or_else(|| client(desk, &tell, &home));
        let _ = one.send(number);
    }
    drop((tell, idle, home));
    let mut outcomes = Vec::new();
    loop {
        while back.try_recv().is_ok() {}
        match timeout(Duration::from_millis(20), told.recv()).await {
            Ok(Some(outcome)) => outcomes.push(outcome),
            Ok(None) => return outcomes,
            Err(_) => {}
        }
    }
}

/// One more client with a connection of its own, that comes back after each request.
fn client(
    desk: &Arc<Desk>,
    tell: &UnboundedSender<Outcome>,
    home: &UnboundedSender<UnboundedSender<usize>>,
) -> UnboundedSender<usize> {
    let (desk, tell, home) = (Arc::clone(desk), tell.clone(), home.clone());
    let (orders, mut ordered) = unbounded_channel();
    let own = orders.downgrade();
    tokio::spawn(async move {
        let mut wire = None;
        while let Some(number) = ordered.recv().await {
            if wire.is_none() {
                wire = Wire::to(&desk.address).await;
            }
            let outcome = match wire.as_mut() {
                Some(open) => open.asks(&desk.request(number)).await,
                None => None,
            };
            if outcome.is_none() {
                wire = None;
            }
            let _ = tell.send(outcome.unwrap_or(Outcome { status: 0, tells_when: false, took: PATIENCE }));
            let Some(own) = own.upgrade() else { break };
            let _ = home.send(own);
        }
    });
    orders
}

fn done_of(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|outcome| matches!(outcome.status, 200 | 201)).count()
}

fn per_second(count: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(count).expect("not that many")) / time.as_secs_f64()
}

/// The slowest of a hundred of them.
fn p99(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took.get(took.len().saturating_sub(1) * 99 / 100).copied().unwrap_or_default()
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took.get(took.len() / 2).copied().unwrap_or_default()
}

async fn healthy(desk: Arc<Desk>, time: Duration) -> Vec<Duration> {
    let began = Instant::now();
    let mut wire = Wire::to(&desk.address).await.expect("a server that listens");
    let mut took = Vec::new();
    while began.elapsed() < time {
        let outcome = wire.asks("GET /healthz HTTP/1.1\r\nHost: a.example\r\n\r\n").await.expect("an answer");
        assert_eq!(outcome.status, 200);
        took.push(outcome.took);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    took
}

#[test]
fn ten_times_too_much_is_refused_at_once_and_as_much_gets_done_as_before() {
    let seconds = std::env::var_os("OVERLOAD_SECONDS")
        .map_or(SECONDS, |value| value.to_string_lossy().parse().expect("OVERLOAD_SECONDS is a number"));
    let time = Duration::from_secs(seconds);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let settings = [("DATELINE_LOG", "off"), ("DATELINE_CONNECTIONS_ADDRESS", "0")];
        let house = House::with(&settings, "newsroom:read,articles:write").await;
        let desk = &Arc::new(Desk { address: house.address.clone(), token: house.token.clone() });
        peak(desk, Duration::from_millis(500)).await;
        let (peak_rate, calm) = peak(desk, time).await;
        let usual = p99(calm.iter().map(|outcome| outcome.took).collect());

        let health = tokio::spawn(healthy(Arc::clone(desk), time));
        let outcomes = offered(desk, peak_rate * TIMES, time).await;
        let over = Instant::now();
        let health = health.await.expect("health");
        let mut normal = None;
        while normal.is_none() && over.elapsed() < NORMAL_WITHIN * 2 {
            let (_, after) = peak(desk, Duration::from_millis(300)).await;
            let all_done = after.iter().all(|outcome| matches!(outcome.status, 200 | 201));
            let slowest = p99(after.iter().map(|outcome| outcome.took).collect());
            if all_done && slowest < usual * 2 {
                normal = Some(over.elapsed());
            }
        }

        let done = done_of(&outcomes);
        let refused: Vec<Duration> =
            outcomes.iter().filter(|outcome| matches!(outcome.status, 429 | 503)).map(|outcome| outcome.took).collect();
        let lost = outcomes.len() - done - refused.len();
        let silent = outcomes.iter().filter(|outcome| outcome.status >= 429 && !outcome.tells_when).count();
        println!(
            "overload: {peak_rate:.0} requests a second get done at their peak (99 of 100 within {usual:?}); of {} offered in \
             {seconds} s {:.0} a second got done ({:.0} % of the peak), {} were refused, half of them within {:?} and 99 of \
             100 within {:?}, {lost} had no answer; /healthz within {:?} (99 of 100); normal again after {normal:?}",
            outcomes.len(),
            per_second(done, time),
            per_second(done, time) / peak_rate * 100.0,
            refused.len(),
            median(refused.clone()),
            p99(refused.clone()),
            p99(health),
        );
        assert_eq!(silent, 0, "refused without a time to come back");
        // A machine that does other things besides may drop a connection in a thousand; every answer that came is one of ours.
        let wrong = outcomes.iter().filter(|outcome| outcome.status >= 500 && outcome.status != 503).count();
        assert_eq!(wrong, 0, "answered with a failure");
        assert!(lost * 1000 <= outcomes.len(), "{lost} had no answer");
        assert!(!refused.is_empty(), "it was not too much");
        assert!(normal.is_some_and(|after| after < NORMAL_WITHIN), "it stays slow: {normal:?}");
    });
}
