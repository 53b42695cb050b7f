//! What a request asked, so that it can be asked once more.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::journal::JournalEntry;
use crate::sandbox::command::{Command, Refusal};
use crate::sandbox::faults::{FaultId, OnDemandFault};
use crate::scenario::{Effect, Phase};

/// What a request asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CapsuleRequest")]
pub struct RecordedRequest {
    /// Which endpoint.
    pub endpoint: Endpoint,
    /// The country it named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// The service it named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The rental it named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rental_id: Option<RentalId>,
    /// Whether it could not be understood.
    #[serde(default, skip_serializing_if = "is_false")]
    pub malformed: bool,
    /// How it was refused before it reached the sandbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<RecordedRefusal>,
    /// What its header `Prefer` asked for.
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

/// A refusal that waiting does not mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CapsuleRefusal")]
pub struct RecordedRefusal {
    /// Which error.
    pub code: ErrorCode,
    /// What was wrong.
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

/// What a header `Prefer` asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordedPrefer {
    what: Effect,
    phase: Phase,
}

impl From<OnDemandFault> for RecordedPrefer {
    fn from(wish: OnDemandFault) -> Self {
        Self { what: wish.effect, phase: wish.phase }
    }
}

impl From<RecordedPrefer> for OnDemandFault {
    fn from(preferred: RecordedPrefer) -> Self {
        let RecordedPrefer { what: effect, phase } = preferred;
        Self { id: FaultId::Prefer, effect, phase }
    }
}

impl RecordedRequest {
    /// What this command asks; without one, it was malformed.
    #[must_use]
    pub fn new(endpoint: Endpoint, command: Option<&Command>) -> Self {
        let (country, service, rental_id) = match command {
            None => (None, None, None),
            Some(Command::GetNumbers { country }) => (*country, None, None),
            Some(Command::RentNumber { country, service }) => {
                (Some(*country), service.clone(), None)
            }
            Some(Command::GetSms { rental_id } | Command::CancelNumber { rental_id }) => {
                (None, None, Some(*rental_id))
            }
        };
        let malformed = command.is_none();
        let (refused, prefer, stepped) = (None, None, false);
        Self { endpoint, country, service, rental_id, malformed, refused, prefer, stepped }
    }

    /// What the request of this entry asked.
    #[must_use]
    pub fn of(entry: &JournalEntry) -> Self {
        if let Some(details) = &entry.details {
            return details.asked.clone();
        }
        let JournalEntry { endpoint, country, service, .. } = entry.clone();
        // That of a rental which was made was not asked for.
        let rental_id = entry.rental_id.filter(|_| endpoint != Endpoint::RentNumber);
        let (malformed, refused, prefer, stepped) = (false, None, None, false);
        Self { endpoint, country, service, rental_id, malformed, refused, prefer, stepped }
    }

    /// The command; none where it was malformed.
    ///
    /// # Errors
    /// What is missing, as a sentence.
    pub fn command(&self) -> Result<Option<Command>, String> {
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
