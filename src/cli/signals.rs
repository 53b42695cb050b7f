//! The signals that stop the process.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::registry::real_time::RealClock;

/// SIGTERM, SIGINT or SIGHUP, whichever comes first.
pub(super) struct StopSignal {
    interrupt: Signal,
    terminate: Signal,
    /// `None` if the parent set it to be ignored, as `nohup` does. It then stays ignored, for child
    /// processes too.
    hangup: Option<Signal>,
    clock: RealClock,
    /// The last signal, and when it arrived.
    last: Option<(&'static str, Duration)>,
}

impl StopSignal {
    /// Two equal signals within this time count as one: `timeout` and others signal the process and
    /// then its group.
    const TOGETHER: Duration = Duration::from_millis(100);

    pub(super) fn listen() -> std::io::Result<Self> {
        let hangup = if ignores_hangup() { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup,
            clock: RealClock::start(),
            last: None,
        })
    }

    /// Waits for the next signal, and returns its name.
    pub(super) async fn wait(&mut self) -> &'static str {
        loop {
            let name = self.next().await;
            let now = Duration::from_micros(self.clock.micros_since_start());
            let is_again = |(last, at)| last == name && now.saturating_sub(at) < Self::TOGETHER;
            if !self.last.is_some_and(is_again) {
                self.last = Some((name, now));
                return name;
            }
        }
    }

    async fn next(&mut self) -> &'static str {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
            _ = hangup => "SIGHUP",
        }
    }
}

/// Whether the parent set SIGHUP to be ignored. Only Linux tells; elsewhere we assume that it did
/// not.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 == 1)
}
