//! The token of the control API.

use std::fmt;
use std::str::FromStr;

use subtle::ConstantTimeEq;

/// A bearer token: visible ASCII without spaces.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// Generates a token. Fails if the system has no randomness.
    pub(crate) fn random() -> Result<Self, String> {
        let mut bytes = [0; 16];
        let failed = |error| format!("cannot be generated: {error}");
        getrandom::fill(&mut bytes).map_err(failed)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The token as clients send it.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares in constant time.
    pub(super) fn is(&self, sent: &str) -> bool {
        self.0.as_bytes().ct_eq(sent.as_bytes()).into()
    }
}

impl FromStr for Token {
    type Err = String;

    // The message does not repeat the text, since messages may be stored.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("must be visible ASCII without spaces, at least one character".into());
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
