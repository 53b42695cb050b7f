//! Everything that knows HTTP: where a request comes in and where its reply leaves.

mod admin;
mod body;
mod front;
pub mod log;
mod partner;
mod wire;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_http::{HttpService, KeepAlive};
use actix_server::Server;
use actix_service::{ServiceFactoryExt, fn_service};
use actix_web::App;
use actix_web::dev::ServiceRequest;
use actix_web::rt::net::TcpStream;

use crate::registry::Registry;
use front::Front;
use partner::Desk;
use wire::Wire;

/// What the HTTP side needs to serve.
#[derive(Clone, Debug)]
pub struct Serving {
    /// The sandboxes.
    pub registry: Arc<Registry>,
    /// How many threads answer.
    pub workers: usize,
    /// How long a client may take to send a request, in real time.
    pub request_timeout: Duration,
    /// How long requests in flight may take once the server stops, in real time.
    pub shutdown_timeout: Duration,
}

/// Serves on a listener that is bound already, until the returned server is stopped.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve(listener: TcpListener, serving: &Serving) -> std::io::Result<Server> {
    let builder = Server::build()
        .workers(serving.workers)
        .disable_signals()
        .shutdown_timeout(serving.shutdown_timeout.as_millis().div_ceil(1_000) as u64);
    let stopping = builder.graceful_shutdown_signal();
    let serving = serving.clone();
    let server = builder.listen("ringer", listener, move || {
        let registry = Arc::clone(&serving.registry);
        let request_timeout = serving.request_timeout;
        let shape = registry.shape_without_sandbox();
        let app = App::new()
            .configure(|config| admin::configure(config, &registry))
            .default_service(fn_service(move |request: ServiceRequest| {
                partner::refuse_path(request_timeout, shape, request)
            }));
        let stopping = stopping.clone();
        let desk = Desk { registry, request_timeout, stopping: stopping.clone() };
        let front = Front::factory(desk, app);
        let http = HttpService::build()
            // Clients pool connections for minutes. A server that closes one while a request is
            // on its way makes a test flake, so an idle connection is left to the client.
            .keep_alive(KeepAlive::Os)
            .client_request_timeout(request_timeout)
            .client_disconnect_timeout(Duration::from_secs(1))
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .on_connect_ext(|wire: &Wire, data| {
                data.insert(wire.line());
            })
            .h1(front);
        fn_service(|stream: TcpStream| async move {
            let peer = stream.peer_addr().ok();
            Ok((Wire::new(stream), peer))
        })
        .and_then(http)
    })?;
    Ok(server.run())
}
