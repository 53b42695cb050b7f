//! Where reports and our own words go.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::Failure;

/// Says a line on stderr. A terminal that was closed is no reason to stop halfway.
pub(super) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "ringer: {line}");
}

/// Prints a text, to its last byte. Whoever closed the other end of a pipe has read enough.
///
/// # Errors
/// When it cannot be written, on a full disk for example.
pub(super) fn print(stream: &mut impl Write, text: &str) -> Result<(), Failure> {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(cannot_print(&error)),
        _ => Ok(()),
    }
}

pub(super) fn cannot_print(error: &std::io::Error) -> Failure {
    Failure::usage(format!(
        "the output cannot be written: {error}; send it to a file on a disk with room, or to a pipe"
    ))
}

/// Whether a report can be written there, before anybody waits for it.
///
/// # Errors
/// When it cannot; `flag` is the one that named the place.
pub(super) fn check_place(path: &Path, flag: &str) -> Result<(), Failure> {
    let is_new = !path.exists();
    let opened = OpenOptions::new().append(true).create(true).open(path);
    opened.map_err(|error| cannot_write(path, flag, &error))?;
    if is_new {
        // An empty file is no report, should there never be one.
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
