//! How a run is told to end early.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

/// Ends a run early, from any thread: what is in flight is waited for, the rentals are cancelled,
/// the cases that are left are skipped.
#[derive(Clone, Debug, Default)]
pub struct StopToken(Arc<StopState>);

#[derive(Debug, Default)]
struct StopState {
    is_stopped: Mutex<bool>,
    told: Condvar,
}

impl StopToken {
    /// Ends the run.
    pub fn stop(&self) {
        *self.0.is_stopped.lock() = true;
        self.0.told.notify_all();
    }

    /// Whether it was told to end.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.is_stopped.lock()
    }

    /// Waits in real time, or until it is told to end.
    pub(super) fn pause(&self, length: Duration) {
        let mut is_stopped = self.0.is_stopped.lock();
        self.0.told.wait_while_for(&mut is_stopped, |is_stopped| !*is_stopped, length);
    }
}
