//! Output that cannot be written is a failure; output that nobody wants to read is not.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use ringer::Server;

use crate::process::{ringer, run};
use crate::support::{Client, start};

/// A file of its own, which goes with it.
struct Place(PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn place(name: &str) -> Place {
    Place(std::env::temp_dir().join(format!("ringer-full-{}-{name}", std::process::id())))
}

fn full() -> Stdio {
    File::options().write(true).open("/dev/full").expect("Linux has it").into()
}

/// A pipe whose reader has gone.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

/// The exit code, and what is said on stderr.
fn ends(mut command: Command, stdout: Stdio) -> (Option<i32>, String) {
    command.stdout(stdout).stderr(Stdio::piped());
    let output = command.spawn().and_then(std::process::Child::wait_with_output);
    let output = output.expect("it runs");
    (output.status.code(), String::from_utf8(output.stderr).expect("it is text"))
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_ends_what_prints_with_2_and_a_closed_pipe_with_0() {
    let clock = "scaled:60".parse().expect("it is a clock");
    let server = start(Server::builder().api_key("one").clock(clock));
    Client::new(&server, "one").get_numbers();
    let capsule = place("capsule.json");
    let recorded = Client::new(&server, "one").get("/__admin/sandboxes/one/capsule").text;
    std::fs::write(&capsule.0, recorded).expect("it can be written");
    let file = capsule.0.to_str().expect("it is text");
    let url = server.url();
    for arguments in [
        &["openapi"][..],
        &["scenarios"],
        &["scenarios", "--json"],
        &["scenarios", "happy-path"],
        &["replay", file],
        &["check", "--base-url", &url, "--api-key", "one", "--cancel-within", "0s"],
        &["check", "--base-url", &url, "--api-key", "one", "--report", "json", "--read-only"],
        &["--help"],
        &["--version"],
        &["serve", "--help"],
    ] {
        let command = || {
            let mut command = ringer();
            command.args(arguments);
            command
        };
        let (code, told) = ends(command(), full());
        assert_eq!(code, Some(2), "{arguments:?}: {told}");
        let said = "ringer: the output cannot be written: No space left on device";
        assert!(told.contains(said), "{arguments:?}: {told}");
        let (code, told) = ends(command(), closed());
        assert_eq!(code, Some(0), "{arguments:?}: {told}");
        assert!(!told.contains("cannot be written"), "{arguments:?}: {told}");
    }
    // One that serves would say that it is ready to nobody.
    let mut serve = ringer();
    serve.args(["--port", "0"]);
    let (code, told) = ends(serve, full());
    assert_eq!(code, Some(2), "{told}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_report_that_cannot_be_written_ends_a_run_that_passed_with_2() {
    let report = place("report.json");
    std::os::unix::fs::symlink("/dev/full", &report.0).expect("a link");
    for (exit, ends) in [("0", 2), ("7", 7)] {
        let mut command = ringer();
        command.args(["run", "--report"]).arg(&report.0).args(["--", "sh", "-c"]);
        let (code, _, told) = run({
            command.arg(format!("exit {exit}"));
            command
        });
        assert_eq!(code, Some(ends), "{told}");
        assert!(told.contains("No space left on device"), "{told}");
        // The report on stderr is the same.
        let mut command = ringer();
        command.args(["run", "--", "sh", "-c", &format!("exit {exit}")]).stderr(full());
        assert_eq!(command.status().expect("it runs").code(), Some(ends));
        let mut command = ringer();
        let shell = ["--", "sh", "-c", &format!("exit {exit}")];
        command.args(["run", "--allow-empty"]).args(shell).stderr(closed());
        assert_eq!(command.status().expect("it runs").code(), exit.parse().ok());
    }
}
