//! One sandbox, called without HTTP.

use std::sync::Arc;

use crate::domain::rental_id::RentalId;
use crate::journal::client_trace::ClientTrace;
use crate::registry::{Call, CallProgress, MemorySize, Registry, Sandbox, Settings};
use crate::report::Thresholds;
use crate::sandbox::command::{Command, Reply};
use crate::sandbox::outcome::CallOutcome;
use crate::scenario::catalogue::Catalogue;
use crate::scenario::*;

pub(super) const STOCK: u32 = 40;

/// One sandbox, called without HTTP, so that thousands of calls take no time.
pub(super) struct World {
    registry: Arc<Registry>,
    pub sandbox: Sandbox,
}

impl World {
    pub(super) fn new(seed: u64, rules: &[FaultRule]) -> Self {
        let fates = [steps(), steps().sms(seconds(8), sms()), steps().expire(seconds(50))];
        let scenario = scenario("law")
            .country(country(Country::US).available(STOCK).price(cents(5)))
            .script(Script::weighted(fates.map(|fate| (1, fate))));
        let scenario = rules.iter().cloned().fold(scenario, Scenario::fault);
        let mut catalogue = Catalogue::new(crate::scenarios::all()).expect("they make sense");
        let default_scenario = catalogue.add(scenario).expect("it makes sense");
        let registry = Arc::new(Registry::new(Settings {
            catalogue,
            default_scenario,
            clock: Some(Clock::frozen()),
            seed,
            api_keys: Vec::new(),
            strict: false,
            on_demand_errors: false,
            max_sandboxes: 10,
            max_ended_rentals: 10_000,
            max_journal_entries: 1,
            max_memory: MemorySize::DEFAULT,
            evict_idle_after: std::time::Duration::from_secs(60),
            max_past_reports: 0,
            label: None,
            thresholds: Thresholds::default(),
        }));
        let sandbox = Sandbox::open(&registry, "ci").expect("the key is good");
        Self { registry, sandbox }
    }

    pub(super) fn call_as(&self, key: &str, command: Command) -> Arc<CallOutcome> {
        let endpoint = match command {
            Command::GetNumbers { .. } => Endpoint::GetNumbers,
            Command::RentNumber { .. } => Endpoint::RentNumber,
            Command::GetSms { .. } => Endpoint::GetSms,
            Command::CancelNumber { .. } => Endpoint::CancelNumber,
        };
        let (lints, trace) = (Vec::new(), ClientTrace::default());
        let call = Call { endpoint, command: Ok(command), lints, prefer: None, trace };
        match self.registry.enter(key, &call) {
            CallProgress::Decided(outcome) => outcome,
            CallProgress::Delayed(_) => panic!("no rule of these tests delays a call"),
            CallProgress::Waiting(_) => panic!("these sandboxes are small"),
        }
    }

    pub(super) fn call(&self, command: Command) -> Arc<CallOutcome> {
        self.call_as("ci", command)
    }

    pub(super) fn rent(&self) -> Arc<CallOutcome> {
        self.call(Command::RentNumber { country: Country::US, service: None })
    }

    pub(super) fn poll(&self, rental_id: RentalId) -> Arc<CallOutcome> {
        self.call(Command::GetSms { rental_id })
    }

    pub(super) fn list(&self) -> Arc<CallOutcome> {
        self.call(Command::GetNumbers { country: None })
    }

    pub(super) fn available(&self) -> usize {
        match &self.list().answer {
            Ok(Reply::Numbers(listing)) => listing.lines[0].available as usize,
            other => panic!("no rule of these tests is for the listing: {other:?}"),
        }
    }

    pub(super) fn number(&self, id: RentalId) -> String {
        match &self.poll(id).answer {
            Ok(Reply::Messages(inbox)) => inbox.number.to_string(),
            other => panic!("no rule is left: {other:?}"),
        }
    }
}

pub(super) fn maintenance(endpoints: impl Into<Endpoints>) -> FaultRule {
    fault(endpoints, Effect::error(ErrorCode::Maintenance))
}

/// The rental that was made, whatever became of the reply.
pub(super) fn made(outcome: &CallOutcome) -> Option<RentalId> {
    match &outcome.answer {
        Ok(Reply::Rented { rental_id, .. }) => Some(*rental_id),
        _ => None,
    }
}
