//! What must have happened in a sandbox for the story of its scenario to have been told.
//!
//! ```
//! use ringer::scenario::*;
//!
//! let scenario = scenario("second-code")
//!     .country(country(Country::US).available(5))
//!     .script(steps().sms(seconds(6), sms().decoy()).sms(seconds(14), sms()))
//!     .expects(Milestone::sms_read().count(2).hint("poll for 14 s after the rental"))
//!     .expects(Milestone::success(Endpoint::CancelNumber));
//! assert!(scenario.validate().is_ok());
//! ```

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::fault::status::HttpStatus;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::positive::PositiveCount;
use crate::domain::serde_helpers::json_names;

/// Something that must have happened, at least so many times.
///
/// What a client did about it does not matter here: the report says that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "MilestoneFields", into = "MilestoneFields")]
#[must_use]
pub struct Milestone {
    pub(crate) what: MilestoneKind,
    pub(crate) count: PositiveCount,
    /// How a test gets there.
    pub(crate) hint: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MilestoneKind {
    /// A call of this endpoint, or of any, ended so.
    Call(Option<Endpoint>, CallEnding),
    Event(StoryEvent),
}

/// How a call ended for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallEnding {
    /// In any way.
    Any,
    Refused(ErrorCode),
    Status(HttpStatus),
    Outcome(MilestoneOutcome),
}

/// How a call ended for the client, where no code or status says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum MilestoneOutcome {
    /// With the reply that it asked for.
    Success,
    Redirect,
    /// With a reply that did not arrive whole.
    SpoiltReply,
    NoReply,
}

json_names!(MilestoneOutcome, "an outcome");

/// What can happen to a client apart from how its calls end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum StoryEvent {
    /// An SMS arrived.
    SmsArrived,
    /// A getSMS reply showed an SMS. Its count is of those that one reply showed.
    SmsRead,
    /// A getSMS reply showed no SMS.
    EmptyPoll,
    /// A rental's time ran out.
    Expiry,
    /// The partner took a number back.
    Revocation,
    /// A fault refused, replaced, damaged or lost a reply.
    Fault,
    /// A fault held a reply up.
    Delay,
}

json_names!(StoryEvent, "an event");

impl StoryEvent {
    pub(crate) const COUNT: usize = Self::VARIANTS.len();

    /// Whether time alone brings it about.
    pub(crate) const fn needs_time(self) -> bool {
        matches!(self, Self::SmsArrived | Self::SmsRead | Self::Expiry | Self::Revocation)
    }
}

/// The fields of a milestone, not yet checked against each other.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename = "Milestone",
    deny_unknown_fields,
    default,
    expecting = "an object such as {\"endpoint\": \"getSMS\", \"code\": \"RATE_LIMITED\"} or \
                 {\"event\": \"expiry\"}"
)]
struct MilestoneFields {
    /// The endpoint that was called: any unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<Endpoint>,
    /// The error code that the call was refused with.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<ErrorCode>,
    /// The HTTP status of the reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<HttpStatus>,
    /// How the call ended, where no code or status says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<MilestoneOutcome>,
    /// What happened, instead of a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<StoryEvent>,
    /// How often at least: once unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<PositiveCount>,
    /// How a test gets there, such as `poll a rental twice within 2 s`.
    #[serde(skip_serializing_if = "String::is_empty")]
    hint: String,
}

impl TryFrom<MilestoneFields> for Milestone {
    type Error = String;

    fn try_from(fields: MilestoneFields) -> Result<Self, String> {
        let MilestoneFields { endpoint, code, status, outcome, event, count, hint } = fields;
        let ending = match (code, status, outcome) {
            (None, None, None) => CallEnding::Any,
            (Some(code), None, None) => CallEnding::Refused(code),
            (None, Some(status), None) => CallEnding::Status(status),
            (None, None, Some(outcome)) => CallEnding::Outcome(outcome),
            _ => return Err("give one of code, status and outcome: each says how it ended".into()),
        };
        let what = match event {
            None if endpoint.is_none() && ending == CallEnding::Any => {
                return Err("says nothing; give a call, such as {\"endpoint\": \"getSMS\", \
                            \"code\": \"RATE_LIMITED\"}, or an event, such as \
                            {\"event\": \"expiry\"}"
                    .into());
            }
            None => MilestoneKind::Call(endpoint, ending),
            Some(event) if endpoint.is_none() && ending == CallEnding::Any => {
                MilestoneKind::Event(event)
            }
            Some(_) => {
                return Err(
                    "`event` is no call: leave endpoint, code, status and outcome out, or \
                            make it two milestones"
                        .into(),
                );
            }
        };
        Ok(Self { count: count.unwrap_or(ONCE), hint, ..Self::new(what) })
    }
}

