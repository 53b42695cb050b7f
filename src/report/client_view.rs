//! What a client has seen of the reply to a request.

use crate::domain::error_code::ErrorCode;
use crate::domain::sms::Sms;
use crate::journal::JournalEntry;
use crate::sandbox::command::{Refusal, Reply};
use crate::sandbox::faults::FaultAction;
use crate::scenario::BodyKind;

/// What a client has seen of a reply.
#[derive(Clone, Copy, Debug)]
pub(super) enum ClientView<'a> {
    /// All of it.
    Reply(&'a Reply),
    /// That it was refused.
    Refusal(&'a Refusal),
    /// A status, with nothing that a program could read.
    Page(u16),
    /// That it is to ask elsewhere.
    Redirect,
    /// Nothing, or nothing whole.
    Lost,
    /// Nothing, since it went before the reply came.
    ClientDisconnected,
}

pub(super) fn client_view(entry: &JournalEntry) -> ClientView<'_> {
    let Some(outcome) = entry.outcome.as_deref() else { return ClientView::ClientDisconnected };
    if outcome.client_disconnected.get() {
        return ClientView::ClientDisconnected;
    }
    match &outcome.override_action {
        Some(FaultAction::Wire(fault, _)) if !fault.leaves_reply_whole() => ClientView::Lost,
        Some(FaultAction::Redirect(_)) => ClientView::Redirect,
        Some(FaultAction::Status(_, BodyKind::Json, refusal) | FaultAction::Refuse(refusal)) => {
            ClientView::Refusal(refusal)
        }
        Some(FaultAction::Status(status, ..)) => ClientView::Page(status.get()),
        Some(FaultAction::Wire(..)) | None => match &outcome.answer {
            Ok(reply) => ClientView::Reply(reply),
            Err(refusal) => ClientView::Refusal(refusal),
        },
    }
}

impl ClientView<'_> {
    /// The code of the refusal, if it is one.
    pub(super) fn code(self) -> Option<ErrorCode> {
        match self {
            ClientView::Refusal(refusal) => Some(refusal.code),
            _ => None,
        }
    }

    /// Whether the request may or may not have taken effect, as far as the client can tell.
    pub(super) fn is_ambiguous(self) -> bool {
        match self {
            ClientView::Lost | ClientView::ClientDisconnected => true,
            ClientView::Page(status) => status < 400 || (status >= 500 && status != 503),
            ClientView::Refusal(refusal) => matches!(
                refusal.code,
                ErrorCode::InternalError | ErrorCode::BadGateway | ErrorCode::GatewayTimeout
            ),
            ClientView::Reply(_) | ClientView::Redirect => false,
        }
    }
}

/// The messages that a client was shown.
pub(super) fn messages(entry: &JournalEntry) -> &[Sms] {
    match client_view(entry) {
        ClientView::Reply(Reply::Messages(inbox)) => &inbox.messages,
        _ => &[],
    }
}
