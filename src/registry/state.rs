//! All state of one sandbox, behind its mutex.

use std::sync::{Arc, Weak};

use super::change_log::ChangeLog;
use super::event_bus::{Channel, EventBus, Update};
use super::memory::Memory;
use super::real_time::RealClock;
use super::slot::{SandboxGuard, SandboxSlot};
use crate::domain::api_key::ApiKey;
use crate::domain::error_code::ErrorCode;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::journal::Journal;
use crate::report::coverage::Coverage;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::Refusal;
use crate::sandbox::config::SandboxConfig;
use crate::sandbox::event::{EventKind, SandboxEvent};
use crate::sandbox::{StateMachine, Stretch};
use crate::scenario::Scenario;

/// All state of one sandbox, behind its mutex.
#[derive(Debug)]
pub(super) struct SandboxState {
    pub(super) machine: StateMachine,
    pub(super) journal: Journal,
    pub(super) change_log: ChangeLog,
    /// Which outcomes its client has met, over its whole life.
    pub(super) coverage: Coverage,
    pub(super) config: Arc<SandboxConfig>,
    pub(super) started: RealTime,
    pub(super) entered_at: RealTime,
    pub(super) key: ApiKey,
    pub(super) shared: Shared,
    /// Those who listen to its key, for as long as anybody does.
    pub(super) channel: Weak<Channel>,
    /// True once another has taken its place, or none: what still happens in it is no news.
    pub(super) retired: bool,
    /// How many readers need it to stay as it is: its clients wait meanwhile.
    pub(super) readers: u32,
    /// Set while callers move the clock, one for each.
    collectors: Vec<EventCollector>,
    last_collector: CollectorId,
}

/// Collects the events that happen while a caller moves the clock.
#[derive(Debug)]
struct EventCollector {
    id: CollectorId,
    count: u64,
    first: Vec<SandboxEvent>,
    most: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CollectorId(u64);

/// What the sandboxes of a server share.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub(super) event_bus: EventBus,
    pub(super) memory: Arc<Memory>,
    pub(super) max_journal_entries: usize,
}

/// Takes a sandbox's lock, with the sandbox brought up to now: a stretch at a time, between which
/// others who wait for the lock are let in.
pub(super) fn catch_up<'a>(
    slot: &'a SandboxSlot,
    real: &RealClock,
) -> (SandboxGuard<'a>, RealTime) {
    let mut state = slot.lock();
    loop {
        // Read under the lock, so that no later entry has an earlier time.
        let now = real.now();
        if state.catch_up_some(now) {
            return (state, now);
        }
        state.let_others_in();
    }
}

impl SandboxState {
    /// A sandbox that starts at this real time. `played`: see [`StateMachine::new`].
    pub(super) fn new(
        key: ApiKey,
        config: Arc<SandboxConfig>,
        played: Arc<Scenario>,
        started: RealTime,
        shared: &Shared,
    ) -> Self {
        Self {
            machine: StateMachine::new(&config, played, started),
            journal: Journal::new(shared.max_journal_entries),
            change_log: ChangeLog::new(shared.max_journal_entries),
            coverage: Coverage::default(),
            config,
            started,
            entered_at: started,
            key,
            shared: shared.clone(),
            channel: Weak::new(),
            retired: false,
            readers: 0,
            collectors: Vec::new(),
            last_collector: CollectorId::default(),
        }
    }

    /// Brings the sandbox up to now by one stretch, and tells what happened. Whether it is there.
    pub(super) fn catch_up_some(&mut self, real: RealTime) -> bool {
        let Stretch { happened, is_caught_up } = self.machine.catch_up_some(real);
        self.tell(&happened);
        is_caught_up
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let Self { machine, journal, change_log, .. } = self;
        size_of::<Self>()
            + machine.bytes()
            + journal.bytes()
            + change_log.bytes()
            + self.config.scenario_bytes
    }

    /// Whether the budget of memory lets it grow.
    pub(super) fn may_grow(&self) -> bool {
        self.shared.memory.has_room_for(self.bytes())
    }

    /// Whether there is room for another rental, message or rule.
    ///
    /// # Errors
    /// The refusal where there is none (our ruling).
    pub(super) fn check_room(&self) -> Result<(), Refusal> {
        if self.may_grow() {
            return Ok(());
        }
        let message = format!(
            "this server has no memory left for more (--max-memory {}); cancel rentals or DELETE \
             sandboxes that are not needed, or start it with more",
            self.shared.memory.budget()
        );
        Err(Refusal::new(ErrorCode::TooManyActiveRentals, message))
    }

    /// Collects the events from now on: the first `most`, and how many there are.
    pub(super) fn collect_events(&mut self, most: usize) -> CollectorId {
        self.last_collector.0 += 1;
        let (id, first) = (self.last_collector, Vec::new());
        self.collectors.push(EventCollector { id, count: 0, first, most });
        id
    }

    /// The events that were collected, and how many there were.
    pub(super) fn collected_events(&mut self, id: CollectorId) -> (Vec<SandboxEvent>, u64) {
        let index = self.collectors.iter().position(|collector| collector.id == id);
        let collector = index.map(|index| self.collectors.swap_remove(index));
        collector.map_or((Vec::new(), 0), |collector| (collector.first, collector.count))
    }

    /// Tells those who listen.
    pub(super) fn publish(&self, at: Timestamp, update: impl FnOnce() -> Update) {
        if !self.retired {
            self.shared.event_bus.publish(self.channel.upgrade().as_deref(), &self.key, at, update);
        }
    }

    pub(super) fn is_heard(&self) -> bool {
        !self.retired && self.shared.event_bus.is_heard(self.channel.upgrade().as_deref())
    }

    /// Tells those who listen what happened, in order.
    pub(super) fn tell(&mut self, happened: &[SandboxEvent]) {
        for collector in &mut self.collectors {
            let room = collector.most.saturating_sub(collector.first.len());
            collector.first.extend(happened.iter().take(room));
            collector.count += happened.len() as u64;
        }
        if !self.is_heard() {
            return;
        }
        for event in happened {
            match event.kind {
                // A live view knows the end of a rental by its state, whoever ended it.
                EventKind::Revocation { rental_id } => self.tell_rental(rental_id, event.at),
                what => self.publish(event.at, || Update::Event(what)),
            }
            if let EventKind::Expiry { rental_id } = event.kind {
                self.tell_stock_of(rental_id, event.at);
            }
        }
    }

    /// Tells those who listen how a rental stands, and the stock of its country.
    pub(super) fn tell_rental(&self, rental_id: RentalId, at: Timestamp) {
        let rentals = self.machine.rentals();
        if let Some(rental) = rentals.find(rental_id).and_then(|slot| rentals.at(slot)) {
            let state = rental.status();
            self.publish(at, || Update::Rental { rental_id, state });
            self.tell_stock_of(rental_id, at);
        }
    }

    fn tell_stock_of(&self, rental_id: RentalId, at: Timestamp) {
        let rentals = self.machine.rentals();
        if let Some(rental) = rentals.find(rental_id).and_then(|slot| rentals.at(slot)) {
            let country = self.machine.scenario().countries[usize::from(rental.offer)].country;
            let available = self.machine.stock(country).unwrap_or(0);
            self.publish(at, || Update::Event(EventKind::Stock { country, available }));
        }
    }
}
