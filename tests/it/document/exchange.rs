//! A request and its reply, as they went over the wire.

use serde_json::Value;

/// What the document is held against.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exchange {
    /// Where the server listens, without a scheme.
    pub(crate) address: String,
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// What was sent as a body.
    pub(crate) sent: Vec<u8>,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Exchange {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// What the body is, without its parameters.
    pub(crate) fn kind(&self) -> &str {
        let kind = self.header("content-type").unwrap_or_default();
        kind.split(';').next().unwrap_or_default().trim()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// The api_key that it was sent with, in whichever place.
    pub(crate) fn api_key(&self) -> Option<String> {
        let query = self.target.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let body = String::from_utf8_lossy(&self.sent).into_owned();
        let json: Value = serde_json::from_str(&body).unwrap_or(Value::Null);
        let pair = |text: &str| {
            let mut pairs = text.split('&').filter_map(|pair| pair.split_once('='));
            let (_, value) = pairs.find(|(name, _)| *name == "api_key")?;
            let value = value.replace('+', " ");
            Some(percent_encoding::percent_decode_str(&value).decode_utf8().ok()?.into_owned())
        };
        let part = || {
            let (_, rest) = body.split_once("name=\"api_key\"\r\n\r\n")?;
            Some(rest.split_once("\r\n")?.0.to_owned())
        };
        pair(query).or(json["api_key"].as_str().map(str::to_owned)).or_else(part).or(pair(&body))
    }
}
