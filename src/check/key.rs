//! The api_key of an account at the server that is checked.

use std::fmt;
use std::str::FromStr;

/// An api_key that a partner issued: not empty, without control characters, never shown.
///
/// Unlike the key of a sandbox, it may look like a production key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key(String);

impl Key {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Wrong keys that resemble it: with the case of its letters swapped, and without its last
    /// character.
    pub(super) fn near_misses(&self) -> [String; 2] {
        let swap = |c: char| {
            if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
        };
        let mut shorter = self.0.clone();
        shorter.pop();
        [self.0.chars().map(swap).collect(), shorter]
    }

    /// Replaces the key and its near misses in text from the server by `shown`. A key of fewer
    /// than four characters stays: it is no secret, and occurs in too many words.
    pub(super) fn redact(&self, text: &str, shown: &str) -> String {
        let [swapped, shorter] = self.near_misses();
        // The shorter one last: the others contain it.
        [self.0.clone(), swapped, shorter]
            .iter()
            .filter(|key| key.len() >= 4)
            .fold(text.to_owned(), |text, key| text.replace(key, shown))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl FromStr for Key {
    type Err = String;

    /// The error does not repeat the key.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("it is empty; give the key that the partner issued".into());
        }
        if text.chars().any(char::is_control) {
            return Err("it has control characters; remove them, such as a line end".into());
        }
        Ok(Self(text.to_owned()))
    }
}
