//! The servers under load: started on their core, looked at through `/proc`, killed when dropped.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use core_affinity::CoreId;

use crate::Outcome;
use crate::bare::Bodies;
use crate::client::Connection;
use crate::options::Options;

/// One core for the servers and another for the load.
pub(crate) struct Cores(Option<(CoreId, CoreId)>);

impl Cores {
    pub(crate) fn choose() -> Cores {
        let cores = core_affinity::get_core_ids().unwrap_or_default();
        // The first and the last, since neighbours are often two threads of one core.
        let cores = match cores.as_slice() {
            [load, .., server] => Some((*server, *load)),
            _ => None,
        };
        match cores.filter(|(server, load)| pin(*server) && pin(*load)) {
            Some((server, load)) => {
                println!("servers on core {}, load on core {}", server.id, load.id);
                Cores(Some((server, load)))
            }
            None => {
                println!("no two cores to pin to: load and server compete, read with care");
                Cores(None)
            }
        }
    }

    /// No core for anybody in particular.
    pub(crate) fn shared() -> Cores {
        Cores(None)
    }

    /// A child inherits the affinity of the thread that starts it.
    fn spawn(&self, command: &mut Command) -> std::io::Result<Child> {
        let Some((server, load)) = self.0 else {
            return command.spawn();
        };
        pin(server);
        let child = command.spawn();
        pin(load);
        child
    }
}

fn pin(core: CoreId) -> bool {
    core_affinity::set_for_current(core)
}

/// A running server; dropping it kills the process.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    child: Child,
    /// Kept open, for a server that prints to a closed pipe may die of it.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    /// What is measured: `ringer`, or in a rehearsal the bare server in its place.
    pub(crate) fn subject(options: &Options, cores: &Cores) -> Outcome<Server> {
        if options.rehearse {
            return Server::bare("again", &Bodies::documented(), cores);
        }
        let flags = ["--workers", "1", "--clock", "frozen", "--scenario", &options.scenario];
        Server::executable("ringer", &flags, cores)
    }

    /// The executable that is shipped.
    pub(crate) fn executable(name: &'static str, flags: &[&str], cores: &Cores) -> Outcome<Server> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ringer"));
        command.args(["serve", "--port", "0"]).args(flags).env("RINGER_LOG", "off");
        Server::start(name, &mut command, cores)
    }

    /// `ringer` once more, built into this executable with a scenario of this benchmark.
    pub(crate) fn playing(scenario: &str, options: &Options, cores: &Cores) -> Outcome<Server> {
        if options.rehearse {
            return Server::subject(options, cores);
        }
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["serve", "--port", "0", "--workers", "1", "--clock", "frozen"]);
        command.args(["--scenario", scenario]).env("RINGER_LOG", "off");
        Server::start("ringer", command.env(crate::AS_RINGER, "1"), cores)
    }

    /// `ringer` once more, where another key's clients can hang and dribble.
    pub(crate) fn for_a_crowd(name: &'static str, cores: &Cores) -> Outcome<Server> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["serve", "--port", "0", "--workers", "1", "--clock", "frozen"]);
        command.env("RINGER_LOG", "off").env(crate::AS_RINGER, "1");
        Server::start(name, &mut command, cores)
    }

    /// This very executable again, as the bare server.
    pub(crate) fn bare(name: &'static str, bodies: &Bodies, cores: &Cores) -> Outcome<Server> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--bare").envs([bodies.environment()?]);
        Server::start(name, &mut command, cores)
    }

    fn start(name: &'static str, command: &mut Command, cores: &Cores) -> Outcome<Server> {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = cores.spawn(command).map_err(|e| format!("{name} did not start: {e}"))?;
        let stdout = child.stdout.take().expect("stdout is piped");
        // The guard comes first, and learns the address after: every way out kills the child.
        let mut server = Server {
            name,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            child,
            _stdout: BufReader::new(stdout),
        };
        server.address = server.announced_address()?;
        Ok(server)
    }

    fn announced_address(&mut self) -> Outcome<SocketAddr> {
        let mut line = String::new();
        while self._stdout.read_line(&mut line)? > 0 {
            if let Some((_, address)) = line.trim_end().split_once("listening on http://") {
                return Ok(address.parse()?);
            }
            line.clear();
        }
        Err(format!("{} ended before it listened: {}", self.name, self.child.wait()?).into())
    }

    pub(crate) fn connect(&self) -> Outcome<Connection> {
        Connection::open(self.address)
    }

    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        cpu_time(&self.child.id().to_string())
    }

    /// A size from `/proc/PID/status`, in bytes: `VmRSS` is now, `VmHWM` the most there ever was.
    pub(crate) fn memory(&self, field: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
        let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kibibytes * 1024)
    }

    /// How many sockets it has open.
    pub(crate) fn sockets(&self) -> Option<usize> {
        let files = std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).ok()?;
        let targets = files.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
        Some(targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// User and system time of a process, all its threads together; `None` where there is no `/proc`.
pub(crate) fn cpu_time(process: &str) -> Option<Duration> {
    /// `USER_HZ`, which Linux has fixed at 100 for everything that programs can read.
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is the name in parentheses, and may itself hold blanks. After it, utime
    // and stime are fields 14 and 15 of the whole line.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    let mut ticks = || times.next()?.parse::<u32>().ok();
    Some(TICK * (ticks()? + ticks()?))
}
