//! Encodes the outcome of a call as an HTTP reply: the documented one, or what a fault puts in its
//! place. Faults on the wire strike later, in `socket/fault.rs`.

use actix_http::Response;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, DATE, HeaderValue, LOCATION};
use actix_web::web::Bytes;
use serde::Serialize;

use super::date::http_date;
use super::dto::{
    CancellationDto, CountryDto, ErrorDto, MessagesDto, NumbersDto, RentalDto, ShapedMessages,
    ShapedMoney, ShapedNumber, ShapedTime, extra,
};
use super::retry_after;
use crate::sandbox::command::{Refusal, Reply};
use crate::sandbox::faults::FaultAction;
use crate::sandbox::inbox::Inbox;
use crate::sandbox::outcome::CallOutcome;
use crate::sandbox::stock::{ListedCountry, NumberListing};
use crate::scenario::BodyKind;
use crate::scenario::shape::Shape;

/// `target`: the path and query of the request, which a redirect repeats.
pub(crate) fn outcome(outcome: &CallOutcome, target: &str) -> Response<BoxBody> {
    let shape = outcome.shape;
    let mut response = match &outcome.override_action {
        Some(FaultAction::Status(status, BodyKind::Json, refusal)) => {
            refusal_with_status(status.get(), refusal, shape)
        }
        Some(FaultAction::Status(status, BodyKind::Html, _)) => proxy_page(status.get()),
        Some(FaultAction::Status(status, BodyKind::Empty, _)) => empty(status.get()),
        Some(FaultAction::Redirect(redirect)) => {
            let mut response = empty(redirect.status());
            if let Ok(target) = HeaderValue::from_str(target) {
                response.headers_mut().insert(LOCATION, target);
            }
            response
        }
        Some(FaultAction::Wire(..) | FaultAction::Refuse(_)) | None => match &outcome.answer {
            Ok(reply) => success(reply, shape),
            Err(refused) => refusal(refused, shape),
        },
    };
    // On the clock of the sandbox, also where that is wrong. Without a sandbox, actix-http dates it.
    if let Some(now) = outcome.at
        && let Some(date) = http_date(now, shape)
    {
        response.headers_mut().insert(DATE, date);
    }
    response
}

fn success(reply: &Reply, shape: Shape) -> Response<BoxBody> {
    let (status, extra) = ("success", extra(shape));
    let body = match reply {
        Reply::Numbers(listing) => {
            listing.encoded.get_or_init(|| listing_json(listing, shape)).clone()
        }
        Reply::Rented { number, rental_id, expires_at, country } => to_json(&RentalDto {
            status,
            number: ShapedNumber(*number, shape),
            rental_id: *rental_id,
            expires_at: ShapedTime(*expires_at, shape),
            country: *country,
            extra,
        }),
        // Only the documented shape can be cached: other shapes may alternate from reply to reply.
        Reply::Messages(inbox) if shape == Shape::default() => {
            inbox.encoded.get_or_init(|| inbox_json(inbox, shape)).clone()
        }
        Reply::Messages(inbox) => inbox_json(inbox, shape),
        Reply::Cancelled { rental_id, refund } => to_json(&CancellationDto {
            status,
            message: "Number rental cancelled successfully",
            rental_id: *rental_id,
            refund_amount: ShapedMoney(*refund, shape),
            extra,
        }),
    };
    json(StatusCode::OK, body)
}

fn listing_json(listing: &NumberListing, shape: Shape) -> Bytes {
    let country = |listed: &ListedCountry| CountryDto {
        country: listed.country,
        country_name: listed.country.name(),
        available: listed.available,
        price_per_sms: ShapedMoney(listed.price, shape),
        extra: extra(shape),
    };
    let numbers = listing.lines.iter().map(country).collect();
    to_json(&NumbersDto { status: "success", numbers, extra: extra(shape) })
}

fn inbox_json(inbox: &Inbox, shape: Shape) -> Bytes {
    to_json(&MessagesDto {
        status: "success",
        messages: ShapedMessages(&inbox.messages, shape),
        number: ShapedNumber(inbox.number, shape),
        extra: extra(shape),
    })
}

pub(super) fn refusal(refusal: &Refusal, shape: Shape) -> Response<BoxBody> {
    let status = if shape.errors_as_200 { 200 } else { refusal.code.status() };
    refusal_with_status(status, refusal, shape)
}

fn refusal_with_status(status: u16, refusal: &Refusal, shape: Shape) -> Response<BoxBody> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (code, message) = (refusal.code.as_str(), &refusal.message);
    let body = ErrorDto { status: "error", code, message, extra: extra(shape) };
    let mut response = json(status, to_json(&body));
    if let Some(retry_after) = refusal.retry_after {
        retry_after::insert(response.headers_mut(), retry_after, shape);
    }
    response
}

fn empty(status: u16) -> Response<BoxBody> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Response::with_body(status, BoxBody::new(Bytes::new()))
}

/// An HTML error page such as proxies send.
fn proxy_page(status: u16) -> Response<BoxBody> {
    let mut response = empty(status);
    let reason = response.status().canonical_reason().unwrap_or("Error");
    let page = format!(
        "<!DOCTYPE html>\n<html>\n<head><title>{status} {reason}</title></head>\n\
         <body>\n<h1>{status} {reason}</h1>\n<hr><p>edge-7.cdn.example</p>\n</body>\n</html>\n"
    );
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response.set_body(BoxBody::new(page))
}

fn to_json(body: &impl Serialize) -> Bytes {
    // Most replies fit without growing. Serialization cannot fail: every key is a string.
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
