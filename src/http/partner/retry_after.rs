//! The `Retry-After` header.

use actix_http::header::HeaderMap;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};

use super::date::http_date;
use crate::sandbox::command::RetryAfter;
use crate::scenario::shape::Shape;

/// Adds `Retry-After`. As a date it is on the sandbox's clock, as `Date` is.
pub(super) fn insert(headers: &mut HeaderMap, retry_after: RetryAfter, shape: Shape) {
    match retry_after {
        RetryAfter::In(duration) => {
            let seconds = HeaderValue::from(duration.as_seconds_rounded_up());
            headers.insert(RETRY_AFTER, seconds);
        }
        RetryAfter::At { at, .. } => {
            if let Some(date) = http_date(at, shape) {
                headers.insert(RETRY_AFTER, date);
            }
        }
    }
}
