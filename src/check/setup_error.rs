//! Why a run is impossible.

use std::fmt;

use super::base_url::BaseUrl;

/// Why a run is impossible. Its `Display` says what to do.
#[derive(Clone, Debug)]
pub(crate) enum SetupError {
    /// The first request got no reply.
    NoReply { base_url: BaseUrl, why: String },
    /// A check follows no redirect.
    Redirected { base_url: BaseUrl, reply: String },
    /// Every endpoint refuses the key in the same way.
    Refused { base_url: BaseUrl, reply: String },
    /// No endpoint replies in JSON.
    NotTheApi { base_url: BaseUrl, reply: String },
    /// There is nothing to rent.
    NoStock { reply: String },
    /// Every case was skipped; why the first one was.
    NothingRan { why: String },
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoReply { base_url, why } => {
                write!(f, "{base_url} gave no reply to getNumbers: {why}")
            }
            Self::Redirected { base_url, reply } => write!(
                f,
                "{base_url} redirects getNumbers, and a check follows no redirect; give the \
                 address it leads to as --base-url: {reply}"
            ),
            Self::Refused { base_url, reply } => write!(
                f,
                "{base_url} refuses the key at every endpoint; check --api-key, whether --base-url \
                 is the part before /getNumbers, and whether the server is up: {reply}"
            ),
            Self::NotTheApi { base_url, reply } => write!(
                f,
                "no endpoint at {base_url} replies in JSON; check whether --base-url is the part \
                 before /getNumbers: {reply}"
            ),
            Self::NoStock { reply } => write!(
                f,
                "no country is listed with stock, so nothing can be rented; add stock, name a \
                 country with --country, or check only what needs no rental with --read-only: \
                 {reply}"
            ),
            Self::NothingRan { why } => write!(f, "no case could run: {why}"),
        }
    }
}
