//! Validates the `Host` header, as RFC 9112 (3.2) requires.

use std::net::Ipv6Addr;

use actix_http::header::{self, HeaderValue};
use actix_http::{HttpMessage, Request};

use crate::domain::error_code::ErrorCode;
use crate::sandbox::command::Refusal;

/// Refuses a `Host` that is neither a name nor an address. actix-http has already checked that there
/// is exactly one.
pub(super) fn check(request: &Request) -> Result<(), Refusal> {
    match request.headers().get(header::HOST) {
        Some(host) if !is_valid(host.as_bytes()) => Err(refusal(host)),
        _ => Ok(()),
    }
}

fn refusal(host: &HeaderValue) -> Refusal {
    let sent: String = String::from_utf8_lossy(host.as_bytes()).chars().take(80).collect();
    let message = format!(
        "the Host {sent:?} is not a host name or address with an optional port; send the one in the \
         URL, such as 127.0.0.1:7464"
    );
    Refusal::new(ErrorCode::InvalidRequest, message)
}

/// `uri-host [":" port]` of RFC 3986. It may be empty.
fn is_valid(host: &[u8]) -> bool {
    if let Some(rest) = host.strip_prefix(b"[") {
        let Some(end) = rest.iter().position(|byte| *byte == b']') else { return false };
        return is_ipv6(&rest[..end]) && is_port(&rest[end + 1..]);
    }
    let end = host.iter().position(|byte| *byte == b':').unwrap_or(host.len());
    is_name(&host[..end]) && is_port(&host[end..])
}

fn is_name(name: &[u8]) -> bool {
    let mut rest = name;
    while let [byte, after @ ..] = rest {
        rest = match (byte, after) {
            (b'%', [a, b, after @ ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => after,
            (byte, after) if byte.is_ascii_alphanumeric() => after,
            (byte, after) if b"-._~!$&'()*+,;=".contains(byte) => after,
            _ => return false,
        };
    }
    true
}

/// May have a zone: `fe80::1%eth0`.
fn is_ipv6(address: &[u8]) -> bool {
    let (address, zone) = match address.iter().position(|byte| *byte == b'%') {
        Some(at) => address.split_at(at),
        None => (address, &b""[..]),
    };
    let is_address = str::from_utf8(address).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok());
    is_address && (zone.is_empty() || is_name(&zone[1..]))
}

fn is_port(port: &[u8]) -> bool {
    match port {
        [] => true,
        [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}
