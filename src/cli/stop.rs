//! The wish to stop: Ctrl-C or SIGTERM. The first asks politely, the second does not wait.

use std::future::Future;
use std::io::Write as _;

use tokio::sync::watch;

use super::failure::{Failure, Outcome};

/// What shells report of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Knows whether somebody asked the program to stop. Cloning shares it.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the system does not let it.
    pub fn listen() -> Outcome<Self> {
        let mut signals =
            Signals::new().map_err(|error| Failure::new(format!("Could not listen to signals: {error}.")))?;
        let (say, hear) = watch::channel(false);
        tokio::spawn(async move {
            signals.next().await;
            // Nobody may be left to hear it.
            let _ = say.send(true);
            signals.next().await;
            let _ = writeln!(std::io::stderr(), "Stopped without waiting.");
            // The embedded database notices that its owner is gone, and stops by itself.
            std::process::exit(INTERRUPTED);
        });
        Ok(Self(hear))
    }

    /// Returns when somebody asked.
    pub async fn asked(&self) {
        let mut hear = self.0.clone();
        // An error means that the listener is gone, and then nobody can ask any more.
        if hear.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// What the work comes to, or nothing if somebody asks to stop before that.
    pub async fn or<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = self.asked() => None,
        }
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
