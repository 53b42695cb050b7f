//! A rental and what its client did with it.

use super::client_view::{ClientView, messages};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::rental_id::RentalId;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::journal::JournalEntry;
use crate::sandbox::faults::FaultAction;
use crate::sandbox::rental::{EndedBy, Rental};
use crate::sandbox::sms_content;
use crate::sandbox::snapshot::Snapshot;
use crate::scenario::Action;
use crate::scenario::sms_text::SmsText;

/// A rental whose rentNumber is in the journal, and therefore every call that named it.
#[derive(Debug)]
pub(super) struct RentalHistory<'a> {
    pub(super) id: RentalId,
    pub(super) rental: &'a Rental,
    /// The rentNumber that made it.
    pub(super) rent: &'a JournalEntry,
    /// The calls that named it, in order.
    pub(super) calls: Vec<&'a JournalEntry>,
    pub(super) expires_at: Timestamp,
    sandbox: &'a Snapshot,
}

impl<'a> RentalHistory<'a> {
    /// `None` if the sandbox has forgotten the rental.
    pub(super) fn of(
        sandbox: &'a Snapshot,
        rent: &'a JournalEntry,
        calls: Vec<&'a JournalEntry>,
    ) -> Option<Self> {
        let id = rent.rental_id?;
        let rental = sandbox.rental(id)?;
        let expires_at = rental.rented_at.plus(sandbox.scenario().rental.time_to_live);
        Some(Self { id, rental, rent, calls, expires_at, sandbox })
    }

    /// Whether the client surely learnt the id. It may have cut off a dribbling reply unnoticed, so
    /// such a reply counts only if the client named the rental later.
    pub(super) fn is_delivered(&self) -> bool {
        let action =
            self.rent.outcome.as_deref().and_then(|outcome| outcome.override_action.as_ref());
        let dribbles = matches!(action, Some(FaultAction::Wire(..)));
        matches!(ClientView::of(self.rent), ClientView::Reply(_))
            && !(dribbles && self.calls.is_empty())
    }

    pub(super) fn cancelled_at(&self) -> Option<Timestamp> {
        self.rental.end.filter(|end| end.by == EndedBy::Cancel).map(|end| end.at)
    }

    pub(super) fn polls(&self) -> impl DoubleEndedIterator<Item = &'a JournalEntry> + '_ {
        self.calls.iter().copied().filter(|call| call.endpoint == Some(Endpoint::GetSms))
    }

    pub(super) fn cancels(&self) -> impl Iterator<Item = &'a JournalEntry> + '_ {
        self.calls.iter().copied().filter(|call| call.endpoint == Some(Endpoint::CancelNumber))
    }

    /// Whether the client had read a message by this time.
    pub(super) fn has_read_by(&self, time: Timestamp) -> bool {
        self.polls().any(|poll| poll.at <= time && !messages(poll).is_empty())
    }

    pub(super) fn has_read_code(&self) -> bool {
        self.polls().any(|poll| messages(poll).iter().any(|sms| sms.expected_code.is_some()))
    }

    /// The cancels that were refused, or whose reply did not arrive.
    pub(super) fn failed_cancels(&self) -> impl Iterator<Item = &'a JournalEntry> + '_ {
        let has_failed = |cancel: &&JournalEntry| match ClientView::of(cancel) {
            ClientView::Refusal(_) | ClientView::Lost => true,
            ClientView::Page(status) => status >= 400,
            ClientView::Reply(_) | ClientView::Redirect | ClientView::ClientDisconnected => false,
        };
        self.cancels().filter(has_failed)
    }

    /// How many cancels failed because the partner did.
    pub(super) fn cancels_failed_by_partner(&self) -> usize {
        self.failed_cancels().filter(|cancel| Self::failed_by_partner(cancel)).count()
    }

    /// Whether a call failed because the partner did: by a 5xx or a fault rule.
    pub(super) fn failed_by_partner(call: &JournalEntry) -> bool {
        let code = call.code.map(ErrorCode::status);
        let is_5xx = code.or(call.status).is_some_and(|status| status >= 500);
        !matches!(ClientView::of(call), ClientView::Reply(_)) && (call.fault.is_some() || is_5xx)
    }

    /// When the rental expires by the clock of the partner, which the client was told.
    pub(super) fn told_expiry(&self) -> Timestamp {
        let skew = self.sandbox.scenario().shape.clock_skew.as_millis();
        Timestamp::from_unix_millis(self.expires_at.as_unix_millis().saturating_add(skew))
    }

    /// All messages in the order of their arrival, also those that an earlier end kept away. Late
    /// ones, which a partner still receives after `expires_at`, are among them.
    pub(super) fn arrivals(&self) -> Vec<Arrival> {
        let steps = self.sandbox.steps_of(self.rental);
        let ends = |action: &Action| matches!(action, Action::Expire | Action::Revoke);
        let planned = steps.iter().take_while(|step| !ends(&step.action)).enumerate();
        let planned = planned.filter_map(|(index, step)| {
            let sms = sms_content::message(self.rental, steps, index)?;
            let has_code = sms.expected_code.is_some();
            let part = SmsPart::of(&sms, index, &step.action);
            Some(Arrival { at: self.rental.rented_at.plus(step.after), sms, has_code, part })
        });
        let extra = self.rental.extra.iter().flat_map(|extra| extra.iter());
        let extra = extra.map(|extra| Arrival {
            at: extra.sms.received_at,
            // An SMS from the control API may carry a code that nobody declared.
            has_code: extra.sms.expected_code.is_some() || !extra.arrived,
            part: SmsPart::marked(&extra.sms),
            sms: extra.sms.clone(),
        });
        let end = self.expires_at.plus(self.sandbox.scenario().rental.late_sms_grace);
        let mut all: Vec<_> = planned.chain(extra).filter(|arrival| arrival.at < end).collect();
        all.sort_by_key(|arrival| arrival.at);
        all
    }

    /// When the first message with a code arrives before `expires_at`, or would have.
    pub(super) fn first_code_at(&self) -> Option<Timestamp> {
        let mut arrivals = self.arrivals().into_iter();
        arrivals.find(|arrival| arrival.has_code && arrival.at < self.expires_at).map(|a| a.at)
    }
}

/// A message, and when it arrives.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) at: Timestamp,
    pub(super) sms: Sms,
    pub(super) has_code: bool,
    /// Set if it is a part of a message in several.
    pub(super) part: Option<SmsPart>,
}

/// Which part of which message an SMS is.
#[derive(Debug)]
pub(super) struct SmsPart {
    /// The same for all parts of a message.
    pub(super) message: String,
    pub(super) number: usize,
}

impl SmsPart {
    /// `index`: its place in the script.
    fn of(sms: &Sms, index: usize, action: &Action) -> Option<Self> {
        let shows_piece = match action {
            Action::Sms(template) => template.text.as_ref().is_some_and(SmsText::splits_code),
            _ => false,
        };
        let message = || sms.expected_code.clone().filter(|_| shows_piece);
        Self::marked(sms).or_else(|| Some(Self { message: message()?, number: index }))
    }

    /// Reads the mark `(2/3)` before a text.
    fn marked(sms: &Sms) -> Option<Self> {
        let (mark, _) = sms.text.trim_start().strip_prefix('(')?.split_once(')')?;
        let (number, count) = mark.split_once('/')?;
        let (number, count): (usize, usize) = (number.parse().ok()?, count.parse().ok()?);
        let is_part = count > 1 && (1..=count).contains(&number);
        is_part.then(|| Self { message: format!("{count} from {}", sms.sender), number })
    }
}
