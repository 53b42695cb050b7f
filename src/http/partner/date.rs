//! Dates as HTTP writes them, on the clock of a sandbox.

use std::cell::RefCell;

use actix_web::http::header::HeaderValue;

use super::dto::ShapedTime;
use crate::domain::timestamp::Timestamp;
use crate::scenario::shape::Shape;

thread_local! {
    /// The date that this thread wrote last, and its second: many replies share one.
    static LAST: RefCell<Option<(i64, HeaderValue)>> = const { RefCell::new(None) };
}

/// The time as replies of this shape show it.
pub(super) fn http_date(time: Timestamp, shape: Shape) -> Option<HeaderValue> {
    let second = ShapedTime(time, shape).shown().as_unix_millis().div_euclid(1_000);
    LAST.with_borrow_mut(|last| {
        if let Some((known, date)) = last
            && *known == second
        {
            return Some(date.clone());
        }
        let date = write(second)?;
        *last = Some((second, date.clone()));
        Some(date)
    })
}

fn write(second: i64) -> Option<HeaderValue> {
    let time = jiff::Timestamp::from_second(second).ok()?;
    let text = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time);
    HeaderValue::from_maybe_shared(actix_web::web::Bytes::from(text.ok()?)).ok()
}
