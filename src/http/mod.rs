//! Everything that knows HTTP: where a request comes in and where its reply leaves.

pub(crate) mod capsule;
mod console;
mod control;
mod dispatcher;
mod docs;
mod host_header;
pub(crate) mod log;
mod openapi;
mod partner;
mod request_body;
mod resource;
mod route;
mod socket;

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

use crate::registry::Registry;
use console::Console;
use control::{BodyBudget, ControlState};
pub(crate) use control::{ControlGuard, HostPattern, Origin, Token};
use dispatcher::Dispatcher;
pub(crate) use docs::document;
use partner::PartnerState;
use resource::Resource;
use socket::Socket;

/// What the HTTP side needs to serve.
#[derive(Clone, Debug)]
pub(crate) struct HttpConfig {
    /// The sandboxes.
    pub registry: Arc<Registry>,
    /// Who may use the control API.
    pub guard: Arc<ControlGuard>,
    /// Asks the server to stop; who runs it listens.
    pub stop: Arc<Notify>,
    /// How many threads answer.
    pub workers: usize,
    /// How long a client may take to send a request, in real time.
    pub request_timeout: Duration,
    /// How long requests in flight may take once the server stops, in real time.
    pub shutdown_timeout: Duration,
}

/// What one listener answers.
#[derive(Clone, Debug)]
struct ListenerConfig {
    partner: bool,
    /// The control API, and the console that lives beside it.
    admin: Option<Console>,
    /// The room for long replies, which all listeners share.
    body_budget: BodyBudget,
}

/// Serves on listeners that are bound already, until the returned server is stopped. Without
/// listeners of its own, the control API answers beside the partner API.
///
/// # Errors
/// When a listener cannot be used.
pub(crate) fn serve(
    listeners: Vec<TcpListener>,
    admin: Vec<TcpListener>,
    config: &HttpConfig,
) -> std::io::Result<Server> {
    let mut builder = Server::build()
        .workers(config.workers)
        .disable_signals()
        .shutdown_timeout(config.shutdown_timeout.as_millis().div_ceil(1_000) as u64);
    let elsewhere = listeners.first().map(TcpListener::local_addr).transpose()?;
    let beside = admin.is_empty().then_some(Console { partner: None });
    let body_budget = BodyBudget::new(config.registry.settings().max_memory);
    for listener in listeners {
        let serves =
            ListenerConfig { partner: true, admin: beside, body_budget: body_budget.clone() };
        builder = listen(builder, "ringer", listener, serves, config)?;
    }
    for listener in admin {
        let admin = Some(Console { partner: elsewhere });
        let serves = ListenerConfig { partner: false, admin, body_budget: body_budget.clone() };
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
        let shape = registry.shape_without_sandbox();
        let app = App::new()
            .app_data(Data::new(control))
            .configure(|app| {
                if let Some(console) = serves.admin {
                    control::configure(app);
                    console::configure(app, console);
                }
                docs::configure(app);
                // Tools that wait for a server ask this, and take nothing but 200.
                let is_head = |asked: &GuardContext<'_>| asked.head().method == Method::HEAD;
                let up = || ready(HttpResponse::Ok());
                app.service(Resource::at("/").only_if(is_head).get(up).open());
            })
            .default_service(fn_service(move |request: ServiceRequest| {
                let elsewhere = serves.admin.and_then(|console| console.partner(request.headers()));
                partner::refuse_path(request_timeout, shape, elsewhere, request)
            }));
        let stopping = stopping.clone();
        let state = PartnerState { registry, request_timeout, stopping: stopping.clone() };
        let dispatcher = Dispatcher::factory(serves.partner.then_some(state), app);
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

/// How often the sandboxes that are watched are brought up to now: what is due then shows at once,
/// where else it would show with the next request.
const LOOK: Duration = Duration::from_millis(250);

/// Brings the sandboxes up to now that somebody watches, for as long as the server runs.
pub(crate) async fn bring_up_watched(registry: Arc<Registry>) {
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        registry.bring_up_watched();
    }
}
