//! How a client reads the messages of a rental.

use std::collections::{BTreeMap, BTreeSet};

use super::super::client_view::messages;
use super::rentals::{left_until, was_kept_from_reading};
use super::{Finding, FindingId, RentalHistory, RuleContext};
use crate::journal::JournalEntry;

/// The parts of one message: those that a client can read, and those that it has read.
#[derive(Default)]
struct Parts {
    all: BTreeSet<usize>,
    read: BTreeSet<usize>,
}

/// Finds a rental whose client read some parts of a message and left before it had the others.
pub(super) fn unread_messages(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let is_over = history.cancelled_at().is_some() || left_until(context, history).is_some();
    if !is_over || was_kept_from_reading(context, history) {
        return None;
    }
    let mut by_message: BTreeMap<String, Parts> = BTreeMap::new();
    // What comes after `expires_at` is more than a client can know of.
    let in_time = history.arrivals().into_iter().filter(|one| one.at < history.expires_at);
    for arrival in in_time {
        let Some(part) = arrival.part else { continue };
        let parts = by_message.entry(part.message).or_default();
        parts.all.insert(part.number);
        if history.polls().any(|poll| messages(poll).contains(&arrival.sms)) {
            parts.read.insert(part.number);
        }
    }
    if by_message.values().any(|parts| parts.read == parts.all) {
        return None;
    }
    let Parts { all, read } = by_message.into_values().find(|parts| !parts.read.is_empty())?;
    let id = history.id;
    let advice = format!(
        "{id} got a message in {} parts, and its client stopped after {} of them; poll until all \
         have come, and join them by their numbers: (2/3) is the second of three",
        all.len(),
        read.len()
    );
    let reading = history.polls().filter(|poll| !messages(poll).is_empty());
    let last = history.calls.last().copied();
    let evidence = reading.chain(last.filter(|last| messages(last).is_empty()));
    Some(context.finding(FindingId::UnreadMessages, Some(id), evidence, advice))
}

/// Finds a rental that was polled on and on after its last message had been read.
pub(super) fn polled_after_all(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let most = context.thresholds.polls_after_all;
    if history.polls().count() <= most {
        return None;
    }
    let coming = history.arrivals().len();
    let mut polls = history.polls().skip_while(|poll| messages(poll).len() < coming.max(1));
    let last_read = polls.next()?;
    let after: Vec<&JournalEntry> = polls.collect();
    if after.len() <= most {
        return None;
    }
    let id = history.id;
    let advice = format!(
        "{id} was polled {} times after its last message had been read; stop as soon as you have \
         the code",
        after.len()
    );
    let evidence = std::iter::once(last_read).chain(after);
    Some(context.finding(FindingId::PolledAfterAll, Some(id), evidence, advice))
}
