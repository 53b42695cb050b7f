//! Start and stop: the door by which the binary, our tests and a user's own tests go in.

mod builder;
mod listen;

use std::fmt;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use actix_server::ServerHandle;
use tokio::sync::oneshot;

pub use builder::{ScenarioChoice, ServerBuilder};

use crate::registry::{Registry, Sandbox, SandboxSummary, UnroutedRequests};
use crate::report::Report;
use crate::sandbox::command::Refusal;
use crate::scenario::Clock;

/// A running server. It has threads and a runtime of its own, so that a caller under any runtime,
/// or none, can use it. Dropping it stops it at once.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    admin_address: SocketAddr,
    admin_token: Option<String>,
    registry: Arc<Registry>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    ended: Option<oneshot::Receiver<()>>,
}

impl Server {
    /// Begins a server: happy-path, seed 0, a free port on 127.0.0.1, one worker.
    #[must_use]
    pub fn builder() -> ServerBuilder {
        ServerBuilder::default()
    }

    /// The base URL, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The URL of the control API, without a slash at its end.
    #[must_use]
    pub fn admin_url(&self) -> String {
        format!("http://{}/__admin", self.admin_address)
    }

    /// The page that shows what happens, for a browser: beside the control API.
    #[must_use]
    pub fn console_url(&self) -> String {
        format!("http://{}/", self.admin_address)
    }

    /// What the control API demands as `Authorization: Bearer`, if anything.
    #[must_use]
    pub fn admin_token(&self) -> Option<&str> {
        self.admin_token.as_deref()
    }

    /// Where it listens; the IPv4 address where that is `localhost`.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The clock of a sandbox whose key asks for no scenario.
    pub(crate) fn default_clock(&self) -> Clock {
        let settings = self.registry.settings();
        settings.clock_of(&settings.default_scenario)
    }

    /// The sandbox of this key, which is made where there is none yet.
    ///
    /// # Errors
    /// The refusal that a client with this key would get.
    pub fn sandbox(&self, api_key: &str) -> Result<Sandbox, Refusal> {
        Sandbox::open(&self.registry, api_key)
    }

    /// How the client of each sandbox did, in the order of their keys: also before the sandbox was
    /// reset, made anew or deleted, where that is kept ([`ServerBuilder::max_past_reports`]).
    pub(crate) fn reports(&self) -> Vec<(SandboxSummary, Report)> {
        self.registry.reports()
    }

    /// How many requests reached no sandbox, by their error.
    pub(crate) fn unrouted_requests(&self) -> UnroutedRequests {
        self.registry.unrouted_requests()
    }

    /// Waits until the server has ended by itself: somebody asked it to through its control API.
    /// Waits forever when it is called again.
    pub async fn ended(&mut self) {
        match self.ended.take() {
            // Nothing is ever sent: the sender goes with the server.
            Some(ended) => drop(ended.await),
            None => std::future::pending().await,
        }
    }

    /// Stops: no new connections, requests in flight are answered first.
    pub fn stop(mut self) {
        self.end(true);
    }

    fn end(&mut self, graceful: bool) {
        if let Some(thread) = self.thread.take() {
            // The order is given by the call; what it returns only waits for it.
            drop(self.handle.stop(graceful));
            // A panic of the thread was reported when it happened.
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end(false);
    }
}

/// Why a server did not start.
#[derive(Debug)]
pub enum StartError {
    /// A setting that makes no sense: what is wrong, and what would be right.
    Setting(String),
    /// The address cannot be listened on.
    Listen {
        /// The address.
        address: String,
        /// Why not.
        reason: std::io::Error,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(what) => f.write_str(what),
            Self::Listen { address, reason } => {
                write!(f, "cannot listen on {address}: {reason}")?;
                match reason.kind() {
                    ErrorKind::AddrInUse => f.write_str("; --port 0 takes a free port"),
                    _ => {
                        f.write_str("; --host takes an address of this machine, such as 127.0.0.1")
                    }
                }
            }
        }
    }
}

impl std::error::Error for StartError {}
