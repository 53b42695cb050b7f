//! Kills the command of a `ringer run` that was itself killed.
//!
//! The watchdog is another process. Its stdin is a pipe whose other end only `ringer run` holds, so
//! it reads end of file when `ringer run` ends, whatever the cause. It then kills every process that
//! has the id of the run in its environment: the command and everything it started, even outside its
//! process group. It misses a process with a cleared environment or of another user. Linux only:
//! elsewhere a process cannot read the environment of another.

use std::io;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::Pid;

use crate::process_group::ProcessGroup;

/// The environment variable with the random id of the run.
pub(super) const RUN_ID: &str = "RINGER_RUN_ID";

/// The hidden subcommand that runs the watchdog.
pub(super) const SUBCOMMAND: &str = "__watchdog";

/// A running watchdog. Drop it when the run has ended its command itself.
pub(super) struct Watchdog {
    run_id: String,
    process: Option<Child>,
}

impl Watchdog {
    /// If the process cannot be started, the run goes on without one.
    pub(super) fn start() -> io::Result<Self> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        let run_id: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let process = if cfg!(target_os = "linux") { spawn(&run_id).map(Some) } else { Ok(None) };
        let process = process.unwrap_or_else(|error| {
            log::warn!("the command will keep running if ringer is killed: {error}");
            None
        });
        Ok(Self { run_id, process })
    }

    /// The value of [`RUN_ID`] for the command.
    pub(super) fn run_id(&self) -> &str {
        &self.run_id
    }

    pub(super) fn pid(&self) -> Option<Pid> {
        self.process.as_ref().map(Pid::from_child)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn spawn(run_id: &str) -> io::Result<Child> {
    use std::os::unix::process::CommandExt;
    // Works even if the binary was replaced or deleted.
    let mut command = Command::new("/proc/self/exe");
    command
        .arg0("ringer")
        .args([SUBCOMMAND, run_id])
        // If this run is the command of another, that one's watchdog must not kill this one.
        .env_remove(RUN_ID)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // In a group of its own, Ctrl-C at the terminal does not reach it.
    ProcessGroup::spawn(&mut command).map(|(child, _)| child)
}

/// Runs the watchdog: waits for the end of `ringer run`, then kills what is left.
pub(super) fn watch(run_id: &str) {
    const PAUSE: Duration = Duration::from_millis(10);
    /// How many rounds in a row must find nothing: a process may just have started another, whose
    /// environment is set a moment later.
    const QUIET_ROUNDS: usize = 10;
    /// The system may take some time to end a process.
    const MOST_ROUNDS: usize = 500;

    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    let entry = format!("{RUN_ID}={run_id}");
    let mut quiet = 0;
    for _ in 0..MOST_ROUNDS {
        quiet = if kill_all(entry.as_bytes()) == 0 { quiet + 1 } else { 0 };
        if quiet == QUIET_ROUNDS {
            return;
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "there is no event for the end of a process that is not our child"
        )]
        std::thread::sleep(PAUSE);
    }
}

/// Kills every process with this entry in its environment. Returns how many there were.
#[cfg(target_os = "linux")]
fn kill_all(entry: &[u8]) -> usize {
    use rustix::process::{PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal};

    let kill = |pid: &Pid| {
        // Opened first, it stays the same process even if its id is reused. Old kernels cannot.
        let process = pidfd_open(*pid, PidfdFlags::empty());
        let environment = std::fs::read(format!("/proc/{}/environ", pid.as_raw_nonzero()));
        let environment = environment.unwrap_or_default();
        let is_of_run = environment.split(|byte| *byte == 0).any(|other| other == entry);
        let kill = || match &process {
            Ok(process) => pidfd_send_signal(process, Signal::KILL),
            Err(_) => kill_process(*pid, Signal::KILL),
        };
        is_of_run && kill().is_ok()
    };
    super::process_tree::all().iter().filter(|pid| kill(pid)).count()
}

#[cfg(not(target_os = "linux"))]
fn kill_all(_entry: &[u8]) -> usize {
    0
}
