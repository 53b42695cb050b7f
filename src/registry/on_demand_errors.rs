//! Errors on demand, for clients whose code cannot be changed: triggered by a test api_key, or by a
//! pseudo-country (our ruling). `--no-magic` turns them off.

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

/// The test api_keys and the error that each causes; `test_nobalance` only for rentals.
pub const API_KEYS: [(&str, ErrorCode); 5] = [
    ("test_bad", ErrorCode::InvalidApiKey),
    ("test_banned", ErrorCode::KeyBanned),
    ("test_nobalance", ErrorCode::InsufficientBalance),
    ("test_ratelimited", ErrorCode::RateLimited),
    ("test_maintenance", ErrorCode::Maintenance),
];

/// The error that a key asks for, in any of its `@SCENARIO` forms.
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

/// What a pseudo-country does to a rentNumber, apart from its stock and script.
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

/// Adds the pseudo-countries, which getNumbers lists only when asked for by name. A scenario's own
/// offer for one of them wins.
pub(super) fn extend(scenario: &Scenario) -> Scenario {
    let mut extended = scenario.clone();
    let is_new = |code: &Country| scenario.countries.iter().all(|offer| offer.country != *code);
    let new: Vec<Country> = Country::on_demand().filter(is_new).collect();
    extended.countries.extend(new.iter().copied().map(offer));
    // They come first: a script for any country would match these rentals too.
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
