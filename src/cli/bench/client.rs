//! Just enough HTTP to prepare a measurement: one request after another on one connection.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::cli::failure::{Failure, Outcome};

const PATIENCE: Duration = Duration::from_secs(30);

/// A connection to a server of this machine.
pub(super) struct Client {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
    token: Option<String>,
}

/// What came back.
pub(super) struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub(super) fn connect(address: SocketAddr, token: Option<&str>) -> Outcome<Self> {
        let stream = TcpStream::connect(address).map_err(|error| failed(address, &error))?;
        let prepared = stream.set_read_timeout(Some(PATIENCE)).and_then(|()| stream.set_nodelay(true));
        prepared.map_err(|error| failed(address, &error))?;
        Ok(Self { stream: BufReader::new(stream), address, token: token.map(str::to_owned) })
    }

    /// Reads a path.
    ///
    /// # Errors
    /// When no answer comes.
    pub(super) fn get(&mut self, path: &str) -> Outcome<Answer> {
        self.send("GET", path, None)
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// When no answer comes.
    pub(super) fn send(&mut self, method: &str, path: &str, body: Option<&Value>) -> Outcome<Answer> {
        let address = self.address;
        self.exchange(method, path, body).map_err(|error| failed(address, &error))
    }

    fn exchange(&mut self, method: &str, path: &str, body: Option<&Value>) -> std::io::Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nIf-Match: *\r\n", self.address);
        if method == "GET" {
            request = request.replace("If-Match: *\r\n", "");
        }
        if let Some(token) = &self.token {
            request.push_str(&format!("Authorization: Bearer {token}\r\n"));
        }
        let body = body.map(ToString::to_string).unwrap_or_default();
        if !body.is_empty() {
            request.push_str("Content-Type: application/json\r\n");
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        let mut answer = Answer { status, etag: None, body: Vec::new() };
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 || line == "\r\n" {
                break;
            }
            let (name, value) = line.trim_end().split_once(':').unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => answer.body.resize(value.trim().parse().unwrap_or_default(), 0),
                "etag" => answer.etag = Some(value.trim().to_owned()),
                _ => {}
            }
        }
        self.stream.read_exact(&mut answer.body)?;
        Ok(answer)
    }
}

fn failed(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::new(format!("The server at {address} does not answer: {error}."))
}
