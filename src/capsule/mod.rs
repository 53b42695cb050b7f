//! A capsule: all that a sandbox was made of and lived through, in one file, so that it can be run
//! once more and compared.

mod timestamps;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::country::Country;
use crate::domain::error_code::ErrorCode;
use crate::domain::money::Money;
use crate::domain::real_duration::RealDuration;
use crate::domain::rental_id::RentalId;
use crate::domain::virtual_duration::VirtualDuration;
pub(crate) use crate::journal::recorded_request::{
    RecordedPrefer, RecordedRefusal, RecordedRequest,
};
use crate::sandbox::changes::NewSms;
use crate::sandbox::faults::FaultId;
use crate::scenario::{Clock, FaultRule, Scenario};
pub(crate) use timestamps::{RealMicros, VirtualMillis};

/// The form of the file: another number means that older readers cannot read it.
pub(crate) const FORMAT: u32 = 1;

/// The file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Capsule {
    /// The form of the file.
    pub format: u32,
    /// Which `ringer` wrote it.
    pub version: String,
    /// The key of the sandbox, redacted.
    pub api_key: String,
    /// Whether nothing was forgotten; else it cannot be run once more.
    pub complete: bool,
    /// What all randomness grows from.
    pub seed: u64,
    /// The clock that the sandbox started with.
    pub clock: Clock,
    /// When it was made, in real time.
    pub started: RealMicros,
    /// The id of its first rental: ids depend on the key, which does not stand here.
    pub first_rental_id: RentalId,
    /// How many ended rentals it keeps at the most.
    pub max_ended_rentals: usize,
    /// Whether it has the countries on demand.
    pub magic: bool,
    /// The error that its key asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_demand: Option<ErrorCode>,
    /// Its scenario, whole.
    pub scenario: Scenario,
    /// What it lived through, in order.
    pub steps: Vec<CapsuleStep>,
}

/// A request with its reply, or a change from outside.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CapsuleStep {
    /// When it was done, in virtual time.
    pub at: VirtualMillis,
    /// The same in real time.
    pub real_at: RealMicros,
    /// The request's number in the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// What was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RecordedRequest>,
    /// The number under which it was held up before it took effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<u32>,
    /// What was replied; nothing where the client went before it took effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<RecordedReply>,
    /// What was changed from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// A reply as the client got it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CapsuleReply")]
pub(crate) struct RecordedReply {
    /// The status, where one was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The headers that say something of the reply.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The whole body, also where the wire spoilt it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What happened to it on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<String>,
    /// How late it came.
    #[serde(default, skip_serializing_if = "is_none")]
    pub delay: RealDuration,
}

fn is_none(delay: &RealDuration) -> bool {
    *delay == RealDuration::ZERO
}

/// What somebody changed from outside.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "CapsuleChange")]
pub(crate) enum Change {
    /// The clock was moved on by so much.
    Advance {
        /// By how much.
        by: VirtualDuration,
    },
    /// The clock was moved on to a moment.
    AdvanceTo {
        /// To which.
        moment: VirtualMillis,
    },
    /// The clock was moved on to the next event.
    AdvanceToNext,
    /// The clock was changed.
    Clock(Clock),
    /// The stock of a country was set, or its price.
    Stock {
        /// Where.
        country: Country,
        /// How many can be rented.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        available: Option<u32>,
        /// What a rental costs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        price: Option<Money>,
    },
    /// An SMS was put into a rental.
    Message {
        /// Into which.
        rental_id: RentalId,
        /// The SMS.
        sms: NewSms,
    },
    /// A fault rule was added.
    AddFault(Box<FaultRule>),
    /// A fault rule was removed.
    RemoveFault {
        /// Which.
        id: FaultId,
    },
    /// A request came, and is held up before it takes effect.
    Hold {
        /// Its number.
        #[serde(rename = "ticket")]
        delay_id: u32,
        /// What it asks.
        request: RecordedRequest,
    },
}
