//! From what became of a call to the reply: the documented one, or what stands in its place.

use actix_http::Response;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, DATE, HeaderValue, LOCATION};
use actix_web::web::Bytes;

use super::encode;
use crate::sandbox::faults::FaultAction;
use crate::sandbox::outcome::CallOutcome;
use crate::scenario::BodyKind;

/// Writes what the client gets. What is done to it on the wire comes later.
///
/// `target`: the path and query that were asked for, which a redirect keeps.
pub(super) fn write(outcome: &CallOutcome, target: &str) -> Response<BoxBody> {
    let shape = outcome.shape;
    let mut response = match &outcome.override_action {
        Some(FaultAction::Status(status, BodyKind::Json, refusal)) => {
            encode::refusal_with_status(status.get(), refusal, shape)
        }
        Some(FaultAction::Status(status, BodyKind::Html, _)) => page(status.get()),
        Some(FaultAction::Status(status, BodyKind::Empty, _)) => empty(status.get()),
        Some(FaultAction::Redirect(redirect)) => {
            let mut response = empty(redirect.status());
            if let Ok(target) = HeaderValue::from_str(target) {
                response.headers_mut().insert(LOCATION, target);
            }
            response
        }
        Some(FaultAction::Wire(..) | FaultAction::Refuse(_)) | None => match &outcome.answer {
            Ok(reply) => encode::reply(reply, shape),
            Err(refusal) => encode::refusal(refusal, shape),
        },
    };
    // A server whose clock is wrong dates its replies by it.
    if shape.skew_millis != 0
        && let Some(now) = outcome.at
        && let Some(date) = encode::http_date(now, shape)
    {
        response.headers_mut().insert(DATE, date);
    }
    response
}

fn empty(status: u16) -> Response<BoxBody> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Response::with_body(status, BoxBody::new(Bytes::new()))
}

/// A page as proxies send it.
fn page(status: u16) -> Response<BoxBody> {
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
