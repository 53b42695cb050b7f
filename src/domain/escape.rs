//! Escapes text from outside for markup.

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
