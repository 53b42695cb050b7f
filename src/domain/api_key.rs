//! API keys.

use std::borrow::Borrow;
use std::fmt::{self, Write};
use std::sync::Arc;

/// The key that names a sandbox: 1 to 128 bytes without control characters (our ruling).
///
/// `KEY@SCENARIO` starts its sandbox on that scenario; the whole text names the sandbox.
/// Its `Display` is redacted, so that no log can print it by mistake.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ApiKey(Arc<str>);

impl ApiKey {
    /// The most bytes it may have.
    pub(crate) const MAX_BYTES: usize = 128;

    /// Takes the text as it is.
    ///
    /// # Errors
    /// When it is empty, too long, holds control characters or looks like one of production; the reason is a sentence that does
    /// not repeat the key.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("api_key is empty".into());
        }
        if text.len() > Self::MAX_BYTES {
            let (length, most) = (text.len(), Self::MAX_BYTES);
            return Err(format!("api_key has {length} bytes; a key has at most {most}"));
        }
        if text.chars().any(char::is_control) {
            return Err("api_key holds control characters; check how the key is read from its \
                        file or variable (a line end at its end is the usual one)"
                .into());
        }
        if let Some(prefix) = production_prefix(text) {
            return Err(format!(
                "api_key begins with {prefix}, as keys of production do; this is a sandbox, which \
                 must never see one: check which environment the client reads its key from, and \
                 send any other text"
            ));
        }
        if text.starts_with('@') {
            return Err("api_key has nothing before its @; write KEY@SCENARIO".into());
        }
        Ok(Self(text.into()))
    }

    /// The whole key.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The key before `@SCENARIO`, or the whole key.
    pub(crate) fn base(&self) -> &str {
        self.0.rsplit_once('@').map_or(&*self.0, |(base, _)| base)
    }

    /// The scenario asked for by `@SCENARIO`.
    pub(crate) fn scenario(&self) -> Option<&str> {
        self.0.rsplit_once('@').map(|(_, scenario)| scenario)
    }
}

impl Borrow<str> for ApiKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted(&self.0).fmt(f)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({self})")
    }
}

/// How a key begins that looks like one of production (our ruling).
fn production_prefix(text: &str) -> Option<&'static str> {
    let begins = |prefix: &&str| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    ["live_", "sk_live_", "prod_"].into_iter().find(begins)
}

/// A key as it may be shown: two characters, where that gives little away, and a fingerprint.
/// Enough to tell keys apart, not to use one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Redacted<'a>(pub &'a str);

impl Redacted<'_> {
    /// Whether it looks like a key of production, of which nothing may be shown at all.
    pub(crate) fn is_of_production(&self) -> bool {
        production_prefix(self.0).is_some()
    }
}

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not even a fingerprint of it is ours to keep.
        if self.is_of_production() {
            return f.write_str("(production key)");
        }
        let base = self.0.rsplit_once('@').map_or(self.0, |(base, _)| base);
        if base.chars().nth(5).is_some() {
            base.chars().take(2).filter(|c| !c.is_control()).try_for_each(|c| f.write_char(c))?;
        }
        write!(f, "…{:04x}", fnv1a(self.0.as_bytes()) & 0xffff)
    }
}

/// FNV-1a in 64 bits: a hash that is the same on every machine and in every version.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
