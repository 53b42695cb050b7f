//! The state machine of one sandbox. Pure: real time and commands go in, replies come out; it takes
//! no lock, knows no HTTP and reads no clock.
//!
//! It needs no timers. Before each call the caller lets it catch up ([`StateMachine::catch_up`]),
//! and every planned event happens at the time it is due.

mod calls;
mod catch_up;
pub(crate) mod changes;
pub(crate) mod clock;
pub(crate) mod command;
pub(crate) mod config;
pub(crate) mod error;
pub(crate) mod event;
mod fault_draw;
pub(crate) mod faults;
pub(crate) mod inbox;
mod number_pool;
pub(crate) mod outcome;
mod rate_limiter;
mod refusals;
pub(crate) mod rental;
mod schedule;
pub(crate) mod sms_content;
pub(crate) mod snapshot;
pub(crate) mod stock;
pub(crate) mod streams;
#[cfg(test)]
mod tests;
pub(crate) mod totals;

pub(crate) use catch_up::Batch;

use std::sync::Arc;

use rand::rngs::ChaCha8Rng;

use crate::domain::endpoint::Endpoint;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::shape::Shape;
use crate::scenario::{
    Action, Clock, Listing, Numbers, Offer, ReplyShape, Scenario, Step, StockChange,
};
use clock::{RealTime, VirtualClock};
use command::{Command, Refusal, Reply};
use config::SandboxConfig;
use faults::{CallContext, FaultDecision, Faults, OnDemandFault};
use inbox::RecentInboxes;
use number_pool::NumberPool;
use rental::{Rental, RentalSlot, Rentals};
use schedule::Schedule;
use stock::{SharedListing, Stock};
use streams::stream;
use totals::Totals;

/// All that one api_key can see and change.
#[derive(Debug)]
pub(crate) struct StateMachine {
    scenario: Arc<Scenario>,
    clock: VirtualClock,
    now: Timestamp,
    /// How far getSMS calls have moved a per_poll clock in all.
    stepped: VirtualDuration,
    started: Timestamp,
    stocks: Vec<Stock>,
    pools: Vec<NumberPool>,
    listing: SharedListing,
    rentals: Rentals,
    /// When the newest rental expires.
    last_expiry: Timestamp,
    inboxes: RecentInboxes,
    schedule: Schedule<Planned>,
    totals: Totals,
    faults: Faults,
    /// Whether replies deviate from the documented shape at all. Usually they do not.
    deviates: bool,
    /// Chooses the variant of a script.
    variants: ChaCha8Rng,
    /// Seeds the messages of a rental.
    seeds: ChaCha8Rng,
}

/// A planned event.
#[derive(Clone, Copy, Debug)]
enum Planned {
    /// The next step of the rental's script.
    Step(RentalSlot),
    Expiry(RentalSlot),
    /// An SMS that is not a step of the script.
    Extra(RentalSlot, u16),
    Stock {
        offer: u16,
        change: StockChange,
    },
    /// A stale listing is corrected.
    ListingRefresh {
        offer: u16,
    },
}

impl StateMachine {
    /// `scenario`: that of the config, with the pseudo-countries if on-demand errors are on.
    pub(crate) fn new(config: &SandboxConfig, scenario: Arc<Scenario>, real: RealTime) -> Self {
        let clock = VirtualClock::start(config.clock, real);
        let started = clock.now(real);
        let seed = config.seed;
        let listed = scenario.countries.iter().flat_map(|offer| match &offer.numbers {
            Numbers::Listed(listed) => listed.as_slice(),
            Numbers::Any | Numbers::Mobile => &[],
        });
        let reserved = Arc::new(listed.copied().collect());
        let pools = scenario.countries.iter().map(|offer| {
            let mut rng = stream(seed, &format!("numbers of {}", offer.country));
            NumberPool::new(offer.country, &offer.numbers, Arc::clone(&reserved), &mut rng)
        });
        // A pseudo-country has no numbers of its own: it uses the first real country's.
        let is_country = |offer: &Offer| !offer.country.is_on_demand();
        let shared = scenario.countries.iter().position(is_country).unwrap_or_default();
        let stocks = scenario.countries.iter().enumerate().map(|(index, offer)| Stock {
            available: offer.available,
            price: offer.price_per_sms,
            pool: if is_country(offer) { index } else { shared },
        });
        let mut sandbox = Self {
            stocks: stocks.collect(),
            pools: pools.collect(),
            totals: Totals { balance: scenario.rental.balance, ..Totals::default() },
            deviates: scenario.shape != ReplyShape::default(),
            faults: Faults::new(seed, &scenario.faults, started),
            scenario,
            clock,
            now: started,
            stepped: VirtualDuration::ZERO,
            started,
            listing: SharedListing::default(),
            last_expiry: started,
            inboxes: RecentInboxes::default(),
            rentals: Rentals::new(config.first_rental_id, config.max_ended_rentals),
            schedule: Schedule::default(),
            variants: stream(seed, "variants"),
            seeds: stream(seed, "messages"),
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
            if let Listing::Stale(span) = offer.listing {
                self.schedule.add(started.plus(span), Planned::ListingRefresh { offer: index });
            }
        }
    }

