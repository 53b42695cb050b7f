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

    /// A text from outside without the key, should the server have repeated it. One of fewer than
    /// four characters is no secret, and stands in too many words.
    pub(super) fn redact(&self, text: &str, shown: &str) -> String {
        if self.0.len() < 4 { text.to_owned() } else { text.replace(&self.0, shown) }
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
