//! The timeline of a rental: what happened and what will, in plain sentences.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::JournalEntry;
use crate::domain::endpoint::Endpoint;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::command::Reply;
use crate::sandbox::rental::{EndedBy, Rental, RentalEnd};

/// Something that will happen to a rental.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ScheduledEvent {
    /// When it is due.
    pub at: Timestamp,
    /// `sms`, `expiry` or `revocation`.
    pub event: &'static str,
}

/// A sentence and when it happened.
type Line = (Timestamp, String);

/// `calls`: the journal entries that name the rental. `dropped`: what was scheduled and will not
/// happen.
pub(super) fn timeline(
    rental: &Rental,
    messages: &[Sms],
    calls: &[&JournalEntry],
    scheduled: &[ScheduledEvent],
    dropped: &[ScheduledEvent],
) -> Vec<String> {
    let after = |at: Timestamp| at.since(rental.rented_at);
    let service = rental.service.as_ref().map(|service| format!(" for {}", service.as_str()));
    let (number, service, price) = (rental.number, service.unwrap_or_default(), rental.price);
    let mut lines =
        vec![(rental.rented_at, format!("{number} was rented{service} for {price} USD"))];
    for sms in messages {
        let code = match &sms.expected_code {
            Some(code) => format!("the code is {code}"),
            None => "it carries no code".into(),
        };
        let (sender, text) = (shortened(&sms.sender), shortened(&sms.text));
        lines.push((sms.received_at, format!("an SMS arrived from {sender:?}: {text:?}; {code}")));
    }
    add_calls(&mut lines, calls);
    if let Some(RentalEnd { at, by, refund }) = rental.end {
        let (what, who) = match by {
            EndedBy::Cancel => ("the rental was cancelled", "you cancelled"),
            EndedBy::Revocation => ("the partner took the number back", "it was taken back"),
            EndedBy::Expiry => ("the rental expired", "it expired"),
        };
        lines.push((at, format!("{what}; {refund} USD was paid back")));
        for sms in dropped.iter().filter(|event| event.event == "sms") {
            let (due, ended) = (after(sms.at), after(at));
            lines.push((sms.at, format!("an SMS was due at +{due}; {who} at +{ended}")));
        }
    }
    for event in scheduled {
        let what = match event.event {
            "sms" => "an SMS will arrive",
            "revocation" => "the partner will take the number back",
            _ => "the rental will expire, unless it is cancelled before",
        };
        lines.push((event.at, what.into()));
    }
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().map(|(at, line)| format!("+{}: {line}", after(at))).collect()
}

/// Cuts a text to the length of a line; `messages` has all of it.
fn shortened(text: &str) -> Cow<'_, str> {
    const MAX_CHARS: usize = 160;
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// Polls with the same answer make one line, the other calls a line each.
fn add_calls(lines: &mut Vec<Line>, calls: &[&JournalEntry]) {
    let mut polls: Vec<&JournalEntry> = Vec::new();
    let mut read = 0;
    for call in calls {
        if call.endpoint == Some(Endpoint::GetSms) {
            let shown = messages_shown(call);
            if shown > read {
                add_polls(lines, &mut polls);
                let new = shown - read;
                let what = if new == 1 { "the SMS".into() } else { format!("{new} SMS") };
                lines.push((call.at, format!("you read {what}")));
                read = shown;
            } else {
                if polls.first().is_some_and(|first| answer(first) != answer(call)) {
                    add_polls(lines, &mut polls);
                }
                polls.push(call);
            }
            continue;
        }
        add_polls(lines, &mut polls);
        lines.extend(match (call.endpoint, call.code, call.fault) {
            (Some(Endpoint::RentNumber), _, Some(fault)) => {
                Some((call.at, format!("the reply to your rentNumber was hit by {fault}")))
            }
            (Some(Endpoint::CancelNumber), Some(code), _) => {
                Some((call.at, format!("you tried to cancel: {}", code.as_str())))
            }
            (Some(Endpoint::CancelNumber), None, _) => Some((call.at, "you cancelled".into())),
            _ => None,
        });
    }
    add_polls(lines, &mut polls);
}

fn add_polls(lines: &mut Vec<Line>, polls: &mut Vec<&JournalEntry>) {
    if let (Some(first), Some(last)) = (polls.first(), polls.last()) {
        let answer = answer(first);
        let line = match polls.len() {
            1 => format!("you polled, and {answer}"),
            count => {
                format!("you polled {count} times in {}, and {answer}", last.at.since(first.at))
            }
        };
        lines.push((last.at, line));
    }
    polls.clear();
}

/// The answer to a poll that showed no new message.
fn answer(poll: &JournalEntry) -> String {
    let fault = poll.fault.map(|fault| format!(" ({fault})")).unwrap_or_default();
    match (poll.status, poll.code) {
        (None, _) => format!("got no reply{fault}"),
        (Some(200), None) => format!("there was nothing new{fault}"),
        (Some(_), Some(code)) => format!("got {}{fault}", code.as_str()),
        (Some(status), None) => format!("got status {status}{fault}"),
    }
}

fn messages_shown(poll: &JournalEntry) -> usize {
    match poll.outcome.as_ref().map(|outcome| &outcome.answer) {
        Some(Ok(Reply::Messages(inbox))) if poll.status == Some(200) => inbox.messages.len(),
        _ => 0,
    }
}
