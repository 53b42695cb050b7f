//! What a careful client knows of its money.

use ringer::scenario::Money;

use super::inbox::Inbox;

/// Everything that was rented.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    /// The rentals whose id is known.
    pub(crate) rentals: Vec<Rental>,
    /// The prices of those that were rented, as it seems, without the id having come back.
    pub(crate) in_doubt: Vec<Money>,
}

/// A rental, and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Rental {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) country: String,
    pub(crate) price: Money,
    /// By the partner's clock.
    pub(crate) expires_at: Option<i64>,
    pub(crate) fate: Fate,
    pub(crate) refund: Money,
}

/// How a rental ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Not that anybody knows.
    Live,
    /// By our cancel.
    Cancelled,
    /// It has its SMS and the partner does not take it back: it ends by itself.
    Sold,
    /// By its time, or by a cancel whose reply was lost.
    Ended,
}

impl Rental {
    /// What comes back where nobody says how much: everything, unless an SMS came in its life. A
    /// late one costs nothing.
    pub(crate) fn unless_sold(&self, inbox: &Inbox) -> Money {
        if inbox.any_before(self.expires_at) { Money::ZERO } else { self.price }
    }
}

impl Ledger {
    /// Books the end of a rental. Only the first one counts, whatever later replies repeat.
    pub(crate) fn close(&mut self, rental: &Rental, fate: Fate, refund: Money) {
        let mut live = self.rentals.iter_mut().filter(|known| known.fate == Fate::Live);
        if let Some(known) = live.find(|known| known.id == rental.id) {
            (known.fate, known.refund) = (fate, refund);
        }
    }

    /// What all rentals cost, those in doubt too.
    pub(crate) fn charged(&self) -> Money {
        let known = self.rentals.iter().map(|rental| rental.price);
        known.chain(self.in_doubt.iter().copied()).fold(Money::ZERO, |sum, price| sum + price)
    }

    /// What was paid back.
    pub(crate) fn refunded(&self) -> Money {
        self.rentals.iter().fold(Money::ZERO, |sum, rental| sum + rental.refund)
    }

    /// How many met this fate.
    pub(crate) fn count(&self, fate: Fate) -> usize {
        self.rentals.iter().filter(|rental| rental.fate == fate).count()
    }
}
