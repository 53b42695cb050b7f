//! What a sandbox is asked, and what it answers.

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
    /// What can be rented, in all countries or in one.
    GetNumbers {
        /// The one.
        country: Option<Country>,
    },
    /// Rent a number.
    RentNumber {
        /// Where.
        country: Country,
        /// What for.
        service: Option<Service>,
    },
    /// Read the messages of a rental.
    GetSms {
        /// Which.
        rental_id: RentalId,
    },
    /// End a rental.
    CancelNumber {
        /// Which.
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

/// A success.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// What can be rented.
    Numbers(Arc<NumberListing>),
    /// A number was rented.
    Rented {
        /// The number.
        number: PhoneNumber,
        /// The name of the rental.
        rental_id: RentalId,
        /// When it will end.
        expires_at: Timestamp,
        /// Where.
        country: Country,
    },
    /// The messages of a rental, oldest first.
    Messages(Arc<Inbox>),
    /// A rental was cancelled, now or before.
    Cancelled {
        /// Which.
        rental_id: RentalId,
        /// What was paid back.
        refund: Money,
    },
}

/// A refusal: which error, and a message that says what was wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Which error.
    pub code: ErrorCode,
    /// What was wrong and what would be right.
    pub message: String,
    /// When it is worth trying again.
    pub retry_after: Option<RetryAfter>,
}

/// When it is worth trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryAfter {
    /// In this time; told in seconds.
    In(VirtualDuration),
    /// At `at`, when the clock shows `now`; told as an HTTP date.
    At {
        /// When.
        at: Timestamp,
        /// What the clock shows.
        now: Timestamp,
    },
}

impl Refusal {
    /// A refusal that waiting does not mend.
    #[must_use]
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after: None }
    }

    /// The refusal of a key that opens no sandbox.
    #[must_use]
    pub(crate) fn invalid_key(reason: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidApiKey, reason)
    }

    /// The same, worth trying again after this long.
    #[must_use]
    pub(crate) fn retry_after(mut self, span: VirtualDuration) -> Self {
        self.retry_after = Some(RetryAfter::In(span));
        self
    }

    /// The same, told in this form.
    #[must_use]
    pub(crate) fn in_form(mut self, form: RetryAfterForm, now: Timestamp) -> Self {
        self.retry_after = match (form, self.retry_after) {
            (RetryAfterForm::HttpDate, Some(RetryAfter::In(span))) => {
                // A date has whole seconds: it names the next one, so that nobody comes too early.
                let at = now.plus(span).plus(VirtualDuration::millis(999));
                Some(RetryAfter::At { at, now })
            }
            (RetryAfterForm::None, _) => None,
            (_, told) => told,
        };
        self
    }

    /// In how many seconds it is worth trying again, a started one counted whole.
    #[must_use]
    pub(crate) fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after.map(|when| match when {
            RetryAfter::In(span) => span.as_seconds_rounded_up(),
            RetryAfter::At { at, now } => at.since(now).as_seconds_rounded_up(),
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

// So that a test can write `server.sandbox("ci-1")?`.
impl std::error::Error for Refusal {}
