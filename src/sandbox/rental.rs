//! A rental and those that are kept.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use slab::Slab;

use super::schedule::shrink;
use crate::domain::endpoint::Endpoint;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;

/// How long a rental can be asked for after its end (our ruling).
pub(crate) const KEPT_AFTER_END: VirtualDuration = VirtualDuration::seconds(24 * 3_600);

/// A rental. Kept small, since a sandbox may hold a million: its messages are not stored but
/// drawn again from its seed whenever they are read.
#[derive(Clone, Debug)]
pub(crate) struct Rental {
    /// Its place in the order of renting, from 0.
    pub serial: u32,
    /// Which of the scenario's countries it is in.
    pub offer: u16,
    /// Which of the scenario's scripts plays, and which variant of it; none: the usual SMS.
    pub script: Option<(u16, u16)>,
    /// How many steps of its script have happened.
    pub played: u16,
    /// How often it was polled, and how often somebody tried to cancel it.
    pub calls: [u32; 2],
    /// Whether an SMS arrived while it was live.
    pub has_sms: bool,
    /// The messages that arrived and are no step of its script. Shared with those who read a copy.
    pub extra: Option<Arc<Vec<ExtraSms>>>,
    /// The number.
    pub number: PhoneNumber,
    /// Where the number goes back to.
    pub slot: u32,
    /// What it was rented for.
    pub service: Option<Service>,
    /// What its messages are drawn from.
    pub seed: u64,
    /// What it cost.
    pub price: Money,
    /// When it began.
    pub rented_at: Timestamp,
    /// How it ended, if it has.
    pub end: Option<RentalEnd>,
}

/// A message that is no step of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExtraSms {
    /// The message, dated with the time it is due.
    pub sms: Sms,
    /// Whether it has arrived.
    pub arrived: bool,
    /// How many bytes of a getSMS reply the script, this message and all before it take at the most.
    pub reply_bytes: usize,
}

impl ExtraSms {
    /// About how much memory it takes.
    #[must_use]
    pub(crate) fn bytes(&self) -> usize {
        let Sms { sender, text, expected_code, .. } = &self.sms;
        let code = expected_code.as_ref().map_or(0, String::len);
        size_of::<Self>() + sender.len() + text.len() + code + 64
    }
}

impl Rental {
    /// The messages that have arrived and are no step of its script.
    pub(crate) fn arrived_extra(&self) -> impl Iterator<Item = &Sms> {
        let extra = self.extra.iter().flat_map(|extra| extra.iter());
        extra.filter(|extra| extra.arrived).map(|extra| &extra.sms)
    }

    /// What has become of it so far.
    #[must_use]
    pub(crate) const fn status(&self) -> RentalStatus {
        match self.end {
            None => RentalStatus::Live,
            Some(_) if self.has_sms => RentalStatus::Sold,
            Some(RentalEnd { by: EndedBy::Expiry, .. }) => RentalStatus::Expired,
            Some(_) => RentalStatus::Cancelled,
        }
    }

    /// Counts a call that names it.
    pub(crate) fn count(&mut self, endpoint: Endpoint) {
        let calls = &mut self.calls[usize::from(endpoint == Endpoint::CancelNumber)];
        *calls = calls.saturating_add(1);
    }
}

/// What has become of a rental so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RentalState")]
pub enum RentalStatus {
    /// It can receive SMS and be cancelled.
    Live,
    /// It ended after an SMS had arrived.
    Sold,
    /// The client or the partner ended it before an SMS arrived.
    Cancelled,
    /// Its time ran out before an SMS arrived.
    Expired,
}

/// How a rental ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RentalEnd {
    /// When.
    pub at: Timestamp,
    /// By what.
    pub by: EndedBy,
    /// What was paid back.
    pub refund: Money,
}

/// What ended a rental.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndedBy {
    /// The client cancelled it.
    Cancel,
    /// The partner took the number back.
    Revocation,
    /// Its time was over.
    Expiry,
}

/// Where a rental is kept. Holds only while it is kept: [`Rentals::at`] checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RentalSlot {
    index: u32,
    serial: u32,
}

/// The rentals of a sandbox: those that live, and those that ended a short while ago.
#[derive(Debug)]
pub(crate) struct Rentals {
    kept: Slab<Rental>,
    /// Where each is kept, in the order of renting, so that a list can go on where it stopped.
    by_serial: BTreeMap<u32, u32>,
    ended: VecDeque<(Timestamp, RentalSlot)>,
    first_id: RentalId,
    next_serial: u32,
    live: u32,
    max_ended: usize,
    /// What the messages take that are no steps of scripts.
    extra_bytes: usize,
    /// How many places there are for rentals: those that are empty take memory too.
    places: usize,
}

