//! A bare connection, for what no HTTP client sends.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::app::TestApp;

/// Bytes on their way to the application, and what comes back.
pub struct Wire(TcpStream);

impl TestApp {
    /// Connects.
    pub async fn wire(&self) -> Wire {
        let url: url::Url = self.url("/").parse().expect("a URL");
        let address = (url.host_str().expect("a host"), url.port().expect("a port"));
        Wire(TcpStream::connect(address).await.expect("a connection"))
    }

    /// Sends these bytes on a connection of their own and reads what comes back until the end of it, or until nothing
    /// has come for a while.
    pub async fn told(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut wire = self.wire().await;
        wire.say(bytes).await;
        wire.hear(Duration::from_millis(1500)).await
    }
}

impl Wire {
    /// Sends bytes. That the other side has closed shows when it is listened to.
    pub async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.0.write_all(bytes.as_ref()).await;
    }

    /// What comes until the end, or until nothing has come for this long.
    pub async fn hear(&mut self, patience: Duration) -> String {
        let mut heard = Vec::new();
        let mut part = [0; 16_384];
        while let Ok(Ok(count)) = timeout(patience, self.0.read(&mut part)).await {
            if count == 0 {
                break;
            }
            heard.extend_from_slice(part.get(..count).unwrap_or_default());
        }
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// What comes until the other side closes, and how long that took; fails where it does not close in time.
    pub async fn hear_out(&mut self, at_most: Duration) -> (String, Duration) {
        let started = Instant::now();
        let mut heard = Vec::new();
        let closed = timeout(at_most, self.0.read_to_end(&mut heard)).await;
        assert!(closed.is_ok(), "still open after {at_most:?}: {}", String::from_utf8_lossy(&heard));
        (String::from_utf8_lossy(&heard).into_owned(), started.elapsed())
    }
}

/// The statuses of the answers in what came back.
pub fn statuses(heard: &str) -> Vec<&str> {
    heard.split("HTTP/1.").skip(1).map(|answer| answer.get(2..5).unwrap_or_default()).collect()
}
