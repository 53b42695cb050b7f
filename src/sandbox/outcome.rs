//! What becomes of a call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::command::{Refusal, Reply};
use super::faults::{FaultAction, FaultId};
use crate::domain::error_code::ErrorCode;
use crate::domain::real_duration::RealDuration;
use crate::domain::timestamp::Timestamp;
use crate::scenario::BodyKind;
use crate::scenario::shape::Shape;

/// The reply to a call, or why it is refused.
pub(crate) type Answer = Result<Reply, Refusal>;

/// What becomes of a call that has been decided.
#[derive(Debug)]
pub(crate) struct CallOutcome {
    /// The reply, or the refusal.
    pub answer: Answer,
    /// What the client gets instead of it, or what happens to it on its way.
    pub override_action: Option<FaultAction>,
    /// What made it go wrong.
    pub fault: Option<FaultId>,
    /// How long the reply is held up.
    pub delay: RealDuration,
    /// What the sandbox's clock showed, if it reached one.
    pub at: Option<Timestamp>,
    /// How the reply deviates from the documented one.
    pub shape: Shape,
    /// Whether what the request preferred was done.
    pub prefer_applied: bool,
    /// Whether the client went before its reply was sent.
    pub client_disconnected: ClientDisconnected,
}

/// Whether the client went before its reply was sent: known only after all else is decided.
#[derive(Debug, Default)]
pub(crate) struct ClientDisconnected(AtomicBool);

impl ClientDisconnected {
    /// Notes that it went.
    pub(crate) fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it went.
    #[must_use]
    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl CallOutcome {
    /// The status that the client sees, if it sees one.
    #[must_use]
    pub(crate) fn status(&self) -> Option<u16> {
        match &self.override_action {
            Some(FaultAction::Status(status, ..)) => Some(status.get()),
            Some(FaultAction::Redirect(redirect)) => Some(redirect.status()),
            Some(FaultAction::Wire(fault, _)) if !fault.carries_reply() => None,
            _ => Some(match &self.answer {
                Err(refusal) if !self.shape.errors_as_200 => refusal.code.status(),
                _ => 200,
            }),
        }
    }

    /// The error that the client is told, if it is told one.
    #[must_use]
    pub(crate) fn code(&self) -> Option<ErrorCode> {
        match &self.override_action {
            // The JSON body tells it whatever the status is.
            Some(FaultAction::Status(status, body, refusal))
                if status.get() >= 400 || *body == BodyKind::Json =>
            {
                Some(refusal.code)
            }
            Some(FaultAction::Status(..) | FaultAction::Redirect(_)) => None,
            Some(FaultAction::Wire(fault, _)) if !fault.carries_reply() => None,
            _ => self.answer.as_ref().err().map(|refusal| refusal.code),
        }
    }

    /// About how much memory it takes. What others hold too is counted to whoever had it first.
    #[must_use]
    pub(crate) fn bytes(&self) -> usize {
        // One is the sandbox's own copy, the other this outcome.
        const OWN: usize = 2;
        let reply = match &self.answer {
            Ok(Reply::Messages(inbox)) if Arc::strong_count(inbox) <= OWN => inbox.bytes(),
            Ok(Reply::Numbers(listing)) if Arc::strong_count(listing) <= OWN => listing.bytes(),
            Ok(_) => 0,
            Err(refusal) => refusal.message.len(),
        };
        let action = match &self.override_action {
            Some(FaultAction::Status(_, _, refusal) | FaultAction::Refuse(refusal)) => {
                refusal.message.len()
            }
            _ => 0,
        };
        size_of::<Self>() + reply + action
    }

    /// How it ended for the client, in a word.
    #[must_use]
    pub(crate) fn kind(&self) -> OutcomeKind {
        match (&self.override_action, self.code(), self.status()) {
            (Some(FaultAction::Redirect(_)), ..) => OutcomeKind::Redirect,
            (_, _, None) => OutcomeKind::NoReply,
            (Some(FaultAction::Wire(fault, _)), ..) if !fault.leaves_reply_whole() => {
                OutcomeKind::Spoilt
            }
            (_, Some(code), _) => OutcomeKind::Refused(code),
            (_, None, Some(_)) => OutcomeKind::Success,
        }
    }
}

/// How a call ended for its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OutcomeKind {
    /// As it should.
    Success,
    /// With an error.
    Refused(ErrorCode),
    /// It was sent elsewhere.
    Redirect,
    /// With a reply that did not come whole.
    Spoilt,
    /// Without a reply.
    NoReply,
}

impl OutcomeKind {
    /// How many there are.
    pub(crate) const COUNT: usize = ErrorCode::ALL.len() + 4;

    /// All of them, each at its [place](OutcomeKind::place).
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let refused = ErrorCode::ALL.into_iter().map(Self::Refused);
        [Self::Success].into_iter().chain(refused).chain([
            Self::Redirect,
            Self::Spoilt,
            Self::NoReply,
        ])
    }

    /// Its place among all.
    #[must_use]
    pub(crate) const fn place(self) -> usize {
        match self {
            Self::Success => 0,
            Self::Refused(code) => 1 + code as usize,
            Self::Redirect => Self::COUNT - 3,
            Self::Spoilt => Self::COUNT - 2,
            Self::NoReply => Self::COUNT - 1,
        }
    }

    /// Its name in reports and figures: `success`, the code of an error, `redirect`,
    /// `spoilt_reply` or `no_reply`.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Refused(code) => code.as_str(),
            Self::Redirect => "redirect",
            Self::Spoilt => "spoilt_reply",
            Self::NoReply => "no_reply",
        }
    }
}
