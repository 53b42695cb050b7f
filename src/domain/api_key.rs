//! API keys.

use std::borrow::Borrow;
use std::fmt::{self, Write};
use std::sync::Arc;

use super::fnv::fnv1a;

/// The key that names a sandbox: 1 to 128 bytes without control characters (our ruling).
///
/// `KEY@SCENARIO` starts its sandbox on that scenario; the whole text names the sandbox.
/// Its `Display` is redacted, so that no log can print it by mistake.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ApiKey(Arc<str>);

impl ApiKey {
    pub(crate) const MAX_BYTES: usize = 128;

    /// Keeps the text as it is.
    ///
    /// # Errors
    /// When it is empty, too long, holds control characters or looks like a production key. The
    /// sentence does not repeat the key.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("api_key is empty".into());
        }
        if text.len() > Self::MAX_BYTES {
            let (length, most) = (text.len(), Self::MAX_BYTES);
            return Err(format!("api_key has {length} bytes; a key has at most {most}"));
        }
        if text.chars().any(char::is_control) {
            return Err(
                "api_key holds control characters; check how the client reads it from its \
                        file or variable (most often it is the line end)"
                    .into(),
            );
        }
        if let Some(prefix) = production_prefix(text) {
            return Err(format!(
                "api_key begins with {prefix}, as production keys do; this is a sandbox, which \
                 must never see one: check which environment the client reads its key from, and \
                 send any other text"
            ));
        }
        if text.starts_with('@') {
            return Err("api_key has nothing before its @; write KEY@SCENARIO".into());
        }
        Ok(Self(text.into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The key before `@SCENARIO`, or the whole key.
    pub(crate) fn base(&self) -> &str {
        self.0.rsplit_once('@').map_or(&*self.0, |(base, _)| base)
    }

    /// The scenario that `@SCENARIO` asks for.
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

/// What production keys begin with (our ruling).
fn production_prefix(text: &str) -> Option<&'static str> {
    let begins = |prefix: &&str| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    ["live_", "sk_live_", "prod_"].into_iter().find(begins)
}

/// A key as logs may show it: its first two characters, if it is long enough, and a fingerprint.
/// Enough to tell keys apart, too little to use one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Redacted<'a>(pub &'a str);

impl Redacted<'_> {
    /// Whether it looks like a production key, of which nothing at all may be shown.
    pub(crate) fn is_of_production(&self) -> bool {
        production_prefix(self.0).is_some()
    }
}

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not even its fingerprint may be kept.
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
