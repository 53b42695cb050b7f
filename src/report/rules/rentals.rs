//! What a client does with a rental.

use super::super::client_view::{ClientView, messages};
use super::{Finding, FindingId, RentalHistory, RuleContext};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::timestamp::Timestamp;
use crate::journal::JournalEntry;
use crate::report::Severity;
use crate::sandbox::command::Reply;
use crate::sandbox::rental::{EndedBy, RentalEnd};

/// When a rental that was not ended expired, or when the client finished.
pub(super) fn left_until(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Timestamp> {
    match history.rental.end {
        Some(RentalEnd { at, by: EndedBy::Expiry, .. }) => Some(at),
        None if context.input.is_over => Some(context.input.sandbox.now()),
        _ => None,
    }
}

/// Whether the partner failed so often that its client has done what it could.
fn is_partners_fault(context: &RuleContext<'_>, history: &RentalHistory<'_>) -> bool {
    history.cancels_failed_by_partner() >= context.thresholds.failed_cancels
        || was_kept_from_reading(context, history)
}

/// Whether the client polled after messages had come, and the partner answered none of the polls.
pub(super) fn was_kept_from_reading(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> bool {
    let Some(last) = history.arrivals().into_iter().rfind(|one| one.at < history.expires_at) else {
        return false;
    };
    let polls: Vec<_> = history.polls().filter(|poll| poll.at >= last.at).collect();
    polls.len() >= context.thresholds.failed_cancels
        && polls.into_iter().all(RentalHistory::failed_by_partner)
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
    // The client was told the second in which it expires.
    let told_over = has_ended || end.as_unix_millis() >= whole_seconds(history.expires_at);
    if !has_sms && told_over && watched_to_end {
        return None;
    }
    let (id, price) = (history.id, history.rental.price);
    let failed: Vec<&JournalEntry> = history.failed_cancels().collect();
    let what = match (has_ended, has_sms, failed.is_empty()) {
        (true, true, _) => {
            format!("{id} cost {price} USD, and its SMS was not read before it expired")
        }
        (true, false, true) => {
            format!("{id} was left to expire: it held its number until {end}, and nobody asked")
        }
        (true, false, false) => format!("{id} held its number until it expired at {end}"),
        (false, true, _) => format!("{id} ({price} USD) was abandoned with an unread SMS"),
        (false, false, true) => {
            format!("{id} ({price} USD) was abandoned, neither used nor cancelled")
        }
        (false, false, false) => format!("{id} ({price} USD) was left behind"),
    };
    let polls = match history.polls().count() {
        0 => "it was never polled".to_owned(),
        count if has_sms && was_kept_from_reading(context, history) => {
            format!("it was polled {count} times, and no poll was answered once the SMS had come")
        }
        1 => "it was polled once".to_owned(),
        count => format!("it was polled {count} times"),
    };
    let is_partners_fault = is_partners_fault(context, history);
    let better = match (has_sms, failed.is_empty()) {
        _ if is_partners_fault => {
            "that is the fault of the partner, not of its client: keep the id, and settle it with \
             the partner"
        }
        (true, _) => "poll until the SMS arrives",
        (false, false) => {
            "cancel again, later each time, until it is done or an error says that it is over"
        }
        (false, true) => {
            "cancel each rental that is no longer needed, even when an error stops the work"
        }
    };
    let cancels = refusals(&failed);
    let advice = format!("{what}; {polls}{cancels}; {better}");
    let last = history.calls.last().copied().filter(|_| failed.is_empty());
    let evidence = std::iter::once(history.rent).chain(failed).chain(last);
    let mut finding = context.finding(FindingId::LeakedRental, Some(id), evidence, advice);
    if is_partners_fault {
        finding.severity = Severity::Info;
    }
    Some(finding)
}

/// In milliseconds, cut to the whole seconds that a client is told.
const fn whole_seconds(time: Timestamp) -> i64 {
    let millis = time.as_unix_millis();
    millis - millis.rem_euclid(1_000)
}

/// How often cancels failed and with what, as the end of a sentence.
fn refusals(failed: &[&JournalEntry]) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for cancel in failed {
        let with = match (cancel.code, cancel.status) {
            _ if matches!(ClientView::of(cancel), ClientView::Lost) => "no whole reply".to_owned(),
            (Some(code), _) => code.as_str().to_owned(),
            (None, status) => format!("status {}", status.unwrap_or_default()),
        };
        match counts.iter_mut().find(|(known, _)| *known == with) {
            Some((_, count)) => *count += 1,
            None => counts.push((with, 1)),
        }
    }
    let counts: Vec<String> =
        counts.iter().map(|(with, count)| format!("{count} x {with}")).collect();
    match failed.len() {
        0 => String::new(),
        1 => format!(", and its cancel was refused ({})", counts.join(", ")),
        count => format!(", and its {count} cancels were refused ({})", counts.join(", ")),
    }
}

/// Finds a rental that was never polled. One that was cancelled before an SMS came harms nobody, nor
/// does one whose partner refused that.
pub(super) fn never_polled(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let wasted_sms = history.cancelled_at().is_some() && history.rental.has_sms;
    let is_left = wasted_sms || left_until(context, history).is_some();
    let was_polled = history.polls().next().is_some();
    if !is_left || !history.is_delivered() || was_polled || is_partners_fault(context, history) {
        return None;
    }
    let advice = format!("{} was never polled; read its messages with getSMS", history.id);
    let evidence = std::iter::once(history.rent).chain(history.calls.last().copied());
    Some(context.finding(FindingId::NeverPolled, Some(history.id), evidence, advice))
}

/// Finds a rental that was cancelled, or no longer polled, before a code that was still to come. It
/// harms nobody if the client got its money back, or had waited for as long as it was told.
pub(super) fn gave_up_early(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
) -> Option<Finding> {
    let code_at = history.first_code_at()?;
    if !history.is_delivered() || history.has_read_code() {
        return None;
    }
    let (stop, what) = match history.cancelled_at() {
        Some(at) => (history.cancels().find(|cancel| cancel.at == at)?, "was cancelled"),
        None => {
            left_until(context, history)?;
            (history.polls().next_back()?, "was polled for the last time")
        }
    };
    if stop.at >= code_at {
        return None;
    }
    let id = history.id;
    let after = |at: Timestamp| at.since(history.rental.rented_at);
    let is_paid_back = history.rental.end.is_some_and(|end| end.refund == history.rental.price);
    let is_harmless =
        is_paid_back || stop.at >= history.told_expiry() || is_partners_fault(context, history);
    let better = match (is_paid_back, history.cancelled_at()) {
        (true, _) => "its price was paid back, but a more patient client would have the code",
        (false, Some(_)) => "be more patient, an SMS may take minutes",
        (false, None) => "be more patient, and cancel a rental when you give up on it",
    };
    let advice = format!(
        "{id} {what} {} after it was rented, and its SMS was due after {}; {better}",
        after(stop.at),
        after(code_at)
    );
    let mut finding = context.finding(FindingId::GaveUpEarly, Some(id), [stop], advice);
    if is_harmless {
        finding.severity = Severity::Info;
    }
    Some(finding)
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
        && history.arrivals().first().is_none_or(|first| first.at >= cancel.at);
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
    // A partner whose clock is ahead reports a later end.
    let known_end = history.expires_at.max(history.told_expiry());
    let known_end = known_end.plus(context.input.sandbox.scenario().rental.late_sms_grace);
    let (mut knows, mut free_polls, mut read) = (false, 0, 0);
    let mut late: Vec<&JournalEntry> = Vec::new();
    let mut earlier = history.rent;
    for call in &history.calls {
        let sent_at = before_step(earlier, call);
        earlier = call;
        let view = ClientView::of(call);
        let is_over = view.code().is_some_and(says_over);
        if call.endpoint == Some(Endpoint::CancelNumber) {
            if is_over || matches!(view, ClientView::Reply(_)) {
                free_polls = u32::from(!knows);
                knows = true;
            }
            continue;
        }
        let found = messages(call).len();
        let is_late = call.at > known_end && sent_at >= known_end;
        if (knows || is_late) && found <= read {
            if free_polls == 0 {
                late.push(call);
            } else if is_over || matches!(view, ClientView::Reply(_)) {
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

/// When a call was sent: the step by which a poll moves a per_poll clock comes after that.
fn before_step(earlier: &JournalEntry, call: &JournalEntry) -> Timestamp {
    let passed = call.at.since(earlier.at).as_millis();
    let by_test = call.unstepped_at.since(earlier.unstepped_at).as_millis();
    let stepped = i64::try_from(passed.saturating_sub(by_test)).unwrap_or(0);
    Timestamp::from_unix_millis(call.at.as_unix_millis() - stepped)
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
