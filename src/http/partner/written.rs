//! The documented replies as they are written: exactly these fields, in the documented order, in
//! the shape that the scenario gives them.

use actix_http::Response;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, DATE, HeaderValue, RETRY_AFTER};
use actix_web::web::Bytes;
use jiff::tz::Offset;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::domain::country::CountryCode;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::rental_id::RentalId;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::command::{Refusal, Reply, RetryAfter};
use crate::sandbox::inbox::Inbox;
use crate::sandbox::stock::{Listed, Listing};
use crate::scenario::shape::Shape;
use crate::scenario::{NoMessages, TimeStyle};

/// A field that the documentation does not know.
type Extra = Option<&'static str>;

const EXTRA: &str = "a field that the documentation does not know";

#[derive(Serialize)]
#[serde(untagged)]
enum Body<'a> {
    Numbers {
        status: &'a str,
        numbers: Vec<NumbersLine>,
        #[serde(skip_serializing_if = "Option::is_none")]
        extra: Extra,
    },
    Rented {
        status: &'a str,
        number: Number,
        rental_id: RentalId,
        expires_at: Time,
        country: CountryCode,
        #[serde(skip_serializing_if = "Option::is_none")]
        extra: Extra,
    },
    Messages {
        status: &'a str,
        #[serde(skip_serializing_if = "Messages::are_absent")]
        messages: Messages<'a>,
        number: Number,
        #[serde(skip_serializing_if = "Option::is_none")]
        extra: Extra,
    },
    Cancelled {
        status: &'a str,
        message: &'a str,
        rental_id: RentalId,
        refund_amount: Amount,
        #[serde(skip_serializing_if = "Option::is_none")]
        extra: Extra,
    },
    Refused {
        status: &'a str,
        code: &'a str,
        message: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        extra: Extra,
    },
}

#[derive(Serialize)]
struct NumbersLine {
    country: CountryCode,
    country_name: &'static str,
    available: u32,
    price_per_sms: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Extra,
}

#[derive(Serialize)]
struct Message<'a> {
    sender: &'a str,
    text: &'a str,
    received_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Extra,
}

/// A price or a refund.
struct Amount(Money, Shape);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(money, shape) = self;
        if shape.price_as_string {
            serializer.collect_str(money)
        } else {
            money.serialize(serializer)
        }
    }
}

struct Number(PhoneNumber, Shape);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(number, shape) = self;
        if shape.number_without_plus {
            serializer.serialize_str(number.to_string().trim_start_matches('+'))
        } else {
            number.serialize(serializer)
        }
    }
}

struct Time(Timestamp, Shape);

impl Time {
    fn shown(&self) -> Timestamp {
        let Self(at, shape) = self;
        Timestamp::from_unix_millis(at.as_unix_millis().saturating_add(shape.skew_millis))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let at = self.shown();
        // A moment is always one that jiff can write.
        let fine = || jiff::Timestamp::from_millisecond(at.as_unix_millis()).unwrap_or_default();
        match self.1.timestamps {
            TimeStyle::Utc => at.serialize(serializer),
            TimeStyle::Naive => serializer.serialize_str(at.to_string().trim_end_matches('Z')),
            TimeStyle::Offset => {
                let whole = jiff::Timestamp::from_second(fine().as_second()).unwrap_or_default();
                serializer.collect_str(&whole.display_with_offset(Offset::constant(2)))
            }
            TimeStyle::Nanoseconds => serializer.collect_str(&format_args!("{:.9}", fine())),
        }
    }
}

struct Messages<'a>(&'a [Sms], Shape);

impl Messages<'_> {
    fn are_absent(&self) -> bool {
        self.0.is_empty() && self.1.no_messages == NoMessages::Absent
    }
}

impl Serialize for Messages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(messages, shape) = self;
        match shape.no_messages {
            NoMessages::Null if messages.is_empty() => return serializer.serialize_none(),
            NoMessages::Object if messages.is_empty() => {
                return serializer.serialize_map(Some(0))?.end();
            }
            _ => {}
        }
        let written = messages.iter().map(|sms| Message {
            sender: &sms.sender,
            text: &sms.text,
            received_at: Time(sms.received_at, *shape),
            extra: extra(*shape),
        });
        if shape.newest_first {
            serializer.collect_seq(written.rev())
        } else {
            serializer.collect_seq(written)
        }
    }
}

fn extra(shape: Shape) -> Extra {
    shape.extra_field.then_some(EXTRA)
}

/// Writes a success.
pub(super) fn reply(reply: &Reply, shape: Shape) -> Response<BoxBody> {
    let (status, extra) = ("success", extra(shape));
    let body = match reply {
        Reply::Numbers(listing) => {
            listing.encoded.get_or_init(|| encode_listing(listing, shape)).clone()
        }
        Reply::Rented { number, rental_id, expires_at, country } => encode(&Body::Rented {
            status,
            number: Number(*number, shape),
            rental_id: *rental_id,
            expires_at: Time(*expires_at, shape),
            country: *country,
            extra,
        }),
        // Only what is as documented is the same each time: a scenario's shape may take turns.
        Reply::Messages(inbox) if shape == Shape::default() => {
            inbox.encoded.get_or_init(|| encode_inbox(inbox, shape)).clone()
        }
        Reply::Messages(inbox) => encode_inbox(inbox, shape),
        Reply::Cancelled { rental_id, refund } => encode(&Body::Cancelled {
            status,
            message: "Number rental cancelled successfully",
            rental_id: *rental_id,
            refund_amount: Amount(*refund, shape),
            extra,
        }),
    };
    json(StatusCode::OK, body)
}

fn encode_listing(listing: &Listing, shape: Shape) -> Bytes {
    let line = |listed: &Listed| NumbersLine {
        country: listed.country,
        country_name: listed.country.name(),
        available: listed.available,
        price_per_sms: Amount(listed.price, shape),
        extra: extra(shape),
    };
    let numbers = listing.lines.iter().map(line).collect();
    encode(&Body::Numbers { status: "success", numbers, extra: extra(shape) })
}

fn encode_inbox(inbox: &Inbox, shape: Shape) -> Bytes {
    encode(&Body::Messages {
        status: "success",
        messages: Messages(&inbox.messages, shape),
        number: Number(inbox.number, shape),
        extra: extra(shape),
    })
}

/// Writes a refusal.
pub(super) fn refused(refusal: &Refusal, shape: Shape) -> Response<BoxBody> {
    let status = if shape.errors_as_200 { 200 } else { refusal.code.status() };
    refused_with(status, refusal, shape)
}

/// Writes a refusal with any status.
pub(super) fn refused_with(status: u16, refusal: &Refusal, shape: Shape) -> Response<BoxBody> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (code, message) = (refusal.code.as_str(), &refusal.message);
    let body = Body::Refused { status: "error", code, message, extra: extra(shape) };
    let mut response = json(status, encode(&body));
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
    let seconds = Time(moment, shape).shown().as_unix_millis().div_euclid(1_000);
    let moment = jiff::Timestamp::from_second(seconds).ok()?;
    let text = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&moment);
    HeaderValue::from_str(&text.ok()?).ok()
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
