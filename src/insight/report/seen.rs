//! What a client has seen of the reply to a request.

use crate::domain::error_code::ErrorCode;
use crate::domain::sms::Sms;
use crate::insight::journal::Entry;
use crate::sandbox::command::{Refusal, Reply};
use crate::sandbox::faults::Strike;
use crate::scenario::BodyKind;

/// What a client has seen of a reply.
#[derive(Clone, Copy, Debug)]
pub(super) enum Seen<'a> {
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
    Abandoned,
}

pub(super) fn seen(entry: &Entry) -> Seen<'_> {
    let Some(outcome) = entry.outcome.as_deref() else { return Seen::Abandoned };
    if outcome.abandoned.get() {
        return Seen::Abandoned;
    }
    match &outcome.instead {
        Some(Strike::Wire(fault, _)) if !fault.leaves_reply_whole() => Seen::Lost,
        Some(Strike::Redirect(_)) => Seen::Redirect,
        Some(Strike::Status(_, BodyKind::Json, refusal) | Strike::Refuse(refusal)) => {
            Seen::Refusal(refusal)
        }
        Some(Strike::Status(status, ..)) => Seen::Page(status.get()),
        Some(Strike::Wire(..)) | None => match &outcome.answer {
            Ok(reply) => Seen::Reply(reply),
            Err(refusal) => Seen::Refusal(refusal),
        },
    }
}

impl Seen<'_> {
    /// The code of the refusal, if it is one.
    pub(super) fn code(self) -> Option<ErrorCode> {
        match self {
            Seen::Refusal(refusal) => Some(refusal.code),
            _ => None,
        }
    }

    /// Whether the request may or may not have taken effect, as far as the client can tell.
    pub(super) fn is_ambiguous(self) -> bool {
        match self {
            Seen::Lost | Seen::Abandoned => true,
            Seen::Page(status) => status < 400 || (status >= 500 && status != 503),
            Seen::Refusal(refusal) => matches!(
                refusal.code,
                ErrorCode::InternalError | ErrorCode::BadGateway | ErrorCode::GatewayTimeout
            ),
            Seen::Reply(_) | Seen::Redirect => false,
        }
    }
}

/// The messages that a client was shown.
pub(super) fn messages(entry: &Entry) -> &[Sms] {
    match seen(entry) {
        Seen::Reply(Reply::Messages(inbox)) => &inbox.messages,
        _ => &[],
    }
}
