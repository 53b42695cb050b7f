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
use crate::sandbox::{Batch, StateMachine};
use crate::scenario::Scenario;

/// All state of one sandbox, behind its mutex.
#[derive(Debug)]
pub(super) struct SandboxState {
    pub(super) machine: StateMachine,
    pub(super) journal: Journal,
    pub(super) change_log: ChangeLog,
    /// The outcomes that the client has met.
    pub(super) coverage: Coverage,
    pub(super) config: Arc<SandboxConfig>,
    pub(super) started: RealTime,
    pub(super) entered_at: RealTime,
    pub(super) key: ApiKey,
    pub(super) shared: Shared,
    /// The subscribers of its key, if there are any.
    pub(super) channel: Weak<Channel>,
    /// True once replaced or deleted; it then publishes no events.
    pub(super) retired: bool,
    /// While there are readers, the sandbox must not change, and clients wait.
    pub(super) readers: u32,
    /// One for each caller that is moving the clock.
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

/// Locks a sandbox and catches up with its clock, a batch at a time; others get the lock in
/// between.
pub(super) fn catch_up<'a>(
    slot: &'a SandboxSlot,
    real: &RealClock,
) -> (SandboxGuard<'a>, RealTime) {
    let mut state = slot.lock();
    loop {
        // Read under the lock, so that no later entry has an earlier time.
        let now = real.now();
        if state.catch_up_batch(now) {
            return (state, now);
        }
        state.yield_lock();
    }
}

impl SandboxState {
    /// `played`: see [`StateMachine::new`].
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

    /// Catches up by one batch, and returns whether the sandbox has caught up.
    pub(super) fn catch_up_batch(&mut self, real: RealTime) -> bool {
        let Batch { happened, is_caught_up } = self.machine.catch_up_batch(real);
        self.tell(&happened);
        is_caught_up
    }

    /// Roughly its size in memory.
    pub(super) fn bytes(&self) -> usize {
        let Self { machine, journal, change_log, .. } = self;
        size_of::<Self>()
            + machine.bytes()
            + journal.bytes()
            + change_log.bytes()
            + self.config.scenario_bytes
    }

    pub(super) fn may_grow(&self) -> bool {
        self.shared.memory.has_room_for(self.bytes())
    }

    /// Refuses another rental, message or rule if memory is used up (our ruling).
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

    /// Collects the events from now on: their number, and the first `most` of them.
    pub(super) fn collect_events(&mut self, most: usize) -> CollectorId {
        self.last_collector.0 += 1;
        let (id, first) = (self.last_collector, Vec::new());
        self.collectors.push(EventCollector { id, count: 0, first, most });
        id
    }

    pub(super) fn collected_events(&mut self, id: CollectorId) -> (Vec<SandboxEvent>, u64) {
        let index = self.collectors.iter().position(|collector| collector.id == id);
        let collector = index.map(|index| self.collectors.swap_remove(index));
        collector.map_or((Vec::new(), 0), |collector| (collector.first, collector.count))
    }

    /// Publishes to subscribers.
    pub(super) fn publish(&self, at: Timestamp, update: impl FnOnce() -> Update) {
        if !self.retired {
            self.shared.event_bus.publish(self.channel.upgrade().as_deref(), &self.key, at, update);
        }
    }

    pub(super) fn has_subscribers(&self) -> bool {
        !self.retired && self.shared.event_bus.has_subscribers(self.channel.upgrade().as_deref())
    }

    /// Collects and publishes events.
    pub(super) fn tell(&mut self, happened: &[SandboxEvent]) {
        self.coverage.count_due(happened);
        for collector in &mut self.collectors {
            let room = collector.most.saturating_sub(collector.first.len());
            collector.first.extend(happened.iter().take(room));
            collector.count += happened.len() as u64;
        }
        if !self.has_subscribers() {
            return;
        }
        for event in happened {
            match event.kind {
                // Subscribers see the end of a rental by its status, whoever ended it.
                EventKind::Revocation { rental_id } => self.tell_rental(rental_id, event.at),
                what => self.publish(event.at, || Update::Event(what)),
            }
            if let EventKind::Expiry { rental_id } = event.kind {
                self.tell_stock_of(rental_id, event.at);
            }
        }
    }

    /// Publishes the status of a rental, and the stock of its country.
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
