//! Writes a request as a `curl` command line that a person can paste into a shell.

use std::fmt;

/// A `curl` command line.
pub(crate) struct Curl(String);

impl Curl {
    pub(crate) fn new() -> Self {
        Self("curl".to_owned())
    }

    /// Adds an option without a value, such as `-s`.
    pub(crate) fn flag(self, flag: &str) -> Self {
        Self(self.0 + " " + flag)
    }

    /// Adds an option with a value, such as `-X DELETE`.
    pub(crate) fn option(self, flag: &str, value: impl Into<Word>) -> Self {
        self.flag(flag).argument(value)
    }

    /// Adds the URL.
    pub(crate) fn argument(self, word: impl Into<Word>) -> Self {
        Self(self.0 + " " + &word.into().to_string())
    }
}

impl fmt::Display for Curl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One argument of a shell command: literal bytes, which `Display` quotes where needed, and parts
/// that the shell expands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Word(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Literal(Vec<u8>),
    Expansion(&'static str),
}

impl Word {
    /// Adds bytes that reach `curl` as they are.
    pub(crate) fn literal(mut self, bytes: impl AsRef<[u8]>) -> Self {
        match self.0.last_mut() {
            Some(Part::Literal(last)) => last.extend_from_slice(bytes.as_ref()),
            _ => self.0.push(Part::Literal(bytes.as_ref().to_vec())),
        }
        self
    }

    /// Adds what the shell replaces, such as `$RINGER_API_KEY`.
    pub(crate) fn expansion(mut self, text: &'static str) -> Self {
        self.0.push(Part::Expansion(text));
        self
    }

    pub(crate) fn word(self, other: &Self) -> Self {
        other.0.iter().fold(self, |word, part| match part {
            Part::Literal(bytes) => word.literal(bytes),
            Part::Expansion(text) => word.expansion(text),
        })
    }
}

impl<T: AsRef<[u8]>> From<T> for Word {
    fn from(bytes: T) -> Self {
        Self::default().literal(bytes)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Literal(bytes) => f.write_str(&quoted(bytes)),
            Part::Expansion(text) => write!(f, "\"{text}\""),
        })
    }
}

/// Longer values are cut: the line is for a person to read first.
const MAX_SHOWN: usize = 300;

fn quoted(bytes: &[u8]) -> String {
    let is_safe = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./:=@,+%".contains(byte);
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && bytes.len() <= MAX_SHOWN && bytes.iter().all(is_safe) => {
            text.to_owned()
        }
        Ok(text) if !text.chars().any(char::is_control) => {
            format!("'{}'", shortened(text).replace('\'', r"'\''"))
        }
        _ => ansi_quoted(bytes),
    }
}

/// `$'…'`, the only quotes in which any byte may stand.
fn ansi_quoted(bytes: &[u8]) -> String {
    let escaped = bytes.iter().take(MAX_SHOWN).map(|byte| match byte {
        b'\'' | b'\\' => format!("\\x{byte:02x}"),
        b' '..=b'~' => char::from(*byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    });
    let more = if bytes.len() > MAX_SHOWN { "…" } else { "" };
    format!("$'{}{more}'", escaped.collect::<String>())
}

fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length <= MAX_SHOWN {
        return text.to_owned();
    }
    let start: String = text.chars().take(MAX_SHOWN / 2).collect();
    format!("{start}… ({length} characters)")
}

#[cfg(test)]
mod tests {
    use super::{Curl, Word};

    #[test]
    fn a_word_is_quoted_only_where_the_shell_would_change_it() {
        for (text, quoted) in [
            ("http://127.0.0.1:80/getSMS", "http://127.0.0.1:80/getSMS"),
            ("http://h/?a=b&c=d", "'http://h/?a=b&c=d'"),
            ("it's $HOME", r"'it'\''s $HOME'"),
            ("", "''"),
            ("a\tb", r"$'a\x09b'"),
        ] {
            assert_eq!(Word::from(text).to_string(), quoted);
        }
        assert_eq!(Word::from([0xff, b'\\']).to_string(), r"$'\xff\x5c'");
        let long = Word::from("9".repeat(2_000)).to_string();
        assert!(long.len() < 200 && long.ends_with("… (2000 characters)'"), "{long}");
    }

    #[test]
    fn an_expansion_stands_in_double_quotes_between_literals() {
        let body = Word::from(r#"{"key":""#).expansion("$KEY").literal(r#""}"#);
        let line = Curl::new().flag("-s").argument("http://h/").option("-d", body).to_string();
        assert_eq!(line, r#"curl -s http://h/ -d '{"key":"'"$KEY"'"}'"#);
    }
}
