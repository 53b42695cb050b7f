//! The command of `ringer run`: its environment, and how it runs to its end.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::process::Command;

use rustix::process::{Pid, Signal, WaitStatus, kill_process};
use tokio::signal::unix::{Signal as SignalStream, SignalKind, signal};

use super::process_tree::{self, ProcessTree};
use super::signals::StopSignal;
use super::watchdog::{RUN_ID, Watchdog};
use super::{callable, output};
use crate::process_group::ProcessGroup;
use crate::server::Server;

/// The command, with the address of the server in its environment.
pub(super) fn with_server(words: &[OsString], server: &Server, api_key: &str) -> Command {
    let (name, rest) = words.split_first().expect("clap demands a command");
    let mut command = Command::new(name);
    command
        .args(rest)
        .env("RINGER_URL", callable(&server.url()))
        .env("RINGER_ADMIN_URL", callable(&server.admin_url()))
        .env("RINGER_API_KEY", api_key);
    if let Some(token) = server.admin_token() {
        command.env("RINGER_ADMIN_TOKEN", token);
    }
    let hosts = [server.url(), server.admin_url()].map(|url| host(&callable(&url)));
    let read = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    // Some clients read one, some the other. If both are set, either may win.
    for (name, other) in [("NO_PROXY", "no_proxy"), ("no_proxy", "NO_PROXY")] {
        command.env(name, without_proxy(read(name).or_else(|| read(other)), &hosts));
    }
    command
}

/// The host of one of our URLs, without brackets.
fn host(url: &str) -> String {
    let authority = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _port)| host);
    host.trim_start_matches('[').trim_end_matches(']').to_owned()
}

/// Adds our hosts to a list of hosts to reach without a proxy.
fn without_proxy(list: Option<OsString>, hosts: &[String]) -> OsString {
    let mut list = list.unwrap_or_default();
    for host in hosts {
        let known = list.to_string_lossy();
        let mut known = known.split(',').map(str::trim);
        if known.any(|known| known == host || known == "*") {
            continue;
        }
        if !list.is_empty() {
            list.push(OsStr::new(","));
        }
        list.push(host);
        // Some clients compare with the host as it stands in a URL.
        if host.contains(':') {
            list.push(format!(",[{host}]"));
        }
    }
    list
}

/// A command that runs, with everything it has started.
pub(super) struct RunningCommand {
    pid: Pid,
    /// `None` at a terminal.
    group: Option<ProcessGroup>,
    child_ended: SignalStream,
    watchdog: Watchdog,
}

impl RunningCommand {
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
        process_tree::adopt_orphans();
        // Listen before there is a child that could end.
        let child_ended = signal(SignalKind::child())?;
        let watchdog = Watchdog::start()?;
        command.env(RUN_ID, watchdog.run_id());
        // A group of its own can be ended as a whole, but could not read from a terminal, which
        // itself signals all processes.
        let (child, group) = match io::stdin().is_terminal() {
            true => (command.spawn()?, None),
            false => {
                let (child, group) = ProcessGroup::spawn(&mut command)?;
                (child, Some(group))
            }
        };
        Ok(Self { pid: Pid::from_child(&child), group, child_ended, watchdog })
    }

    /// Waits for the end. The first signal is passed on; a second one, except SIGHUP, kills the
    /// command. Returns its exit code as a shell would.
    pub(super) async fn wait(mut self, stop: &mut StopSignal) -> u8 {
        let mut is_signalled = false;
        let mut at_once = false;
        let status = loop {
            // Reap orphans too as they end, since another process may wait for that.
            if let Some(status) = process_tree::reap(self.pid) {
                break status;
            }
            tokio::select! {
                _ = self.child_ended.recv() => {}
                name = stop.wait() => {
                    at_once |= is_signalled && name != "SIGHUP";
                    is_signalled |= name != "SIGHUP";
                    if at_once {
                        output::say(&format!("{name} again: killing the command"));
                        self.send(Signal::KILL);
                    } else {
                        self.pass_on(name);
                    }
                }
            }
        };
        ProcessTree { group: self.group, spared: self.watchdog.pid() }.end(at_once).await;
        exit_code(status)
    }

    fn pass_on(&self, name: &str) {
        let signal = match name {
            "SIGINT" => Signal::INT,
            "SIGHUP" => Signal::HUP,
            _ => Signal::TERM,
        };
        if name != "SIGHUP" {
            output::say(&format!("{name} is passed on to the command; a second one kills it"));
        }
        // A terminal has already sent its Ctrl-C to the command.
        if self.group.is_some() || signal != Signal::INT {
            self.send(signal);
        }
    }

    fn send(&self, signal: Signal) {
        match self.group {
            Some(group) => group.signal(signal),
            // A process that has just ended needs no signal.
            None => drop(kill_process(self.pid, signal)),
        }
    }
}

fn exit_code(status: WaitStatus) -> u8 {
    let code = status.exit_status().or_else(|| status.terminating_signal().map(|it| 128 + it));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
