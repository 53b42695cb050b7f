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
pub struct Inbox {
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
    pub const fn new(number: PhoneNumber, messages: Vec<Sms>) -> Self {
        Self { number, messages, encoded: OnceLock::new() }
    }
}

/// The inboxes that were read last, so that they are not drawn again for each poll. They are a
/// copy of what the rentals say, never the truth; how many there are only decides the speed.
#[derive(Debug, Default)]
pub(super) struct RecentInboxes(Vec<Option<Recent>>);

/// How many are kept: some more than the clients that poll at a time.
const KEPT: usize = 64;

#[derive(Debug)]
struct Recent {
    serial: u32,
    /// How many steps had happened, and how many other messages had arrived.
    stand: (u16, usize),
    inbox: Arc<Inbox>,
}

impl RecentInboxes {
    /// The inbox of a rental whose script has these steps.
    pub(super) fn get(&mut self, rental: &Rental, steps: &[Step]) -> Arc<Inbox> {
        if self.0.is_empty() {
            self.0.resize_with(KEPT, || None);
        }
        let (serial, stand) = (rental.serial, (rental.played, rental.arrived_extra().count()));
        let slot = &mut self.0[serial as usize % KEPT];
        if let Some(recent) = slot
            && (recent.serial, recent.stand) == (serial, stand)
        {
            return Arc::clone(&recent.inbox);
        }
        let messages = content::messages(rental, steps);
        let inbox = Arc::new(Inbox::new(rental.number, messages));
        *slot = Some(Recent { serial, stand, inbox: Arc::clone(&inbox) });
        inbox
    }
}
