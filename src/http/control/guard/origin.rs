//! The origin of a web page.

use std::fmt;
use std::net::Ipv6Addr;
use std::num::NonZeroU16;
use std::str::FromStr;

use actix_web::http::header::HeaderValue;

use super::host_pattern;

/// The origin of a web page, as browsers write it: `http://localhost:3000`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Origin(String);

impl Origin {
    pub(super) fn to_header(&self) -> HeaderValue {
        // The text is ASCII, so this never falls back.
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("null"))
    }

    /// `authority` is a host and optionally a port.
    fn read(scheme: &str, authority: &str) -> Option<Self> {
        let scheme = scheme.to_ascii_lowercase();
        let usual_port = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            _ => return None,
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
                (host, Some(port.parse::<NonZeroU16>().ok().filter(|_| is_number)?))
            }
            _ => (authority, None),
        };
        let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(address) => format!("[{}]", address.parse::<Ipv6Addr>().ok()?),
            None => Some(host.to_ascii_lowercase()).filter(|host| host_pattern::is_name(host))?,
        };
        Some(Self(match port {
            Some(port) if port.get() != usual_port => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        }))
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let bare = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        match (Self::read(scheme, bare), text) {
            (_, "null") => Err(format!(
                "{text:?} is what every page without an origin sends; serve your page over http and \
                 write its origin, such as http://localhost:3000"
            )),
            (Some(origin), _) if text.len() == scheme.len() + "://".len() + bare.len() => {
                Ok(origin)
            }
            (Some(origin), _) => {
                Err(format!("{text:?} is not what a browser sends as Origin; write {origin}"))
            }
            (None, _) => Err(format!(
                "{text:?} is not the origin of a web page; write http://localhost:3000, for example"
            )),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
