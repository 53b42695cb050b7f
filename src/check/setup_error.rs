//! Why a run could not take place.

use std::fmt;

use super::base_url::BaseUrl;

/// Why a run could not take place. Its `Display` is a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupError {
    /// The first request got no reply.
    NoReply {
        /// The server.
        base_url: BaseUrl,
        /// What went wrong.
        why: String,
    },
    /// The base URL is redirected, and a check follows nowhere.
    Redirected {
        /// The server.
        base_url: BaseUrl,
        /// The reply.
        reply: String,
    },
    /// The key, which is to be right, was refused at every endpoint in the same way.
    Refused {
        /// The server.
        base_url: BaseUrl,
        /// The reply.
        reply: String,
    },
    /// No endpoint answers in JSON.
    NotTheApi {
        /// The server.
        base_url: BaseUrl,
        /// The reply.
        reply: String,
    },
    /// There is nothing to rent.
    NoStock {
        /// The reply to getNumbers.
        reply: String,
    },
    /// Each case was skipped.
    NothingRan {
        /// Why the first one was.
        why: String,
    },
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoReply { base_url, why } => {
                write!(f, "{base_url} gave no reply to getNumbers: {why}")
            }
            Self::Redirected { base_url, reply } => write!(
                f,
                "{base_url} redirects getNumbers, and a check follows nowhere; name the place it \
                 leads to as --base-url: {reply}"
            ),
            Self::Refused { base_url, reply } => write!(
                f,
                "{base_url} refuses the key at every endpoint; check --api-key, whether --base-url is \
                 what stands before /getNumbers, and whether the server is up: {reply}"
            ),
            Self::NotTheApi { base_url, reply } => write!(
                f,
                "no endpoint at {base_url} answers in JSON; check whether --base-url is what \
                 stands before /getNumbers: {reply}"
            ),
            Self::NoStock { reply } => write!(
                f,
                "no country is listed with stock, so nothing can be rented; fill the stock, name a \
                 country by --country, or check what needs no rental by --read-only: {reply}"
            ),
            Self::NothingRan { why } => write!(f, "no case could be executed: {why}"),
        }
    }
}

impl std::error::Error for SetupError {}
