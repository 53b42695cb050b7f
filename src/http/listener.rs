//! Builds what each listener serves: the socket, actix-http, the dispatcher and the application.

use std::future::ready;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_http::{HttpService, KeepAlive};
use actix_server::{Server, ServerBuilder};
use actix_service::{ServiceFactoryExt, fn_service};
use actix_web::dev::ServiceRequest;
use actix_web::guard::GuardContext;
use actix_web::http::Method;
use actix_web::rt::net::TcpStream;
use actix_web::web::Data;
use actix_web::{App, HttpResponse};
use tokio::sync::Notify;

use super::console::{self, Console};
use super::control::{self, BodyBudget, ControlGuard, ControlState};
use super::dispatcher::Dispatcher;
use super::docs;
use super::partner::{self, PartnerState};
use super::resource::Resource;
use super::socket::Socket;
use crate::registry::Registry;

#[derive(Clone, Debug)]
pub(crate) struct HttpConfig {
    pub registry: Arc<Registry>,
    pub guard: Arc<ControlGuard>,
    /// Notified when a caller of the control API asks the server to stop.
    pub stop: Arc<Notify>,
    /// How many threads serve requests.
    pub workers: usize,
    /// How long a client may take to send a request, in real time.
    pub request_timeout: Duration,
    /// How long requests in flight may take once the server stops, in real time.
    pub shutdown_timeout: Duration,
}

/// What one listener serves.
#[derive(Clone, Debug)]
struct ListenerConfig {
    has_partner_api: bool,
    /// The console, which comes with the control API; `None` if neither is served here.
    console: Option<Console>,
    /// Shared by all listeners.
    body_budget: BodyBudget,
}

/// Serves on bound listeners until the returned server is stopped. If `control` is empty, the other
/// listeners serve the control API too.
pub(crate) fn serve(
    listeners: Vec<TcpListener>,
    control: Vec<TcpListener>,
    config: &HttpConfig,
) -> std::io::Result<Server> {
    let mut builder = Server::build()
        .workers(config.workers)
        .disable_signals()
        .shutdown_timeout(config.shutdown_timeout.as_millis().div_ceil(1_000) as u64);
    let partner = listeners.first().map(TcpListener::local_addr).transpose()?;
    let console = control.is_empty().then_some(Console { partner: None });
    let body_budget = BodyBudget::new(config.registry.settings().max_memory);
    for listener in listeners {
        let serves =
            ListenerConfig { has_partner_api: true, console, body_budget: body_budget.clone() };
        builder = listen(builder, "ringer", listener, serves, config)?;
    }
    for listener in control {
        let console = Some(Console { partner });
        let serves =
            ListenerConfig { has_partner_api: false, console, body_budget: body_budget.clone() };
        builder = listen(builder, "admin", listener, serves, config)?;
    }
    Ok(builder.run())
}

fn listen(
    builder: ServerBuilder,
    name: &str,
    listener: TcpListener,
    serves: ListenerConfig,
    config: &HttpConfig,
) -> std::io::Result<ServerBuilder> {
    let stopping = builder.graceful_shutdown_signal();
    let config = config.clone();
    builder.listen(name, listener, move || {
        let registry = Arc::clone(&config.registry);
        let request_timeout = config.request_timeout;
        let control = ControlState {
            registry: Arc::clone(&registry),
            guard: Arc::clone(&config.guard),
            stopping: stopping.clone(),
            stop: Arc::clone(&config.stop),
            request_timeout,
            body_budget: serves.body_budget.clone(),
        };
        let on_no_path = Arc::clone(&registry);
        let app = App::new()
            .app_data(Data::new(control))
            .configure(|app| {
                if let Some(console) = serves.console {
                    control::configure(app);
                    console::configure(app, console);
                }
                docs::configure(app);
                // Tools that wait for a server send HEAD / and expect 200.
                let is_head = |request: &GuardContext<'_>| request.head().method == Method::HEAD;
                let up = || ready(HttpResponse::Ok());
                app.service(Resource::at("/").only_if(is_head).get(up).open());
            })
            .default_service(fn_service(move |request: ServiceRequest| {
                let console = serves.console;
                let elsewhere = console.and_then(|console| console.partner(request.headers()));
                partner::refuse_path(request_timeout, Arc::clone(&on_no_path), elsewhere, request)
            }));
        let stopping = stopping.clone();
        let state = PartnerState { registry, request_timeout, stopping: stopping.clone() };
        let dispatcher = Dispatcher::factory(serves.has_partner_api.then_some(state), app);
        let http = HttpService::build()
            // Clients pool connections for minutes. Closing an idle one just as a request arrives
            // would make a test flake, so only clients close them.
            .keep_alive(KeepAlive::Os)
            .client_request_timeout(request_timeout)
            .client_disconnect_timeout(Duration::from_secs(1))
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .on_connect_ext(|socket: &Socket, data| {
                data.insert(socket.connection());
            })
            .h1(dispatcher);
        fn_service(|stream: TcpStream| async move {
            let peer = stream.peer_addr().ok();
            Ok((Socket::new(stream), peer))
        })
        .and_then(http)
    })
}
