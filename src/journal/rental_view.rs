//! A rental as the control API, the console and tests see it.

use schemars::JsonSchema;
use serde::Serialize;

use super::JournalEntry;
use super::timeline::{ScheduledEvent, timeline};
use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::rental::{EndedBy, Rental, RentalStatus};
use crate::sandbox::sms_content;
use crate::sandbox::snapshot::Snapshot;
use crate::scenario::Action;

/// A rental with its messages, its schedule and what happened to it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Rental")]
#[non_exhaustive]
pub struct RentalView {
    /// The id that the partner API gave it.
    pub rental_id: RentalId,
    /// `live` until it ends.
    pub state: RentalStatus,
    /// The rented number.
    pub number: PhoneNumber,
    /// The country of the number.
    pub country: Country,
    /// The service that the client named.
    pub service: Option<Service>,
    /// What the client paid.
    pub price: Money,
    /// What the client got back.
    pub refund: Money,
    /// When it began.
    pub rented_at: Timestamp,
    /// When its time runs out.
    pub expires_at: Timestamp,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// What ended it.
    #[serde(skip)]
    pub(crate) ended_by: Option<EndedBy>,
    /// The messages that arrived, by their `received_at`.
    pub messages: Vec<Sms>,
    /// What will still happen, in order.
    pub scheduled: Vec<ScheduledEvent>,
    /// What happened and what will, in plain sentences.
    pub timeline: Vec<String>,
}

impl RentalView {
    /// `entries`: the journal of the sandbox, or at least the entries that name this rental.
    pub(crate) fn new<'a>(
        sandbox: &Snapshot,
        rental: &Rental,
        entries: impl Iterator<Item = &'a JournalEntry>,
    ) -> Self {
        let rental_id = sandbox.id(rental);
        let expires_at = rental.rented_at.plus(sandbox.scenario().rental.time_to_live);
        let last_sms_before = rental.end.map_or(expires_at, |end| end.at);
        let last_sms_before = last_sms_before.plus(sandbox.scenario().rental.late_sms_grace);
        let (mut scheduled, dropped): (Vec<_>, Vec<_>) = unplayed(sandbox, rental)
            .partition(|event| event.at < last_sms_before && event.at >= sandbox.now());
        if rental.end.is_none() {
            scheduled.push(ScheduledEvent { at: expires_at, event: "expiry" });
        }
        scheduled.sort_by_key(|event| event.at);
        let messages = sms_content::messages(rental, sandbox.steps_of(rental));
        let calls: Vec<&JournalEntry> =
            entries.filter(|entry| entry.rental_id == Some(rental_id)).collect();
        Self {
            rental_id,
            state: rental.status(),
            number: rental.number,
            country: sandbox.scenario().countries[usize::from(rental.offer)].country,
            service: rental.service.clone(),
            price: rental.price,
            refund: rental.end.map_or(Money::ZERO, |end| end.refund),
            rented_at: rental.rented_at,
            expires_at,
            ended_at: rental.end.map(|end| end.at),
            ended_by: rental.end.map(|end| end.by),
            timeline: timeline(rental, &messages, &calls, &scheduled, &dropped),
            messages,
            scheduled,
        }
    }

    /// The size of its texts in bytes, roughly.
    pub(crate) fn text_bytes(&self) -> usize {
        let sms = self.messages.iter().map(|sms| sms.sender.len() + sms.text.len()).sum::<usize>();
        sms + self.timeline.iter().map(String::len).sum::<usize>()
    }
}

/// The steps of its script and the extra messages that have not happened.
fn unplayed(sandbox: &Snapshot, rental: &Rental) -> impl Iterator<Item = ScheduledEvent> {
    let steps = sandbox.steps_of(rental).iter().skip(usize::from(rental.played));
    let steps = steps.map(|step| ScheduledEvent {
        at: rental.rented_at.plus(step.after),
        event: match step.action {
            Action::Sms(_) | Action::Duplicate => "sms",
            Action::Expire => "expiry",
            Action::Revoke => "revocation",
        },
    });
    let extra = rental.extra.iter().flat_map(|extra| extra.iter()).filter(|extra| !extra.arrived);
    steps.chain(extra.map(|extra| ScheduledEvent { at: extra.sms.received_at, event: "sms" }))
}
