//! `ringer serve --open`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::process::{Running, ringer};

/// A folder with what opens a page on this system, which goes with it.
struct Opener(PathBuf);

impl Opener {
    /// One that does these lines of shell.
    fn new(name: &str, lines: &str) -> Self {
        let folder = format!("ringer-open-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        fs::create_dir_all(&folder).expect("a folder of its own");
        for opener in ["xdg-open", "open"] {
            let path = folder.join(opener);
            fs::write(&path, format!("#!/bin/sh\n{lines}\n")).expect("it can be written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
        }
        Self(folder)
    }

    fn start(&self, flags: &[&str]) -> Running {
        let search = std::env::var("PATH").unwrap_or_default();
        let mut command = ringer();
        command.env("PATH", format!("{}:{search}", self.0.display()));
        command.args(flags);
        Running::start(command)
    }
}

impl Drop for Opener {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn open_shows_the_console_in_the_users_browser() {
    // The last thing it does ends the server, so that the test knows when.
    let opener = Opener::new("right", "printf %s \"$*\" > \"${0%/*}/opened\"; kill -TERM $PPID");
    for (flags, console) in [
        (&["--open"][..], "URL/"),
        (&["serve", "--open", "--host", "0.0.0.0"], "http://127.0.0.1:PORT/"),
    ] {
        let running = opener.start(flags);
        let port = running.url.rsplit_once(':').expect("a port").1;
        let console = console.replace("URL", &running.url).replace("PORT", port);
        let line = format!("console, for a browser: {console}\n");
        assert!(running.greeting.contains(&line), "{}", running.greeting);
        assert_eq!(running.wait().0, Some(0));
        let opened = fs::read_to_string(opener.0.join("opened")).expect("it was called");
        assert_eq!(opened, console);
    }
}

#[test]
fn a_browser_that_does_not_open_is_only_a_warning() {
    let opener = Opener::new("wrong", "exit 3");
    let mut running = opener.start(&["--open"]);
    let log = BufReader::new(running.child.stderr.take().expect("it is piped"));
    let mut lines = log.lines().map(|line| line.expect("it is text"));
    let told = lines.find(|line| line.contains("--open")).expect("it warns");
    assert!(told.contains("WARN") && told.contains("--open failed"), "{told}");
    assert!(told.contains(&format!("open {}/ yourself", running.url)), "{told}");
    assert_eq!(running.client("ci").get_numbers().status, 200, "it serves all the same");
}
