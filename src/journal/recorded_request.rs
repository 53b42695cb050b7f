//! What a request asked, so that a replay can ask it again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::sandbox::command::{Command, Refusal};
use crate::sandbox::faults::{FaultId, OnDemandFault};
use crate::scenario::{Effect, Phase};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CapsuleRequest")]
pub(crate) struct RecordedRequest {
    pub endpoint: Endpoint,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rental_id: Option<RentalId>,
    /// Whether it could not be parsed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub malformed: bool,
    /// The error, if it was refused before it reached the sandbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<RecordedRefusal>,
    /// The fault that its `Prefer` header asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefer: Option<RecordedPrefer>,
    /// Whether it is a getSMS that moved a per_poll clock by its step and then had to wait: the move
    /// is a change of its own, before this request.
    #[serde(default, skip_serializing_if = "is_false")]
    pub stepped: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_false(is: &bool) -> bool {
    !*is
}

/// A refusal without Retry-After.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CapsuleRefusal")]
pub(crate) struct RecordedRefusal {
    pub code: ErrorCode,
    pub message: String,
}

impl From<Refusal> for RecordedRefusal {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code, message: refusal.message }
    }
}

impl From<RecordedRefusal> for Refusal {
    fn from(refused: RecordedRefusal) -> Self {
        Self::new(refused.code, refused.message)
    }
}

/// The fault that a `Prefer` header asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordedPrefer {
    what: Effect,
    phase: Phase,
}

impl From<OnDemandFault> for RecordedPrefer {
    fn from(fault: OnDemandFault) -> Self {
        Self { what: fault.effect, phase: fault.phase }
    }
}

impl From<RecordedPrefer> for OnDemandFault {
    fn from(RecordedPrefer { what: effect, phase }: RecordedPrefer) -> Self {
        Self { id: FaultId::Prefer, effect, phase }
    }
}

impl RecordedRequest {
    /// `command`: `None` if the request was malformed.
    pub(crate) fn new(endpoint: Endpoint, command: Option<&Command>) -> Self {
        Self {
            endpoint,
            country: command.and_then(Command::country),
            service: command.and_then(Command::service).cloned(),
            rental_id: command.and_then(Command::rental_id),
            malformed: command.is_none(),
            refused: None,
            prefer: None,
            stepped: false,
        }
    }

    /// The command; `None` if it was malformed.
    ///
    /// # Errors
    /// A sentence that says what is missing.
    pub(crate) fn command(&self) -> Result<Option<Command>, String> {
        if self.malformed {
            return Ok(None);
        }
        let missing = |name: &str| format!("a {} without a {name}", self.endpoint.name());
        let rental_id = || self.rental_id.ok_or_else(|| missing("rental_id"));
        Ok(Some(match self.endpoint {
            Endpoint::GetNumbers => Command::GetNumbers { country: self.country },
            Endpoint::RentNumber => Command::RentNumber {
                country: self.country.ok_or_else(|| missing("country"))?,
                service: self.service.clone(),
            },
            Endpoint::GetSms => Command::GetSms { rental_id: rental_id()? },
            Endpoint::CancelNumber => Command::CancelNumber { rental_id: rental_id()? },
        }))
    }
}
