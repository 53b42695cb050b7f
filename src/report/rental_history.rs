//! A rental and what its client did with it.

use super::client_view::{ClientView, messages};
use crate::domain::endpoint::Endpoint;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::journal::JournalEntry;
use crate::sandbox::faults::FaultAction;
use crate::sandbox::rental::{EndedBy, Rental};
use crate::sandbox::sms_content;
use crate::sandbox::snapshot::Snapshot;
use crate::scenario::Action;

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
        self.calls.iter().copied().filter(|call| call.endpoint == Endpoint::GetSms)
    }

    pub(super) fn cancels(&self) -> impl Iterator<Item = &'a JournalEntry> + '_ {
        self.calls.iter().copied().filter(|call| call.endpoint == Endpoint::CancelNumber)
    }

    /// Whether the client had read a message by this time.
    pub(super) fn has_read_by(&self, time: Timestamp) -> bool {
        self.polls().any(|poll| poll.at <= time && !messages(poll).is_empty())
    }

    pub(super) fn has_read_code(&self) -> bool {
        self.polls().any(|poll| messages(poll).iter().any(|sms| sms.expected_code.is_some()))
    }

    /// When each SMS arrives before `expires_at`, or would have without an earlier end, and whether
    /// it carries a code.
    pub(super) fn arrivals(&self) -> Vec<(Timestamp, bool)> {
        let steps = self.sandbox.steps_of(self.rental);
        let ends = |action: &Action| matches!(action, Action::Expire | Action::Revoke);
        let planned = steps.iter().take_while(|step| !ends(&step.action)).enumerate();
        let planned = planned.filter_map(|(index, step)| {
            let sms = sms_content::message(self.rental, steps, index)?;
            Some((self.rental.rented_at.plus(step.after), sms.expected_code.is_some()))
        });
        let extra = self.rental.extra.iter().flat_map(|extra| extra.iter());
        // An SMS from the control API may carry a code that nobody declared.
        let extra = extra.map(|extra| {
            let has_code = extra.sms.expected_code.is_some() || !extra.arrived;
            (extra.sms.received_at, has_code)
        });
        let mut all: Vec<_> =
            planned.chain(extra).filter(|(at, _)| *at < self.expires_at).collect();
        all.sort_unstable();
        all
    }

    pub(super) fn first_code_at(&self) -> Option<Timestamp> {
        self.arrivals().into_iter().find(|(_, has_code)| *has_code).map(|(at, _)| at)
    }
}
