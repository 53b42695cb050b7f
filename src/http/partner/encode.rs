//! The documented replies as they are written.

use actix_http::Response;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, DATE, HeaderValue, RETRY_AFTER};
use actix_web::web::Bytes;
use serde::Serialize;

use super::dto::{
    CancellationDto, CountryDto, ErrorDto, MessagesDto, NumbersDto, RentalDto, ShapedMessages,
    ShapedMoney, ShapedNumber, ShapedTime, extra,
};
use crate::domain::timestamp::Timestamp;
use crate::sandbox::command::{Refusal, Reply, RetryAfter};
use crate::sandbox::inbox::Inbox;
use crate::sandbox::stock::{ListedCountry, NumberListing};
use crate::scenario::shape::Shape;

/// Writes a success.
pub(super) fn reply(reply: &Reply, shape: Shape) -> Response<BoxBody> {
    let (status, extra) = ("success", extra(shape));
    let body = match reply {
        Reply::Numbers(listing) => {
            listing.encoded.get_or_init(|| encode_listing(listing, shape)).clone()
        }
        Reply::Rented { number, rental_id, expires_at, country } => encode_json(&RentalDto {
            status,
            number: ShapedNumber(*number, shape),
            rental_id: *rental_id,
            expires_at: ShapedTime(*expires_at, shape),
            country: *country,
            extra,
        }),
        // Only what is as documented is the same each time: a scenario's shape may take turns.
        Reply::Messages(inbox) if shape == Shape::default() => {
            inbox.encoded.get_or_init(|| encode_inbox(inbox, shape)).clone()
        }
        Reply::Messages(inbox) => encode_inbox(inbox, shape),
        Reply::Cancelled { rental_id, refund } => encode_json(&CancellationDto {
            status,
            message: "Number rental cancelled successfully",
            rental_id: *rental_id,
            refund_amount: ShapedMoney(*refund, shape),
            extra,
        }),
    };
    json(StatusCode::OK, body)
}

fn encode_listing(listing: &NumberListing, shape: Shape) -> Bytes {
    let line = |listed: &ListedCountry| CountryDto {
        country: listed.country,
        country_name: listed.country.name(),
        available: listed.available,
        price_per_sms: ShapedMoney(listed.price, shape),
        extra: extra(shape),
    };
    let numbers = listing.lines.iter().map(line).collect();
    encode_json(&NumbersDto { status: "success", numbers, extra: extra(shape) })
}

fn encode_inbox(inbox: &Inbox, shape: Shape) -> Bytes {
    encode_json(&MessagesDto {
        status: "success",
        messages: ShapedMessages(&inbox.messages, shape),
        number: ShapedNumber(inbox.number, shape),
        extra: extra(shape),
    })
}

/// Writes a refusal.
pub(super) fn refusal(refusal: &Refusal, shape: Shape) -> Response<BoxBody> {
    let status = if shape.errors_as_200 { 200 } else { refusal.code.status() };
    refusal_with_status(status, refusal, shape)
}

/// Writes a refusal with any status.
pub(super) fn refusal_with_status(
    status: u16,
    refusal: &Refusal,
    shape: Shape,
) -> Response<BoxBody> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (code, message) = (refusal.code.as_str(), &refusal.message);
    let body = ErrorDto { status: "error", code, message, extra: extra(shape) };
    let mut response = json(status, encode_json(&body));
    match refusal.retry_after {
        None => {}
        Some(RetryAfter::In(span)) => {
            let seconds = HeaderValue::from(span.as_seconds_rounded_up());
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        Some(RetryAfter::At { at, now }) => {
            for (name, moment) in [(RETRY_AFTER, at), (DATE, now)] {
                if let Some(date) = http_date(moment, shape) {
                    response.headers_mut().insert(name, date);
                }
            }
        }
    }
    response
}

/// A moment as HTTP writes dates, of the clock that the replies show.
pub(super) fn http_date(moment: Timestamp, shape: Shape) -> Option<HeaderValue> {
    let seconds = ShapedTime(moment, shape).shown().as_unix_millis().div_euclid(1_000);
    let moment = jiff::Timestamp::from_second(seconds).ok()?;
    let text = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&moment);
    HeaderValue::from_str(&text.ok()?).ok()
}

fn encode_json(body: &impl Serialize) -> Bytes {
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