impl From<Milestone> for MilestoneFields {
    fn from(milestone: Milestone) -> Self {
        let Milestone { what, count, hint } = milestone;
        let fields = Self { count: (count != ONCE).then_some(count), hint, ..Self::default() };
        match what {
            MilestoneKind::Event(event) => Self { event: Some(event), ..fields },
            MilestoneKind::Call(endpoint, ending) => {
                let fields = Self { endpoint, ..fields };
                match ending {
                    CallEnding::Any => fields,
                    CallEnding::Refused(code) => Self { code: Some(code), ..fields },
                    CallEnding::Status(status) => Self { status: Some(status), ..fields },
                    CallEnding::Outcome(outcome) => Self { outcome: Some(outcome), ..fields },
                }
            }
        }
    }
}

impl JsonSchema for Milestone {
    fn schema_name() -> Cow<'static, str> {
        MilestoneFields::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        MilestoneFields::json_schema(generator)
    }
}

const ONCE: PositiveCount = PositiveCount::ONE;

impl Milestone {
    const fn new(what: MilestoneKind) -> Self {
        Self { what, count: ONCE, hint: String::new() }
    }

    fn ended(endpoint: impl Into<Option<Endpoint>>, ending: CallEnding) -> Self {
        Self::new(MilestoneKind::Call(endpoint.into(), ending))
    }

    /// The endpoint was called.
    pub fn call(endpoint: Endpoint) -> Self {
        Self::ended(endpoint, CallEnding::Any)
    }

    /// A call of this endpoint, or of any (`None`), succeeded.
    pub fn success(endpoint: impl Into<Option<Endpoint>>) -> Self {
        Self::ended(endpoint, CallEnding::Outcome(MilestoneOutcome::Success))
    }

    /// A call of this endpoint, or of any (`None`), was refused with this code.
    pub fn refusal(endpoint: impl Into<Option<Endpoint>>, code: ErrorCode) -> Self {
        Self::ended(endpoint, CallEnding::Refused(code))
    }

    /// A call of this endpoint, or of any (`None`), got this HTTP status.
    ///
    /// # Panics
    /// When it is not the status of a reply: 200 to 599.
    #[track_caller]
    pub fn status(endpoint: impl Into<Option<Endpoint>>, status: u16) -> Self {
        let status = HttpStatus::new(status).unwrap_or_else(|reason| panic!("{reason}"));
        Self::ended(endpoint, CallEnding::Status(status))
    }

    /// A call of this endpoint, or of any (`None`), was redirected.
    pub fn redirect(endpoint: impl Into<Option<Endpoint>>) -> Self {
        Self::ended(endpoint, CallEnding::Outcome(MilestoneOutcome::Redirect))
    }

    /// A reply of this endpoint, or of any (`None`), did not arrive whole.
    pub fn spoilt_reply(endpoint: impl Into<Option<Endpoint>>) -> Self {
        Self::ended(endpoint, CallEnding::Outcome(MilestoneOutcome::SpoiltReply))
    }

    /// A call of this endpoint, or of any (`None`), got no reply.
    pub fn no_reply(endpoint: impl Into<Option<Endpoint>>) -> Self {
        Self::ended(endpoint, CallEnding::Outcome(MilestoneOutcome::NoReply))
    }

    /// An SMS arrived.
    pub const fn sms_arrived() -> Self {
        Self::new(MilestoneKind::Event(StoryEvent::SmsArrived))
    }

    /// A getSMS reply showed an SMS; with a count, so many at once.
    pub const fn sms_read() -> Self {
        Self::new(MilestoneKind::Event(StoryEvent::SmsRead))
    }

    /// A getSMS reply showed no SMS.
    pub const fn empty_poll() -> Self {
        Self::new(MilestoneKind::Event(StoryEvent::EmptyPoll))
    }

    /// A rental's time ran out.
    pub const fn expiry() -> Self {
        Self::new(MilestoneKind::Event(StoryEvent::Expiry))
    }

    /// The partner took a number back.
    pub const fn revocation() -> Self {
        Self::new(MilestoneKind::Event(StoryEvent::Revocation))
    }

    /// A fault refused, replaced, damaged or lost a reply.
    pub const fn fault() -> Self {
        Self::new(MilestoneKind::Event(StoryEvent::Fault))
    }

    /// A fault held a reply up.
    pub const fn delay() -> Self {
        Self::new(MilestoneKind::Event(StoryEvent::Delay))
    }

    /// At least so many times instead of once.
    ///
    /// # Panics
    /// When it is 0.
    #[track_caller]
    pub fn count(mut self, count: u32) -> Self {
        self.count = PositiveCount::new(count).unwrap_or_else(|reason| panic!("count: {reason}"));
        self
    }

    /// Says how a test gets there, such as `poll a rental twice within 2 s`.
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = hint.to_owned();
        self
    }
}
