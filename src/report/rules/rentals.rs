//! What a client made of a rental.

use super::super::client_view::{ClientView, client_view, messages};
use super::super::finding::{Finding, FindingId};
use super::super::rental_history::RentalHistory;
use super::RuleContext;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::journal::JournalEntry;
use crate::sandbox::command::Reply;
use crate::sandbox::rental::EndedBy;

/// How a rental was left to itself: until it expired, or until all was over.
fn left_until(context: &RuleContext<'_>, history: &RentalHistory<'_>) -> Option<Timestamp> {
    match history.end() {
        Some((at, EndedBy::Expiry)) => Some(at),
        None if context.input.is_over => Some(context.input.sandbox.now()),
        _ => None,
    }
}

/// Neither cancelled nor its SMS read before the end. Who asked until the end has seen it out.
pub(super) fn leaked(context: &RuleContext<'_>, history: &RentalHistory<'_>) -> Option<Finding> {
    let end = left_until(context, history)?;
    let shortly = context.thresholds.watched_to_end;
    if !history.is_told() || history.has_read_by(end.plus(shortly)) {
        return None;
    }
    let has_sms = history.rental.has_sms;
    let has_ended = history.end().is_some();
    let is_seen_out = history.calls.iter().any(|call| call.at.plus(shortly) >= end);
    if !has_sms && has_ended && is_seen_out {
        return None;
    }
    let (id, price) = (history.id, history.rental.price);
    let what = match (has_ended, has_sms) {
        (true, true) => {
            format!("{id} was paid for ({price} USD), and its SMS was not read before it expired")
        }
        (true, false) => {
            format!("{id} was left to expire: it held a number until {end}, and nobody asked")
        }
        (false, true) => format!("{id} ({price} USD) was left with an SMS that nobody has read"),
        (false, false) => format!("{id} ({price} USD) was left behind, neither used nor cancelled"),
    };
    let polls = match history.polls().count() {
        0 => "it was never polled".to_owned(),
        1 => "it was polled once".to_owned(),
        count => format!("it was polled {count} times"),
    };
    let better = match has_sms {
        true => "poll until the SMS is there",
        false => {
            "cancel each rental that is not needed any more, also where an error interrupts \
                  the work"
        }
    };
    let advice = format!("{what}; {polls}; {better}");
    let evidence = std::iter::once(history.rent).chain(history.calls.last().copied());
    Some(context.finding(FindingId::LeakedRental, Some(id), evidence, advice))
}

/// Nobody ever asked for its SMS. One that was given back before an SMS came harms nobody.
pub(super) fn never_polled(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let cancelled = matches!(history.end(), Some((_, EndedBy::Cancel))) && history.rental.has_sms;
    let is_left = cancelled || left_until(context, history).is_some();
    if !is_left || !history.is_told() || history.polls().next().is_some() {
        return None;
    }
    let advice = format!("{} was never polled; read its messages with getSMS", history.id);
    let evidence = std::iter::once(history.rent).chain(history.calls.last().copied());
    Some(context.finding(FindingId::NeverPolled, Some(history.id), evidence, advice))
}

/// Cancelled, or polled no more, before a code that was still to come in its life.
pub(super) fn gave_up_early(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let code_at = history.first_code()?;
    if !history.is_told() || history.has_read_code() {
        return None;
    }
    let after = |at: Timestamp| at.since(history.rental.rented_at);
    let due = format!("its SMS was due {} after the rental", after(code_at));
    let id = Some(history.id);
    if let Some((at, EndedBy::Cancel)) = history.end() {
        if at >= code_at {
            return None;
        }
        let cancel = history.cancels().find(|cancel| cancel.at == at);
        let advice = format!(
            "{} was cancelled after {}, and {due}; be more patient, an SMS may take minutes",
            history.id,
            after(at)
        );
        return Some(context.finding(FindingId::GaveUpEarly, id, cancel, advice));
    }
    left_until(context, history)?;
    let last = history.polls().next_back()?;
    if last.at >= code_at {
        return None;
    }
    let advice = format!(
        "{} was polled for the last time after {}, and {due}; be more patient, and cancel a rental \
         that is given up",
        history.id,
        after(last.at)
    );
    Some(context.finding(FindingId::GaveUpEarly, id, [last], advice))
}

