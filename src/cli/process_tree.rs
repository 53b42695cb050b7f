//! The processes that a command has started: how they are reaped while it runs, and ended after it.
//!
//! They are its process group, and on Linux every other descendant too: we are a child subreaper,
//! so a descendant that loses its parent becomes our child.

use std::time::Duration;

use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, kill_process, kill_process_group,
    test_kill_process_group, wait,
};

/// How long the processes may take to end by themselves after SIGTERM.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long the system may take to end them after SIGKILL.
const AFTER_KILL: Duration = Duration::from_secs(1);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// From now on, descendants that lose their parent become our children.
pub(super) fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// Reaps every child that has ended. Gives the status of `command` if it was among them.
///
/// Nothing else in this process may wait for a child meanwhile: a status can be read only once.
pub(super) fn reap(command: Pid) -> Option<WaitStatus> {
    let ended = std::iter::from_fn(|| wait(WaitOptions::NOHANG).ok().flatten());
    ended.filter(|(pid, _)| *pid == command).map(|(_, status)| status).last()
}

/// What is to be ended, once the command itself has ended.
pub(super) struct ProcessTree {
    /// The process group of the command, where it has one of its own.
    pub(super) group: Option<Pid>,
    /// A child of ours that stays.
    pub(super) spared: Option<Pid>,
}

impl ProcessTree {
    /// Ends them: by SIGTERM first, or `at_once` by SIGKILL.
    pub(super) async fn end(&self, at_once: bool) {
        if !at_once && self.terminate().await {
            return;
        }
        if let Some(group) = self.group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let kill = |pid| {
            let _ = kill_process(pid, Signal::KILL);
        };
        self.are_gone_within(AFTER_KILL, kill).await;
    }

    /// Asks them to end. Gives whether all of them did in time.
    async fn terminate(&self) -> bool {
        let mut asked = Vec::new();
        if let Some(group) = self.group {
            let _ = kill_process_group(group, Signal::TERM);
        }
        let ask = |pid: Pid| {
            let is_asked = self.group.is_some() && group_of(pid) == self.group;
            if !asked.contains(&pid) && !is_asked {
                asked.push(pid);
                let _ = kill_process(pid, Signal::TERM);
            }
        };
        self.are_gone_within(PATIENCE, ask).await
    }

    /// Looks until nothing is left; meanwhile does that with each child there is.
    async fn are_gone_within(&self, span: Duration, mut with_each: impl FnMut(Pid)) -> bool {
        let mut looks = tokio::time::interval(BETWEEN_LOOKS);
        for _ in 0..span.as_millis() / BETWEEN_LOOKS.as_millis() {
            looks.tick().await;
            // A child that has ended stays until somebody reads its status.
            while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
            let children: Vec<Pid> =
                children().into_iter().filter(|pid| Some(*pid) != self.spared).collect();
            let has_group = self.group.is_some_and(|group| test_kill_process_group(group).is_ok());
            if children.is_empty() && !has_group {
                return true;
            }
            children.into_iter().for_each(&mut with_each);
        }
        false
    }
}

fn group_of(pid: Pid) -> Option<Pid> {
    rustix::process::getpgid(Some(pid)).ok()
}

/// Every process there is, as Linux lists them.
pub(super) fn all() -> Vec<Pid> {
    let Ok(all) = std::fs::read_dir("/proc") else { return Vec::new() };
    let names = all.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter_map(|name| Pid::from_raw(name.parse().ok()?)).collect()
}

/// Our children.
fn children() -> Vec<Pid> {
    let own = rustix::process::getpid().as_raw_nonzero().get().to_string();
    let is_child = |pid: &Pid| {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
        // After the name, which may have anything in it: the state, then the parent.
        let stat = stat.unwrap_or_default();
        let after = stat.rsplit_once(") ").map(|(_, after)| after.split(' '));
        after.is_some_and(|mut fields| fields.nth(1) == Some(own.as_str()))
    };
    all().into_iter().filter(is_child).collect()
}
