//! Errors on demand, for a client that cannot be changed: by the api_key it is given, or by the
//! country that is typed into it (our ruling). `--no-magic` switches them off.

use std::sync::Arc;

use crate::domain::api_key::ApiKey;
use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::sandbox::command::Command;
use crate::sandbox::config::SandboxConfig;
use crate::sandbox::faults::{FaultId, OnDemandFault};
use crate::scenario::{
    Effect, Listing, Offer, Phase, Scenario, Script, cents, country, real_seconds, seconds, sms,
    steps,
};

/// The magic api_keys: each refuses with this error, `test_nobalance` rentals only.
pub const API_KEYS: [(&str, ErrorCode); 5] = [
    ("test_bad", ErrorCode::InvalidApiKey),
    ("test_banned", ErrorCode::KeyBanned),
    ("test_nobalance", ErrorCode::InsufficientBalance),
    ("test_ratelimited", ErrorCode::RateLimited),
    ("test_maintenance", ErrorCode::Maintenance),
];

/// The error that this key asks for, in any of its `@SCENARIO` forms.
pub(super) fn of_key(key: &ApiKey) -> Option<ErrorCode> {
    API_KEYS.iter().find(|(magic, _)| *magic == key.base()).map(|(_, code)| *code)
}

/// What a key that asks for this error does to a call.
pub(super) fn by_key(code: ErrorCode, endpoint: Endpoint) -> Option<OnDemandFault> {
    // An empty balance only prevents renting.
    let applies = code != ErrorCode::InsufficientBalance || endpoint == Endpoint::RentNumber;
    let fault =
        OnDemandFault { id: FaultId::ApiKey, effect: Effect::error(code), phase: Phase::Before };
    applies.then_some(fault)
}

/// What a rental in a country that is none asks for, beside its stock and its script.
pub(super) fn by_country(command: Option<&Command>) -> Option<OnDemandFault> {
    let Some(Command::RentNumber { country, .. }) = command else { return None };
    let (effect, phase): (Effect, Phase) = match *country {
        Country::XB => (Effect::error(ErrorCode::InsufficientBalance), Phase::Before),
        Country::XR => (Effect::error(ErrorCode::RateLimited), Phase::Before),
        Country::XE => (Effect::error(ErrorCode::InternalError), Phase::Before),
        Country::XM => (Effect::error(ErrorCode::Maintenance), Phase::Before),
        Country::XT => (Effect::delay(real_seconds(35)), Phase::After),
        Country::XH => (Effect::empty_response(), Phase::After),
        _ => return None,
    };
    Some(OnDemandFault { id: FaultId::Country, effect, phase })
}

/// The scenario that a sandbox plays.
pub(super) fn played(config: &SandboxConfig) -> Arc<Scenario> {
    match config.on_demand_errors {
        true => Arc::new(extend(&config.scenario)),
        false => Arc::clone(&config.scenario),
    }
}

/// The scenario with the countries on demand: not listed unless asked for by name. What a scenario
/// itself says of one of them goes before.
pub(super) fn extend(scenario: &Scenario) -> Scenario {
    let mut extended = scenario.clone();
    let is_new = |code: &Country| scenario.countries.iter().all(|offer| offer.country != *code);
    let new: Vec<Country> = Country::on_demand().filter(is_new).collect();
    extended.countries.extend(new.iter().copied().map(offer));
    // Before all others, since a script for any country would take these rentals too.
    let scripts = new.iter().copied().filter_map(script);
    extended.scripts.splice(0..0, scripts);
    extended
}

fn offer(code: Country) -> Offer {
    let offer = country(code).price(cents(5)).hidden();
    match code {
        Country::XG => offer.available(0).listing(Listing::Fixed(7)),
        Country::XN => offer.available(0),
        _ => offer.available(7),
    }
}

fn script(code: Country) -> Option<Script> {
    match code {
        Country::XS => Some(steps().for_country(Country::XS)),
        Country::XL => Some(steps().sms(seconds(95), sms()).for_country(Country::XL)),
        _ => None,
    }
}
