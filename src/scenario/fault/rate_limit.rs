//! How many calls are taken in a time.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::positive::{PositiveCount, PositiveDuration};
use crate::domain::serde_helpers::choices;
use crate::domain::virtual_duration::VirtualDuration;

/// Refuses with RATE_LIMITED what is more than `max` calls in a `window` of virtual time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object such as {\"max\": 1, \"window\": \"2s\"}")]
pub struct RateLimit {
    /// How calls are counted.
    #[serde(default)]
    pub algorithm: Algorithm,
    /// How many calls are taken in a window.
    pub max: PositiveCount,
    /// How long a window is.
    pub window: PositiveDuration,
    /// How the refusal says when to come back.
    #[serde(default)]
    pub retry_after: RetryAfterForm,
    /// Whose calls are counted together.
    #[serde(default)]
    pub per: Per,
}

/// How calls are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// A window opens with the first call that finds none open; it takes `max` calls.
    #[default]
    FixedWindow,
    /// A bucket of `max` tokens, which fills up evenly in a window; a call takes one.
    TokenBucket,
}

choices!(Algorithm, "a way to count": FixedWindow "fixed_window", TokenBucket "token_bucket");

/// How a refusal says when to come back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RetryAfterForm {
    /// In so many seconds.
    #[default]
    Seconds,
    /// At this HTTP date, of the sandbox's clock; the reply's `Date` is of that clock too.
    HttpDate,
    /// Not at all.
    None,
}

choices!(RetryAfterForm, "a form of Retry-After": Seconds "seconds", HttpDate "http_date", None "none");

/// Whose calls are counted together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Per {
    /// All of the sandbox.
    #[default]
    Sandbox,
    /// Those of one rental; calls that name none are counted together.
    Rental,
}

choices!(Per, "a share that is counted together": Sandbox "sandbox", Rental "rental");

impl RateLimit {
    /// Counts in a bucket of tokens instead of a fixed window.
    #[must_use]
    pub fn token_bucket(mut self) -> Self {
        self.algorithm = Algorithm::TokenBucket;
        self
    }

    /// Says in this form when to come back.
    #[must_use]
    pub fn retry_after(mut self, form: RetryAfterForm) -> Self {
        self.retry_after = form;
        self
    }

    /// Counts the calls of each rental by themselves.
    #[must_use]
    pub fn per_rental(mut self) -> Self {
        self.per = Per::Rental;
        self
    }
}

impl fmt::Display for RateLimit {
    /// `1 call of a rental in 2s, Retry-After in seconds`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (max, window) = (self.max.get(), self.window.get());
        let calls = if max == 1 { "call" } else { "calls" };
        let of = if self.per == Per::Rental { " of a rental" } else { "" };
        write!(f, "{max} {calls}{of} in {window}")?;
        if self.algorithm == Algorithm::TokenBucket {
            f.write_str(" (a token bucket)")?;
        }
        f.write_str(match self.retry_after {
            RetryAfterForm::Seconds => ", Retry-After in seconds",
            RetryAfterForm::HttpDate => ", Retry-After as a date",
            RetryAfterForm::None => ", no Retry-After",
        })
    }
}

/// Takes at most `max` calls in each `window` of virtual time; the rest is RATE_LIMITED.
///
/// # Panics
/// When `max` is 0 or the window has no length.
#[must_use]
#[track_caller]
pub fn rate_limit(max: u32, window: VirtualDuration) -> RateLimit {
    match (PositiveCount::new(max), PositiveDuration::new(window)) {
        (Ok(max), Ok(window)) => RateLimit {
            algorithm: Algorithm::default(),
            max,
            window,
            retry_after: RetryAfterForm::default(),
            per: Per::default(),
        },
        (Err(reason), _) | (_, Err(reason)) => panic!("rate_limit({max}, {window}): {reason}"),
    }
}
