//! Patterns of host names.

use std::net::IpAddr;
use std::str::FromStr;

/// The `Host` names that a server accepts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum HostPattern {
    /// `*`: any name.
    Any,
    /// `*.internal` or `.internal`: this name and every name below it.
    Domain(String),
    /// `ringer`: only this name or address.
    Name(String),
}

impl HostPattern {
    pub(super) fn matches(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        match self {
            Self::Any => true,
            Self::Domain(domain) => {
                let below = name.strip_suffix(domain.as_str());
                below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
            }
            Self::Name(known) => name == *known,
        }
    }

    fn read(text: &str) -> Option<Self> {
        // The port does not matter: DNS rebinding changes only what a name resolves to.
        let name = name_of(text).to_ascii_lowercase();
        // An unset variable turns `*.$DOMAIN` into `*.`.
        if name == "*" && !text.starts_with("*.") {
            return Some(Self::Any);
        }
        match name.strip_prefix("*.").or_else(|| name.strip_prefix('.')) {
            Some(domain) => is_name(domain).then(|| Self::Domain(domain.to_owned())),
            None => (is_name(&name) || is_address(&name)).then_some(Self::Name(name)),
        }
    }
}

impl FromStr for HostPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        Self::read(text).ok_or_else(|| {
            let bare = text.split_once("://").map_or(text, |(_, rest)| rest);
            let bare = bare.split(['/', '?', '#']).next().unwrap_or_default();
            let bare = bare.rsplit_once('@').map_or(bare, |(_, host)| host);
            let hint = match Self::read(bare) {
                Some(_) => format!("write {bare}"),
                None => {
                    "write ringer, *.internal (a domain and all names below it) or * (any)".into()
                }
            };
            format!("{text:?} is not a host name; {hint}")
        })
    }
}

/// The name in a `Host` header, without the port, the brackets of an IPv6 address, or the final dot of
/// an absolute name.
pub(super) fn name_of(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[')
        && let Some((address, port)) = rest.split_once(']')
        && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
    {
        return address;
    }
    let name = host.rsplit_once(':').filter(|(name, port)| !name.contains(':') && is_port(port));
    let name = name.map_or(host, |(name, _)| name);
    name.strip_suffix('.').unwrap_or(name)
}

/// Whether no web page can have this name: it is an address or `localhost`.
pub(super) fn is_local(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || is_address(name)
}

fn is_address(name: &str) -> bool {
    name.parse::<IpAddr>().is_ok()
}

fn is_port(text: &str) -> bool {
    // A URL may have a colon without a port (RFC 3986, 3.2.3).
    text.is_empty()
        || (text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok())
}

/// Whether this is a valid host name. Underscores are common in compose files.
pub(super) fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(is_plain);
    text.len() <= 253 && text.split('.').all(is_label)
}