/// A cancel that pays nothing back. Who had not read the SMS could not know; but then it reads it.
pub(super) fn cancel_after_sms(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let refused = ErrorCode::SmsAlreadyReceived;
    let is_late = |cancel: &&JournalEntry| match client_view(cancel) {
        ClientView::Reply(Reply::Cancelled { .. }) => {
            history.rental.has_sms && matches!(history.end(), Some((_, EndedBy::Cancel)))
        }
        ClientView::Refusal(refusal) => refusal.code == refused,
        _ => false,
    };
    let cancel = history.cancels().find(is_late)?;
    let before = |poll: &JournalEntry| poll.seq < cancel.seq && !messages(poll).is_empty();
    let read_before = history.polls().any(before);
    let read_at_all = history.polls().any(|poll| !messages(poll).is_empty());
    let lands_with_it = context.input.sandbox.scenario().rental.sms_during_cancel.is_some();
    let came_with_it =
        lands_with_it && history.arrivals().first().is_none_or(|(at, _)| *at >= cancel.at);
    if !read_before && (read_at_all || came_with_it) {
        return None;
    }
    let id = history.id;
    let advice = if read_before {
        format!("{id} was cancelled after its SMS: nothing is paid back; it ends by itself")
    } else {
        format!(
            "{id} was cancelled when an SMS had come that nobody had read: nothing is paid back; \
             poll once more before a cancel, and after one that pays nothing back"
        )
    };
    Some(context.finding(FindingId::CancelAfterSms, Some(id), [cancel], advice))
}

/// Polls after the client was told of the end, or past `expires_at`. One read after a cancel looks
/// for what came between, and one that finds something new was right.
pub(super) fn poll_after_end(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let scenario = context.input.sandbox.scenario();
    // A partner whose clock is ahead tells a later end.
    let ahead = u64::try_from(scenario.shape.clock_skew.as_millis()).unwrap_or(0);
    let grace = scenario.rental.late_sms_grace;
    let known_end = history.expires_at.plus(VirtualDuration::millis(ahead)).plus(grace);
    let (mut told, mut free_reads, mut shown) = (false, 0, 0);
    let mut late: Vec<&JournalEntry> = Vec::new();
    for call in &history.calls {
        let view = client_view(call);
        let over = view.code().is_some_and(is_over);
        match call.endpoint {
            Endpoint::CancelNumber => {
                if over || matches!(view, ClientView::Reply(_)) {
                    free_reads = u32::from(!told);
                    told = true;
                }
            }
            _ => {
                let found = messages(call).len();
                if (told || call.at > known_end) && found <= shown {
                    if free_reads == 0 {
                        late.push(call);
                    } else if matches!(view, ClientView::Reply(_) | ClientView::Refusal(_)) {
                        free_reads -= 1;
                    }
                }
                shown = shown.max(found);
                told |= over;
            }
        }
    }
    if late.is_empty() || !history.is_told() {
        return None;
    }
    let (id, count) = (history.id, late.len());
    let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let knew = if told { "its client had been told that it was over" } else { "its expires_at" };
    let advice = format!(
        "{id} was polled {times} after {knew}; stop at a cancel, at an error that says so, and at \
         expires_at"
    );
    Some(context.finding(FindingId::PollAfterEnd, Some(id), late, advice))
}

const fn is_over(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::RentalExpired
            | ErrorCode::RentalCancelled
            | ErrorCode::AlreadyCancelled
            | ErrorCode::RentalNotFound
    )
}
