//! Reads the body of a request, up to a limit.

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

/// The longest body of a partner API request (our ruling).
pub(super) const MOST_BYTES: usize = 16 * 1_024;
/// Bytes beyond the limit are read and discarded up to this many, so that a client that sends its
/// whole body before it reads still gets the reply.
const MOST_DISCARDED: usize = 64 * 1_024 * 1_024;

/// Reads a body of at most `most` bytes. Call it even if the head alone decides the reply: an unread
/// body closes the connection.
pub(super) async fn read(
    payload: &mut Payload,
    most: usize,
    timeout: Duration,
) -> Result<Bytes, Refusal> {
    if matches!(payload, Payload::None) {
        return Ok(Bytes::new());
    }
    let mut reading = pin!(read_to_end(payload, most));
    // The body usually arrives with the head, and then needs no timer.
    let at_once = poll_fn(|context| Poll::Ready(reading.as_mut().poll(context))).await;
    if let Poll::Ready(body) = at_once {
        return body;
    }
    Box::pin(tokio::time::timeout(timeout, reading)).await.unwrap_or_else(|_| {
        Err(Refusal::new(
            ErrorCode::InvalidRequest,
            format!(
                "the body did not arrive within {} s; send as many bytes as Content-Length says",
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
                PayloadError::Incomplete(_) => format!("the body ended early, after {total} bytes"),
                _ => {
                    format!("the body is malformed after {total} bytes: its chunks cannot be read")
                }
            };
            Refusal::new(ErrorCode::InvalidRequest, format!("{what}; send all of it"))
        })?;
        total += chunk.len();
        if total > MOST_DISCARDED {
            break;
        }
        if total <= most {
            // Nearly every body is one chunk, which needs no copy.
            if first.is_empty() {
                first = chunk;
            } else {
                rest.extend_from_slice(&chunk);
            }
        }
    }
    if total > most {
        let message = format!("the body is longer than {most} bytes; a call needs a few hundred");
        return Err(Refusal::new(ErrorCode::PayloadTooLarge, message));
    }
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::from(&first[..]);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}
