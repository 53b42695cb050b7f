//! The outcome of a call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::command::{Refusal, Reply};
use super::faults::{FaultAction, FaultId};
use crate::domain::error_code::ErrorCode;
use crate::domain::real_duration::RealDuration;
use crate::domain::timestamp::Timestamp;
use crate::scenario::BodyKind;
use crate::scenario::shape::Shape;

pub(crate) type Answer = Result<Reply, Refusal>;

/// The outcome of a call.
#[derive(Debug)]
pub(crate) struct CallOutcome {
    pub answer: Answer,
    /// What the client gets instead of the answer, or what is done to the reply on the wire.
    pub override_action: Option<FaultAction>,
    pub fault: Option<FaultId>,
    /// How long the reply is delayed.
    pub delay: RealDuration,
    /// The virtual time; `None` if the call reached no sandbox.
    pub at: Option<Timestamp>,
    pub shape: Shape,
    /// Whether the request's `Prefer` header was honoured.
    pub prefer_applied: bool,
    pub client_disconnected: ClientDisconnected,
}

/// Whether the client disconnected before the reply was sent. Set after everything else.
#[derive(Debug, Default)]
pub(crate) struct ClientDisconnected(AtomicBool);

impl ClientDisconnected {
    pub(crate) fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl CallOutcome {
    /// The status that the client sees, if any.
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

    /// The error code that the client sees, if any.
    pub(crate) fn code(&self) -> Option<ErrorCode> {
        match &self.override_action {
            // A JSON body has the code whatever the status is.
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

    /// Roughly its size in memory. Shared data counts for its first owner.
    pub(crate) fn bytes(&self) -> usize {
        // One reference is the sandbox's cache, the other this outcome.
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

    pub(crate) fn kind(&self) -> OutcomeKind {
        match (&self.override_action, self.code(), self.status()) {
            (Some(FaultAction::Redirect(_)), ..) => OutcomeKind::Redirect,
            (_, _, None) => OutcomeKind::NoReply,
            (Some(FaultAction::Wire(fault, _)), ..) if !fault.leaves_reply_whole() => {
                OutcomeKind::Corrupted
            }
            (_, Some(code), _) => OutcomeKind::Refused(code),
            (_, None, Some(_)) => OutcomeKind::Success,
        }
    }
}

/// How a call ended for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OutcomeKind {
    Success,
    Refused(ErrorCode),
    Redirect,
    /// The reply did not arrive whole.
    Corrupted,
    NoReply,
}

impl OutcomeKind {
    pub(crate) const COUNT: usize = ErrorCode::ALL.len() + 4;

    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let refused = ErrorCode::ALL.into_iter().map(Self::Refused);
        [Self::Success].into_iter().chain(refused).chain([
            Self::Redirect,
            Self::Corrupted,
            Self::NoReply,
        ])
    }

    /// Its index among [all](OutcomeKind::all).
    pub(crate) const fn place(self) -> usize {
        match self {
            Self::Success => 0,
            Self::Refused(code) => 1 + code as usize,
            Self::Redirect => Self::COUNT - 3,
            Self::Corrupted => Self::COUNT - 2,
            Self::NoReply => Self::COUNT - 1,
        }
    }

    /// Its name in reports and metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Refused(code) => code.as_str(),
            Self::Redirect => "redirect",
            Self::Corrupted => "spoilt_reply",
            Self::NoReply => "no_reply",
        }
    }
}
