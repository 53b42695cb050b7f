//! What can happen to a reply on the wire.

use std::fmt;
use std::str::FromStr;

use crate::domain::nearest::named;
use crate::domain::probability::Fraction;
use crate::domain::real_duration::RealDuration;

/// What can happen to a reply on the wire, by the names under which testers know it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WireFault {
    /// The connection is closed in good order, without a byte.
    EmptyResponse,
    /// A head that announces chunks, the beginning of the reply in one, then what is no chunk.
    MalformedResponseChunk,
    /// Bytes that are no HTTP, then the connection is closed.
    RandomDataThenClose,
    /// A TCP reset.
    ConnectionResetByPeer,
    /// The head announces the whole body; this part of it comes, then the connection is closed.
    TruncatedBody(Fraction),
    /// The body comes in little pieces, over this time; then the connection goes on as usual.
    Dribble(RealDuration),
    /// No reply, ever. It ends when the client goes, or the server.
    Hang,
}

impl WireFault {
    /// All of them, each as it is where nothing more is said.
    pub const ALL: [Self; 7] = [
        Self::EmptyResponse,
        Self::MalformedResponseChunk,
        Self::RandomDataThenClose,
        Self::ConnectionResetByPeer,
        Self::TruncatedBody(Fraction::HALF),
        Self::Dribble(RealDuration::millis(5_000)),
        Self::Hang,
    ];

    /// The name as it is written in JSON and in `Prefer`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EmptyResponse => "EMPTY_RESPONSE",
            Self::MalformedResponseChunk => "MALFORMED_RESPONSE_CHUNK",
            Self::RandomDataThenClose => "RANDOM_DATA_THEN_CLOSE",
            Self::ConnectionResetByPeer => "CONNECTION_RESET_BY_PEER",
            Self::TruncatedBody(_) => "TRUNCATED_BODY",
            Self::Dribble(_) => "DRIBBLE",
            Self::Hang => "HANG",
        }
    }

    /// What the client sees, in a few words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::EmptyResponse => "the connection is closed in good order, without a byte",
            Self::MalformedResponseChunk => "the beginning of the reply, then a broken chunk",
            Self::RandomDataThenClose => "bytes that are no HTTP, then the end",
            Self::ConnectionResetByPeer => "a TCP reset",
            Self::TruncatedBody(_) => {
                "the head announces the whole body, and a part of it comes (`fraction`: 0.5)"
            }
            Self::Dribble(_) => "the body comes in little pieces (`over`: 5s)",
            Self::Hang => "no reply, until the client goes or the server stops",
        }
    }

    /// Whether it carries the reply of the request (our ruling); the others need none.
    #[must_use]
    pub const fn carries_reply(self) -> bool {
        matches!(self, Self::MalformedResponseChunk | Self::TruncatedBody(_) | Self::Dribble(_))
    }

    /// Whether all of the reply comes, if late.
    #[must_use]
    pub const fn leaves_reply_whole(self) -> bool {
        matches!(self, Self::Dribble(_))
    }

    /// The same, with what only some of them take.
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
