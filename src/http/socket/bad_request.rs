//! What the dispatcher cannot read as HTTP, and what to say of it.

use actix_http::Response;
use actix_web::body::{BodySize, BoxBody, MessageBody};

use super::Connection;
use super::inbound_filter::{InboundFilter, MAX_TARGET, Protocol};
use crate::domain::error_code::ErrorCode;
use crate::http::log;

/// Why a request cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadRequest {
    /// To a client that has not sent a byte there is nothing to answer.
    Silent,
    Malformed,
    TooSlow,
    TooLong,
    Tls,
    Http2,
}

/// How the dispatcher's own replies to such requests begin.
const DISPATCHERS: [(&str, u16, BadRequest); 3] = [
    ("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n", 400, BadRequest::Malformed),
    ("HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n", 408, BadRequest::TooSlow),
    (
        "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n",
        431,
        BadRequest::TooLong,
    ),
];

/// Announces a reply of ours, where it looks like one that the dispatcher would have written.
pub(in crate::http) fn announce(reply: &Response<BoxBody>, connection: &Connection) {
    let is_empty = reply.body().size() == BodySize::Sized(0);
    if is_empty && DISPATCHERS.iter().any(|(_, status, _)| *status == reply.status().as_u16()) {
        connection.expect_lookalike();
    }
}

/// All replies before the dispatcher's last one, and why that one was written. `None` where it is no
/// refusal, or one of `lookalikes` replies of ours.
pub(super) fn find<'a>(
    written: &'a [u8],
    lookalikes: usize,
    inbound: &InboundFilter,
) -> Option<(&'a [u8], BadRequest)> {
    let finds = (0..written.len()).filter_map(|at| {
        let own = DISPATCHERS.iter().find(|own| written[at..].starts_with(own.0.as_bytes()));
        own.map(|(_, _, reason)| (&written[..at], *reason))
    });
    // Behind its own the dispatcher writes nothing more.
    let (before, reason) = finds.skip(lookalikes).last()?;
    let reason = match (reason, inbound.protocol()) {
        (_, None) => BadRequest::Silent,
        (BadRequest::Malformed, Some(Protocol::Tls)) => BadRequest::Tls,
        (BadRequest::Malformed, Some(Protocol::Http2)) => BadRequest::Http2,
        // The dispatcher does not say that it was the target which it could not read.
        (BadRequest::Malformed, _) if inbound.had_overlong_line() => BadRequest::TooLong,
        (reason, _) => reason,
    };
    Some((before, reason))
}

impl BadRequest {
    /// Logs the refusal, and writes it in the style of the API.
    pub(super) fn write(self, connection: &Connection) -> Vec<u8> {
        let status_line = match self {
            Self::Silent => return Vec::new(),
            Self::Malformed | Self::Tls | Self::Http2 => "400 Bad Request",
            Self::TooSlow => "408 Request Timeout",
            Self::TooLong => "431 Request Header Fields Too Large",
        };
        let message = self.message(connection);
        let status = status_line.split(' ').next().unwrap_or_default();
        match self {
            Self::Tls | Self::Http2 => log::wrong_protocol(status, &message),
            _ => log::bad_request(status, &message),
        }
        let code = ErrorCode::InvalidRequest.as_str();
        let body =
            format!("{{\"status\":\"error\",\"code\":\"{code}\",\"message\":\"{message}\"}}");
        format!(
            "HTTP/1.1 {status_line}\r\ncontent-length: {}\r\nconnection: close\r\n\
             content-type: application/json\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }

    /// What was wrong and what to do; it needs no escape in JSON.
    fn message(self, connection: &Connection) -> String {
        match self {
            Self::Silent => String::new(),
            Self::Malformed => "the request cannot be read as HTTP/1.1; check its request line, \
                                its headers (Host once) and its framing"
                .to_owned(),
            Self::TooSlow => {
                "the request did not arrive in time; send its head at once and whole".to_owned()
            }
            Self::TooLong => format!(
                "the request line and headers are too long: a request target has at most \
                 {MAX_TARGET} bytes, with all headers at most 131072, and there are at most 96 \
                 headers; a call needs a few hundred bytes"
            ),
            Self::Tls => {
                format!("the client speaks TLS, and this port plain HTTP; use {}", url(connection))
            }
            Self::Http2 => format!(
                "the client speaks HTTP/2, and this server HTTP/1.1; let it use HTTP/1.1 at {}",
                url(connection)
            ),
        }
    }
}

/// The URL that the client meant.
fn url(connection: &Connection) -> String {
    let address = connection.with(tokio::net::TcpStream::local_addr);
    address.map_or_else(|_| "http://".to_owned(), |address| format!("http://{address}"))
}
