//! What the report can find about a client.

use schemars::JsonSchema;
use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

use crate::domain::rental_id::RentalId;
use crate::journal::JournalEntry;

/// A mistake of a client.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Finding {
    /// What it is.
    pub id: FindingId,
    /// How bad it is.
    pub severity: Severity,
    /// The rental, if it is about one.
    pub rental_id: Option<RentalId>,
    /// The requests that show it.
    pub evidence: Vec<JournalEntry>,
    /// What happened, and what a client should do instead.
    pub advice: String,
}

/// How bad a finding is. The worst one comes first.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    IntoStaticStr,
    JsonSchema,
    Serialize,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Severity {
    /// It costs money, or loses codes.
    Error,
    /// It annoys a partner.
    Warning,
    /// It is a matter of style.
    Info,
}

impl Severity {
    /// The name in JSON and in flags.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The kinds of findings, the worst first.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    IntoStaticStr,
    JsonSchema,
    Serialize,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum FindingId {
    /// A rental was neither cancelled nor its SMS read before the end.
    LeakedRental,
    /// The client rented again after a lost or late reply, and never used the first rental.
    DoubleRental,
    /// A rentNumber was repeated although the first may have taken effect.
    RetriedPost,
    /// The api_key stood where the endpoint does not read it.
    KeyInWrongPlace,
    /// The client polled without a pause.
    PollTooFast,
    /// The client called again before the time that a Retry-After named.
    RetryAfterIgnored,
    /// The client polled a rental that it knew to be over.
    PollAfterEnd,
    /// The client cancelled, or stopped polling, before an SMS that was coming.
    GaveUpEarly,
    /// The client stopped although parts of a message were still to come, or unread.
    UnreadMessages,
    /// The client never polled a rental.
    NeverPolled,
    /// The client met the same refusal again and again.
    ErrorHotLoop,
    /// The client called paths, methods or encodings that the API does not have, again and again.
    WrongDoor,
    /// The client rented again after a lost or late reply, having looked at the listing first.
    LostRental,
    /// The client polled on and on after the last message had been read.
    PolledAfterAll,
    /// The client cancelled after an SMS, which refunds nothing.
    CancelAfterSms,
    /// The client sent a parameter that the endpoint does not have.
    UnknownParameter,
    /// The client sent a country in lower case.
    LowerCaseCountry,
}

impl FindingId {
    /// The name in JSON, such as `leaked-rental`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// How bad it usually is (our ruling).
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
            | Self::UnreadMessages
            | Self::NeverPolled
            | Self::ErrorHotLoop
            | Self::WrongDoor => Severity::Warning,
            Self::LostRental
            | Self::PolledAfterAll
            | Self::CancelAfterSms
            | Self::UnknownParameter
            | Self::LowerCaseCountry => Severity::Info,
        }
    }
}
