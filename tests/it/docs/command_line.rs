//! docs/command-line.md; its table of variables is compared in `environment.rs`.

use std::process::Command;

use super::holds_in;

#[test]
fn the_flags_are_those_of_the_command_line() {
    let help = Command::new(env!("CARGO_BIN_EXE_ringer")).args(["serve", "--help"]).output();
    let help = String::from_utf8(help.expect("it runs").stdout).expect("it is text");
    holds_in("docs/command-line.md", "help", &format!("```text\n{}\n```\n", help.trim_end()));
}
