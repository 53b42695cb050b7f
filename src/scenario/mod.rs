//! The vocabulary of scenarios: plain data with a fluent builder, readable from JSON.
//!
//! ```
//! use ringer::scenario::*;
//!
//! let scenario = scenario("code-at-the-second-try")
//!     .summary("a decoy after 6 s, the code after 14 s")
//!     .catches("a client that takes the first SMS")
//!     .country(country(Country::US).available(5_000).price(cents(5)))
//!     .script(
//!         steps()
//!             .sms(seconds(6), sms().text("Welcome to {service}!").decoy())
//!             .sms(seconds(14), sms().text("Your code is {code}.").code("###-###")),
//!     );
//! assert!(scenario.validate().is_ok());
//! ```

pub(crate) mod catalogue;
pub(crate) mod clock;
pub(crate) mod fault;
pub(crate) mod json;
pub(crate) mod limits;
pub(crate) mod milestone;
mod milestone_text;
pub(crate) mod offer;
pub(crate) mod rental;
mod rust_source;
pub(crate) mod schema;
pub(crate) mod script;
pub(crate) mod shape;
pub(crate) mod sms_text;
pub(crate) mod timeline;
pub(crate) mod validation;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::serde_helpers;
use schema::SchemaReference;

pub use crate::domain::country::Country;
pub use crate::domain::endpoint::Endpoint;
pub use crate::domain::error_code::ErrorCode;
pub use crate::domain::money::Money;
pub use crate::domain::phone_number::PhoneNumber;
pub use crate::domain::real_duration::RealDuration;
pub use crate::domain::service::Service;
pub use crate::domain::timestamp::Timestamp;
pub use crate::domain::virtual_duration::VirtualDuration;
pub use clock::{Clock, ClockMode, ClockStart, Rate};
pub use fault::delay::Delay;
pub use fault::effect::Effect;
pub use fault::endpoints::Endpoints;
pub use fault::rate_limit::{RateLimit, RetryAfterForm, rate_limit};
pub use fault::status::{BodyKind, Redirect};
pub use fault::wire_fault::WireFault;
pub use fault::{FaultRule, Phase, fault};
pub use milestone::Milestone;
pub use offer::{Listing, Numbers, Offer, StockChange, StockEvent};
pub use rental::{AfterEnd, RentalPolicy};
pub use script::{Action, Script, SmsTemplate, Step, Steps, Variant};
pub use shape::{NoMessages, ReplyShape, Skew, TimeStyle, replies};
pub use sms_text::{CodePattern, SmsText};
pub use validation::FieldError;

/// What a sandbox offers, on which terms, what happens to its rentals, and what goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a scenario: an object with its name and countries")]
#[must_use]
pub struct Scenario {
    /// Its name: lower-case letters, digits and `-`.
    pub name: String,
    /// What happens, in one sentence.
    #[serde(default)]
    pub summary: String,
    /// The bug in a client that it exposes.
    #[serde(default)]
    pub catches: String,
    /// The clock it starts with.
    #[serde(default)]
    pub clock: Clock,
    /// The countries on offer, in the order of the listing.
    #[serde(deserialize_with = "serde_helpers::objects")]
    #[schemars(with = "Vec<Offer>")]
    pub countries: Vec<Offer>,
    /// The terms of a rental.
    #[serde(default, deserialize_with = "rental::read")]
    #[schemars(with = "RentalPolicy")]
    pub rental: RentalPolicy,
    /// What happens to a rental. The first script that fits plays; without one, an SMS arrives
    /// after 8 s.
    #[serde(default, deserialize_with = "serde_helpers::objects")]
    #[schemars(with = "Vec<Script>")]
    pub scripts: Vec<Script>,
    /// What goes wrong. Rules are tried in order.
    #[serde(default, deserialize_with = "serde_helpers::objects")]
    #[schemars(with = "Vec<FaultRule>")]
    pub faults: Vec<FaultRule>,
    /// How replies differ from the documented ones.
    #[serde(default, deserialize_with = "shape::read")]
    #[schemars(with = "ReplyShape")]
    pub shape: ReplyShape,
    /// What must have happened for its story to have been told: the report's `story`.
    #[serde(default, deserialize_with = "serde_helpers::objects")]
    #[schemars(with = "Vec<Milestone>")]
    pub expects: Vec<Milestone>,
    /// Where this JSON Schema is, for editors: a path or a URL. It has no effect.
    #[serde(default, rename = "$schema", skip_serializing)]
    pub(crate) schema: SchemaReference,
}

