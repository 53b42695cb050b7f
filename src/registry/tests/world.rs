//! A key's world without HTTP before it.

use std::sync::Arc;

use crate::domain::rental_id::RentalId;
use crate::insight::report::Thresholds;
use crate::registry::{Call, Entered, MemorySize, Registry, SandboxHandle, Settings};
use crate::sandbox::command::{Command, Reply};
use crate::sandbox::outcome::Outcome;
use crate::scenario::catalogue::Catalogue;
use crate::scenario::*;

pub(crate) const STOCK: u32 = 40;

/// One key's world without HTTP before it, so that thousands of calls take no time.
pub(crate) struct World {
    registry: Arc<Registry>,
    pub(crate) sandbox: SandboxHandle,
}

impl World {
    pub(crate) fn new(seed: u64, rules: &[FaultRule]) -> Self {
        let fates = [steps(), steps().sms(seconds(8), sms()), steps().expire(seconds(50))];
        let scenario = scenario("law")
            .country(country(US).available(STOCK).price(cents(5)))
            .script(Script::weighted(fates.map(|fate| (1, fate))));
        let scenario = rules.iter().cloned().fold(scenario, Scenario::fault);
        let mut catalogue = Catalogue::bundled();
        let default_scenario = catalogue.add(scenario).expect("it makes sense");
        let registry = Arc::new(Registry::new(Settings {
            catalogue,
            default_scenario,
            clock: Some(Clock::frozen()),
            seed,
            api_keys: Vec::new(),
            strict: false,
            magic: false,
            max_sandboxes: 10,
            max_ended_rentals: 10_000,
            max_journal_entries: 1,
            max_memory: MemorySize::DEFAULT,
            evict_idle_after: std::time::Duration::from_secs(60),
            max_past_reports: 0,
            thresholds: Thresholds::default(),
        }));
        let sandbox = SandboxHandle::open(&registry, "ci").expect("the key is good");
        Self { registry, sandbox }
    }

    pub(crate) fn call_as(&self, key: &str, command: Command) -> Arc<Outcome> {
        let endpoint = match command {
            Command::GetNumbers { .. } => GetNumbers,
            Command::RentNumber { .. } => RentNumber,
            Command::GetSms { .. } => GetSms,
            Command::CancelNumber { .. } => CancelNumber,
        };
        let call = Call { endpoint, command: Ok(command), lints: Vec::new(), prefer: None };
        match self.registry.enter(key, &call) {
            Entered::Decided(outcome) => outcome,
            Entered::Held(_) => panic!("no rule of these tests delays a call"),
            Entered::Waiting(_) => panic!("these sandboxes are small"),
        }
    }

    pub(crate) fn call(&self, command: Command) -> Arc<Outcome> {
        self.call_as("ci", command)
    }

    pub(crate) fn rent(&self) -> Arc<Outcome> {
        self.call(Command::RentNumber { country: US, service: None })
    }

    pub(crate) fn poll(&self, rental_id: RentalId) -> Arc<Outcome> {
        self.call(Command::GetSms { rental_id })
    }

    pub(crate) fn list(&self) -> Arc<Outcome> {
        self.call(Command::GetNumbers { country: None })
    }

    pub(crate) fn available(&self) -> usize {
        match &self.list().answer {
            Ok(Reply::Numbers(listing)) => listing.lines[0].available as usize,
            other => panic!("no rule of these tests is for the listing: {other:?}"),
        }
    }

    pub(crate) fn number(&self, id: RentalId) -> String {
        match &self.poll(id).answer {
            Ok(Reply::Messages(inbox)) => inbox.number.to_string(),
            other => panic!("no rule is left: {other:?}"),
        }
    }
}

pub(crate) fn maintenance(endpoints: impl Into<Endpoints>) -> FaultRule {
    fault(endpoints, error(ErrorCode::Maintenance))
}

/// The rental that was made, whatever became of the reply.
pub(crate) fn made(outcome: &Outcome) -> Option<RentalId> {
    match &outcome.answer {
        Ok(Reply::Rented { rental_id, .. }) => Some(*rental_id),
        _ => None,
    }
}
