//! How a run ends: signals go to the command, and what it leaves behind is ended.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use super::run_shell;
use crate::process::{clean, run};

/// A run whose command has said its first line.
pub(super) struct Begun {
    pub(super) child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    pub(super) first: String,
}

impl Begun {
    pub(super) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut first = String::new();
        stdout.read_line(&mut first).expect("it is text");
        Self { child, stdout, first: first.trim().to_owned() }
    }

    pub(super) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for the end, and that of all that holds its output; gives the exit code, the rest of
    /// stdout, and stderr.
    pub(super) fn wait(mut self) -> (Option<i32>, String, String) {
        let (mut rest, mut told) = (String::new(), String::new());
        self.stdout.read_to_string(&mut rest).expect("it is text");
        let mut stderr = self.child.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut told).expect("it is text");
        (self.child.wait().expect("it ends").code(), rest, told)
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a process runs. One that has ended and that nobody has asked about does not.
fn runs(id: &str) -> bool {
    let mut ps = Command::new("ps");
    ps.args(["-o", "stat=", "-p", id]);
    let (_, state, _) = run(ps);
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}

#[test]
fn a_signal_reaches_the_command_and_its_own_code_is_given() {
    for signal in ["TERM", "INT", "HUP"] {
        let script = format!("trap 'echo told; exit 7' {signal}; sleep 600 & echo up; wait");
        let begun = Begun::start(run_shell(&[], &script));
        assert_eq!(begun.first, "up");
        begun.signal(signal);
        let (code, rest, told) = begun.wait();
        assert_eq!((code, rest.as_str()), (Some(7), "told\n"), "SIG{signal}: {told}");
        assert!(told.contains("ringer: no request came"), "the report comes all the same: {told}");
    }
}

#[test]
fn a_command_that_does_not_catch_a_signal_ends_by_it() {
    for (signal, code) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        let begun = Begun::start(run_shell(&[], "echo up; exec sleep 600"));
        begun.signal(signal);
        assert_eq!(begun.wait().0, Some(code), "SIG{signal}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_to_outlive_its_terminal_does() {
    // As nohup does it. A shell cannot catch what it was born deaf to.
    let command = "trap 'echo heard; exit 3' HUP; kill -s HUP $$; echo deaf";
    let mut nohup = clean(Command::new("sh"));
    nohup.args(["-c", r#"trap '' HUP; exec "$@""#, "sh", env!("CARGO_BIN_EXE_ringer")]);
    nohup.args(["run", "--allow-empty", "--", "sh", "-c", command]);
    let (code, said, _) = run(nohup);
    assert_eq!((code, said.as_str()), (Some(0), "deaf\n"));
}

#[test]
fn a_signal_reaches_all_that_the_command_has_started() {
    // The shell itself waits for its child, as `npm test` or `make` does, and hands nothing on.
    let script = "trap : TERM; (trap 'echo told; exit 0' TERM; sleep 600 & echo up; wait); exit 9";
    let begun = Begun::start(run_shell(&[], script));
    assert_eq!(begun.first, "up");
    begun.signal("TERM");
    let (code, rest, told) = begun.wait();
    assert_eq!((code, rest.as_str()), (Some(9), "told\n"), "{told}");
}

#[test]
fn what_the_command_leaves_behind_is_ended() {
    let begun = Begun::start(run_shell(&[], "sleep 600 & echo $!"));
    let id = begun.first.clone();
    assert_eq!(begun.wait().0, Some(0));
    assert!(!runs(&id), "{id} runs still");
}

#[test]
fn what_the_command_leaves_behind_is_ended_also_where_it_ignores_sigterm() {
    for script in
        ["trap '' TERM; sleep 600 & echo $!", "trap '' TERM; (sleep 600 & echo $!; wait) & exit 0"]
    {
        let begun = Begun::start(run_shell(&[], script));
        let id = begun.first.clone();
        assert!(!id.is_empty(), "{script}");
        assert_eq!(begun.wait().0, Some(0), "{script}");
        assert!(!runs(&id), "{id} runs still: {script}");
    }
}

#[test]
fn what_failed_or_was_stopped_leaves_nothing_behind_either() {
    let begun = Begun::start(run_shell(&[], "trap '' TERM; sleep 600 & echo $!; exit 4"));
    let id = begun.first.clone();
    assert_eq!(begun.wait().0, Some(4));
    assert!(!runs(&id), "{id} runs still");

    let begun = Begun::start(run_shell(&[], "sleep 600 & echo $!; wait"));
    let id = begun.first.clone();
    begun.signal("TERM");
    assert_eq!(begun.wait().0, Some(143));
    assert!(!runs(&id), "{id} runs still");
}

#[test]
#[cfg(target_os = "linux")]
fn what_has_left_the_group_of_the_command_is_ended_too() {
    // The last one ends only once the other has said who it is, through a pipe of their own.
    let script = "told=$(mktemp -u); mkfifo $told
        setsid sh -c 'echo $$ | tee '$told'; exec sleep 600' & read id <$told; rm $told";
    for script in [script.to_owned(), format!("trap '' TERM; {script}")] {
        let begun = Begun::start(run_shell(&[], &script));
        let id = begun.first.clone();
        assert!(!id.is_empty(), "{script}");
        assert_eq!(begun.wait().0, Some(0), "{script}");
        assert!(!runs(&id), "{id} runs still: {script}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn at_a_terminal_nothing_is_left_behind_either() {
    let ringer = env!("CARGO_BIN_EXE_ringer");
    let line =
        format!("{ringer} run --allow-empty -- sh -c \"trap '' HUP TERM; sleep 600 & echo \\$!\"");
    let mut terminal = clean(Command::new("script"));
    terminal.args(["-qec", &line, "/dev/null"]);
    let begun = Begun::start(terminal);
    let id = begun.first.clone();
    assert!(id.parse::<u32>().is_ok(), "{id}");
    let (code, rest, _) = begun.wait();
    assert_eq!(code, Some(0), "{rest}");
    assert!(!runs(&id), "{id} runs still");
}