impl Rentals {
    /// None yet; ids count from `first_id`; at most `max_ended` ended ones are kept.
    pub(crate) fn new(first_id: RentalId, max_ended: usize) -> Self {
        Self {
            kept: Slab::new(),
            by_serial: BTreeMap::new(),
            ended: VecDeque::new(),
            first_id,
            next_serial: 0,
            live: 0,
            max_ended,
            extra_bytes: 0,
            places: 0,
        }
    }

    /// Adds to a rental a message that is no step of its script. Gives its place, where the rental
    /// is kept.
    pub(crate) fn add_extra(&mut self, slot: RentalSlot, extra: ExtraSms) -> Option<u16> {
        let bytes = extra.bytes();
        let extras = Arc::make_mut(self.at_mut(slot)?.extra.get_or_insert_default());
        extras.push(extra);
        let place = (extras.len() - 1) as u16;
        self.extra_bytes += bytes;
        Some(place)
    }

    /// About how much memory they take.
    pub(crate) const fn bytes(&self) -> usize {
        // With the places of its events, of its number and in the order of renting; measured.
        const RENTAL: usize = 256;
        self.places * RENTAL + self.extra_bytes
    }

    /// How many live.
    pub(crate) const fn live(&self) -> u32 {
        self.live
    }

    /// The id that the first rental had, or is to have.
    pub(crate) const fn first_id(&self) -> RentalId {
        self.first_id
    }

    /// The id of a rental.
    pub(crate) fn id(&self, serial: u32) -> RentalId {
        RentalId::new(self.first_id.digits().saturating_add(u64::from(serial)))
    }

    /// Keeps a new rental; `make` is given its serial.
    pub(crate) fn add(&mut self, make: impl FnOnce(u32) -> Rental) -> (RentalId, RentalSlot) {
        let serial = self.next_serial;
        self.next_serial += 1;
        self.live += 1;
        let index = self.kept.insert(make(serial)) as u32;
        self.places = self.places.max(self.kept.len());
        self.by_serial.insert(serial, index);
        (self.id(serial), RentalSlot { index, serial })
    }

    /// Where the rental of this id is kept.
    pub(crate) fn find(&self, id: RentalId) -> Option<RentalSlot> {
        let serial = self.serial(id)?;
        let index = *self.by_serial.get(&serial)?;
        Some(RentalSlot { index, serial })
    }

    /// The rental kept there, if it still is.
    pub(crate) fn at(&self, slot: RentalSlot) -> Option<&Rental> {
        self.kept.get(slot.index as usize).filter(|rental| rental.serial == slot.serial)
    }

    /// The rental kept there, to change it.
    pub(crate) fn at_mut(&mut self, slot: RentalSlot) -> Option<&mut Rental> {
        self.kept.get_mut(slot.index as usize).filter(|rental| rental.serial == slot.serial)
    }

    /// How many are kept.
    pub(crate) fn kept(&self) -> usize {
        self.kept.len()
    }

    /// All that are kept, in the order of renting.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &Rental> {
        self.after(None)
    }

    /// Those that were rented after this one, in the order of renting; all where it is `None`.
    pub(crate) fn after(&self, id: Option<RentalId>) -> impl DoubleEndedIterator<Item = &Rental> {
        let from = match id.map(|id| self.serial(id)) {
            None | Some(None) => Bound::Unbounded,
            Some(Some(serial)) => Bound::Excluded(serial),
        };
        let kept = self.by_serial.range((from, Bound::Unbounded));
        kept.filter_map(|(_, index)| self.kept.get(*index as usize))
    }

    /// The serial of an id, `None` where it is lower than that of the first rental.
    fn serial(&self, id: RentalId) -> Option<u32> {
        let serial = id.digits().checked_sub(self.first_id.digits())?;
        Some(u32::try_from(serial).unwrap_or(u32::MAX))
    }

    /// Ends a live rental; the caller has looked that it lives.
    pub(crate) fn end(&mut self, slot: RentalSlot, at: Timestamp, by: EndedBy, refund: Money) {
        if let Some(rental) = self.at_mut(slot) {
            rental.end = Some(RentalEnd { at, by, refund });
            self.live -= 1;
            self.ended.push_back((at, slot));
        }
    }

    /// Drops those that ended too long ago, and the oldest of too many: `most` at once. Whether
    /// none is left to drop.
    pub(crate) fn drop_old(&mut self, now: Timestamp, most: usize) -> bool {
        for _ in 0..most {
            let Some((at, slot)) = self.ended.front().copied() else { return true };
            if self.ended.len() <= self.max_ended && now < at.plus(KEPT_AFTER_END) {
                return true;
            }
            self.ended.pop_front();
            shrink(&mut self.ended);
            self.by_serial.remove(&slot.serial);
            let rental = self.kept.remove(slot.index as usize);
            let extra = rental.extra.iter().flat_map(|extra| extra.iter());
            self.extra_bytes -= extra.map(ExtraSms::bytes).sum::<usize>();
            if self.kept.is_empty() {
                // The places of many that have gone are given back.
                (self.kept, self.places) = (Slab::new(), 0);
            }
        }
        false
    }
}
