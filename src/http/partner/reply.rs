//! From what a sandbox answered to the bytes of the documented replies.

use actix_http::Response;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::web::Bytes;
use serde::Serialize;

use crate::domain::country::CountryCode;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::rental_id::RentalId;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::registry::Answer;
use crate::sandbox::command::{Refusal, Reply};
use crate::sandbox::stock::{Listed, Listing};

/// A documented reply: exactly these fields, in the documented order.
#[derive(Serialize)]
#[serde(untagged)]
enum Body<'a> {
    Numbers {
        status: &'a str,
        numbers: Vec<NumbersLine>,
    },
    Rented {
        status: &'a str,
        number: PhoneNumber,
        rental_id: RentalId,
        expires_at: Timestamp,
        country: CountryCode,
    },
    Messages {
        status: &'a str,
        messages: Vec<Message<'a>>,
        number: PhoneNumber,
    },
    Cancelled {
        status: &'a str,
        message: &'a str,
        rental_id: RentalId,
        refund_amount: Money,
    },
    Refused {
        status: &'a str,
        code: &'a str,
        message: &'a str,
    },
}

#[derive(Serialize)]
struct NumbersLine {
    country: CountryCode,
    country_name: &'static str,
    available: u32,
    price_per_sms: Money,
}

#[derive(Serialize)]
struct Message<'a> {
    sender: &'a str,
    text: &'a str,
    received_at: Timestamp,
}

impl From<&Listed> for NumbersLine {
    fn from(listed: &Listed) -> Self {
        Self {
            country: listed.country,
            country_name: listed.country.name(),
            available: listed.available,
            price_per_sms: listed.price,
        }
    }
}

impl<'a> From<&'a Sms> for Message<'a> {
    fn from(sms: &'a Sms) -> Self {
        Self { sender: &sms.sender, text: &sms.text, received_at: sms.received_at }
    }
}

/// Writes a reply or a refusal.
pub(super) fn write(answer: &Answer) -> Response<BoxBody> {
    let status = "success";
    let body = match answer {
        Ok(Reply::Numbers(listing)) => {
            listing.encoded.get_or_init(|| encode_listing(listing)).clone()
        }
        Ok(Reply::Rented { number, rental_id, expires_at, country }) => encode(&Body::Rented {
            status,
            number: *number,
            rental_id: *rental_id,
            expires_at: *expires_at,
            country: *country,
        }),
        Ok(Reply::Messages { number, messages }) => {
            let messages = messages.iter().map(Message::from).collect();
            encode(&Body::Messages { status, messages, number: *number })
        }
        Ok(Reply::Cancelled { rental_id, refund }) => encode(&Body::Cancelled {
            status,
            message: "Number rental cancelled successfully",
            rental_id: *rental_id,
            refund_amount: *refund,
        }),
        Err(refusal) => return refused(refusal),
    };
    json(StatusCode::OK, body)
}

fn encode_listing(listing: &Listing) -> Bytes {
    let numbers = listing.lines.iter().map(NumbersLine::from).collect();
    encode(&Body::Numbers { status: "success", numbers })
}

fn refused(refusal: &Refusal) -> Response<BoxBody> {
    let code = refusal.code;
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body =
        encode(&Body::Refused { status: "error", code: code.as_str(), message: &refusal.message });
    let mut response = json(status, body);
    if let Some(wait) = refusal.retry_after {
        let seconds = HeaderValue::from(wait.as_seconds_rounded_up());
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

fn encode(body: &Body<'_>) -> Bytes {
    // Room for most replies at once. Every key is a string and no value can fail.
    let mut bytes = Vec::with_capacity(256);
    let written = serde_json::to_writer(&mut bytes, body);
    debug_assert!(written.is_ok(), "{written:?}");
    bytes.into()
}

fn json(status: StatusCode, body: Bytes) -> Response<BoxBody> {
    let mut response = Response::with_body(status, BoxBody::new(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