    pub(crate) fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    pub(crate) const fn clock(&self) -> Clock {
        self.clock.mode()
    }

    /// What the clock showed at the last catch-up.
    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) const fn rentals(&self) -> &Rentals {
        &self.rentals
    }

    pub(crate) const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Roughly its size in memory, without the scenario.
    pub(crate) fn bytes(&self) -> usize {
        const COUNTRY: usize = 256;
        size_of::<Self>()
            + self.stocks.len() * COUNTRY
            + self.rentals.bytes()
            + self.faults.bytes()
            + self.inboxes.bytes()
    }

    /// The number of rentals and planned events, which bounds the work of one call.
    pub(crate) fn size(&self) -> usize {
        self.rentals.kept() + self.schedule.len()
    }

    pub(crate) fn steps_of(&self, rental: &Rental) -> &[Step] {
        steps_of(&self.scenario, rental)
    }

    pub(crate) const fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Counts a call, which may be malformed, and decides which faults strike it and the shape of
    /// its reply. The caller has caught up.
    pub(crate) fn judge(
        &mut self,
        endpoint: Endpoint,
        command: Option<&Command>,
        on_demand: &[OnDemandFault],
    ) -> (FaultDecision, Shape) {
        let calls = self.faults.count(endpoint);
        let named = command.and_then(Command::rental_id).and_then(|id| self.rentals.find(id));
        let rental = named.and_then(|slot| self.rentals.at_mut(slot)).map(|rental| {
            rental.count(endpoint);
            &*rental
        });
        let offers = &self.scenario.countries;
        let country = command
            .and_then(Command::country)
            .or(rental.map(|rental| offers[usize::from(rental.offer)].country));
        let service = command
            .and_then(Command::service)
            .or(rental.and_then(|rental| rental.service.as_ref()));
        let rental = rental.map(|rental| (rental.serial, rental.calls));
        let turn = match rental {
            Some((_, [polls, _])) => polls,
            None => calls,
        };
        let clock = self.clock.mode().kind();
        let place = CallContext { endpoint, country, service, rental, clock };
        let decision = self.faults.judge(&place, on_demand, self.now, self.started);
        (decision, self.shape(turn.saturating_sub(1)))
    }

    /// The same for a call that must leave the sandbox as it is.
    pub(crate) fn answer_on_demand(
        &self,
        endpoint: Endpoint,
        on_demand: &OnDemandFault,
    ) -> (FaultDecision, Shape) {
        (self.faults.answer(endpoint, on_demand, self.now), self.shape(0))
    }

    fn shape(&self, turn: u32) -> Shape {
        if self.deviates { self.scenario.shape.at(turn) } else { Shape::default() }
    }

    /// Lets a call take effect. The caller has caught up, and for getSMS has stepped the clock
    /// ([`StateMachine::step_clock`]).
    pub(crate) fn apply(&mut self, command: &Command) -> Result<Reply, Refusal> {
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

/// The script of a rental if the scenario has none: one SMS after 8 s (our ruling).
static USUAL_STEPS: std::sync::LazyLock<Vec<Step>> = std::sync::LazyLock::new(|| {
    crate::scenario::steps().sms(VirtualDuration::seconds(8), crate::scenario::sms()).0
});
