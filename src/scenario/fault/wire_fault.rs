//! Faults on the wire.

use std::fmt;
use std::str::FromStr;

use strum::IntoStaticStr;

use crate::domain::nearest::named;
use crate::domain::probability::Fraction;
use crate::domain::real_duration::RealDuration;

/// A fault on the wire, by the name under which testers know it.
#[derive(Clone, Copy, Debug, PartialEq, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum WireFault {
    /// The connection is closed in good order, without a byte.
    EmptyResponse,
    /// A head that announces chunks, the beginning of the reply in one, then a broken chunk.
    MalformedResponseChunk,
    /// Bytes that are not HTTP, then the connection is closed.
    RandomDataThenClose,
    /// A TCP reset.
    ConnectionResetByPeer,
    /// The head announces the whole body; this fraction arrives, then the connection is closed.
    TruncatedBody(Fraction),
    /// The body arrives in small pieces over this time; then the connection continues as usual.
    Dribble(RealDuration),
    /// No reply, until the client disconnects or the server stops.
    Hang,
}

impl WireFault {
    /// All of them, with their defaults.
    pub const ALL: [Self; 7] = [
        Self::EmptyResponse,
        Self::MalformedResponseChunk,
        Self::RandomDataThenClose,
        Self::ConnectionResetByPeer,
        Self::TruncatedBody(Fraction::HALF),
        Self::Dribble(RealDuration::millis(5_000)),
        Self::Hang,
    ];

    /// The name in JSON and in `Prefer`: `EMPTY_RESPONSE`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What the client sees, in a few words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::EmptyResponse => "the connection is closed in good order, without a byte",
            Self::MalformedResponseChunk => "the beginning of the reply, then a broken chunk",
            Self::RandomDataThenClose => "bytes that are not HTTP, then the end",
            Self::ConnectionResetByPeer => "a TCP reset",
            Self::TruncatedBody(_) => {
                "the head announces the whole body, but only a part arrives (`fraction`: 0.5)"
            }
            Self::Dribble(_) => "the body arrives in small pieces (`over`: 5s)",
            Self::Hang => "no reply, until the client disconnects or the server stops",
        }
    }

    /// Whether it sends any of the reply (our ruling). The others need no reply.
    pub(crate) const fn carries_reply(self) -> bool {
        matches!(self, Self::MalformedResponseChunk | Self::TruncatedBody(_) | Self::Dribble(_))
    }

    /// Whether all of the reply arrives, if late.
    pub(crate) const fn leaves_reply_whole(self) -> bool {
        matches!(self, Self::Dribble(_))
    }

    /// The same fault with the values that only some take.
    pub(super) fn with(
        self,
        fraction: Option<Fraction>,
        over: Option<RealDuration>,
    ) -> Result<Self, String> {
        match (self, fraction, over) {
            (fault, None, None) => Ok(fault),
            (Self::TruncatedBody(_), Some(fraction), None) => Ok(Self::TruncatedBody(fraction)),
            (Self::Dribble(_), None, Some(RealDuration::ZERO)) => {
                Err("`over` is 0s, which is no dribble; above 0 is right, such as \"5s\"".into())
            }
            (Self::Dribble(_), None, Some(over)) => Ok(Self::Dribble(over)),
            (_, Some(_), _) => Err("`fraction` goes with TRUNCATED_BODY only; leave it out".into()),
            (_, _, Some(_)) => Err("`over` goes with DRIBBLE only; leave it out".into()),
        }
    }
}

impl FromStr for WireFault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // The name of another tool's fault, which cannot be one of ours.
        if text.eq_ignore_ascii_case("CONNECTION_REFUSED") {
            return Err(
                "CONNECTION_REFUSED is no fault of a call: the system refuses a connection \
                        before anyone can see whose it is; use CONNECTION_RESET_BY_PEER, or give \
                        the client a port where nobody listens"
                    .into(),
            );
        }
        named(text, "a fault on the wire", &Self::ALL, Self::name)
    }
}

impl fmt::Display for WireFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TruncatedBody(fraction) => {
                write!(f, "{} after {} of the body", self.name(), fraction.in_percent())
            }
            Self::Dribble(over) => write!(f, "{} over {over}", self.name()),
            _ => f.write_str(self.name()),
        }
    }
}
