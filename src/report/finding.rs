//! What can be found about a client.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::domain::nearest::named;
use crate::domain::rental_id::RentalId;
use crate::domain::schema::json_schema;
use crate::journal::JournalEntry;

/// Something that a client did wrong.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// What.
    pub id: FindingId,
    /// How bad it is.
    pub severity: Severity,
    /// At which rental, if it was one.
    pub rental_id: Option<RentalId>,
    /// The requests that show it.
    pub evidence: Vec<JournalEntry>,
    /// What happened, and what a client does better.
    pub advice: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It costs money, or loses codes.
    Error,
    /// It annoys a partner.
    Warning,
    /// It is a matter of style.
    Info,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// The name as it is written in JSON and flags.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        named(text, "a severity", &Self::ALL, Self::as_str)
    }
}

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingId {
    /// A rental that was neither cancelled nor its SMS read before the end.
    LeakedRental,
    /// Rented again after a lost or late reply, and the first never used.
    DoubleRental,
    /// A rentNumber that was repeated although the first may have taken effect.
    RetriedPost,
    /// The api_key also stood where it is not read.
    KeyInWrongPlace,
    /// Polls without a pause.
    PollTooFast,
    /// A call before the time that a Retry-After named.
    RetryAfterIgnored,
    /// A poll of a rental that was known to be over.
    PollAfterEnd,
    /// Cancelled, or polled no more, before an SMS that was coming.
    GaveUpEarly,
    /// A rental that was never polled.
    NeverPolled,
    /// The same refusal again and again.
    ErrorHotLoop,
    /// A cancel after an SMS, which pays nothing back.
    CancelAfterSms,
    /// A parameter that the endpoint does not have.
    UnknownParameter,
    /// A country in lower case.
    LowerCaseCountry,
}

impl FindingId {
    /// All of them, the worst first.
    pub const ALL: [Self; 13] = [
        Self::LeakedRental,
        Self::DoubleRental,
        Self::RetriedPost,
        Self::KeyInWrongPlace,
        Self::PollTooFast,
        Self::RetryAfterIgnored,
        Self::PollAfterEnd,
        Self::GaveUpEarly,
        Self::NeverPolled,
        Self::ErrorHotLoop,
        Self::CancelAfterSms,
        Self::UnknownParameter,
        Self::LowerCaseCountry,
    ];

    /// The name as it is written: `leaked-rental`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeakedRental => "leaked-rental",
            Self::DoubleRental => "double-rental",
            Self::RetriedPost => "retried-post",
            Self::KeyInWrongPlace => "key-in-wrong-place",
            Self::PollTooFast => "poll-too-fast",
            Self::RetryAfterIgnored => "retry-after-ignored",
            Self::PollAfterEnd => "poll-after-end",
            Self::GaveUpEarly => "gave-up-early",
            Self::NeverPolled => "never-polled",
            Self::ErrorHotLoop => "error-hot-loop",
            Self::CancelAfterSms => "cancel-after-sms",
            Self::UnknownParameter => "unknown-parameter",
            Self::LowerCaseCountry => "lower-case-country",
        }
    }

    /// How bad it is (our ruling).
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::LeakedRental | Self::DoubleRental | Self::RetriedPost | Self::KeyInWrongPlace => {
                Severity::Error
            }
            Self::PollTooFast
            | Self::RetryAfterIgnored
            | Self::PollAfterEnd
            | Self::GaveUpEarly
            | Self::NeverPolled
            | Self::ErrorHotLoop => Severity::Warning,
            Self::CancelAfterSms | Self::UnknownParameter | Self::LowerCaseCountry => {
                Severity::Info
            }
        }
    }
}

impl Serialize for FindingId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

json_schema!(FindingId, "FindingId": {
    "type": "string", "enum": (FindingId::ALL.map(FindingId::as_str)),
});
