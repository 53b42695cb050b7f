//! How a run is stopped early.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

/// Stops a run from any thread. The run finishes the request in flight, skips the remaining cases
/// and cancels its rentals.
#[derive(Clone, Debug, Default)]
pub(crate) struct StopToken(Arc<(Mutex<bool>, Condvar)>);

impl StopToken {
    pub(crate) fn stop(&self) {
        let (is_stopped, changed) = &*self.0;
        *is_stopped.lock() = true;
        changed.notify_all();
    }

    pub(super) fn is_stopped(&self) -> bool {
        *self.0.0.lock()
    }

    /// Waits in real time, at most until the run is stopped.
    pub(super) fn pause(&self, length: Duration) {
        let (is_stopped, changed) = &*self.0;
        changed.wait_while_for(&mut is_stopped.lock(), |is_stopped| !*is_stopped, length);
    }
}
