//! The command of `ringer run`: what it finds in its environment, and how it runs to its end.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::process::{Pid, Signal, WaitStatus, kill_process, kill_process_group};
use tokio::signal::unix::{Signal as SignalStream, SignalKind, signal};

use super::process_tree::{self, ProcessTree};
use super::signals::StopSignal;
use super::watchdog::{RUN_ID, Watchdog};
use super::{callable, output};
use crate::server::Server;

/// The command line, with the server's address in its environment.
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
    // Some clients read the one, some the other, and where both are set, either may win.
    for (name, other) in [("NO_PROXY", "no_proxy"), ("no_proxy", "NO_PROXY")] {
        command.env(name, without_proxy(read(name).or_else(|| read(other)), &hosts));
    }
    command
}

/// The host of a URL of ours, without brackets.
fn host(url: &str) -> String {
    let authority = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _port)| host);
    host.trim_start_matches('[').trim_end_matches(']').to_owned()
}

/// The list of hosts that no proxy is asked for, with ours in it.
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
        // Some compare with the host as a URL has it.
        if host.contains(':') {
            list.push(format!(",[{host}]"));
        }
    }
    list
}

/// A command that runs, and all that it has started.
pub(super) struct RunningCommand {
    pid: Pid,
    has_group: bool,
    child_ended: SignalStream,
    watchdog: Watchdog,
}

impl RunningCommand {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
        process_tree::adopt_orphans();
        // Listened to before there is a child that could end.
        let child_ended = signal(SignalKind::child())?;
        let watchdog = Watchdog::start()?;
        command.env(RUN_ID, watchdog.run_id());
        // A group of its own can be ended with all that the command has started. But at a terminal
        // it could not read: there the terminal itself tells all of them to stop.
        let has_group = !io::stdin().is_terminal();
        if has_group {
            command.process_group(0);
        }
        let pid = Pid::from_child(&command.spawn()?);
        Ok(Self { pid, has_group, child_ended, watchdog })
    }

    /// Waits until it ends. The first signal is passed on; a second one, SIGHUP excepted, ends the
    /// command at once. Gives its exit code as a shell would.
    pub(super) async fn wait(mut self, stop: &mut StopSignal) -> u8 {
        let mut asked = false;
        let mut at_once = false;
        let status = loop {
            // Orphans are reaped here too, as they end: whoever waits for one sees it go.
            if let Some(status) = process_tree::reap(self.pid) {
                break status;
            }
            tokio::select! {
                _ = self.child_ended.recv() => {}
                name = stop.wait() => {
                    at_once |= asked && name != "SIGHUP";
                    asked |= name != "SIGHUP";
                    if at_once {
                        output::say(&format!("{name} once more: ending the command at once"));
                        self.send(Signal::KILL);
                    } else {
                        self.pass_on(name);
                    }
                }
            }
        };
        let group = self.has_group.then_some(self.pid);
        ProcessTree { group, spared: self.watchdog.pid() }.end(at_once).await;
        exit_code(status)
    }

    fn pass_on(&self, name: &str) {
        let signal = match name {
            "SIGINT" => Signal::INT,
            "SIGHUP" => Signal::HUP,
            _ => Signal::TERM,
        };
        if name != "SIGHUP" {
            output::say(&format!(
                "{name} is passed on to the command; a second one ends it at once"
            ));
        }
        // At a terminal, Ctrl-C has reached the command already.
        if self.has_group || signal != Signal::INT {
            self.send(signal);
        }
    }

    fn send(&self, signal: Signal) {
        // One that has just ended needs no signal.
        let _ = match self.has_group {
            true => kill_process_group(self.pid, signal),
            false => kill_process(self.pid, signal),
        };
    }
}

fn exit_code(status: WaitStatus) -> u8 {
    let code = status.exit_status().or_else(|| status.terminating_signal().map(|it| 128 + it));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
