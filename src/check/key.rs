//! The api_key of an account at the server that is checked.

use std::fmt;
use std::str::FromStr;

/// An api_key as a partner gave it out: not empty, without control characters. It is never shown.
///
/// It is no key of a sandbox, so that what looks like a key of production is right here.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The near misses that a check sends: with the case of its letters swapped, and without its
    /// last character.
    pub(super) fn near_misses(&self) -> [String; 2] {
        let swap = |c: char| {
            if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
        };
        let mut shorter = self.0.clone();
        shorter.pop();
        [self.0.chars().map(swap).collect(), shorter]
    }

    /// A text from outside without the key, should the server have repeated it or a near miss of
    /// it. One of fewer than four characters is no secret, and stands in too many words.
    pub(super) fn redact(&self, text: &str, shown: &str) -> String {
        let [swapped, shorter] = self.near_misses();
        // The longer ones first, which hold the shorter one.
        let known = [self.0.clone(), swapped, shorter];
        known
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

    /// The reason does not repeat the key.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("it is empty; give the key that the partner gave you".into());
        }
        if text.chars().any(char::is_control) {
            return Err(
                "it holds control characters; a line end at its end is the usual one".into()
            );
        }
        Ok(Self(text.to_owned()))
    }
}
