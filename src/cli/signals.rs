//! The signals that stop us.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::registry::real_time::RealClock;

/// SIGTERM, SIGINT or SIGHUP, whichever comes first.
pub(super) struct StopSignal {
    interrupt: Signal,
    terminate: Signal,
    /// None where it is to be ignored, as `nohup` arranges: it stays so, for us and for what we
    /// start.
    hangup: Option<Signal>,
    clock: RealClock,
    /// The last one, and when it came.
    last: Option<(&'static str, Duration)>,
}

impl StopSignal {
    /// `timeout` and others send a signal to the process and then to its group, which is one order.
    const TOGETHER: Duration = Duration::from_millis(100);

    /// Listens from now on.
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

    /// Waits for the next one; gives its name.
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

/// Whether whoever started us wants us to live on without a terminal. Linux tells; elsewhere we take
/// it that they do not.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 == 1)
}
