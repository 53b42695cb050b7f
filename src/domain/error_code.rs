//! The error catalogue.

use std::str::FromStr;

use strum::IntoStaticStr;

use super::nearest::named;
use super::schema::json_schema;
use super::serde_helpers::{json_from_str, json_to_string};
use super::virtual_duration::VirtualDuration;

macro_rules! error_codes {
    ($($code:ident $status:literal $meaning:literal, $advice:literal;)*) => {
        /// Why the partner API refused a call: the `code` of an error reply.
        ///
        /// The documentation shows no errors; the catalogue is our ruling.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
        #[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
        pub enum ErrorCode {
            $(#[doc = concat!($meaning, ".")] $code),*
        }

        impl ErrorCode {
            /// All of them.
            pub const ALL: [Self; [$($status),*].len()] = [$(Self::$code),*];

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$code => $status),*
                }
            }

            /// What it means, in a few words.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$code => $meaning),*
                }
            }

            /// What a client should do about it, in a few words.
            pub const fn advice(self) -> &'static str {
                match self {
                    $(Self::$code => $advice),*
                }
            }
        }
    };
}

error_codes! {
    MissingApiKey 401 "no api_key where this endpoint reads it",
        "send the api_key";
    InvalidApiKey 401 "an api_key that is not accepted",
        "check the key, and which environment it is for";
    InsufficientBalance 402 "the balance does not cover the price",
        "top up the account";
    KeyBanned 403 "the api_key was banned",
        "ask the partner why";
    RentalNotFound 404 "no such rental in this sandbox, or no longer",
        "send the rental_id that rentNumber gave to this key";
    NotFound 404 "no such path",
        "check the path";
    MethodNotAllowed 405 "the path exists, but not for this method",
        "check the method";
    NoNumbers 409 "nothing left to rent in this country",
        "try another country, or this one later";
    EarlyCancelDenied 409 "too early to cancel; `Retry-After` says how many seconds are left",
        "cancel again once Retry-After has passed";
    SmsAlreadyReceived 409 "an SMS had arrived, so the rental cannot be cancelled",
        "read it with getSMS";
    AlreadyCancelled 409 "the rental was cancelled before",
        "forget the rental; rent again if you still need a number";
    RentalExpired 410 "the rental had expired",
        "forget the rental; rent again if you still need a number";
    RentalCancelled 410 "the rental was cancelled, so there is nothing to read",
        "forget the rental; rent again if you still need a number";
    PayloadTooLarge 413 "the body exceeds the limit",
        "send less";
    UnsupportedMediaType 415 "a body in an unsupported encoding",
        "send JSON or a form";
    InvalidRequest 400 "a parameter or a body that cannot be understood",
        "check the request";
    UnknownCountry 400 "not an ISO 3166-1 alpha-2 code",
        "send a code such as US, GB or DE";
    RateLimited 429 "too many calls; `Retry-After` says how long to wait",
        "wait as long as Retry-After says";
    TooManyActiveRentals 429 "too many active rentals at a time",
        "cancel one, or wait until one ends";
    InternalError 500 "the partner's server failed",
        "try again later, with care: the call may have taken effect";
    BadGateway 502 "a proxy in front of the partner's server failed",
        "try again later, with care: the call may have taken effect";
    Maintenance 503 "the partner's server is under maintenance",
        "wait as long as Retry-After says";
    GatewayTimeout 504 "a proxy in front of the partner's server timed out",
        "try again later, with care: the call may have taken effect";
}

impl ErrorCode {
    /// The code as replies write it: `NO_NUMBERS`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The `Retry-After` of an injected error: our ruling for MAINTENANCE, for the others what is
    /// usual.
    pub const fn usual_retry_after(self) -> Option<VirtualDuration> {
        match self {
            Self::RateLimited => Some(VirtualDuration::seconds(2)),
            Self::Maintenance => Some(VirtualDuration::seconds(30)),
            Self::EarlyCancelDenied => Some(VirtualDuration::seconds(120)),
            _ => None,
        }
    }

    /// The error for a status: the first with that status, else a general one of its class.
    pub fn for_status(status: u16) -> Self {
        let general =
            if (400..500).contains(&status) { Self::InvalidRequest } else { Self::InternalError };
        Self::ALL.into_iter().find(|code| code.status() == status).unwrap_or(general)
    }
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ErrorCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        named(text, "an error code", &Self::ALL, Self::as_str)
    }
}

json_from_str!(ErrorCode);
json_to_string!(ErrorCode);

json_schema!(ErrorCode, "ErrorCode": {
    "type": "string", "enum": (ErrorCode::ALL.map(ErrorCode::as_str)),
    "description": "Why a call of the partner API was refused.",
});
