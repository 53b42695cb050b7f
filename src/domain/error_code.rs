//! The error catalogue.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::nearest::named;
use super::schema::json_schema;
use super::virtual_duration::VirtualDuration;

/// Why a call of the partner API was refused: the `code` of an error reply.
///
/// The documentation shows no errors; the catalogue is our ruling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// No api_key where this endpoint reads it.
    MissingApiKey,
    /// An api_key that opens no sandbox.
    InvalidApiKey,
    /// The balance does not cover the price.
    InsufficientBalance,
    /// The api_key was banned.
    KeyBanned,
    /// No such rental in this sandbox, or none any more.
    RentalNotFound,
    /// No such path.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// Nothing left to rent in this country.
    NoNumbers,
    /// Too early to cancel; `Retry-After` says how many seconds are left.
    EarlyCancelDenied,
    /// An SMS had arrived, so the rental cannot be cancelled.
    SmsAlreadyReceived,
    /// The rental was cancelled before.
    AlreadyCancelled,
    /// The rental's time was over.
    RentalExpired,
    /// The rental was cancelled, so there is nothing to read.
    RentalCancelled,
    /// A body over the limit.
    PayloadTooLarge,
    /// A body in an encoding that is not read.
    UnsupportedMediaType,
    /// A parameter or a body that cannot be understood.
    InvalidRequest,
    /// Not an ISO 3166-1 alpha-2 code.
    UnknownCountry,
    /// Too many calls; `Retry-After` says how long to wait.
    RateLimited,
    /// Too many live rentals at a time.
    TooManyActiveRentals,
    /// The partner's server failed.
    InternalError,
    /// A proxy before the partner's server failed.
    BadGateway,
    /// The partner's server is being worked on.
    Maintenance,
    /// A proxy before the partner's server waited in vain.
    GatewayTimeout,
}

