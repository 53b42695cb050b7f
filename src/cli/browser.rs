//! Opens a page in the user's browser.

use std::process::{Command, Stdio};

/// How this system opens what is meant for a browser.
const OPENER: &[&str] = if cfg!(target_os = "macos") {
    &["open"]
} else if cfg!(target_os = "windows") {
    &["rundll32", "url.dll,FileProtocolHandler"]
} else {
    &["xdg-open"]
};

/// Opens it, and waits for nothing: where that fails, the address is still there to be clicked.
pub(super) fn open(url: &str) {
    let url = url.to_owned();
    // Some openers last as long as the browser; somebody has to wait for them.
    let waiting = std::thread::Builder::new().name("browser".into()).spawn(move || {
        let mut command = Command::new(OPENER[0]);
        command.args(&OPENER[1..]).arg(&url);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let failure = match command.status() {
            Ok(status) if status.success() => return,
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        log::warn!("--open: {} failed ({failure}); open {url} yourself", OPENER[0]);
    });
    if let Err(error) = waiting {
        log::warn!("--open: {error}; open the console yourself");
    }
}
