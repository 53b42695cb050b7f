//! A capsule: the recording of a sandbox in one file, which `ringer replay` runs again.

mod change;
mod timestamps;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::error_code::ErrorCode;
use crate::domain::real_duration::RealDuration;
use crate::domain::rental_id::RentalId;
use crate::journal::recorded_request::RecordedRequest;
use crate::scenario::validation::FieldError;
use crate::scenario::{Clock, Scenario, json};
pub(crate) use change::Change;
pub(crate) use timestamps::{RealMicros, VirtualMillis};

/// The version of the file format. A `ringer` reads only its own.
pub(crate) const FORMAT: u32 = 1;

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Capsule {
    pub format: u32,
    /// The version of `ringer` that wrote it.
    pub version: String,
    /// The key of the sandbox, redacted.
    pub api_key: String,
    /// Whether it has every step and no key was cut out of one; only then can it be replayed.
    pub complete: bool,
    pub seed: u64,
    /// The clock that the sandbox started with.
    pub clock: Clock,
    /// When the sandbox started, in real time.
    pub started: RealMicros,
    /// The id of its first rental: ids depend on the key, which the file does not have.
    pub first_rental_id: RentalId,
    pub max_ended_rentals: usize,
    /// Whether it has the countries that trigger an error.
    pub magic: bool,
    /// The error that its key asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_demand: Option<ErrorCode>,
    pub scenario: Scenario,
    pub steps: Vec<CapsuleStep>,
}

/// What is read first: the rest depends on the format.
#[derive(Deserialize)]
struct CapsuleVersion {
    format: u32,
    version: String,
}

impl Capsule {
    /// Reads a capsule with a valid scenario.
    ///
    /// # Errors
    /// What is wrong, with the path of the field.
    pub(crate) fn from_json(text: &str) -> Result<Self, Vec<FieldError>> {
        let one = |problem: FieldError| vec![problem];
        let CapsuleVersion { format, version } = json::read(text).map_err(|mut problem| {
            problem.message += "; a capsule is what GET /__admin/sandboxes/KEY/capsule gives";
            one(problem)
        })?;
        if format != FORMAT {
            let message =
                format!("it is {format}, written by ringer {version}; this ringer reads {FORMAT}");
            return Err(one(FieldError { path: "format".into(), message }));
        }
        let capsule: Self = json::read(text).map_err(one)?;
        let inside = |problem: FieldError| FieldError {
            path: format!("scenario.{}", problem.path),
            ..problem
        };
        match capsule.scenario.validate() {
            Ok(()) => Ok(capsule),
            Err(problems) => Err(problems.into_iter().map(inside).collect()),
        }
    }
}

/// A request with its reply, or a change from outside.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CapsuleStep {
    /// When it happened, in virtual time.
    pub at: VirtualMillis,
    /// When it happened, in real time.
    pub real_at: RealMicros,
    /// The request's sequence number in the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RecordedRequest>,
    /// The id of the delay that held it up before it took effect.
    #[serde(default, rename = "held", skip_serializing_if = "Option::is_none")]
    pub delay_id: Option<u32>,
    /// The reply; absent if the client hung up before the request took effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<RecordedReply>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// A reply as the client got it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CapsuleReply")]
pub(crate) struct RecordedReply {
    /// The status, if one was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The headers that describe the reply.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The whole body, even if a fault damaged it on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The fault that struck on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<String>,
    /// How long the reply was held back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub delay: RealDuration,
}

fn is_zero(delay: &RealDuration) -> bool {
    *delay == RealDuration::ZERO
}
