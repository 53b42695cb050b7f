//! Rate limits.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::domain::positive::{PositiveCount, PositiveDuration};
use crate::domain::serde_helpers::json_names;
use crate::domain::virtual_duration::VirtualDuration;

/// Refuses more than `max` calls in a `window` of virtual time with RATE_LIMITED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object such as {\"max\": 1, \"window\": \"2s\"}")]
#[must_use]
pub struct RateLimit {
    /// How calls are counted.
    #[serde(default)]
    pub(crate) algorithm: Algorithm,
    /// How many calls a window admits.
    pub(crate) max: PositiveCount,
    /// How long a window is.
    pub(crate) window: PositiveDuration,
    /// How the refusal says when to try again.
    #[serde(default)]
    pub(crate) retry_after: RetryAfterForm,
    /// Whose calls are counted together.
    #[serde(default)]
    pub(crate) per: Per,
}

/// How calls are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Algorithm {
    /// A window opens with the first call outside of one, and admits `max` calls.
    #[default]
    FixedWindow,
    /// A bucket of `max` tokens that refills evenly within a window. A call takes one.
    TokenBucket,
}

json_names!(Algorithm, "a way to count");

/// How a refusal says when to try again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum RetryAfterForm {
    /// In seconds.
    #[default]
    Seconds,
    /// As an HTTP date of the sandbox's clock, as is the reply's `Date`.
    HttpDate,
    /// Not at all.
    None,
}

json_names!(RetryAfterForm, "a form of Retry-After");

/// Whose calls are counted together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Per {
    /// All calls of the sandbox.
    #[default]
    Sandbox,
    /// Those of one rental; calls that name none are counted together.
    Rental,
}

json_names!(Per, "a share that is counted together");

impl RateLimit {
    /// Counts in a bucket of tokens instead of a fixed window.
    pub fn token_bucket(mut self) -> Self {
        self.algorithm = Algorithm::TokenBucket;
        self
    }

    /// Says in this form when to try again.
    pub fn retry_after(mut self, form: RetryAfterForm) -> Self {
        self.retry_after = form;
        self
    }

    /// Counts the calls of each rental separately.
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

/// Admits at most `max` calls in each `window` of virtual time; the rest are RATE_LIMITED.
///
/// # Panics
/// When `max` is 0 or the window has no length.
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
