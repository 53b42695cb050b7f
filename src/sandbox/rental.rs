//! Rentals, live and recently ended.

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

/// How long the sandbox remembers a rental after its end (our ruling).
pub(crate) const KEPT_AFTER_END: VirtualDuration = VirtualDuration::seconds(24 * 3_600);

/// A rental. Small, since a sandbox may hold a million: its messages are not stored but drawn again
/// from its seed whenever they are read.
#[derive(Clone, Debug)]
pub(crate) struct Rental {
    /// Its number in the order of renting, from 0.
    pub serial: u32,
    /// The index of its country in the scenario.
    pub offer: u16,
    /// The indexes of its script and variant in the scenario; `None`: the default script.
    pub script: Option<(u16, u16)>,
    /// The number of script steps that have happened.
    pub played: u16,
    /// The number of getSMS and of cancelNumber calls.
    pub calls: [u32; 2],
    /// Whether an SMS arrived while it was live.
    pub has_sms: bool,
    /// The messages outside the script. Shared with copies for readers.
    pub extra: Option<Arc<Vec<ExtraSms>>>,
    pub number: PhoneNumber,
    /// Where the number goes back to.
    pub slot: u32,
    pub service: Option<Service>,
    /// Seeds its messages.
    pub seed: u64,
    pub price: Money,
    pub rented_at: Timestamp,
    pub end: Option<RentalEnd>,
}

/// A message outside the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExtraSms {
    /// Dated when it is due.
    pub sms: Sms,
    pub arrived: bool,
    /// The size in bytes of the largest getSMS reply with the script, this message and all before
    /// it.
    pub reply_bytes: usize,
}

impl ExtraSms {
    pub(crate) fn bytes(&self) -> usize {
        let Sms { sender, text, expected_code, .. } = &self.sms;
        let code = expected_code.as_ref().map_or(0, String::len);
        size_of::<Self>() + sender.len() + text.len() + code + 64
    }
}

impl Rental {
    pub(crate) fn arrived_extra(&self) -> impl Iterator<Item = &Sms> {
        let extra = self.extra.iter().flat_map(|extra| extra.iter());
        extra.filter(|extra| extra.arrived).map(|extra| &extra.sms)
    }

    pub(crate) const fn status(&self) -> RentalStatus {
        match self.end {
            None => RentalStatus::Live,
            Some(_) if self.has_sms => RentalStatus::Sold,
            Some(RentalEnd { by: EndedBy::Expiry, .. }) => RentalStatus::Expired,
            Some(_) => RentalStatus::Cancelled,
        }
    }

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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RentalEnd {
    pub at: Timestamp,
    pub by: EndedBy,
    pub refund: Money,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndedBy {
    Cancel,
    Revocation,
    Expiry,
}

/// The place of a rental. [`Rentals::at`] checks that the rental is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RentalSlot {
    index: u32,
    serial: u32,
}

/// The rentals of a sandbox: the live ones and those that ended recently.
#[derive(Debug)]
pub(crate) struct Rentals {
    kept: Slab<Rental>,
    /// The place of each in the order of renting, so that a page can continue where the last one
    /// ended.
    by_serial: BTreeMap<u32, u32>,
    ended: VecDeque<(Timestamp, RentalSlot)>,
    first_id: RentalId,
    next_serial: u32,
    live: u32,
    max_ended: usize,
    /// The size of all messages outside the scripts.
    extra_bytes: usize,
    /// The number of places, used or not: unused ones take memory too.
    places: usize,
}

impl Rentals {
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

    /// Returns the index of the message, if the rental is still there.
    pub(crate) fn add_extra(&mut self, slot: RentalSlot, extra: ExtraSms) -> Option<u16> {
        let bytes = extra.bytes();
        let extras = Arc::make_mut(self.at_mut(slot)?.extra.get_or_insert_default());
        extras.push(extra);
        let place = (extras.len() - 1) as u16;
        self.extra_bytes += bytes;
        Some(place)
    }

    /// Roughly their size in memory.
    pub(crate) const fn bytes(&self) -> usize {
        // Measured, with its events, its number and its place in the order of renting.
        const RENTAL: usize = 256;
        self.places * RENTAL + self.extra_bytes
    }

    pub(crate) const fn live(&self) -> u32 {
        self.live
    }

    pub(crate) const fn first_id(&self) -> RentalId {
        self.first_id
    }

    pub(crate) fn id(&self, serial: u32) -> RentalId {
        RentalId::new(self.first_id.digits().saturating_add(u64::from(serial)))
    }

    pub(crate) fn add(&mut self, make: impl FnOnce(u32) -> Rental) -> (RentalId, RentalSlot) {
        let serial = self.next_serial;
        self.next_serial += 1;
        self.live += 1;
        let index = self.kept.insert(make(serial)) as u32;
        self.places = self.places.max(self.kept.len());
        self.by_serial.insert(serial, index);
        (self.id(serial), RentalSlot { index, serial })
    }

    pub(crate) fn find(&self, id: RentalId) -> Option<RentalSlot> {
        let serial = self.serial(id)?;
        let index = *self.by_serial.get(&serial)?;
        Some(RentalSlot { index, serial })
    }

    pub(crate) fn at(&self, slot: RentalSlot) -> Option<&Rental> {
        self.kept.get(slot.index as usize).filter(|rental| rental.serial == slot.serial)
    }

    pub(crate) fn at_mut(&mut self, slot: RentalSlot) -> Option<&mut Rental> {
        self.kept.get_mut(slot.index as usize).filter(|rental| rental.serial == slot.serial)
    }

    pub(crate) fn kept(&self) -> usize {
        self.kept.len()
    }

    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &Rental> {
        self.after(None)
    }

    /// Those rented after this one, in the order of renting; `None`: all.
    pub(crate) fn after(&self, id: Option<RentalId>) -> impl DoubleEndedIterator<Item = &Rental> {
        let from = match id.map(|id| self.serial(id)) {
            None | Some(None) => Bound::Unbounded,
            Some(Some(serial)) => Bound::Excluded(serial),
        };
        let kept = self.by_serial.range((from, Bound::Unbounded));
        kept.filter_map(|(_, index)| self.kept.get(*index as usize))
    }

    /// `None`: lower than the first rental's.
    fn serial(&self, id: RentalId) -> Option<u32> {
        let serial = id.digits().checked_sub(self.first_id.digits())?;
        Some(u32::try_from(serial).unwrap_or(u32::MAX))
    }

    /// The caller has checked that it is live.
    pub(crate) fn end(&mut self, slot: RentalSlot, at: Timestamp, by: EndedBy, refund: Money) {
        if let Some(rental) = self.at_mut(slot) {
            rental.end = Some(RentalEnd { at, by, refund });
            self.live -= 1;
            self.ended.push_back((at, slot));
        }
    }

    /// Drops at most `most` rentals that ended too long ago or exceed the limit, oldest first.
    /// Returns whether all are dropped.
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
                // Gives back the memory of many that have gone.
                (self.kept, self.places) = (Slab::new(), 0);
            }
        }
        false
    }
}
