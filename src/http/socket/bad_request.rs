//! Replies to requests that actix-http cannot read.

use actix_http::Response;
use actix_web::body::{BodySize, BoxBody, MessageBody};

use super::Connection;
use super::inbound_filter::{InboundFilter, MAX_TARGET, Protocol};
use crate::domain::error_code::ErrorCode;
use crate::http::log;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadRequest {
    /// The client has not sent a byte, so it gets no reply.
    Silent,
    Malformed,
    TooSlow,
    TooLong,
    Tls,
    Http2,
}

/// How actix-http's own replies to such requests begin.
const ACTIX_REPLIES: [(&str, u16, BadRequest); 3] = [
    ("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n", 400, BadRequest::Malformed),
    ("HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n", 408, BadRequest::TooSlow),
    (
        "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n",
        431,
        BadRequest::TooLong,
    ),
];

/// Announces a reply of ours if it looks like one of actix-http's own.
pub(crate) fn announce(reply: &Response<BoxBody>, connection: &Connection) {
    let is_empty = reply.body().size() == BodySize::Sized(0);
    if is_empty && ACTIX_REPLIES.iter().any(|(_, status, _)| *status == reply.status().as_u16()) {
        connection.expect_lookalike();
    }
}

/// Finds actix-http's own error reply, and returns the replies before it and its reason. The first
/// `lookalikes` finds are replies of ours.
pub(super) fn find<'a>(
    written: &'a [u8],
    lookalikes: usize,
    inbound: &InboundFilter,
) -> Option<(&'a [u8], BadRequest)> {
    let finds = (0..written.len()).filter_map(|at| {
        let own = ACTIX_REPLIES.iter().find(|own| written[at..].starts_with(own.0.as_bytes()));
        own.map(|(_, _, reason)| (&written[..at], *reason))
    });
    // actix-http writes nothing after its own reply.
    let (before, reason) = finds.skip(lookalikes).last()?;
    let reason = match (reason, inbound.protocol()) {
        (_, None) => BadRequest::Silent,
        (BadRequest::Malformed, Some(Protocol::Tls)) => BadRequest::Tls,
        (BadRequest::Malformed, Some(Protocol::Http2)) => BadRequest::Http2,
        // actix-http does not say that the target was the problem.
        (BadRequest::Malformed, _) if inbound.had_overlong_line() => BadRequest::TooLong,
        (reason, _) => reason,
    };
    Some((before, reason))
}

impl BadRequest {
    /// Logs the request and encodes the reply in the style of the partner API.
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

    /// What is wrong and what to do; needs no escaping in JSON.
    fn message(self, connection: &Connection) -> String {
        match self {
            Self::Silent => String::new(),
            Self::Malformed => "the request is not valid HTTP/1.1; check its request line, its \
                                headers (exactly one Host) and its framing"
                .to_owned(),
            Self::TooSlow => {
                "the request did not arrive in time; send the whole head at once".to_owned()
            }
            Self::TooLong => format!(
                "the request line and headers are too long: the limit is {MAX_TARGET} bytes for the \
                 target, 131072 with all headers, and 96 headers; a call needs a few hundred bytes"
            ),
            Self::Tls => {
                format!(
                    "the client speaks TLS, but this port speaks plain HTTP; use {}",
                    url(connection)
                )
            }
            Self::Http2 => format!(
                "the client speaks HTTP/2, but this server speaks HTTP/1.1; make it use HTTP/1.1 at {}",
                url(connection)
            ),
        }
    }
}

fn url(connection: &Connection) -> String {
    let address = connection.with(tokio::net::TcpStream::local_addr);
    address.map_or_else(|_| "http://".to_owned(), |address| format!("http://{address}"))
}
