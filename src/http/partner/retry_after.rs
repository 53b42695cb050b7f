//! The `Retry-After` header, and dates as HTTP writes them.

use actix_http::header::HeaderMap;
use actix_web::http::header::{DATE, HeaderValue, RETRY_AFTER};

use super::dto::ShapedTime;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::command::RetryAfter;
use crate::scenario::shape::Shape;

/// Adds `Retry-After`. As a date it is relative to the sandbox's clock, so `Date` shows that clock.
pub(super) fn insert(headers: &mut HeaderMap, retry_after: RetryAfter, shape: Shape) {
    match retry_after {
        RetryAfter::In(duration) => {
            let seconds = HeaderValue::from(duration.as_seconds_rounded_up());
            headers.insert(RETRY_AFTER, seconds);
        }
        RetryAfter::At { at, now } => {
            for (name, time) in [(RETRY_AFTER, at), (DATE, now)] {
                if let Some(date) = http_date(time, shape) {
                    headers.insert(name, date);
                }
            }
        }
    }
}

/// The time as the replies of this shape show it, as an HTTP date.
pub(super) fn http_date(time: Timestamp, shape: Shape) -> Option<HeaderValue> {
    let seconds = ShapedTime(time, shape).shown().as_unix_millis().div_euclid(1_000);
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    let text = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time);
    HeaderValue::from_str(&text.ok()?).ok()
}
