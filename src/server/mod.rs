//! Starts and stops a server: the entry point of the binary, of our tests and of yours.

mod builder;
mod listen;
mod scenario_choice;

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use actix_server::ServerHandle;
use tokio::sync::oneshot;

pub use builder::ServerBuilder;
pub use scenario_choice::ScenarioChoice;

use crate::registry::{Registry, Sandbox};
use crate::sandbox::error::SandboxError;

/// A running server.
///
/// It has its own threads and its own runtime, so you can use it under any async runtime or none.
/// Dropping it stops it at once.
///
/// ```
/// use ringer::Server;
///
/// let server = Server::builder().scenario("out-of-stock").start()?;
/// let url = format!("{}/getNumbers?api_key=ci-1&country=DE", server.url());
/// let listing = ureq::get(url).call()?.body_mut().read_to_string()?;
/// assert!(listing.contains("\"available\":0"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// Default settings: scenario happy-path, seed 0, a free port on 127.0.0.1, one worker.
    #[must_use]
    pub fn builder() -> ServerBuilder {
        ServerBuilder::default()
    }

    /// The base URL, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The base URL of the control API, without a trailing slash.
    #[must_use]
    pub fn admin_url(&self) -> String {
        format!("http://{}/__admin", self.admin_address)
    }

    /// The URL of the console, a web page that shows what happens.
    #[must_use]
    pub fn console_url(&self) -> String {
        format!("http://{}/", self.admin_address)
    }

    /// The token that the control API requires as `Authorization: Bearer`, if it requires one.
    #[must_use]
    pub fn admin_token(&self) -> Option<&str> {
        self.admin_token.as_deref()
    }

    /// The address of the partner API; for `localhost`, the IPv4 one.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Opens the sandbox of an api_key, and creates it first if need be.
    ///
    /// # Errors
    /// When the key opens no sandbox on this server.
    pub fn sandbox(&self, api_key: &str) -> Result<Sandbox, SandboxError> {
        Sandbox::open(&self.registry, api_key)
    }

    #[cfg(feature = "cli")]
    pub(crate) const fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// Waits until a call of the control API stops the server. A second call waits forever.
    pub async fn ended(&mut self) {
        match self.ended.take() {
            // Nothing is ever sent; the server drops the sender when it ends.
            Some(ended) => drop(ended.await),
            None => std::future::pending().await,
        }
    }

    /// Stops gracefully: takes no new connections, and answers the requests in flight.
    pub fn stop(mut self) {
        self.end(true);
    }

    fn end(&mut self, graceful: bool) {
        if let Some(thread) = self.thread.take() {
            // The call itself stops the server; the future it returns would only wait for that.
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
#[non_exhaustive]
pub enum StartError {
    /// A setting has a value that makes no sense.
    #[non_exhaustive]
    Setting {
        /// The method of [`ServerBuilder`] that took it.
        name: &'static str,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// The server cannot listen on an address.
    #[non_exhaustive]
    Listen {
        /// The method of [`ServerBuilder`] that decides the port.
        name: &'static str,
        /// The address.
        address: String,
        /// Why the system refuses it.
        source: io::Error,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting { name, reason } => write!(f, "{name}: {reason}"),
            Self::Listen { address, source, .. } => {
                write!(f, "cannot listen on {address}: {source}")?;
                f.write_str(match source.kind() {
                    ErrorKind::AddrInUse => "; port 0 takes a free port",
                    _ => "; listen on an address of this machine, such as 127.0.0.1",
                })
            }
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Setting { .. } => None,
            Self::Listen { source, .. } => Some(source),
        }
    }
}
