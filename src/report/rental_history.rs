//! A rental as its client lived through it.

use super::client_view::{ClientView, client_view, messages};
use crate::domain::endpoint::Endpoint;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::journal::JournalEntry;
use crate::sandbox::content;
use crate::sandbox::faults::FaultAction;
use crate::sandbox::rental::{EndedBy, Rental};
use crate::sandbox::snapshot::Snapshot;
use crate::scenario::Action;

/// A rental of which the journal has the first request, and so all that named it.
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
    /// None where the rental is kept no more.
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

    /// Whether its client was told of it. A reply that dribbles may have been cut off by its
    /// client, of which nothing is known: who never named the rental was perhaps not told.
    pub(super) fn is_told(&self) -> bool {
        let outcome = self.rent.outcome.as_deref();
        let dribbles = outcome
            .is_some_and(|outcome| matches!(outcome.override_action, Some(FaultAction::Wire(..))));
        matches!(client_view(self.rent), ClientView::Reply(_))
            && !(dribbles && self.calls.is_empty())
    }

    /// When and by what it ended.
    pub(super) const fn end(&self) -> Option<(Timestamp, EndedBy)> {
        match self.rental.end {
            None => None,
            Some(end) => Some((end.at, end.by)),
        }
    }

    pub(super) fn polls(&self) -> impl DoubleEndedIterator<Item = &'a JournalEntry> + '_ {
        self.calls.iter().copied().filter(|call| call.endpoint == Endpoint::GetSms)
    }

    pub(super) fn cancels(&self) -> impl Iterator<Item = &'a JournalEntry> + '_ {
        self.calls.iter().copied().filter(|call| call.endpoint == Endpoint::CancelNumber)
    }

    /// Whether its client was shown a message by this moment.
    pub(super) fn has_read_by(&self, moment: Timestamp) -> bool {
        self.polls().any(|poll| poll.at <= moment && !messages(poll).is_empty())
    }

    /// Whether its client was shown a code.
    pub(super) fn has_read_code(&self) -> bool {
        self.polls().any(|poll| messages(poll).iter().any(|sms| sms.expected_code.is_some()))
    }

    /// When each SMS arrives in its life, or would have if it had not been ended, and whether that
    /// one carries a code.
    pub(super) fn arrivals(&self) -> Vec<(Timestamp, bool)> {
        let steps = self.sandbox.steps_of(self.rental);
        let ends = |action: &Action| matches!(action, Action::Expire | Action::Revoke);
        let planned = steps.iter().take_while(|step| !ends(&step.action)).enumerate();
        let planned = planned.filter_map(|(index, step)| {
            let sms = content::message(self.rental, steps, index)?;
            Some((self.rental.rented_at.plus(step.after), sms.expected_code.is_some()))
        });
        let extra = self.rental.extra.iter().flat_map(|extra| extra.iter());
        // Whether one that is still to come carries a code, nobody has said.
        let extra = extra.map(|extra| {
            let has_code = extra.sms.expected_code.is_some() || !extra.arrived;
            (extra.sms.received_at, has_code)
        });
        let mut all: Vec<_> =
            planned.chain(extra).filter(|(at, _)| *at < self.expires_at).collect();
        all.sort_unstable();
        all
    }

    /// When the first code arrives in its life.
    pub(super) fn first_code(&self) -> Option<Timestamp> {
        self.arrivals().into_iter().find(|(_, has_code)| *has_code).map(|(at, _)| at)
    }
}
