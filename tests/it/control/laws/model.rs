//! What a sandbox should come to, kept by hand.

use ringer::scenario::Money;
use ringer::scenario::*;

pub(super) const COUNTRIES: [&str; 2] = ["US", "SE"];
const LIFE: u64 = 60_000;
const SMS: u64 = 8_000;

/// Short lives, few numbers, an SMS in one of the countries.
pub(super) fn law() -> Scenario {
    scenario("law")
        .country(country(Country::US).available(3).price(cents(5)))
        .country(country(Country::SE).available(2).price(cents(10)))
        .rental(rental().time_to_live(millis(LIFE)))
        .script(steps().sms(millis(SMS), sms()).for_country(Country::US))
        .script(steps())
}

#[derive(Debug)]
pub(super) struct Model {
    /// In milliseconds from the start.
    pub(super) now: u64,
    /// How far a poll moves the clock.
    pub(super) step: u64,
    pub(super) offers: [(u32, Money); 2],
    pub(super) rentals: Vec<Rental>,
    /// How often each rule strikes yet.
    pub(super) faults: Vec<u32>,
}

#[derive(Debug)]
pub(super) struct Rental {
    pub(super) id: String,
    pub(super) number: String,
    country: usize,
    price: Money,
    at: u64,
    /// When its messages are due.
    due: Vec<u64>,
    cancelled: Option<u64>,
    /// Whether its end is in the books.
    closed: bool,
}

impl Rental {
    fn end(&self) -> u64 {
        self.cancelled.unwrap_or(self.at + LIFE)
    }

    fn arrived_by(&self, now: u64) -> usize {
        let last = if self.end() <= now { self.end() } else { now };
        let is_cut = self.cancelled.is_none();
        // What is due at the very moment of a cancel has come before it.
        self.due.iter().filter(|due| **due <= last && !(is_cut && **due >= self.end())).count()
    }
}

impl Default for Model {
    fn default() -> Self {
        let offers = [(3, cents(5)), (2, cents(10))];
        Self { now: 0, step: 0, offers, rentals: Vec::new(), faults: Vec::new() }
    }
}

impl Model {
    /// Whether a number is given away now, or with what code it is refused.
    pub(super) fn rent(&mut self, country: usize) -> Result<(), &'static str> {
        if let Some(times) = self.faults.iter_mut().find(|times| **times > 0) {
            *times -= 1;
            return Err("MAINTENANCE");
        }
        let stock = &mut self.offers[country].0;
        *stock = stock.checked_sub(1).ok_or("NO_NUMBERS")?;
        Ok(())
    }

    pub(super) fn rented(&mut self, country: usize, id: String, number: String) {
        let due = if country == 0 { vec![self.now + SMS] } else { Vec::new() };
        let (at, price) = (self.now, self.offers[country].1);
        let (cancelled, closed) = (None, false);
        self.rentals.push(Rental { id, number, country, price, at, due, cancelled, closed });
    }

    pub(super) fn ago(&self, ago: usize) -> Option<usize> {
        self.rentals.len().checked_sub(ago + 1)
    }

    pub(super) fn polled(&mut self) {
        self.advance(self.step);
    }

    pub(super) fn advance(&mut self, by: u64) {
        self.now += by;
        for index in 0..self.rentals.len() {
            self.close(index);
        }
    }

    /// Brings a number back once, where its rental has ended without an SMS.
    fn close(&mut self, index: usize) {
        let rental = &mut self.rentals[index];
        if !rental.closed && rental.end() <= self.now {
            rental.closed = true;
            self.offers[rental.country].0 += u32::from(rental.arrived_by(self.now) == 0);
        }
    }

    pub(super) fn arrived(&self, index: usize) -> usize {
        self.rentals[index].arrived_by(self.now)
    }

    /// What is paid back; `None` where its time is over.
    pub(super) fn cancel(&mut self, index: usize) -> Option<Money> {
        let rental = &mut self.rentals[index];
        if rental.cancelled.is_none() {
            if rental.end() <= self.now {
                return None;
            }
            rental.cancelled = Some(self.now);
        }
        self.close(index);
        Some(self.refund(index))
    }

    fn refund(&self, index: usize) -> Money {
        let rental = &self.rentals[index];
        let is_paid_back = rental.closed && rental.arrived_by(self.now) == 0;
        if is_paid_back { rental.price } else { Money::ZERO }
    }

    /// Whether it takes a message.
    pub(super) fn inject(&mut self, index: usize, after: u64) -> bool {
        let (now, rental) = (self.now, &mut self.rentals[index]);
        let takes = !rental.closed;
        if takes {
            rental.due.push(now + after);
        }
        takes
    }

    /// When the next thing happens, and how many do then.
    pub(super) fn next_due(&self) -> (u64, usize) {
        let live = || self.rentals.iter().filter(|rental| !rental.closed);
        let due = || {
            live().flat_map(|rental| {
                let sms = rental.due.iter().copied().filter(|due| *due < rental.end());
                sms.chain([rental.end()]).filter(|due| *due > self.now)
            })
        };
        match due().min() {
            Some(next) => (next, due().filter(|due| *due == next).count()),
            None => (self.now, 0),
        }
    }

    pub(super) fn state(&self, index: usize) -> &'static str {
        let rental = &self.rentals[index];
        match (rental.closed, rental.arrived_by(self.now), rental.cancelled) {
            (false, ..) => "live",
            (true, 0, None) => "expired",
            (true, 0, Some(_)) => "cancelled",
            (true, ..) => "sold",
        }
    }

    /// What was paid, and what was paid back.
    pub(super) fn sums(&self) -> (Money, Money) {
        let sum = |sum: Money, amount: Money| sum + amount;
        let charged = self.rentals.iter().map(|rental| rental.price).fold(Money::ZERO, sum);
        let all = 0..self.rentals.len();
        (charged, all.map(|index| self.refund(index)).fold(Money::ZERO, sum))
    }
}
