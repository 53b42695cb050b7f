//! One api_key's world as a pure state machine: it receives the real time and commands, and gives
//! replies. No lock, no HTTP, no time of its own.
//!
//! Nothing here waits for a timer: every entry first brings the sandbox up to now
//! ([`Sandbox::catch_up`]), each due event at its own due time.

mod calls;
pub mod clock;
pub mod command;
pub mod content;
pub mod event;
mod numbers;
mod refusals;
pub mod rental;
mod schedule;
pub mod stock;
pub mod streams;
mod time;

use std::sync::Arc;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::span::Span;
use crate::domain::timestamp::Timestamp;
use crate::scenario::{Action, Clock, Listing as Honesty, Numbers, Scenario, Step, StockChange};
use clock::{RealTime, VirtualClock};
use command::{Command, Refusal, Reply};
use numbers::NumberPool;
use rental::{Rental, RentalSlot, Rentals};
use schedule::Schedule;
use stock::{SharedListing, Stock};
use streams::stream;

/// What a sandbox starts from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The world it is put in.
    pub scenario: Arc<Scenario>,
    /// The clock that it starts with.
    pub clock: Clock,
    /// What all its randomness grows from.
    pub seed: u64,
    /// Sets its rental ids apart from those of other sandboxes.
    pub name: String,
    /// How many ended rentals it keeps at the most.
    pub max_ended_rentals: usize,
}

/// One api_key's world.
#[derive(Debug)]
pub struct Sandbox {
    scenario: Arc<Scenario>,
    clock: VirtualClock,
    now: Timestamp,
    started: Timestamp,
    stocks: Vec<Stock>,
    listing: SharedListing,
    rentals: Rentals,
    schedule: Schedule<Planned>,
    balance: Option<Money>,
    refunded: Money,
    /// Which variant of a script a rental plays.
    variants: ChaCha8Rng,
    /// What a rental's messages are drawn from.
    seeds: ChaCha8Rng,
}

/// What is planned to happen by itself.
#[derive(Clone, Copy, Debug)]
enum Planned {
    /// The next step of a rental's script.
    Step(RentalSlot),
    /// The end of a rental's time.
    Expiry(RentalSlot),
    /// A change of a country's stock.
    Stock { offer: u16, change: StockChange },
    /// A stale listing becomes true.
    Truth { offer: u16 },
}

impl Sandbox {
    /// Starts a world at this real time.
    #[must_use]
    pub fn new(origin: &Origin, real: RealTime) -> Self {
        let scenario = Arc::clone(&origin.scenario);
        let clock = VirtualClock::start(origin.clock, real);
        let started = clock.now(real);
        let first_id = scenario.rental.first_rental_id.unwrap_or_else(|| {
            let mut rng = stream(origin.seed, &format!("rental ids of {}", origin.name));
            RentalId::new(rng.random_range(1_000_000_000..9_000_000_000))
        });
        let listed = scenario.countries.iter().flat_map(|offer| match &offer.numbers {
            Numbers::Listed(listed) => listed.as_slice(),
            Numbers::Any | Numbers::Mobile => &[],
        });
        let reserved = Arc::new(listed.copied().collect());
        let stocks = scenario.countries.iter().map(|offer| {
            let mut rng = stream(origin.seed, &format!("numbers of {}", offer.country));
            Stock {
                available: offer.available,
                price: offer.price_per_sms,
                pool: NumberPool::new(
                    offer.country,
                    &offer.numbers,
                    Arc::clone(&reserved),
                    &mut rng,
                ),
            }
        });
        let mut sandbox = Self {
            stocks: stocks.collect(),
            balance: scenario.rental.balance,
            refunded: Money::ZERO,
            scenario,
            clock,
            now: started,
            started,
            listing: SharedListing::default(),
            rentals: Rentals::new(first_id, origin.max_ended_rentals),
            schedule: Schedule::default(),
            variants: stream(origin.seed, "variants"),
            seeds: stream(origin.seed, "messages"),
        };
        sandbox.plan_stock();
        sandbox
    }

    fn plan_stock(&mut self) {
        let started = self.started;
        for (offer, index) in self.scenario.countries.iter().zip(0..) {
            for event in &offer.stock {
                let change = Planned::Stock { offer: index, change: event.change };
                self.schedule.add(started.plus(event.at), change);
            }
            if let Honesty::Stale(span) = offer.listing {
                self.schedule.add(started.plus(span), Planned::Truth { offer: index });
            }
        }
    }

    /// The scenario it plays.
    #[must_use]
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// What its clock showed when it was last entered.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Its rentals.
    #[must_use]
    pub const fn rentals(&self) -> &Rentals {
        &self.rentals
    }

    /// The money left, where the scenario gave some.
    #[must_use]
    pub const fn balance(&self) -> Option<Money> {
        self.balance
    }

    /// The sum of all that was ever paid back.
    #[must_use]
    pub const fn refunded(&self) -> Money {
        self.refunded
    }

    /// The steps of a rental's script.
    #[must_use]
    pub fn steps_of(&self, rental: &Rental) -> &[Step] {
        steps_of(&self.scenario, rental)
    }

    /// Carries out a call that has reached its endpoint. The caller has brought the sandbox up to
    /// now, with [`Sandbox::catch_up`] or, for getSMS, [`Sandbox::catch_up_for_poll`].
    ///
    /// # Errors
    /// The refusal that the client gets.
    pub fn apply(&mut self, command: &Command) -> Result<Reply, Refusal> {
        match command {
            Command::GetNumbers { country } => Ok(self.get_numbers(*country)),
            Command::RentNumber { country, service } => self.rent(*country, service.clone()),
            Command::GetSms { rental_id } => self.get_sms(*rental_id),
            Command::CancelNumber { rental_id } => self.cancel(*rental_id),
        }
    }
}

fn steps_of<'a>(scenario: &'a Scenario, rental: &Rental) -> &'a [Step] {
    match rental.script {
        Some((script, variant)) => {
            &scenario.scripts[usize::from(script)].variants[usize::from(variant)].steps.0
        }
        None => &USUAL_STEPS,
    }
}

/// What happens to a rental where the scenario does not say: one SMS after 8 s (our ruling).
static USUAL_STEPS: std::sync::LazyLock<Vec<Step>> = std::sync::LazyLock::new(|| {
    crate::scenario::steps().sms(Span::seconds(8), crate::scenario::sms()).0
});
