//! A connection to a client, which is given up where the client is too slow: what comes between two requests has to become
//! a request in time, and what is sent has to be taken. The server itself looks only at the head of the first request.

use std::cell::Cell;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_http::{Extensions, Request};
use bytes::{Buf as _, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::callers::Held;
use super::unread;

/// From the first byte of a head to its end, where it is not the first of its connection.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long a client may take nothing of what is sent, all in all; it earns that much back by taking more.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes that earn a second.
const SLOWEST: u64 = 16 * 1024;

/// What reading and the requests that were read know of each other.
#[derive(Debug, Default)]
struct Listening {
    /// Whether the last request was answered, so that what comes next belongs to another.
    answered: Cell<bool>,
    /// Since when a head is on its way.
    since: Cell<Option<Instant>>,
}

/// A counted, watched connection.
#[derive(Debug)]
pub struct Line {
    stream: TcpStream,
    listening: Rc<Listening>,
    head_alarm: Option<Pin<Box<Sleep>>>,
    /// Since when the client takes nothing.
    blocked: Option<Instant>,
    patience: Duration,
    write_alarm: Option<Pin<Box<Sleep>>>,
    /// What is sent in place of an answer that would say nothing.
    instead: Option<Bytes>,
    _held: Option<Held>,
}

impl Line {
    /// Watches a connection, and lets go of its count with it.
    pub fn new(stream: TcpStream, held: Option<Held>) -> Self {
        Self {
            stream,
            listening: Rc::default(),
            head_alarm: None,
            blocked: None,
            patience: PATIENCE,
            write_alarm: None,
            instead: None,
            _held: held,
        }
    }

    /// Lets the requests of this connection say that they were heard.
    pub fn introduce(&self, extensions: &mut Extensions) {
        extensions.insert(Rc::clone(&self.listening));
    }

    /// Ends a head that is too long on its way. While the client takes nothing, or is being answered, it is not awaited.
    fn watch_head(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        match self.listening.since.get() {
            Some(since) if self.blocked.is_none() => ring(&mut self.head_alarm, since + HEAD_WITHIN, context),
            _ => Ok(()),
        }
    }

    fn count_read(&self) {
        if self.listening.answered.get() && self.listening.since.get().is_none() {
            self.listening.since.set(Some(Instant::now()));
        }
    }

    /// Books what a write came to, and whether it belongs to an answer.
    fn count_written(
        &mut self,
        answers: bool,
        outcome: &Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> io::Result<()> {
        let Poll::Ready(Ok(taken)) = outcome else {
            let since = *self.blocked.get_or_insert_with(Instant::now);
            let in_time = ring(&mut self.write_alarm, since + self.patience, context);
            if in_time.is_err() {
                // What is not taken would otherwise stay with the system for minutes.
                let _ = self.stream.set_zero_linger();
            }
            return in_time;
        };
        if answers {
            self.listening.answered.set(true);
        }
        if let Some(since) = self.blocked.take() {
            self.patience = self.patience.saturating_sub(since.elapsed());
        }
        if self.patience < PATIENCE {
            let earned = Duration::from_millis(*taken as u64 * 1000 / SLOWEST);
            self.patience = PATIENCE.min(self.patience + earned);
        }
        Ok(())
    }
}

/// Fails once the instant has come, and otherwise has the task woken at it. An alarm that was set for an earlier one is
/// set anew only when it rings, so that a request costs none.
fn ring(alarm: &mut Option<Pin<Box<Sleep>>>, at: Instant, context: &mut Context<'_>) -> io::Result<()> {
    let alarm = alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(at)));
    if alarm.deadline() > at {
        alarm.as_mut().reset(at);
    }
    while alarm.as_mut().poll(context).is_ready() {
        if Instant::now() >= at {
            return Err(ErrorKind::TimedOut.into());
        }
        alarm.as_mut().reset(at);
    }
    Ok(())
}

/// Whether this only tells the client to go on with its body.
fn asks_for_more(bytes: &[u8]) -> bool {
    bytes.starts_with(b"HTTP/1.1 100 ")
}

/// Says that the head of a request is there.
pub(super) fn heard(request: &Request) {
    if let Some(listening) = request.conn_data::<Rc<Listening>>() {
        listening.answered.set(false);
        listening.since.set(None);
    }
}

impl AsyncRead for Line {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        let before = into.filled().len();
        let outcome = Pin::new(&mut line.stream).poll_read(context, into);
        match &outcome {
            Poll::Ready(Ok(())) if into.filled().len() > before => line.count_read(),
            Poll::Pending => line.watch_head(context)?,
            Poll::Ready(_) => {}
        }
        outcome
    }
}

impl AsyncWrite for Line {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let line = self.get_mut();
        if line.instead.is_none() {
            line.instead = unread::told(bytes);
        }
        if let Some(rest) = &mut line.instead {
            while !rest.is_empty() {
                let outcome = Pin::new(&mut line.stream).poll_write(context, rest);
                rest.advance(ready!(outcome)?);
            }
            line.instead = None;
            return Poll::Ready(Ok(bytes.len()));
        }
        let outcome = Pin::new(&mut line.stream).poll_write(context, bytes);
        line.count_written(!asks_for_more(bytes), &outcome, context)?;
        outcome
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let line = self.get_mut();
        let outcome = Pin::new(&mut line.stream).poll_write_vectored(context, parts);
        let answers = !parts.first().is_some_and(|part| asks_for_more(part));
        line.count_written(answers, &outcome, context)?;
        outcome
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