/// Starts a scenario of this name, with nothing on offer yet and a realtime clock.
pub fn scenario(name: &str) -> Scenario {
    Scenario {
        name: name.to_owned(),
        summary: String::new(),
        catches: String::new(),
        clock: Clock::default(),
        countries: Vec::new(),
        rental: RentalPolicy::default(),
        scripts: Vec::new(),
        faults: Vec::new(),
        shape: ReplyShape::default(),
        expects: Vec::new(),
        schema: SchemaReference,
    }
}

impl Scenario {
    /// Says what happens, in one sentence.
    pub fn summary(mut self, summary: &str) -> Self {
        self.summary = summary.to_owned();
        self
    }

    /// Names the bug in a client that it exposes.
    pub fn catches(mut self, bug: &str) -> Self {
        self.catches = bug.to_owned();
        self
    }

    /// Starts with this clock instead of a realtime one.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Offers one more country.
    pub fn country(mut self, offer: Offer) -> Self {
        self.countries.push(offer);
        self
    }

    /// Offers these countries too.
    pub fn countries(mut self, offers: impl IntoIterator<Item = Offer>) -> Self {
        self.countries.extend(offers);
        self
    }

    /// Sets the terms of a rental.
    pub fn rental(mut self, policy: RentalPolicy) -> Self {
        self.rental = policy;
        self
    }

    /// Adds a script; those added first are tried first.
    pub fn script(mut self, script: impl Into<Script>) -> Self {
        self.scripts.push(script.into());
        self
    }

    /// Adds a fault; those added first are tried first.
    pub fn fault(mut self, rule: FaultRule) -> Self {
        self.faults.push(rule);
        self
    }

    /// Makes replies differ from the documented ones.
    pub fn replies(mut self, shape: ReplyShape) -> Self {
        self.shape = shape;
        self
    }

    /// Adds something that must have happened for its story to have been told. Without it, the
    /// report takes any story for told.
    pub fn expects(mut self, milestone: Milestone) -> Self {
        self.expects.push(milestone);
        self
    }

    /// The index of the script for a rental in this country for this service.
    pub(crate) fn script_for(&self, country: Country, service: Option<&Service>) -> Option<usize> {
        self.scripts.iter().position(|script| script.fits(country, service))
    }
}

/// Starts with the usual terms of a rental: 20 minutes, cancel at any time.
pub fn rental() -> RentalPolicy {
    RentalPolicy::default()
}

/// Starts the offer of a country: nothing in stock, free of charge.
pub fn country(country: Country) -> Offer {
    Offer::new(country)
}

/// Starts a list of what happens to a rental. If it stays empty, the rental just expires.
pub fn steps() -> Steps {
    Steps::default()
}

/// Starts an SMS with a new six-digit code; sender and text are made up for the service.
pub fn sms() -> SmsTemplate {
    SmsTemplate::default()
}

/// An amount in US cents.
pub const fn cents(cents: u32) -> Money {
    Money::cents(cents)
}

/// A length of virtual time in milliseconds.
pub const fn millis(millis: u64) -> VirtualDuration {
    VirtualDuration::millis(millis)
}

/// A length of *real* time in milliseconds, at most an hour.
pub const fn real_millis(millis: u64) -> RealDuration {
    RealDuration::millis(millis)
}

/// A length of *real* time in seconds, at most an hour.
pub const fn real_seconds(seconds: u64) -> RealDuration {
    RealDuration::millis(seconds.saturating_mul(1_000))
}

/// A length of virtual time in seconds.
pub const fn seconds(seconds: u64) -> VirtualDuration {
    VirtualDuration::seconds(seconds)
}

/// A length of virtual time in minutes.
pub const fn minutes(minutes: u64) -> VirtualDuration {
    VirtualDuration::seconds(minutes.saturating_mul(60))
}

/// What most scenarios offer: eight countries with large stocks, the two documented ones first.
pub fn usual_countries() -> Vec<Offer> {
    vec![
        country(Country::US).available(5_000).price(cents(5)),
        country(Country::GB).available(3_200).price(cents(6)),
        country(Country::DE).available(1_500).price(cents(8)),
        country(Country::FR).available(1_200).price(cents(8)),
        country(Country::CA).available(900).price(cents(5)),
        country(Country::SE).available(60).price(cents(10)),
        country(Country::AU).available(400).price(cents(12)),
        country(Country::IE).available(250).price(cents(9)),
    ]
}
