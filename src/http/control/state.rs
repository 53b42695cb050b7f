//! What the handlers of the control API share.

use std::sync::Arc;
use std::time::Duration;

use actix_server::GracefulShutdownSignal;
use actix_web::web::Data;
use tokio::sync::Notify;

use super::body_budget::BodyBudget;
use super::guard::ControlGuard;
use super::problem::Problem;
use crate::registry::jobs::JobLength;
use crate::registry::{Registry, Sandbox};

/// The argument through which a handler gets the [`ControlState`].
pub(super) type State = Data<ControlState>;

#[derive(Clone, Debug)]
pub(crate) struct ControlState {
    pub(crate) registry: Arc<Registry>,
    pub(crate) guard: Arc<ControlGuard>,
    /// Resolves when the server stops.
    pub(crate) stopping: GracefulShutdownSignal,
    /// Asks the server to stop.
    pub(crate) stop: Arc<Notify>,
    /// How long a caller may take to send a body, in real time.
    pub(crate) request_timeout: Duration,
    pub(crate) body_budget: BodyBudget,
}

impl ControlState {
    /// Runs a job off the threads that serve the partner API, after earlier jobs of the same key.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        api_key: &str,
        length: JobLength,
        job: impl FnOnce(&Arc<Registry>) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let is_large = || self.registry.known(api_key).is_some_and(|sandbox| sandbox.is_large());
        let length = if is_large() { JobLength::Long } else { length };
        let registry = Arc::clone(&self.registry);
        let done = self.registry.jobs().run(api_key, length, move || job(&registry)).await;
        done.ok_or_else(|| Problem::internal("this request failed; the server's log says why"))
    }

    /// Acts on the sandbox of this key, or fails with 404.
    pub(super) async fn with_known<T: Send + 'static>(
        &self,
        api_key: &str,
        length: JobLength,
        act: impl FnOnce(&Sandbox) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let key = api_key.to_owned();
        let job = move |registry: &Arc<Registry>| registry.known(&key).map(|known| act(&known));
        self.run(api_key, length, job).await?.ok_or_else(Self::unknown)
    }

    /// Acts on the sandbox of this key. A missing one is created, so that a test can prepare it
    /// before its client sends anything.
    pub(super) async fn with_open<T: Send + 'static>(
        &self,
        api_key: &str,
        act: impl FnOnce(&Sandbox) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let key = api_key.to_owned();
        let job = move |registry: &Arc<Registry>| {
            Sandbox::open_pinned(registry, &key).map(|open| act(&open))
        };
        Ok(self.run(api_key, JobLength::Short, job).await??)
    }

    pub(super) fn unknown() -> Problem {
        Problem::not_found(
            "there is no sandbox of this api_key yet; its first request creates it, or PUT \
             /__admin/sandboxes/KEY (percent-encoded)",
        )
    }
}
