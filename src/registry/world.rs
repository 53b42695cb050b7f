//! What one lock guards: a sandbox, and the journal of what it was asked.

use std::sync::Arc;

use parking_lot::Mutex;

use super::Call;
use super::feed::{Feed, News};
use super::on_demand;
use super::real_time::RealClock;
use super::record::Record;
use crate::domain::api_key::ApiKey;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::lint::Lint;
use crate::domain::real_span::RealSpan;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::insight::capsule::{Asked, Change, Preferred, Refused};
use crate::insight::journal::{Aside, Entry, Journal};
use crate::insight::life::Stage;
use crate::insight::report::coverage::Coverage;
use crate::sandbox::Sandbox;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::{Command, Refusal, Reply};
use crate::sandbox::event::{Event, Happening};
use crate::sandbox::faults::{FaultId, OnDemand, Strike, Verdict};
use crate::sandbox::outcome::{Abandoned, Outcome};
use crate::scenario::shape::Shape;
use crate::scenario::{Clock, Phase, Scenario};

/// What one lock guards.
#[derive(Debug)]
pub(super) struct World {
    pub(super) sandbox: Sandbox,
    pub(super) journal: Journal,
    pub(super) record: Record,
    /// Which outcomes its client has met, over its whole life.
    pub(super) coverage: Coverage,
    pub(super) made_at: RealTime,
    pub(super) entered_at: RealTime,
    /// What goes wrong with every call, or every rental, since the key asks for it.
    pub(super) on_demand: Option<on_demand::ByKey>,
    /// What it was made of, so that it can be made once more.
    pub(super) made: Made,
    pub(super) key: ApiKey,
    pub(super) feed: Feed,
    /// Whether another has taken its place, or none: then what still happens in it is no news.
    pub(super) retired: bool,
}

/// What a world is made of.
#[derive(Clone, Debug)]
pub(super) struct Made {
    /// As it was told, without the countries on demand.
    pub(super) scenario: Arc<Scenario>,
    pub(super) seed: u64,
    pub(super) clock: Clock,
    /// Whether it has the countries on demand.
    pub(super) magic: bool,
}

/// A call on its way into a sandbox: decided at once, or held up first.
#[derive(Debug)]
pub enum Entered {
    /// It is decided.
    Decided(Arc<Outcome>),
    /// It takes effect only after a while. Boxed, since it is rare.
    Held(Box<Held>),
}

/// A call that is held up on its way. One that is dropped never takes effect.
#[derive(Debug)]
pub struct Held {
    world: Arc<Mutex<World>>,
    real: RealClock,
    call: Arc<Call>,
    strict: bool,
    /// Taken by the one who lets it go on.
    decided: Option<(Verdict, Shape)>,
    ticket: u32,
}

impl Held {
    /// The call.
    #[must_use]
    pub const fn call(&self) -> &Arc<Call> {
        &self.call
    }

    /// How long it is to be held up.
    #[must_use]
    pub fn delay(&self) -> RealSpan {
        self.decided.as_ref().map_or(RealSpan::ZERO, |(verdict, _)| verdict.before)
    }

    /// Lets it take effect now.
    #[must_use]
    pub fn go_on(mut self) -> Arc<Outcome> {
        let (verdict, shape) = self.decided.take().unwrap_or_default();
        let mut world = self.world.lock();
        let real = self.real.now();
        world.catch_up(real);
        let refused = refused(&self.call, self.strict);
        world.carry_out(&self.call, verdict, shape, refused, Some(self.ticket), real)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some((verdict, _)) = self.decided.take() {
            let mut world = self.world.lock();
            let real = self.real.now();
            world.catch_up(real);
            let aside = aside(&self.call, refused(&self.call, self.strict), Some(self.ticket));
            world.write(&self.call, None, aside, None, verdict.fault, real);
        }
    }
}

/// Takes a call into a world, under its lock.
pub(super) fn enter(
    world: Arc<Mutex<World>>,
    real: &RealClock,
    call: &Call,
    strict: bool,
) -> Entered {
    let mut guard = world.lock();
    // Read under the lock, so that no later entry has an earlier time.
    let now = real.now();
    guard.entered_at = now;
    let (verdict, shape) = guard.judge(call, now);
    let is_held =
        verdict.before > RealSpan::ZERO && !matches!(verdict.strike, Some((_, Phase::Before)));
    if is_held {
        let ticket = guard.ticket();
        let hold = Change::Hold { ticket, request: asked(call, refused(call, strict)) };
        guard.note(hold, now);
        drop(guard);
        let decided = Some((verdict, shape));
        let (real, call) = (*real, Arc::new(call.clone()));
        return Entered::Held(Box::new(Held { world, real, call, strict, decided, ticket }));
    }
    Entered::Decided(guard.carry_out(call, verdict, shape, refused(call, strict), None, now))
}

