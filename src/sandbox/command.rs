//! What a sandbox is asked, and what it answers.

use std::fmt;
use std::sync::Arc;

use super::stock::Listing;
use crate::domain::country::CountryCode;
use crate::domain::error_code::ErrorCode;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::domain::sms::Sms;
use crate::domain::span::Span;
use crate::domain::timestamp::Timestamp;

/// A well-formed call of the partner API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// What can be rented, in all countries or in one.
    GetNumbers {
        /// The one.
        country: Option<CountryCode>,
    },
    /// Rent a number.
    RentNumber {
        /// Where.
        country: CountryCode,
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

/// A success.
#[derive(Clone, Debug)]
pub enum Reply {
    /// What can be rented.
    Numbers(Arc<Listing>),
    /// A number was rented.
    Rented {
        /// The number.
        number: PhoneNumber,
        /// The name of the rental.
        rental_id: RentalId,
        /// When it will end.
        expires_at: Timestamp,
        /// Where.
        country: CountryCode,
    },
    /// The messages of a rental, oldest first.
    Messages {
        /// Its number.
        number: PhoneNumber,
        /// The messages.
        messages: Vec<Sms>,
    },
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
pub struct Refusal {
    /// Which error.
    pub code: ErrorCode,
    /// What was wrong and what would be right.
    pub message: String,
    /// When it is worth trying again.
    pub retry_after: Option<Span>,
}

impl Refusal {
    /// A refusal that waiting does not mend.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after: None }
    }

    /// The same, worth trying again after this long.
    #[must_use]
    pub fn retry_after(mut self, span: Span) -> Self {
        self.retry_after = Some(span);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

// So that a test can write `server.sandbox("ci-1")?`.
impl std::error::Error for Refusal {}
