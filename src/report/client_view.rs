//! What a client can tell from the reply to a request.

use crate::domain::error_code::ErrorCode;
use crate::domain::sms::Sms;
use crate::journal::JournalEntry;
use crate::sandbox::command::{Refusal, Reply};
use crate::sandbox::faults::FaultAction;
use crate::scenario::BodyKind;

#[derive(Clone, Copy, Debug)]
pub(super) enum ClientView<'a> {
    /// The whole reply.
    Reply(&'a Reply),
    Refusal(&'a Refusal),
    /// A status, and a body that no program could read.
    Page(u16),
    Redirect,
    /// No reply, or only a part of one.
    Lost,
    /// The client hung up before the reply came.
    ClientDisconnected,
}

impl<'a> ClientView<'a> {
    pub(super) fn of(entry: &'a JournalEntry) -> Self {
        let Some(outcome) = entry.outcome.as_deref() else { return Self::ClientDisconnected };
        if outcome.client_disconnected.get() {
            return Self::ClientDisconnected;
        }
        match &outcome.override_action {
            Some(FaultAction::Wire(fault, _)) if !fault.leaves_reply_whole() => Self::Lost,
            Some(FaultAction::Redirect(_)) => Self::Redirect,
            Some(
                FaultAction::Status(_, BodyKind::Json, refusal) | FaultAction::Refuse(refusal),
            ) => Self::Refusal(refusal),
            Some(FaultAction::Status(status, ..)) => Self::Page(status.get()),
            Some(FaultAction::Wire(..)) | None => match &outcome.answer {
                Ok(reply) => Self::Reply(reply),
                Err(refusal) => Self::Refusal(refusal),
            },
        }
    }

    pub(super) fn code(self) -> Option<ErrorCode> {
        match self {
            Self::Refusal(refusal) => Some(refusal.code),
            _ => None,
        }
    }

    /// Whether the client cannot tell if the request took effect.
    pub(super) fn is_ambiguous(self) -> bool {
        match self {
            Self::Lost | Self::ClientDisconnected => true,
            Self::Page(status) => status < 400 || (status >= 500 && status != 503),
            Self::Refusal(refusal) => matches!(
                refusal.code,
                ErrorCode::InternalError | ErrorCode::BadGateway | ErrorCode::GatewayTimeout
            ),
            Self::Reply(_) | Self::Redirect => false,
        }
    }
}

/// The messages that the client could read in the reply.
pub(super) fn messages(entry: &JournalEntry) -> &[Sms] {
    match ClientView::of(entry) {
        ClientView::Reply(Reply::Messages(inbox)) => &inbox.messages,
        _ => &[],
    }
}
