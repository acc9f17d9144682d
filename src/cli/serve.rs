//! `dateline serve`: everything that is needed to answer requests, until somebody asks to stop.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::time::Duration;

use tokio::net::TcpSocket;

use super::banner::Banner;
use super::failure::{Failure, Outcome};
use super::home::Home;
use super::stop::Stop;
use super::{demo, log};
use crate::app::Application;
use crate::base::clock::Clock;
use crate::base::config::{Config, LogFormat};

/// So many connections wait to be accepted.
const BACKLOG: u32 = 1024;

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// When something that is needed is missing; what was started is stopped again.
pub async fn serve(config: &Config) -> Outcome {
    log::start(config);
    let stop = Stop::listen()?;
    // First, because it is what fails most often, and at once.
    let listener = listen(config.bind, config.share_port)?;
    let Some(home) = stop.or(Home::open(config)).await else { return Ok(()) };
    home?.visit(async |home| answer(config, home, listener, &stop).await).await
}

async fn answer(config: &Config, home: &Home, listener: TcpListener, stop: &Stop) -> Outcome {
    let Some(prepared) = stop.or(prepare(config, home)).await else { return Ok(()) };
    let demo = prepared?;
    let (secret, kept_in) = home.secret(config)?;
    let address = listener.local_addr().map_err(|error| Failure::new(error.to_string()))?;
    let mut settings = config.settings(&home.url(), &secret, address);
    if demo.is_some() {
        demo::name_site(config, &mut settings);
    }
    let banner = Banner { config, home, address, public_url: settings.public_url.clone(), kept_in, demo };
    let application = Application::on(listener, settings, Clock::system())?;
    match config.log_format {
        LogFormat::Text => banner.print(),
        LogFormat::Json => tracing::info!(%address, database = home.described(), "listening"),
    }
    run(config, application, stop).await
}

async fn prepare(config: &Config, home: &Home) -> Outcome<Option<demo::Shown>> {
    home.migrate().await?;
    demo::once(config, home).await
}

/// Answers until asked to stop; then readiness says no, requests in flight finish, and connections close.
async fn run(config: &Config, application: Application, stop: &Stop) -> Outcome {
    let (shared, handle) = (application.shared(), application.handle());
    let mut serving = pin!(application.run());
    tokio::select! {
        ended = &mut serving => return Ok(ended?),
        () = stop.asked() => {}
    }
    shared.readiness.drain();
    if config.drain_seconds > 0 {
        eprintln!("Stopping: not ready any more, closing in {} s.", config.drain_seconds);
        tokio::time::sleep(Duration::from_secs(config.drain_seconds)).await;
    }
    // Connections that wait for a request close soon, the others with the end of their answer.
    let stopping = handle.stop(true);
    let patience = Duration::from_secs(config.fixed().shutdown_seconds);
    tokio::select! {
        ended = &mut serving => ended?,
        () = stopping => {}
        () = tokio::time::sleep(patience) => {
            tracing::warn!(in_flight = shared.readiness.in_flight(), "requests did not finish in time");
        }
    }
    shared.database.close();
    Ok(())
}

/// A listener beside others of the same address; the system deals out the connections.
fn share(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    #[cfg(unix)]
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

fn listen(address: SocketAddr, shared: bool) -> Outcome<TcpListener> {
    let listener = if shared { share(address) } else { TcpListener::bind(address) };
    listener.map_err(|error| {
        let fix = match error.kind() {
            ErrorKind::AddrInUse => {
                let other = SocketAddr::new(address.ip(), address.port().saturating_add(1));
                format!("another program listens there.\n  fix: stop it, or take another port: DATELINE_BIND={other}")
            }
            ErrorKind::PermissionDenied => {
                format!("ports under 1024 need rights.\n  fix: DATELINE_BIND={}:8080", address.ip())
            }
            ErrorKind::AddrNotAvailable => {
                "this machine has no such address.\n  fix: DATELINE_BIND=127.0.0.1:8080, or 0.0.0.0:8080 for all"
                    .to_owned()
            }
            _ => error.to_string(),
        };
        Failure::new(format!("Cannot listen on {address}: {fix}"))
    })
}