impl ErrorCode {
    /// All of them, by status.
    pub const ALL: [Self; 23] = [
        Self::MissingApiKey,
        Self::InvalidApiKey,
        Self::InsufficientBalance,
        Self::KeyBanned,
        Self::RentalNotFound,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NoNumbers,
        Self::EarlyCancelDenied,
        Self::SmsAlreadyReceived,
        Self::AlreadyCancelled,
        Self::RentalExpired,
        Self::RentalCancelled,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::InvalidRequest,
        Self::UnknownCountry,
        Self::RateLimited,
        Self::TooManyActiveRentals,
        Self::InternalError,
        Self::BadGateway,
        Self::Maintenance,
        Self::GatewayTimeout,
    ];

    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest | Self::UnknownCountry => 400,
            Self::MissingApiKey | Self::InvalidApiKey => 401,
            Self::InsufficientBalance => 402,
            Self::KeyBanned => 403,
            Self::RentalNotFound | Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::NoNumbers
            | Self::EarlyCancelDenied
            | Self::SmsAlreadyReceived
            | Self::AlreadyCancelled => 409,
            Self::RentalExpired | Self::RentalCancelled => 410,
            Self::PayloadTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::RateLimited | Self::TooManyActiveRentals => 429,
            Self::InternalError => 500,
            Self::BadGateway => 502,
            Self::Maintenance => 503,
            Self::GatewayTimeout => 504,
        }
    }

    /// The code as it is written in replies: `NO_NUMBERS`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingApiKey => "MISSING_API_KEY",
            Self::InvalidApiKey => "INVALID_API_KEY",
            Self::InsufficientBalance => "INSUFFICIENT_BALANCE",
            Self::KeyBanned => "KEY_BANNED",
            Self::RentalNotFound => "RENTAL_NOT_FOUND",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::NoNumbers => "NO_NUMBERS",
            Self::EarlyCancelDenied => "EARLY_CANCEL_DENIED",
            Self::SmsAlreadyReceived => "SMS_ALREADY_RECEIVED",
            Self::AlreadyCancelled => "ALREADY_CANCELLED",
            Self::RentalExpired => "RENTAL_EXPIRED",
            Self::RentalCancelled => "RENTAL_CANCELLED",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::UnknownCountry => "UNKNOWN_COUNTRY",
            Self::RateLimited => "RATE_LIMITED",
            Self::TooManyActiveRentals => "TOO_MANY_ACTIVE_RENTALS",
            Self::InternalError => "INTERNAL_ERROR",
            Self::BadGateway => "BAD_GATEWAY",
            Self::Maintenance => "MAINTENANCE",
            Self::GatewayTimeout => "GATEWAY_TIMEOUT",
        }
    }

    /// What it means, in a few words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::MissingApiKey => "no api_key where this endpoint reads it",
            Self::InvalidApiKey => "an api_key that opens no sandbox",
            Self::InsufficientBalance => "the balance does not cover the price",
            Self::KeyBanned => "the api_key was banned",
            Self::RentalNotFound => "no such rental in this sandbox, or none any more",
            Self::NotFound => "no such path",
            Self::MethodNotAllowed => "the path exists, the method does not",
            Self::NoNumbers => "nothing left to rent in this country",
            Self::EarlyCancelDenied => {
                "too early to cancel; `Retry-After` says how many seconds are left"
            }
            Self::SmsAlreadyReceived => "an SMS had arrived, so the rental cannot be cancelled",
            Self::AlreadyCancelled => "the rental was cancelled before",
            Self::RentalExpired => "the rental's time was over",
            Self::RentalCancelled => "the rental was cancelled, so there is nothing to read",
            Self::PayloadTooLarge => "a body over the limit",
            Self::UnsupportedMediaType => "a body in an encoding that is not read",
            Self::InvalidRequest => "a parameter or a body that cannot be understood",
            Self::UnknownCountry => "not an ISO 3166-1 alpha-2 code",
            Self::RateLimited => "too many calls; `Retry-After` says how long to wait",
            Self::TooManyActiveRentals => "too many live rentals at a time",
            Self::InternalError => "the partner's server failed",
            Self::BadGateway => "a proxy before the partner's server failed",
            Self::Maintenance => "the partner's server is being worked on",
            Self::GatewayTimeout => "a proxy before the partner's server waited in vain",
        }
    }

    /// What a client does best about it, in a few words.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::MissingApiKey => "send the api_key",
            Self::InvalidApiKey => "check the key, and for which environment it is",
            Self::InsufficientBalance => "top up the account",
            Self::KeyBanned => "ask the partner why",
            Self::RentalNotFound => "send the rental_id that rentNumber gave to this key",
            Self::NotFound => "check the path",
            Self::MethodNotAllowed => "check the method",
            Self::NoNumbers => "try another country, or this one later",
            Self::EarlyCancelDenied => "cancel again once Retry-After has passed",
            Self::SmsAlreadyReceived => "read it with getSMS",
            Self::AlreadyCancelled | Self::RentalExpired | Self::RentalCancelled => {
                "forget the rental; rent anew where a number is still needed"
            }
            Self::PayloadTooLarge => "send less",
            Self::UnsupportedMediaType => "send JSON or a form",
            Self::InvalidRequest => "check the request",
            Self::UnknownCountry => "send a code such as US, GB or DE",
            Self::RateLimited | Self::Maintenance => "wait, as long as Retry-After says",
            Self::TooManyActiveRentals => "cancel one, or wait until one ends",
            Self::InternalError | Self::BadGateway | Self::GatewayTimeout => {
                "try again later, with care: the call may have taken effect"
            }
        }
    }

    /// When it is worth trying again, where an error is made up and nothing else tells: for
    /// MAINTENANCE our ruling, for the others what is usual.
    #[must_use]
    pub const fn usual_retry_after(self) -> Option<VirtualDuration> {
        match self {
            Self::RateLimited => Some(VirtualDuration::seconds(2)),
            Self::Maintenance => Some(VirtualDuration::seconds(30)),
            Self::EarlyCancelDenied => Some(VirtualDuration::seconds(120)),
            _ => None,
        }
    }

    /// The error that goes best with a status: the first of that status, else the one that stands
    /// for its hundred.
    #[must_use]
    pub fn for_status(status: u16) -> Self {
        let exact = Self::ALL.into_iter().find(|code| code.status() == status);
        let of_its_kind =
            if (400..500).contains(&status) { Self::InvalidRequest } else { Self::InternalError };
        exact.unwrap_or(of_its_kind)
    }
}

impl FromStr for ErrorCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        named(text, "an error code", &Self::ALL, Self::as_str)
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

json_schema!(ErrorCode, "ErrorCode": {
    "type": "string", "enum": (ErrorCode::ALL.map(ErrorCode::as_str)),
    "description": "Why a call of the partner API was refused.",
});
