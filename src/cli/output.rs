//! What the command prints, and the report files it writes.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::Failure;

/// Prints a line to stderr. A closed terminal does not stop us.
pub(super) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "ringer: {line}");
}

/// Prints a text and flushes it. A closed pipe is no error: its reader has seen enough.
///
/// # Errors
/// The text cannot be written, for example because the disk is full.
pub(super) fn print(stream: &mut impl Write, text: &str) -> Result<(), Failure> {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(cannot_print(&error)),
        _ => Ok(()),
    }
}

pub(super) fn cannot_print(error: &std::io::Error) -> Failure {
    Failure::usage(format!(
        "the output cannot be written: {error}; send it to a disk with free space, or to a pipe"
    ))
}

/// Checks early that a report can be written to a path.
///
/// # Errors
/// It cannot; the message names `flag`.
pub(super) fn check_place(path: &Path, flag: &str) -> Result<(), Failure> {
    let is_new = !path.exists();
    let opened = OpenOptions::new().append(true).create(true).open(path);
    opened.map_err(|error| cannot_write(path, flag, &error))?;
    if is_new {
        // Should the run fail before it has a report, no empty file is left behind.
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

pub(super) fn cannot_write(path: &Path, flag: &str, error: &std::io::Error) -> Failure {
    Failure::usage(format!(
        "cannot write the report to {}: {error}; {flag} takes a file in a folder that exists",
        path.display()
    ))
}
