//! The processes that a command has started: reaped while it runs, ended after it.
//!
//! They are its process group and, on Linux, every other descendant: we are a child subreaper, so a
//! descendant that loses its parent becomes our child.

use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, kill_process, wait};

use crate::process_group::ProcessGroup;

/// How long the processes may take to end after SIGTERM.
const AFTER_TERM: Duration = Duration::from_secs(2);
/// How long the system may take to end them after SIGKILL.
const AFTER_KILL: Duration = Duration::from_secs(1);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// From now on, descendants that lose their parent become our children.
pub(super) fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// Reaps every child that has ended. Returns the status of `command` if it was among them.
///
/// Nothing else in this process may wait for a child meanwhile: a status can be read only once.
pub(super) fn reap(command: Pid) -> Option<WaitStatus> {
    let ended = std::iter::from_fn(|| wait(WaitOptions::NOHANG).ok().flatten());
    ended.filter(|(pid, _)| *pid == command).map(|(_, status)| status).last()
}

/// What remains when the command has ended.
pub(super) struct ProcessTree {
    /// The process group of the command, if it has its own.
    pub(super) group: Option<ProcessGroup>,
    /// A child of ours that stays.
    pub(super) spared: Option<Pid>,
}

impl ProcessTree {
    /// Ends the processes, by SIGTERM first unless `at_once`, then by SIGKILL.
    pub(super) async fn end(&self, at_once: bool) {
        if !at_once && self.terminate().await {
            return;
        }
        if let Some(group) = self.group {
            group.signal(Signal::KILL);
        }
        let kill = |pid| {
            let _ = kill_process(pid, Signal::KILL);
        };
        self.ends_within(AFTER_KILL, kill).await;
    }

    /// Sends SIGTERM to each process once. Returns whether all of them ended in time.
    async fn terminate(&self) -> bool {
        let mut signalled = Vec::new();
        if let Some(group) = self.group {
            group.signal(Signal::TERM);
        }
        let signal = |pid: Pid| {
            let is_in_group = self.group.is_some_and(|group| group.contains(pid));
            if !signalled.contains(&pid) && !is_in_group {
                signalled.push(pid);
                let _ = kill_process(pid, Signal::TERM);
            }
        };
        self.ends_within(AFTER_TERM, signal).await
    }

    /// Polls until nothing is left, and calls `signal` with each child that is.
    async fn ends_within(&self, limit: Duration, mut signal: impl FnMut(Pid)) -> bool {
        let mut interval = tokio::time::interval(POLL_INTERVAL);
        for _ in 0..limit.as_millis() / POLL_INTERVAL.as_millis() {
            interval.tick().await;
            // A child that has ended stays until its status is read.
            while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
            let mut children = children();
            children.retain(|pid| Some(*pid) != self.spared);
            if children.is_empty() && !self.group.is_some_and(ProcessGroup::is_alive) {
                return true;
            }
            children.into_iter().for_each(&mut signal);
        }
        false
    }
}

/// Every process on Linux; none elsewhere.
pub(super) fn all() -> Vec<Pid> {
    let Ok(all) = std::fs::read_dir("/proc") else { return Vec::new() };
    let names = all.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter_map(|name| Pid::from_raw(name.parse().ok()?)).collect()
}

fn children() -> Vec<Pid> {
    let own = rustix::process::getpid().as_raw_nonzero().to_string();
    let is_child = |pid: &Pid| {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
        // The name may contain anything; after it come the state and the parent.
        let stat = stat.unwrap_or_default();
        let parent = stat.rsplit_once(") ").and_then(|(_, fields)| fields.split(' ').nth(1));
        parent == Some(own.as_str())
    };
    all().into_iter().filter(is_child).collect()
}