impl World {
    /// Brings the sandbox up to now, and tells what happened.
    pub(super) fn catch_up(&mut self, real: RealTime) {
        let happened = self.sandbox.catch_up(real);
        self.tell(&happened);
    }

    /// Its key is no longer its own.
    pub(super) fn retire(&mut self) {
        self.retired = true;
    }

    /// Tells those who listen.
    pub(super) fn publish(&self, at: Timestamp, news: impl FnOnce() -> News) {
        if !self.retired {
            self.feed.publish(&self.key, at, news);
        }
    }

    /// Tells those who listen what happened, in order.
    pub(super) fn tell(&self, happened: &[Event]) {
        if !self.feed.is_heard() {
            return;
        }
        for event in happened {
            match event.what {
                // A live view knows the end of a rental by its state, whoever ended it.
                Happening::Revocation { rental_id } => self.tell_rental(rental_id, event.at),
                what => self.publish(event.at, || News::Happened(what)),
            }
            if let Happening::Expiry { rental_id } = event.what {
                self.tell_stock_of(rental_id, event.at);
            }
        }
    }

    /// Brings the sandbox up to now and decides what is to become of a call.
    pub(super) fn judge(&mut self, call: &Call, real: RealTime) -> (Verdict, Shape) {
        let command = call.command.as_ref().ok();
        if let Some(prefer) = &call.prefer
            && prefer.leaves_state_alone()
        {
            self.catch_up(real);
            return self.sandbox.answer_on_demand(call.endpoint, prefer);
        }
        let happened = match call.endpoint {
            Endpoint::GetSms => self.sandbox.catch_up_for_poll(real),
            _ => self.sandbox.catch_up(real),
        };
        self.tell(&happened);
        let by_key = self.on_demand.and_then(|by_key| by_key.for_call(call.endpoint));
        let by_country = on_demand::by_country(command);
        let on_demand = [call.prefer, by_key, by_country];
        let is_empty = on_demand.iter().all(Option::is_none);
        if is_empty {
            return self.sandbox.judge(call.endpoint, command, &[]);
        }
        let on_demand: Vec<OnDemand> = on_demand.into_iter().flatten().collect();
        self.sandbox.judge(call.endpoint, command, &on_demand)
    }

    pub(super) fn carry_out(
        &mut self,
        call: &Call,
        verdict: Verdict,
        shape: Shape,
        refused: Option<Refusal>,
        held: Option<u32>,
        real: RealTime,
    ) -> Arc<Outcome> {
        let Verdict { fault, before, after, strike, on_reply } = verdict;
        let (before_it, after_it) = match strike {
            Some((strike, Phase::Before)) => (Some(strike), None),
            Some((strike, Phase::After)) => (None, Some(strike)),
            None => (None, None),
        };
        // What was held up before it took effect has waited already.
        let delay = if before_it.is_some() { before + after } else { after };
        let applied = match before_it {
            Some(_) => None,
            None => Some(match (&call.command, &refused) {
                (_, Some(refusal)) | (Err(refusal), None) => Err(refusal.clone()),
                (Ok(command), None) => self.sandbox.apply(command),
            }),
        };
        if self.feed.is_heard()
            && let Some(Ok(Reply::Rented { rental_id, .. } | Reply::Cancelled { rental_id, .. })) =
                &applied
        {
            self.tell_rental(*rental_id, self.sandbox.now());
        }
        let made = match &applied {
            Some(Ok(Reply::Rented { rental_id, .. })) => Some(*rental_id),
            _ => None,
        };
        let answer = applied.unwrap_or_else(|| Err(never_took_effect(fault)));
        let (answer, instead) = match before_it.or(after_it) {
            Some(Strike::Refuse(refusal)) => (Err(refusal), on_reply),
            None => (answer, on_reply),
            strike => (answer, strike),
        };
        let prefer_applied = call.prefer.is_some();
        let at = Some(self.sandbox.now());
        let abandoned = Abandoned::default();
        let outcome =
            Outcome { answer, instead, fault, delay, at, shape, prefer_applied, abandoned };
        let outcome = Arc::new(outcome);
        self.write(call, Some(&outcome), aside(call, refused, held), made, fault, real);
        outcome
    }

