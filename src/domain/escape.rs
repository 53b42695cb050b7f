//! Escapes text from outside.

/// For markdown. (`_` and `#` inside words are no markup.)
pub(crate) fn markdown(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '`' | '*' | '[' | ']' | '<' | '|' | '\\' => plain.extend(['\\', c]),
            c if c.is_control() => plain.push('\u{fffd}'),
            c => plain.push(c),
        }
    }
    plain
}

/// The name of a parameter in quotes, with everything escaped that could hide a difference: all
/// names are ASCII, so a letter beyond that only looks like one of theirs.
pub(crate) fn name(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            // What was cut off, and a quote that needs no escape.
            '…' | '\'' => quoted.push(c),
            c => quoted.extend(c.escape_default()),
        }
    }
    quoted.push('"');
    quoted
}
