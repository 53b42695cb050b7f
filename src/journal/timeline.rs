//! The calls that a client made for a rental, in plain sentences.

use super::JournalEntry;
use crate::domain::endpoint::Endpoint;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::command::Reply;

/// The calls that named the rental: the polls before each other thing together, the rest one by
/// one.
pub(super) fn tell_calls(entries: &[&JournalEntry], lines: &mut Vec<(Timestamp, String)>) {
    let mut polls: Vec<&JournalEntry> = Vec::new();
    let mut seen = 0;
    for entry in entries {
        if entry.endpoint == Endpoint::GetSms {
            let shown = shown(entry);
            if shown > seen {
                tell_polls(&mut polls, lines);
                let more = shown - seen;
                let what = if more == 1 { "the SMS".into() } else { format!("{more} SMS") };
                lines.push((entry.at, format!("you read {what}")));
                seen = shown;
            } else {
                if polls.first().is_some_and(|first| answer(first) != answer(entry)) {
                    tell_polls(&mut polls, lines);
                }
                polls.push(entry);
            }
            continue;
        }
        tell_polls(&mut polls, lines);
        match (entry.endpoint, entry.code, entry.fault) {
            (Endpoint::RentNumber, _, Some(fault)) => {
                lines.push((entry.at, format!("the reply to your rentNumber met {fault}")));
            }
            (Endpoint::CancelNumber, Some(code), _) => {
                lines.push((entry.at, format!("you tried to cancel: {}", code.as_str())));
            }
            (Endpoint::CancelNumber, None, _) => {
                lines.push((entry.at, "you cancelled".into()));
            }
            _ => {}
        }
    }
    tell_polls(&mut polls, lines);
}

fn tell_polls(polls: &mut Vec<&JournalEntry>, lines: &mut Vec<(Timestamp, String)>) {
    if let (Some(first), Some(last)) = (polls.first(), polls.last()) {
        let answer = answer(first);
        let line = match polls.len() {
            1 => format!("you polled, and {answer}"),
            count => {
                let span = last.at.since(first.at);
                format!("you polled {count} times in {span}, and {answer}")
            }
        };
        lines.push((last.at, line));
    }
    polls.clear();
}

/// What a poll that showed nothing new was answered with.
fn answer(poll: &JournalEntry) -> String {
    let by = poll.fault.map(|fault| format!(" ({fault})")).unwrap_or_default();
    match (poll.status, poll.code) {
        (None, _) => format!("got no reply{by}"),
        (Some(200), None) => format!("there was nothing new{by}"),
        (Some(_), Some(code)) => format!("got {}{by}", code.as_str()),
        (Some(status), None) => format!("got status {status}{by}"),
    }
}

/// How many messages the client was shown.
fn shown(entry: &JournalEntry) -> usize {
    match entry.outcome.as_ref().map(|outcome| &outcome.answer) {
        Some(Ok(Reply::Messages(inbox))) if entry.status == Some(200) => inbox.messages.len(),
        _ => 0,
    }
}
