//! What a client does with a rental.

use super::super::client_view::{ClientView, messages};
use super::{Finding, FindingId, RentalHistory, RuleContext};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::journal::JournalEntry;
use crate::sandbox::command::Reply;
use crate::sandbox::rental::{EndedBy, RentalEnd};

/// When a rental that was not ended expired, or when the client finished.
fn left_until(context: &RuleContext<'_>, history: &RentalHistory<'_>) -> Option<Timestamp> {
    match history.rental.end {
        Some(RentalEnd { at, by: EndedBy::Expiry, .. }) => Some(at),
        None if context.input.is_over => Some(context.input.sandbox.now()),
        _ => None,
    }
}

/// Finds a rental that was neither cancelled nor its SMS read before the end. A client that polled
/// until the end of a rental without an SMS did nothing wrong.
pub(super) fn leaked(context: &RuleContext<'_>, history: &RentalHistory<'_>) -> Option<Finding> {
    let end = left_until(context, history)?;
    let shortly = context.thresholds.watched_to_end;
    if !history.is_delivered() || history.has_read_by(end.plus(shortly)) {
        return None;
    }
    let has_sms = history.rental.has_sms;
    let has_ended = history.rental.end.is_some();
    let watched_to_end = history.calls.iter().any(|call| call.at.plus(shortly) >= end);
    if !has_sms && has_ended && watched_to_end {
        return None;
    }
    let (id, price) = (history.id, history.rental.price);
    let what = match (has_ended, has_sms) {
        (true, true) => {
            format!("{id} cost {price} USD, and its SMS was not read before it expired")
        }
        (true, false) => {
            format!("{id} was left to expire: it held its number until {end}, and nobody asked")
        }
        (false, true) => format!("{id} ({price} USD) was abandoned with an unread SMS"),
        (false, false) => format!("{id} ({price} USD) was abandoned, neither used nor cancelled"),
    };
    let polls = match history.polls().count() {
        0 => "it was never polled".to_owned(),
        1 => "it was polled once".to_owned(),
        count => format!("it was polled {count} times"),
    };
    let better = match has_sms {
        true => "poll until the SMS arrives",
        false => "cancel each rental that is no longer needed, even when an error stops the work",
    };
    let advice = format!("{what}; {polls}; {better}");
    let evidence = std::iter::once(history.rent).chain(history.calls.last().copied());
    Some(context.finding(FindingId::LeakedRental, Some(id), evidence, advice))
}

/// Finds a rental that was never polled. One that was cancelled before an SMS came harms nobody.
pub(super) fn never_polled(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let wasted_sms = history.cancelled_at().is_some() && history.rental.has_sms;
    let is_left = wasted_sms || left_until(context, history).is_some();
    if !is_left || !history.is_delivered() || history.polls().next().is_some() {
        return None;
    }
    let advice = format!("{} was never polled; read its messages with getSMS", history.id);
    let evidence = std::iter::once(history.rent).chain(history.calls.last().copied());
    Some(context.finding(FindingId::NeverPolled, Some(history.id), evidence, advice))
}

/// Finds a rental that was cancelled, or no longer polled, before a code that was still to come.
pub(super) fn gave_up_early(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let code_at = history.first_code_at()?;
    if !history.is_delivered() || history.has_read_code() {
        return None;
    }
    let id = history.id;
    let after = |at: Timestamp| at.since(history.rental.rented_at);
    let due = format!("after it was rented, and its SMS was due after {}", after(code_at));
    if let Some(at) = history.cancelled_at() {
        if at >= code_at {
            return None;
        }
        let cancel = history.cancels().find(|cancel| cancel.at == at);
        let advice = format!(
            "{id} was cancelled {} {due}; be more patient, an SMS may take minutes",
            after(at)
        );
        return Some(context.finding(FindingId::GaveUpEarly, Some(id), cancel, advice));
    }
    left_until(context, history)?;
    let last = history.polls().next_back()?;
    if last.at >= code_at {
        return None;
    }
    let advice = format!(
        "{id} was polled for the last time {} {due}; be more patient, and cancel a rental when you \
         give up on it",
        after(last.at)
    );
    Some(context.finding(FindingId::GaveUpEarly, Some(id), [last], advice))
}

/// Finds a cancel after an SMS, which refunds nothing. A client that had not read the SMS could not
/// know, but must then read it.
pub(super) fn cancel_after_sms(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let is_late = |cancel: &&JournalEntry| match ClientView::of(cancel) {
        ClientView::Reply(Reply::Cancelled { .. }) => {
            history.rental.has_sms && history.cancelled_at().is_some()
        }
        ClientView::Refusal(refusal) => refusal.code == ErrorCode::SmsAlreadyReceived,
        _ => false,
    };
    let cancel = history.cancels().find(is_late)?;
    let before = |poll: &JournalEntry| poll.seq < cancel.seq && !messages(poll).is_empty();
    let read_before = history.polls().any(before);
    let read_at_all = history.polls().any(|poll| !messages(poll).is_empty());
    let came_with_cancel = context.input.sandbox.scenario().rental.sms_during_cancel.is_some()
        && history.arrivals().first().is_none_or(|(at, _)| *at >= cancel.at);
    if !read_before && (read_at_all || came_with_cancel) {
        return None;
    }
    let id = history.id;
    let advice = if read_before {
        format!(
            "{id} was cancelled after its SMS had been read, which refunds nothing; such a rental \
             ends by itself"
        )
    } else {
        format!(
            "{id} was cancelled while an unread SMS was waiting, which refunds nothing; poll once \
             more before a cancel, and after a cancel without a refund"
        )
    };
    Some(context.finding(FindingId::CancelAfterSms, Some(id), [cancel], advice))
}

/// Finds polls after the client learnt of the end, or after `expires_at`. One poll after a cancel
/// is allowed, since an SMS may have come in between, and so is one that finds something new.
pub(super) fn poll_after_end(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let scenario = context.input.sandbox.scenario();
    // A partner whose clock is ahead reports a later end.
    let ahead = u64::try_from(scenario.shape.clock_skew.as_millis()).unwrap_or(0);
    let known_end = history.expires_at.plus(VirtualDuration::millis(ahead));
    let known_end = known_end.plus(scenario.rental.late_sms_grace);
    let (mut knows, mut free_polls, mut read) = (false, 0, 0);
    let mut late: Vec<&JournalEntry> = Vec::new();
    for call in &history.calls {
        let view = ClientView::of(call);
        let is_over = view.code().is_some_and(says_over);
        if call.endpoint == Endpoint::CancelNumber {
            if is_over || matches!(view, ClientView::Reply(_)) {
                free_polls = u32::from(!knows);
                knows = true;
            }
            continue;
        }
        let found = messages(call).len();
        if (knows || call.at > known_end) && found <= read {
            if free_polls == 0 {
                late.push(call);
            } else if matches!(view, ClientView::Reply(_) | ClientView::Refusal(_)) {
                free_polls -= 1;
            }
        }
        read = read.max(found);
        knows |= is_over;
    }
    if late.is_empty() || !history.is_delivered() {
        return None;
    }
    let (id, count) = (history.id, late.len());
    let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let end = if knows { "its client was told that it was over" } else { "its expires_at" };
    let advice = format!(
        "{id} was polled {times} after {end}; stop at a cancel, at an error that says so, and at \
         expires_at"
    );
    Some(context.finding(FindingId::PollAfterEnd, Some(id), late, advice))
}

const fn says_over(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::RentalExpired
            | ErrorCode::RentalCancelled
            | ErrorCode::AlreadyCancelled
            | ErrorCode::RentalNotFound
    )
}
