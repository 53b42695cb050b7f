//! Where the server is.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ureq::http::Uri;

/// The part of a URL before `/getNumbers`, such as `https://staging.example.com/sms`. It has no
/// trailing `/`, query, fragment or password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    text: String,
    host: String,
}

impl BaseUrl {
    /// The URL of a path that begins with `/`.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// Whether it leads to this machine only, so that nobody else can be harmed.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let is_local_name = host == "localhost" || host.ends_with(".localhost");
        is_local_name || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for BaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| {
            format!(
                "{text:?} is not a base URL: {why}; give one such as https://staging.example.com"
            )
        };
        let uri: Uri = text.parse().map_err(|_| wrong("it is not a URL"))?;
        let (Some("http" | "https"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong("it begins with neither http:// nor https://"));
        };
        if authority.as_str().contains('@') {
            return Err(wrong("it must not have a user name or password"));
        }
        if uri.query().is_some() || text.contains('#') {
            return Err(wrong("it must not have a query or a fragment"));
        }
        if authority.host().is_empty() {
            return Err(wrong("it has no host"));
        }
        let has_port = authority.as_str().len() > authority.host().len();
        if has_port && authority.port_u16().is_none() {
            return Err(wrong("its port is not a number from 1 to 65535"));
        }
        let host = authority.host().to_ascii_lowercase();
        Ok(Self { text: text.trim_end_matches('/').to_owned(), host })
    }
}
