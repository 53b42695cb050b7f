//! Ends the command of a `ringer run` that can no longer do it itself, because it was killed.
//!
//! The watchdog is a process of its own. Its stdin is a pipe whose other end only `ringer run`
//! holds, so it reads the end of file when `ringer run` has ended, however that happened. It then
//! kills every process that has the run's id in its environment: the command and all that it has
//! started, also what has left its process group, unless it runs with an environment or as a user
//! of its own. Linux only: elsewhere a process cannot read the environment of another.

use std::io;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::Pid;

/// Tells the processes of one run from all others. Random, so that nobody has it by chance.
pub(super) const RUN_ID: &str = "RINGER_RUN_ID";

/// The hidden subcommand that is the watchdog.
pub(super) const SUBCOMMAND: &str = "__watchdog";

/// A watchdog that waits. Dropping it ends it: then the run has ended its command itself.
pub(super) struct Watchdog {
    run_id: String,
    process: Option<Child>,
}

impl Watchdog {
    /// Starts it. A run goes on without one where it cannot be started.
    pub(super) fn start() -> io::Result<Self> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        let run_id: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let process = if cfg!(target_os = "linux") { spawn(&run_id).map(Some) } else { Ok(None) };
        let process = process.unwrap_or_else(|error| {
            log::warn!("nobody ends the command if ringer is killed: {error}");
            None
        });
        Ok(Self { run_id, process })
    }

    /// What [`RUN_ID`] is for the command.
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
    // The path of the binary may have gone meanwhile; this one leads to it all the same.
    let mut command = Command::new("/proc/self/exe");
    command
        .arg0("ringer")
        .args([SUBCOMMAND, run_id])
        // Where this run is the command of another, its watchdog must not end this one.
        .env_remove(RUN_ID)
        // Ctrl-C at the terminal is not for the watchdog.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn()
}

/// Is the watchdog: waits for the end of `ringer run`, then kills what is left.
pub(super) fn watch(run_id: &str) {
    const PAUSE: Duration = Duration::from_millis(10);
    /// Each process may have started another meanwhile, and one that is about to run the command
    /// has its environment only a moment later: so often in a row there has to be none.
    const QUIET_ROUNDS: usize = 10;
    /// A process that the system is busy with may take some time to go.
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
            reason = "the end of a process that is not our child is no event to wait for"
        )]
        std::thread::sleep(PAUSE);
    }
}

/// Kills every process that has the entry in its environment. Gives how many there were.
#[cfg(target_os = "linux")]
fn kill_all(entry: &[u8]) -> usize {
    use rustix::process::{PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal};

    let kill = |pid: &Pid| {
        // Opened first: it stays this process, even if its id is given to another. Old kernels
        // have none.
        let process = pidfd_open(*pid, PidfdFlags::empty());
        let environment = std::fs::read(format!("/proc/{}/environ", pid.as_raw_nonzero()));
        let environment = environment.unwrap_or_default();
        let is_of_run = environment.split(|byte| *byte == 0).any(|has| has == entry);
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
