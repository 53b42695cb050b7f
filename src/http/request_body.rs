//! Reads the body of a request, whole and within bounds.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::{Bytes, BytesMut};
use futures_core::Stream;

use crate::domain::error_code::ErrorCode;
use crate::sandbox::command::Refusal;

/// The most bytes that an endpoint takes (our ruling).
pub(super) const MOST_BYTES: usize = 16 * 1_024;
/// What is beyond the limit is read and thrown away up to here, so that a client which sends
/// first and reads then still gets its answer.
const MOST_DISCARDED: usize = 64 * 1_024 * 1_024;

/// Reads to the end. The reply to a request whose body nobody read would close the connection,
/// so every request's body is read, even if only its head decides. At most `most` bytes are taken.
///
/// # Errors
/// The refusal of a body that is too large, ends early or takes too long.
pub(super) async fn read(
    payload: &mut Payload,
    most: usize,
    timeout: Duration,
) -> Result<Bytes, Refusal> {
    if matches!(payload, Payload::None) {
        return Ok(Bytes::new());
    }
    let mut reading = pin!(read_to_end(payload, most));
    // Mostly the body came with its head, and then no timer is needed.
    let at_once = poll_fn(|context| Poll::Ready(reading.as_mut().poll(context))).await;
    if let Poll::Ready(body) = at_once {
        return body;
    }
    Box::pin(tokio::time::timeout(timeout, reading)).await.unwrap_or_else(|_| {
        Err(Refusal::new(
            ErrorCode::InvalidRequest,
            format!(
                "the body did not arrive whole within {} s; send as many bytes as Content-Length says",
                timeout.as_secs_f32()
            ),
        ))
    })
}

async fn read_to_end(payload: &mut Payload, most: usize) -> Result<Bytes, Refusal> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    let mut total = 0;
    while let Some(chunk) = poll_fn(|context| Pin::new(&mut *payload).poll_next(context)).await {
        let chunk = chunk.map_err(|error| {
            let what = match error {
                PayloadError::Incomplete(_) => format!("the body broke off after {total} bytes"),
                _ => {
                    format!("the body cannot be read after {total} bytes: its chunks are malformed")
                }
            };
            Refusal::new(ErrorCode::InvalidRequest, format!("{what}; send it whole"))
        })?;
        total += chunk.len();
        if total > MOST_DISCARDED {
            break;
        }
        if total <= most {
            // Nearly every body is one chunk, which then needs no copy.
            if first.is_empty() {
                first = chunk;
            } else {
                rest.extend_from_slice(&chunk);
            }
        }
    }
    if total > most {
        let message = format!("the body has over {most} bytes; a call needs a few hundred");
        return Err(Refusal::new(ErrorCode::PayloadTooLarge, message));
    }
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::from(&first[..]);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}
