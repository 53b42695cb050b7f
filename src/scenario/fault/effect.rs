//! What a fault does to a call.

use std::fmt;

use super::delay::Delay;
use super::rate_limit::RateLimit;
use super::status::{BodyKind, HttpStatus, Redirect};
use super::wire_fault::WireFault;
use crate::domain::error_code::ErrorCode;
use crate::domain::probability::Fraction;
use crate::domain::real_duration::RealDuration;

/// What a fault does to a call: a delay, a disruption, or both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    pub(crate) delay: Option<Delay>,
    pub(crate) disruption: Option<Disruption>,
}

/// What happens instead of the proper reply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Disruption {
    /// An error of the catalogue, with its status and, where it has one, its `Retry-After`.
    Error(ErrorCode),
    /// A status, as a server between client and partner sends it.
    Status(HttpStatus, BodyKind),
    /// A redirect to the same path.
    Redirect(Redirect),
    /// RATE_LIMITED for the calls beyond the limit.
    RateLimit(RateLimit),
    /// A fault on the wire.
    Wire(WireFault),
}

impl Effect {
    /// Only a delay.
    pub fn delay(delay: impl Into<Delay>) -> Self {
        Self { delay: Some(delay.into()), disruption: None }
    }

    /// An error of the catalogue, with its status.
    pub fn error(code: ErrorCode) -> Self {
        Disruption::Error(code).into()
    }

    /// This status, with a body of this kind.
    ///
    /// # Panics
    /// When the status is not from 200 to 599, or allows no body and the kind is not empty.
    #[track_caller]
    pub fn status(code: u16, body: BodyKind) -> Self {
        match HttpStatus::new(code).and_then(|status| status.with(body)) {
            Ok(status) => Disruption::Status(status, body).into(),
            Err(reason) => panic!("Effect::status({code}): {reason}"),
        }
    }

    /// A redirect to the same path.
    pub fn redirect(by: Redirect) -> Self {
        Disruption::Redirect(by).into()
    }

    /// Closes the connection in good order, without a byte.
    pub fn empty_response() -> Self {
        WireFault::EmptyResponse.into()
    }

    /// Announces chunks, sends the beginning of the reply in one, then something that is no chunk.
    pub fn malformed_response_chunk() -> Self {
        WireFault::MalformedResponseChunk.into()
    }

    /// Sends bytes that are not HTTP, then closes the connection.
    pub fn random_data_then_close() -> Self {
        WireFault::RandomDataThenClose.into()
    }

    /// Resets the TCP connection.
    pub fn connection_reset_by_peer() -> Self {
        WireFault::ConnectionResetByPeer.into()
    }

    /// Sends only this fraction of the body, then closes the connection.
    ///
    /// # Panics
    /// When the fraction is not above 0 and below 1.
    #[track_caller]
    pub fn truncated_body(fraction: f64) -> Self {
        match Fraction::new(fraction) {
            Ok(fraction) => WireFault::TruncatedBody(fraction).into(),
            Err(reason) => panic!("Effect::truncated_body({fraction}): {reason}"),
        }
    }

    /// Sends the body in small pieces, spread over this time.
    ///
    /// # Panics
    /// When the time is zero.
    #[track_caller]
    pub fn dribble(over: RealDuration) -> Self {
        match WireFault::Dribble(over).with(None, Some(over)) {
            Ok(fault) => fault.into(),
            Err(reason) => panic!("Effect::dribble: {reason}"),
        }
    }

    /// Never replies.
    pub fn hang() -> Self {
        WireFault::Hang.into()
    }

    /// The same effect with this delay.
    pub fn delayed(mut self, delay: impl Into<Delay>) -> Self {
        self.delay = Some(delay.into());
        self
    }
}

impl From<Disruption> for Effect {
    fn from(disruption: Disruption) -> Self {
        Self { delay: None, disruption: Some(disruption) }
    }
}

impl From<WireFault> for Effect {
    fn from(fault: WireFault) -> Self {
        Disruption::Wire(fault).into()
    }
}

impl From<RateLimit> for Effect {
    fn from(limit: RateLimit) -> Self {
        Disruption::RateLimit(limit).into()
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.disruption, self.delay) {
            (Some(disruption), None) => disruption.fmt(f),
            (Some(disruption), Some(delay)) => write!(f, "{disruption}, {delay} later"),
            (None, Some(delay)) => write!(f, "the reply comes {delay} later"),
            (None, None) => f.write_str("nothing"),
        }
    }
}

impl fmt::Display for Disruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(code) => write!(f, "{} {}", code.status(), code.as_str()),
            Self::Status(status, BodyKind::Json) => write!(f, "{}", status.get()),
            Self::Status(status, BodyKind::Html) => write!(f, "{} with a web page", status.get()),
            Self::Status(status, BodyKind::Empty) => write!(f, "{} without a body", status.get()),
            Self::Redirect(redirect) => write!(f, "{} to the same path", redirect.status()),
            Self::RateLimit(limit) => {
                write!(f, "429 RATE_LIMITED beyond {limit}")
            }
            Self::Wire(fault) => fault.fmt(f),
        }
    }
}