    /// Tells those who listen how a rental stands, and the stock of its country.
    fn tell_rental(&self, rental_id: RentalId, at: Timestamp) {
        let rentals = self.sandbox.rentals();
        if let Some(rental) = rentals.find(rental_id).and_then(|slot| rentals.at(slot)) {
            let state = Stage::of(rental);
            self.publish(at, || News::Rental { rental_id, state });
            self.tell_stock_of(rental_id, at);
        }
    }

    fn tell_stock_of(&self, rental_id: RentalId, at: Timestamp) {
        let rentals = self.sandbox.rentals();
        if let Some(rental) = rentals.find(rental_id).and_then(|slot| rentals.at(slot)) {
            let country = self.sandbox.scenario().countries[usize::from(rental.offer)].country;
            let available = self.sandbox.stock(country).unwrap_or(0);
            self.publish(at, || News::Happened(Happening::Stock { country, available }));
        }
    }

    fn write(
        &mut self,
        call: &Call,
        outcome: Option<&Arc<Outcome>>,
        aside: Option<Box<Aside>>,
        made: Option<RentalId>,
        fault: Option<FaultId>,
        real: RealTime,
    ) {
        let (country, service, named) = match call.command.as_ref().ok() {
            Some(Command::GetNumbers { country }) => (*country, None, None),
            Some(Command::RentNumber { country, service }) => {
                (Some(*country), service.clone(), None)
            }
            Some(Command::GetSms { rental_id } | Command::CancelNumber { rental_id }) => {
                (None, None, Some(*rental_id))
            }
            None => (None, None, None),
        };
        let (at, runs) = (self.sandbox.now(), self.sandbox.clock().runs());
        self.coverage.count(call.endpoint, outcome.map(|outcome| &**outcome));
        if let Some(id) = fault {
            self.publish(at, || News::Fault { id, what: "fired" });
        }
        let (key, feed, retired) = (&self.key, &self.feed, self.retired);
        let written = self.journal.write(|seq| Entry {
            seq,
            at,
            real_at: Timestamp::from_unix_millis(i64::try_from(real.0 / 1_000).unwrap_or(i64::MAX)),
            endpoint: call.endpoint,
            method: call.endpoint.method(),
            status: outcome.and_then(|outcome| outcome.status()),
            code: outcome.and_then(|outcome| outcome.code()),
            rental_id: made.or(named),
            country,
            service,
            lints: call.lints.clone(),
            fault,
            outcome: outcome.map(Arc::clone),
            real,
            runs,
            aside,
        });
        if let Some(entry) = written.filter(|_| !retired) {
            feed.publish(key, at, || News::Request(Box::new(entry.clone())));
        }
    }
}

/// Why a call is refused before it reaches the state machine, if it is.
pub(super) fn refused(call: &Call, strict: bool) -> Option<Refusal> {
    match &call.command {
        Ok(_) if strict && call.lints.iter().any(Lint::is_refused_when_strict) => {
            Some(too_lax(&call.lints))
        }
        Ok(_) => None,
        Err(refusal) => Some(refusal.clone()),
    }
}

/// What a call asked, as it is written down.
fn asked(call: &Call, refused: Option<Refusal>) -> Asked {
    let mut asked = Asked::new(call.endpoint, call.command.as_ref().ok());
    asked.refused = refused.map(Refused::from);
    asked.prefer = call.prefer.map(Preferred::from);
    asked
}

/// What is to be known of a call beside what its entry says; mostly nothing.
fn aside(call: &Call, refused: Option<Refusal>, held: Option<u32>) -> Option<Box<Aside>> {
    let is_plain = refused.is_none() && call.prefer.is_none() && held.is_none();
    (!is_plain).then(|| Box::new(Aside { asked: asked(call, refused), held }))
}

/// What a reply that is spoilt on the wire says, where the call never took effect (our ruling).
fn never_took_effect(fault: Option<FaultId>) -> Refusal {
    let code = ErrorCode::InternalError;
    let reason = fault.map(|fault| format!(" ({})", fault.reason())).unwrap_or_default();
    Refusal::new(code, format!("{}; {}{reason}", code.meaning(), code.advice()))
}

fn too_lax(lints: &[Lint]) -> Refusal {
    let lint = lints.iter().find(|lint| lint.is_refused_when_strict());
    let message = lint.map(|lint| format!("{lint} (--strict)")).unwrap_or_default();
    Refusal::new(ErrorCode::InvalidRequest, message)
}
