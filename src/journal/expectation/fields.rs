//! An expectation as JSON writes it.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::count::ExpectedCount;
use super::pattern::RequestPattern;
use super::sequence::SequenceStep;
use super::{Expectation, Wanted};
use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::real_duration::RealDuration;
use crate::domain::rental_id::RentalId;
use crate::domain::serde_helpers::JsonObject;
use crate::domain::service::Service;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::validation::FieldError;

/// The requests that a test expects: how many of a kind, or a sequence of them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Expectation")]
pub(crate) struct ExpectationFields {
    /// The endpoint that they call.
    endpoint: Option<Endpoint>,
    /// The rental that they name, or make.
    rental_id: Option<RentalId>,
    /// The country that they name.
    country: Option<Country>,
    /// The service that they name, in any letter case.
    service: Option<Service>,
    /// The status of the reply.
    status: Option<u16>,
    /// The error code of the reply.
    code: Option<ErrorCode>,
    /// How many of them: one or more by default.
    count: Option<ExpectedCount>,
    /// Requests that are expected in this order, whatever comes in between; stands alone, or with
    /// `timeout`.
    #[schemars(with = "Option<Vec<ExpectedStep>>")]
    sequence: Option<Vec<JsonObject<ExpectedStep>>>,
    /// How long to wait for them in real time; by default not at all.
    #[serde(deserialize_with = "RealDuration::wait")]
    timeout: RealDuration,
}

/// A request of a sequence.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "an object such as {\"endpoint\": \"getSMS\"}")]
struct ExpectedStep {
    /// The endpoint that it calls.
    endpoint: Option<Endpoint>,
    /// The rental that it names, or makes.
    rental_id: Option<RentalId>,
    /// The country that it names.
    country: Option<Country>,
    /// The service that it names, in any letter case.
    service: Option<Service>,
    /// The status of the reply.
    status: Option<u16>,
    /// The error code of the reply.
    code: Option<ErrorCode>,
    /// How long after the one before it comes at least, in virtual time.
    after: Option<VirtualDuration>,
    /// How long after the one before it comes at most, in virtual time.
    within: Option<VirtualDuration>,
    /// Refused with advice.
    #[schemars(skip)]
    count: Option<IgnoredAny>,
    /// Refused with advice.
    #[schemars(skip)]
    timeout: Option<IgnoredAny>,
}

/// More steps than a test writes; each costs a pass over the journal.
const MAX_STEPS: usize = 100;

impl TryFrom<ExpectationFields> for Expectation {
    type Error = FieldError;

    fn try_from(fields: ExpectationFields) -> Result<Self, FieldError> {
        let ExpectationFields { endpoint, rental_id, country, service, status, code, .. } = fields;
        let pattern = RequestPattern { endpoint, rental_id, country, service, status, code };
        let wanted = match fields.sequence {
            None => {
                let count = fields.count.unwrap_or_default().range();
                Wanted::Count(pattern, count.map_err(|reason| problem("count", reason))?)
            }
            Some(_) if !pattern.is_empty() || fields.count.is_some() => {
                let message = "only timeout may stand beside it; what is said of a request belongs \
                               into its step, such as {\"sequence\": [{\"endpoint\": \"rentNumber\"}]}";
                return Err(problem("sequence", message));
            }
            Some(steps) => Wanted::Sequence(read_steps(steps)?),
        };
        Ok(Self { wanted, timeout: fields.timeout })
    }
}

fn read_steps(steps: Vec<JsonObject<ExpectedStep>>) -> Result<Vec<SequenceStep>, FieldError> {
    match steps.len() {
        0 => Err(problem("sequence", "it is empty; write a step or more")),
        count if count > MAX_STEPS => {
            Err(problem("sequence", format!("it has {count} steps; the limit is {MAX_STEPS}")))
        }
        _ => steps
            .into_iter()
            .enumerate()
            .map(|(index, JsonObject(step))| read_step(index, step))
            .collect(),
    }
}

fn read_step(index: usize, step: ExpectedStep) -> Result<SequenceStep, FieldError> {
    let ExpectedStep { endpoint, rental_id, country, service, status, code, .. } = step;
    let wrong =
        |field: &str, message: &str| Err(problem(&format!("sequence[{index}].{field}"), message));
    if step.count.is_some() {
        return wrong("count", "a step is one request; repeat the step as often as it should come");
    }
    if step.timeout.is_some() {
        return wrong(
            "timeout",
            "a sequence has one timeout, beside it; for the virtual time since \
                                 the step before, write within",
        );
    }
    let (after, within) = (step.after, step.within);
    if index == 0 && after.is_some() {
        return wrong("after", "nothing comes before the first step");
    }
    if index == 0 && within.is_some() {
        return wrong("within", "nothing comes before the first step");
    }
    if let (Some(least), Some(most)) = (after, within)
        && least > most
    {
        let message = format!("it is {most}, less than after, {least}, so it can never hold");
        return wrong("within", &message);
    }
    let pattern = RequestPattern { endpoint, rental_id, country, service, status, code };
    Ok(SequenceStep { pattern, after, within })
}

fn problem(path: &str, message: impl Into<String>) -> FieldError {
    FieldError { path: path.to_owned(), message: message.into() }
}
