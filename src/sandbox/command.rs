//! Calls of the partner API, and the answers to them.

use std::fmt;
use std::sync::Arc;

use super::inbox::Inbox;
use super::stock::NumberListing;
use crate::domain::country::Country;
use crate::domain::error_code::ErrorCode;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::RetryAfterForm;

/// A well-formed call of the partner API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    GetNumbers {
        /// `None`: all countries.
        country: Option<Country>,
    },
    RentNumber {
        country: Country,
        service: Option<Service>,
    },
    GetSms {
        rental_id: RentalId,
    },
    CancelNumber {
        rental_id: RentalId,
    },
}

impl Command {
    pub(crate) fn country(&self) -> Option<Country> {
        match self {
            Self::GetNumbers { country } => *country,
            Self::RentNumber { country, .. } => Some(*country),
            Self::GetSms { .. } | Self::CancelNumber { .. } => None,
        }
    }

    pub(crate) fn service(&self) -> Option<&Service> {
        match self {
            Self::RentNumber { service, .. } => service.as_ref(),
            _ => None,
        }
    }

    pub(crate) fn rental_id(&self) -> Option<RentalId> {
        match self {
            Self::GetSms { rental_id } | Self::CancelNumber { rental_id } => Some(*rental_id),
            Self::GetNumbers { .. } | Self::RentNumber { .. } => None,
        }
    }
}

/// The answer to a successful call.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Numbers(Arc<NumberListing>),
    Rented {
        number: PhoneNumber,
        rental_id: RentalId,
        expires_at: Timestamp,
        country: Country,
    },
    Messages(Arc<Inbox>),
    /// Cancelled by this call or an earlier one.
    Cancelled {
        rental_id: RentalId,
        refund: Money,
    },
}

/// An error for the client, with a message that says what was wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub code: ErrorCode,
    pub message: String,
    /// When a retry may succeed.
    pub retry_after: Option<RetryAfter>,
}

/// When a retry may succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryAfter {
    /// After this time; encoded in seconds.
    In(VirtualDuration),
    /// At `at`, while the clock shows `now`; encoded as an HTTP date.
    At { at: Timestamp, now: Timestamp },
}

impl Refusal {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after: None }
    }

    pub(crate) fn invalid_key(reason: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidApiKey, reason)
    }

    pub(crate) fn retry_after(mut self, span: VirtualDuration) -> Self {
        self.retry_after = Some(RetryAfter::In(span));
        self
    }

    pub(crate) fn in_form(mut self, form: RetryAfterForm, now: Timestamp) -> Self {
        self.retry_after = match (form, self.retry_after) {
            (RetryAfterForm::HttpDate, Some(RetryAfter::In(span))) => {
                // A date has whole seconds: it names the next one, so that nobody retries too
                // early.
                let at = now.plus(span).plus(VirtualDuration::millis(999));
                Some(RetryAfter::At { at, now })
            }
            (RetryAfterForm::None, _) => None,
            (_, told) => told,
        };
        self
    }

    /// From when on a client may retry that was refused at `refused_at` and does as it is told.
    pub(crate) fn retry_at(&self, refused_at: Timestamp) -> Option<Timestamp> {
        self.retry_after.map(|when| match when {
            RetryAfter::In(span) => {
                refused_at.plus(VirtualDuration::seconds(span.as_seconds_rounded_up()))
            }
            // A date has whole seconds.
            RetryAfter::At { at, .. } => at.whole_seconds(),
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Refusal {}
