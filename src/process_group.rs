//! A command and the processes it starts, which are signalled together.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

use rustix::process::{Pid, Signal, getpgid, kill_process_group, test_kill_process_group};

/// The process group that a child leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProcessGroup(Pid);

impl ProcessGroup {
    /// Starts a command as the leader of its own group.
    pub(crate) fn spawn(command: &mut Command) -> std::io::Result<(Child, Self)> {
        let child = command.process_group(0).spawn()?;
        let group = Self(Pid::from_child(&child));
        Ok((child, group))
    }

    /// Signals every process of the group, if any is left.
    pub(crate) fn signal(self, signal: Signal) {
        let _ = kill_process_group(self.0, signal);
    }

    pub(crate) fn is_alive(self) -> bool {
        test_kill_process_group(self.0).is_ok()
    }

    pub(crate) fn contains(self, process: Pid) -> bool {
        getpgid(Some(process)).is_ok_and(|group| group == self.0)
    }
}
