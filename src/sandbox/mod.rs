//! One api_key's world as a pure state machine: it receives the real time and commands, and gives
//! replies. No lock, no HTTP, no time of its own.
//!
//! Nothing here waits for a timer: every entry first brings the sandbox up to now
//! ([`Sandbox::catch_up`]), each due event at its own due time.

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

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt};

use crate::domain::country::CountryCode;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::domain::span::Span;
use crate::domain::timestamp::Timestamp;
use crate::scenario::{Action, AfterEnd, Clock, Listing as Honesty, Scenario, Step, StockChange};
use clock::{RealTime, VirtualClock};
use command::{Command, Refusal, Reply};
use numbers::NumberPool;
use rental::{EndedBy, Rental, RentalSlot, Rentals, State};
use schedule::Schedule;
use stock::{SharedListing, Stock};
use streams::stream;

/// What a sandbox starts from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The world it is put in.
    pub scenario: Arc<Scenario>,
    /// The clock that it runs on, over the one of the scenario.
    pub clock: Option<Clock>,
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
        let clock = VirtualClock::start(start_clock(origin), real);
        let started = clock.now(real);
        let first_id = scenario.rental.first_rental_id.unwrap_or_else(|| {
            let mut rng = stream(origin.seed, &format!("rental ids of {}", origin.name));
            RentalId::new(rng.random_range(1_000_000_000..9_000_000_000))
        });
        let stocks = scenario.countries.iter().map(|offer| {
            let mut rng = stream(origin.seed, &format!("numbers of {}", offer.country));
            Stock {
                available: offer.available,
                price: offer.price_per_sms,
                pool: NumberPool::new(offer.country, &offer.numbers, &mut rng),
            }
        });
        let mut sandbox = Self {
            stocks: stocks.collect(),
            balance: scenario.rental.balance,
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

    /// The mode of its clock.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.clock.mode()
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

    fn get_numbers(&mut self, country: Option<CountryCode>) -> Reply {
        let (now, started) = (self.now, self.started);
        let lines = |wanted: Option<CountryCode>| {
            let offers = self.scenario.countries.iter().zip(&self.stocks);
            offers
                .filter(|(offer, _)| wanted.is_none_or(|wanted| wanted == offer.country))
                .map(|(offer, stock)| stock.listed(offer, started, now))
                .collect()
        };
        Reply::Numbers(match country {
            None => self.listing.get(|| lines(None)),
            Some(_) => Arc::new(lines(country).into()),
        })
    }

    fn rent(&mut self, country: CountryCode, service: Option<Service>) -> Result<Reply, Refusal> {
        let (most_active, time_to_live) =
            (self.scenario.rental.max_active, self.scenario.rental.time_to_live);
        let offered = self.scenario.countries.iter().position(|offer| offer.country == country);
        let Some(index) = offered else {
            return Err(self.not_offered(country));
        };
        if most_active.is_some_and(|most| self.rentals.live() >= most) {
            return Err(self.too_many_active());
        }
        let stock = &mut self.stocks[index];
        let honest = self.scenario.countries[index].listing == Honesty::Live;
        if stock.available == 0 {
            return Err(self.out_of_stock(country, honest));
        }
        let price = stock.price;
        if let Some(balance) = &mut self.balance {
            if *balance < price {
                return Err(refusals::insufficient_balance(*balance, price));
            }
            *balance = *balance - price;
        }
        stock.available -= 1;
        let (number, slot) = stock.pool.take();
        self.listing.expire();

        let script = self.draw_script(country, service.as_ref());
        let seed = self.seeds.next_u64();
        let rented_at = self.now;
        let (rental_id, kept_at) = self.rentals.add(|serial| Rental {
            serial,
            offer: index as u16,
            script,
            played: 0,
            has_sms: false,
            number,
            slot,
            service,
            seed,
            price,
            rented_at,
            state: State::Live,
        });
        let expires_at = rented_at.plus(time_to_live);
        self.plan_next_step(kept_at);
        self.schedule.add(expires_at, Planned::Expiry(kept_at));
        Ok(Reply::Rented { number, rental_id, expires_at, country })
    }

    fn draw_script(
        &mut self,
        country: CountryCode,
        service: Option<&Service>,
    ) -> Option<(u16, u16)> {
        let script = self.scenario.script_for(country, service)?;
        let variants = &self.scenario.scripts[script].variants;
        let total: u64 = variants.iter().map(|variant| u64::from(variant.weight)).sum();
        let mut drawn = self.variants.random_range(0..total.max(1));
        let variant = variants.iter().position(|variant| {
            let weight = u64::from(variant.weight);
            let here = drawn < weight;
            drawn = drawn.saturating_sub(weight);
            here
        });
        Some((script as u16, variant.unwrap_or(0) as u16))
    }

    fn get_sms(&self, rental_id: RentalId) -> Result<Reply, Refusal> {
        let (_, rental) = self.find(rental_id)?;
        if let State::Ended { at, by, .. } = rental.state
            && self.scenario.rental.after_end == AfterEnd::Gone
        {
            return Err(refusals::gone(rental_id, at, by));
        }
        let messages = content::messages(rental, self.steps_of(rental));
        Ok(Reply::Messages { number: rental.number, messages })
    }

    fn cancel(&mut self, rental_id: RentalId) -> Result<Reply, Refusal> {
        let (slot, rental) = self.find(rental_id)?;
        let policy = &self.scenario.rental;
        match rental.state {
            State::Ended { at, by: EndedBy::Expiry, .. } => {
                return Err(refusals::expired(rental_id, at));
            }
            State::Ended { at, .. } if policy.second_cancel_refused => {
                return Err(refusals::already_cancelled(rental_id, at));
            }
            State::Ended { refund, .. } => return Ok(Reply::Cancelled { rental_id, refund }),
            State::Live => {}
        }
        if rental.has_sms && policy.cancel_after_sms_refused {
            return Err(refusals::sms_already_received(rental_id));
        }
        let allowed_at = rental.rented_at.plus(policy.early_cancel_denied);
        if self.now < allowed_at {
            return Err(refusals::early_cancel(rental_id, allowed_at.since(self.now)));
        }
        let refund = self.end(slot, EndedBy::Cancel);
        Ok(Reply::Cancelled { rental_id, refund })
    }

    fn find(&self, rental_id: RentalId) -> Result<(RentalSlot, &Rental), Refusal> {
        self.rentals
            .find(rental_id)
            .and_then(|slot| self.rentals.at(slot).map(|rental| (slot, rental)))
            .ok_or_else(|| refusals::not_found(rental_id))
    }

    /// Ends a live rental: pays back and restocks what was not sold. Gives the refund.
    fn end(&mut self, slot: RentalSlot, by: EndedBy) -> Money {
        let Some(rental) = self.rentals.at(slot) else { return Money::ZERO };
        let refund = if rental.has_sms { Money::ZERO } else { rental.price };
        let (offer, number_slot, sold) = (rental.offer, rental.slot, rental.has_sms);
        let has_step = self.next_step_at(rental).is_some();
        let stock = &mut self.stocks[usize::from(offer)];
        stock.pool.give_back(number_slot);
        if !sold {
            stock.available = stock.available.saturating_add(1);
            self.listing.expire();
        }
        if let Some(balance) = &mut self.balance {
            *balance = *balance + refund;
        }
        self.rentals.end(slot, self.now, by, refund);
        if by != EndedBy::Expiry {
            self.forget_one();
        }
        if has_step {
            self.forget_one();
        }
        refund
    }

    fn forget_one(&mut self) {
        let (rentals, grace) = (&self.rentals, self.scenario.rental.late_sms_grace);
        self.schedule.forget_one(|planned| match planned {
            Planned::Stock { .. } | Planned::Truth { .. } => true,
            Planned::Expiry(slot) => {
                rentals.at(*slot).is_some_and(|rental| rental.state == State::Live)
            }
            Planned::Step(slot) => rentals
                .at(*slot)
                .is_some_and(|rental| rental.state == State::Live || grace > Span::ZERO),
        });
    }
}

fn start_clock(origin: &Origin) -> Clock {
    let of_scenario = origin.scenario.clock;
    match (origin.clock, of_scenario.start()) {
        (None, _) => of_scenario,
        // A scenario that names a moment means it, whatever mode its clock is put in.
        (Some(clock), Some(start)) if clock.start().is_none() => clock.starting_at(start),
        (Some(clock), _) => clock,
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
