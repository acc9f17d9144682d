//! The server below the application: what it accepts, how long it waits, and over which connections it speaks.

use std::io::{Error as Broken, ErrorKind};
use std::net::TcpListener;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, KeepAlive, Protocol, Request};
use actix_server::Server;
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, apply, fn_service, map_config,
};
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::web::Data;
use tokio::net::TcpStream;

use super::app::Shared;
use super::callers::{Admission, refuse};
use super::front::Fronted;
use super::line::Line;
use super::pieces::PIECE;
use crate::base::error::{Error, Result};

/// From the connection to the end of the first head.
const FIRST_HEAD_WITHIN: Duration = Duration::from_secs(10);
const KEEP_IDLE_FOR: Duration = Duration::from_secs(75);
/// How long the rest of a refused body is still taken, so that the refusal arrives.
const PART_WITHIN: Duration = Duration::from_secs(1);
/// How long a client that connected just before a stop may take to send its request.
const LAST_REQUESTS_WITHIN: Duration = Duration::from_millis(300);
const MOST_CONNECTIONS_PER_WORKER: usize = 10_000;

/// Serves an application to all that the listener accepts. Each worker has one of its own.
///
/// # Errors
/// When the listener cannot be used.
pub fn listen<M, I, S>(listener: TcpListener, shared: Data<Shared>, make: M) -> Result<Server>
where
    M: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>
        + 'static,
    S::InitError: std::fmt::Debug,
    <S::Service as Service<Request>>::Future: 'static,
{
    let settings = &shared.settings;
    let builder = Server::build()
        .workers(settings.workers)
        .max_concurrent_connections(MOST_CONNECTIONS_PER_WORKER)
        .shutdown_timeout(settings.shutdown_seconds)
        .disable_signals();
    let stopping = builder.graceful_shutdown_signal();
    let serve = move || {
        let (stopping, shared) = (stopping.clone(), shared.clone());
        let application = apply(Fronted(shared.clone()), make().into_factory().map_init_err(|_| ()))
            .map_err(|error: actix_web::Error| error.error_response());
        let http = HttpService::build()
            // At a stop, connections that wait for a request close soon: not at once, because one may be on its way.
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move {
                    stopping.notified().await;
                    tokio::time::sleep(LAST_REQUESTS_WITHIN).await;
                }
            })
            .keep_alive(KeepAlive::Timeout(KEEP_IDLE_FOR))
            .client_request_timeout(FIRST_HEAD_WITHIN)
            .client_disconnect_timeout(PART_WITHIN)
            .h1_write_buffer_size(PIECE)
            .on_connect_ext(Line::introduce)
            .finish(map_config(application, |()| AppConfig::default()));
        fn_service(move |stream: TcpStream| {
            let shared = shared.clone();
            async move {
                let peer = stream.peer_addr()?;
                // Else the last piece of a long answer waits for the client to confirm the one before, some 40 ms.
                stream.set_nodelay(true)?;
                let held = match shared.callers.admit(peer.ip(), &shared.settings) {
                    Admission::Counted(held) => Some(held),
                    Admission::Free => None,
                    Admission::Refused => {
                        refuse(stream);
                        return Err(DispatchError::Io(Broken::from(ErrorKind::ConnectionRefused)));
                    }
                };
                Ok((Line::new(stream, held), Protocol::Http1, Some(peer)))
            }
        })
        .and_then(http)
    };
    Ok(builder.listen("dateline", listener, serve).map_err(Error::internal)?.run())
}
