//! Performs faults on the wire, one match arm each.

use actix_http::{ConnectionType, Response};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, BytesMut};
use rand::Rng;

use super::Connection;
use super::dribble::DribbleBody;
use crate::sandbox::streams::stream;
use crate::scenario::fault::wire_fault::WireFault;

/// The length of a reply that is not HTTP.
const RANDOM_BYTES: usize = 256;

/// Performs `fault` on `reply`. `noise` is the seed of random data. When `stopping` resolves, a hanging
/// reply ends and a slow one is sent at once.
pub(crate) async fn perform(
    fault: WireFault,
    noise: u64,
    reply: Response<BoxBody>,
    connection: &Connection,
    stopping: impl Future<Output = ()> + 'static,
) -> Response<BoxBody> {
    let (head, body) = reply.into_parts();
    let body = body.try_into_bytes().unwrap_or_default();
    if let WireFault::Dribble(over) = fault {
        return head.set_body(BoxBody::new(DribbleBody::new(body, over.to_std(), stopping)));
    }
    connection.take_over().await;
    match fault {
        WireFault::Hang => {
            tokio::select! {
                () = connection.read_until_disconnect() => {}
                () = stopping => {}
            }
        }
        WireFault::EmptyResponse | WireFault::Dribble(_) => {}
        WireFault::ConnectionResetByPeer => connection.reset_at_end(),
        WireFault::RandomDataThenClose => connection.write(&random_data(noise)).await,
        WireFault::TruncatedBody(fraction) => {
            let length = format!("content-length: {}", body.len());
            let mut bytes = head_of(&head, &length);
            bytes.extend_from_slice(&body[..fraction.of(body.len()).min(body.len())]);
            connection.write(&bytes).await;
        }
        WireFault::MalformedResponseChunk => {
            let mut bytes = head_of(&head, "transfer-encoding: chunked");
            let first = &body[..body.len() / 2];
            bytes.extend_from_slice(format!("{:x}\r\n", first.len()).as_bytes());
            bytes.extend_from_slice(first);
            bytes.extend_from_slice(b"\r\nno chunk begins like this\r\n");
            connection.write(&bytes).await;
        }
    }
    // A hanging client was being read from all along.
    if !matches!(fault, WireFault::ConnectionResetByPeer | WireFault::Hang) {
        connection.close().await;
    }
    closing_response()
}

/// A reply that nobody reads: it makes actix-http end a connection that is taken over.
pub(crate) fn closing_response() -> Response<BoxBody> {
    let mut end = Response::with_body(StatusCode::NO_CONTENT, BoxBody::new(Bytes::new()));
    end.head_mut().set_connection_type(ConnectionType::Close);
    end
}

/// The head of a reply, with `about_body` as its last header.
fn head_of(head: &Response<()>, about_body: &str) -> BytesMut {
    let status = head.status();
    let reason = status.canonical_reason().unwrap_or_default();
    let mut bytes = BytesMut::new();
    bytes.extend_from_slice(format!("HTTP/1.1 {} {reason}\r\n", status.as_u16()).as_bytes());
    for (name, value) in head.headers() {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(about_body.as_bytes());
    bytes.extend_from_slice(b"\r\n\r\n");
    bytes
}

fn random_data(noise: u64) -> [u8; RANDOM_BYTES] {
    let mut data = [0; RANDOM_BYTES];
    stream(noise, "random data").fill_bytes(&mut data);
    // No status line starts with such a byte.
    data[0] |= 0x80;
    data
}
