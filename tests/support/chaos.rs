//! A proxy between the server and PostgreSQL that does what networks and databases do on a bad day.

use std::net::SocketAddr;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, split};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// What the proxy does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// Hands everything on.
    Fair,
    /// Closes every new connection.
    Refusing,
    /// Takes everything and hands on nothing, as a network that has gone.
    BlackHole,
    /// Hands on everything so much later.
    Late(Duration),
    /// Hands on one byte of an answer a second.
    Trickle,
    /// Lets the next COMMIT through, and closes before its answer comes back. Then it is fair again.
    CutAfterCommit,
}

/// The proxy. It stops when this is dropped.
pub struct Chaos {
    url: String,
    weather: watch::Sender<Weather>,
    cuts: watch::Sender<usize>,
    /// A runtime of its own: what it does must not wait for the test.
    runtime: Option<Runtime>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Chaos {
    /// Stands before the server that the URL leads to.
    pub fn before(url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let (weather, sky) = watch::channel(Weather::Fair);
        let (cuts, cut) = watch::channel(0);
        let (upstream, back) = (Config::from_str(url).expect("a URL"), weather.clone());
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).expect("a listener");
            while let Ok((client, _)) = listener.accept().await {
                if *sky.borrow() != Weather::Refusing {
                    tokio::spawn(connection(client, upstream.clone(), sky.clone(), back.clone(), cut.clone()));
                }
            }
        });
        Self { url: through(url, address), weather, cuts, runtime: Some(runtime) }
    }

    /// The URL that leads through it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Changes the weather, for open connections too.
    pub fn turns(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// What it is doing.
    pub fn weather(&self) -> Weather {
        *self.weather.borrow()
    }

    /// Closes every connection that is open.
    pub fn cuts(&self) {
        self.cuts.send_modify(|count| *count += 1);
    }
}

impl Drop for Chaos {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn through(url: &str, address: SocketAddr) -> String {
    let mut url: url::Url = url.parse().expect("a URL");
    url.set_host(Some(&address.ip().to_string())).expect("a host");
    url.set_port(Some(address.port())).expect("a port");
    url.to_string()
}

async fn connection(
    client: TcpStream,
    upstream: Config,
    sky: watch::Receiver<Weather>,
    back: watch::Sender<Weather>,
    mut cut: watch::Receiver<usize>,
) {
    cut.mark_unchanged();
    let Some(server) = reach(&upstream).await else { return };
    let committing = Arc::new(AtomicBool::new(false));
    let (from_client, to_client) = split(client);
    let (from_server, to_server) = split(server);
    let seen = Arc::clone(&committing);
    let ask = pump(from_client, to_server, sky.clone(), false, move |data, weather| {
        if weather == Weather::CutAfterCommit && has(data, b"COMMIT\0") {
            seen.store(true, Ordering::SeqCst);
        }
        true
    });
    let answer = pump(from_server, to_client, sky, true, move |_, _| {
        let lost = committing.load(Ordering::SeqCst);
        if lost {
            back.send_replace(Weather::Fair);
        }
        !lost
    });
    tokio::select! {
        () = ask => {}
        () = answer => {}
        _ = cut.changed() => {}
    }
}

/// Hands on what comes until `may_pass` says no or either side ends.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut sky: watch::Receiver<Weather>,
    is_answer: bool,
    may_pass: impl Fn(&[u8], Weather) -> bool,
) {
    let mut part = vec![0; 65_536];
    while let Ok(count) = from.read(&mut part).await {
        let data = part.get(..count).unwrap_or_default();
        if sky.wait_for(|weather| *weather != Weather::BlackHole).await.is_err() {
            return;
        }
        let weather = *sky.borrow();
        if count == 0 || !may_pass(data, weather) {
            return;
        }
        match weather {
            Weather::Late(time) => tokio::time::sleep(time).await,
            Weather::Trickle if is_answer => {
                let mut rest = data;
                while let Some((first, others)) = rest.split_first().filter(|_| *sky.borrow() == Weather::Trickle) {
                    if to.write_all(&[*first]).await.is_err() {
                        return;
                    }
                    rest = others;
                    let _ = tokio::time::timeout(Duration::from_secs(1), sky.changed()).await;
                }
                if to.write_all(rest).await.is_err() {
                    return;
                }
                continue;
            }
            _ => {}
        }
        if to.write_all(data).await.is_err() {
            return;
        }
    }
}

async fn reach(upstream: &Config) -> Option<Box<dyn Stream>> {
    let port = upstream.get_ports().first().copied().unwrap_or(5432);
    match upstream.get_hosts().first()? {
        Host::Tcp(name) => Some(Box::new(TcpStream::connect((name.as_str(), port)).await.ok()?)),
        Host::Unix(folder) => {
            let socket = folder.join(format!(".s.PGSQL.{port}"));
            Some(Box::new(UnixStream::connect(socket).await.ok()?))
        }
    }
}

fn has(data: &[u8], words: &[u8]) -> bool {
    data.windows(words.len()).any(|part| part == words)
}
