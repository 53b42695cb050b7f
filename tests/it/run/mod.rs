//! `ringer run`: a command beside the server, and what is said of its client.

mod ends;
mod exit_codes;
mod parent;
mod reports;
mod surroundings;
mod untested;

use std::process::Command;

use crate::process::ringer;

/// `ringer run FLAGS -- sh -c SCRIPT`, with `ringer` on the PATH.
fn run_shell(flags: &[&str], script: &str) -> Command {
    let mut command = ringer();
    command.arg("run").args(flags).args(["--", "sh", "-c", script]);
    // Most of these tests are not about requests.
    command.env("RINGER_ALLOW_EMPTY", "true");
    command
}

/// Earns a finding that is an error: a rental that is left behind.
const ERROR: &str = "curl -fsS -o /dev/null \"$RINGER_URL/rentNumber\" -d api_key=\"$RINGER_API_KEY\" -d country=US";

/// Earns a finding that is a warning: one refusal again and again.
const WARNING: &str = "for i in 1 2 3 4 5 6 7 8 9 10; do
    curl -sS -o /dev/null \"$RINGER_URL/rentNumber\" -d api_key=\"$RINGER_API_KEY\" -d country=XN
done";

/// Earns a finding that is mere style.
const INFO: &str =
    "curl -fsS -o /dev/null \"$RINGER_URL/getNumbers?api_key=$RINGER_API_KEY&country=us\"";

/// Earns none.
const FINE: &str = "curl -fsS -o /dev/null \"$RINGER_URL/getNumbers?api_key=$RINGER_API_KEY\"";
