//! The `ringer` command as a process.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::Client;

pub(crate) fn ringer() -> Command {
    clean(Command::new(env!("CARGO_BIN_EXE_ringer")))
}

/// The example of a user's own `ringer`. `cargo test` builds it beside the tests; where only the
/// tests were built, as by `cargo test --test it`, it is built here.
pub(crate) fn example() -> PathBuf {
    static EXAMPLE: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_BIN_EXE_ringer")).parent().expect("it is in a folder");
        let example = folder.join("examples").join("own_scenario");
        if !example.is_file() {
            let mut cargo = clean(Command::new(env!("CARGO")));
            cargo.args(["build", "--locked", "--quiet", "--example", "own_scenario"]);
            cargo.args(folder.ends_with("release").then_some("--release"));
            let (code, _, told) = run(cargo);
            assert_eq!(code, Some(0), "{told}");
        }
        example
    });
    EXAMPLE.clone()
}

/// A command that no setting of whoever runs the tests reaches.
pub(crate) fn clean(mut command: Command) -> Command {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("RINGER_")) {
        command.env_remove(name);
    }
    command
}

pub(crate) fn run(mut command: Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    (status.code(), text(stdout), text(stderr))
}

/// A server process; it is killed where a test fails.
pub(crate) struct Running {
    pub(crate) child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    pub(crate) url: String,
    pub(crate) greeting: String,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        command.args(["--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut greeting = String::new();
        while !greeting.ends_with("Ready.\n") {
            assert_ne!(stdout.read_line(&mut greeting).expect("it is text"), 0, "{greeting}");
        }
        let first = greeting.lines().next().unwrap_or_default();
        let url = first.strip_prefix("ringer listening on ").expect("the first line").to_owned();
        Self { child, stdout, url, greeting }
    }

    pub(crate) fn client(&self, key: &str) -> Client {
        Client::at(&self.url, key)
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().expect("kill runs");
        assert!(sent.success());
    }

    pub(crate) fn address(&self) -> String {
        self.url.trim_start_matches("http://").to_owned()
    }

    /// Waits for the end while stderr is open and nobody reads it.
    pub(crate) fn wait_without_reading(mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }

    /// Waits for the end; gives the exit code, what stdout said last, and the log.
    pub(crate) fn wait(mut self) -> (Option<i32>, String, String) {
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut log).expect("it is text");
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).expect("it is text");
        (self.child.wait().expect("it ends").code(), rest, log)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `ringer replay` says of a file with this content: exit code, stdout, stderr.
pub(crate) fn replay(content: &str) -> (Option<i32>, String, String) {
    static FILES: AtomicUsize = AtomicUsize::new(0);
    let number = FILES.fetch_add(1, Ordering::Relaxed);
    let name = format!("ringer-replay-{}-{number}.json", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, content).expect("it can be written");
    let mut command = ringer();
    command.arg("replay").arg(&path);
    let said = run(command);
    std::fs::remove_file(path).expect("it is there");
    said
}

/// How many requests of a capsule were replayed, or the first difference.
pub(crate) fn rerun(capsule: &serde_json::Value) -> Result<usize, String> {
    match replay(&capsule.to_string()) {
        (Some(0), printed, _) => {
            let count = printed.split_whitespace().next().and_then(|count| count.parse().ok());
            Ok(count.unwrap_or_else(|| panic!("no count: {printed}")))
        }
        (_, _, failed) => Err(failed.trim_start_matches("ringer: ").to_owned()),
    }
}
