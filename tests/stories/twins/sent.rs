//! One connection to one world: requests go out together, and the bytes of their answers are kept as they came.

use std::fmt;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::asked::Asked;
use crate::support::TestApp;

/// Sent with every request, so that what an answer says of its request is alike too.
const REQUEST_ID: &str = "0198c0de-7000-7000-8000-0000000000f1";

/// The server's wall clock, and whether the answer was in memory, which hangs on how busy the machine is.
const UNTOLD: [&str; 2] = ["date", "server-timing"];

/// An answer: every byte of it except these headers, which tell of no secret.
#[derive(Clone, Debug)]
pub struct Told {
    pub status: u16,
    pub bytes: Vec<u8>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.bytes))
    }
}

impl Told {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let text = std::str::from_utf8(head_of(&self.bytes)?).ok()?;
        let mut lines = text.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The body, if it is text.
    pub fn body(&self) -> &str {
        let head = head_of(&self.bytes).map_or(0, <[u8]>::len);
        std::str::from_utf8(self.bytes.get(head..).unwrap_or_default()).unwrap_or_default()
    }
}

/// A connection that is made again when the server has closed it.
pub struct Line {
    app: TestApp,
    stream: Option<TcpStream>,
    unread: Vec<u8>,
    part: Vec<u8>,
}

impl Line {
    pub async fn to(app: &TestApp) -> Self {
        let stream = TcpStream::connect(app.address()).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        Self { app: app.clone(), stream: Some(stream), unread: Vec::new(), part: vec![0; 65_536] }
    }

    /// The answers to these, in their order.
    pub async fn answers(&mut self, batch: &[Asked]) -> Vec<Told> {
        let mut told = Vec::new();
        while let Some(rest) = batch.get(told.len()..).filter(|rest| !rest.is_empty()) {
            if self.stream.is_none() {
                *self = Self::to(&self.app).await;
            }
            let stream = self.stream.as_mut().expect("a connection");
            // A HEAD travels alone: beside others, actix-http takes its manner for theirs.
            let together = rest.iter().position(|asked| asked.method == "HEAD").unwrap_or(rest.len()).max(1);
            let rest = rest.get(..together).unwrap_or(rest);
            let sent: String = rest.iter().map(wire).collect();
            stream.write_all(sent.as_bytes()).await.expect("a server that listens");
            let before = told.len();
            for asked in rest {
                match self.next(asked.method == "HEAD").await {
                    Some(answer) => told.push(answer),
                    None => break,
                }
            }
            assert!(told.len() > before || self.stream.is_none(), "nothing was answered");
        }
        told
    }

    /// The next answer; none if the server closed before it.
    async fn next(&mut self, bodiless: bool) -> Option<Told> {
        loop {
            if let Some((told, length)) = parsed(&self.unread, bodiless) {
                self.unread.drain(..length);
                if told.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
                    self.stream = None;
                    self.unread.clear();
                }
                return Some(told);
            }
            match self.stream.as_mut()?.read(&mut self.part).await {
                Ok(count) if count > 0 => self.unread.extend_from_slice(self.part.get(..count).unwrap_or_default()),
                _ => {
                    assert!(self.unread.is_empty(), "half an answer: {}", String::from_utf8_lossy(&self.unread));
                    self.stream = None;
                    return None;
                }
            }
        }
    }
}

fn wire(asked: &Asked) -> String {
    let (method, target) = (&asked.method, asked.target());
    let headers: Vec<String> = asked.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let headers = headers.concat();
    format!("{method} {target} HTTP/1.1\r\nhost: api.example.org\r\nx-request-id: {REQUEST_ID}\r\n{headers}\r\n")
}

fn head_of(bytes: &[u8]) -> Option<&[u8]> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").and_then(|at| bytes.get(..at + 4))
}

/// The first whole answer in these bytes, and how many of them it took.
fn parsed(bytes: &[u8], bodiless: bool) -> Option<(Told, usize)> {
    let head = std::str::from_utf8(head_of(bytes)?).expect("a head in ASCII");
    let status = head.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).and_then(|status| status.parse().ok());
    let Some(status): Option<u16> = status else { panic!("this is no answer, or more than one: {head}") };
    let mut length = 0;
    let mut lines = Vec::new();
    for line in head.split_inclusive("\r\n") {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        assert!(!name.eq_ignore_ascii_case("transfer-encoding"), "say in {} how this is read: {head}", file!());
        if name.eq_ignore_ascii_case("content-length") && !bodiless && ![204, 304].contains(&status) {
            length = value.trim().parse().expect("a length");
        }
        if !UNTOLD.iter().any(|untold| name.eq_ignore_ascii_case(untold)) {
            lines.push(line);
        }
    }
    let body = bytes.get(head.len()..head.len() + length)?;
    // The status line, the headers in one order (theirs is chance), and the empty line.
    if let [_, headers @ .., _] = lines.as_mut_slice() {
        headers.sort_unstable();
    }
    Some((Told { status, bytes: [lines.concat().as_bytes(), body].concat() }, head.len() + length))
}
