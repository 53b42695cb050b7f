//! Changes from outside the partner API: what a test, a page or the clock did to a sandbox.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::VirtualMillis;
use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::virtual_duration::VirtualDuration;
use crate::journal::recorded_request::RecordedRequest;
use crate::sandbox::changes::NewSms;
use crate::sandbox::faults::FaultId;
use crate::scenario::{Clock, FaultRule};

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "CapsuleChange")]
pub(crate) enum Change {
    Advance {
        by: VirtualDuration,
    },
    AdvanceTo {
        moment: VirtualMillis,
    },
    AdvanceToNext,
    /// The clock was replaced.
    Clock(Clock),
    /// The stock or the price of a country was set.
    Stock {
        country: Country,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        available: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        price: Option<Money>,
    },
    /// An SMS was sent to a rental.
    Message {
        rental_id: RentalId,
        sms: NewSms,
    },
    AddFault(Box<FaultRule>),
    RemoveFault {
        id: FaultId,
    },
    /// A request came, and a delay holds it up before it takes effect.
    Hold {
        /// The id of the delay, which the step of the request has as `held`.
        #[serde(rename = "ticket")]
        delay_id: u32,
        request: RecordedRequest,
    },
    /// The sandbox was made from the steps before, and goes on here: no virtual time has passed since
    /// them, whatever their real time.
    Resume,
}
