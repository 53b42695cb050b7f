//! What getSMS replies with.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::content;
use super::rental::Rental;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::sms::Sms;
use crate::scenario::Step;

/// The messages of a rental, as they stand between two SMS.
#[derive(Debug)]
pub(crate) struct Inbox {
    /// Its number.
    pub number: PhoneNumber,
    /// The messages, oldest first.
    pub messages: Vec<Sms>,
    /// The bytes of the documented reply, written by the first who sends it: a client asks many
    /// times before anything changes.
    pub encoded: OnceLock<Bytes>,
}

impl Inbox {
    /// An inbox with these messages.
    #[must_use]
    pub(crate) const fn new(number: PhoneNumber, messages: Vec<Sms>) -> Self {
        Self { number, messages, encoded: OnceLock::new() }
    }

    /// About how much memory it takes, its encoded form included.
    #[must_use]
    pub(crate) fn bytes(&self) -> usize {
        let sms = |sms: &Sms| 2 * (sms.sender.len() + sms.text.len()) + 192;
        256 + self.messages.iter().map(sms).sum::<usize>()
    }
}

/// The inboxes that were read last, so that they are not drawn again for each poll. They are a
/// copy of what the rentals say, never the truth; how many there are only decides the speed.
#[derive(Debug, Default)]
pub(super) struct RecentInboxes {
    places: Vec<Option<Recent>>,
    bytes: usize,
}

/// How many are kept: some more than the clients that poll at a time.
const KEPT: usize = 64;
/// A larger one is drawn again for each poll, so that the copies of a sandbox take little memory.
const LARGEST_KEPT: usize = 4 * 1_024;

#[derive(Debug)]
struct Recent {
    serial: u32,
    /// How many steps had happened, and how many other messages had arrived.
    stand: (u16, usize),
    inbox: Arc<Inbox>,
}

impl RecentInboxes {
    /// About how much memory they take.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The inbox of a rental whose script has these steps.
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
        let inbox = Arc::new(Inbox::new(rental.number, content::messages(rental, steps)));
        let bytes = inbox.bytes();
        self.bytes -= place.take().map_or(0, |recent| recent.inbox.bytes());
        if bytes <= LARGEST_KEPT {
            self.bytes += bytes;
            *place = Some(Recent { serial, stand, inbox: Arc::clone(&inbox) });
        }
        inbox
    }
}
