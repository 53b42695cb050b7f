//! The messages that getSMS returns.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::rental::Rental;
use super::sms_content;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::sms::Sms;
use crate::scenario::Step;

/// The messages of a rental between two SMS.
#[derive(Debug)]
pub(crate) struct Inbox {
    pub number: PhoneNumber,
    /// Oldest first.
    pub messages: Vec<Sms>,
    /// The documented reply as bytes, encoded on first use: clients poll many times before anything
    /// changes.
    pub encoded: OnceLock<Bytes>,
}

impl Inbox {
    pub(crate) const fn new(number: PhoneNumber, messages: Vec<Sms>) -> Self {
        Self { number, messages, encoded: OnceLock::new() }
    }

    /// Its approximate size in memory, with `encoded`.
    pub(crate) fn bytes(&self) -> usize {
        let sms = |sms: &Sms| 2 * (sms.sender.len() + sms.text.len()) + 192;
        256 + self.messages.iter().map(sms).sum::<usize>()
    }
}

/// A cache of the inboxes that were read last. It affects only the speed.
#[derive(Debug, Default)]
pub(super) struct RecentInboxes {
    places: Vec<Option<Recent>>,
    bytes: usize,
}

/// A few more than clients that poll at the same time.
const KEPT: usize = 64;
/// Larger inboxes are not cached, so that the cache stays small.
const LARGEST_KEPT: usize = 4 * 1_024;

#[derive(Debug)]
struct Recent {
    serial: u32,
    /// The number of steps played, and of other messages that arrived.
    stand: (u16, usize),
    inbox: Arc<Inbox>,
}

impl RecentInboxes {
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// `steps`: those of the rental's script.
    pub(super) fn get(&mut self, rental: &Rental, steps: &[Step]) -> Arc<Inbox> {
        if self.places.is_empty() {
            self.places.resize_with(KEPT, || None);
        }
        let (serial, stand) = (rental.serial, (rental.played, rental.arrived_extra().count()));
        let place = &mut self.places[serial as usize % KEPT];
        if let Some(recent) = place
            && (recent.serial, recent.stand) == (serial, stand)
        {
            return Arc::clone(&recent.inbox);
        }
        let inbox = Arc::new(Inbox::new(rental.number, sms_content::messages(rental, steps)));
        let bytes = inbox.bytes();
        self.bytes -= place.take().map_or(0, |recent| recent.inbox.bytes());
        if bytes <= LARGEST_KEPT {
            self.bytes += bytes;
            *place = Some(Recent { serial, stand, inbox: Arc::clone(&inbox) });
        }
        inbox
    }
}
