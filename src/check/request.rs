//! A request, and the line for a shell that sends it again.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::base_url::BaseUrl;
use super::key::Key;
use crate::domain::endpoint::Endpoint;

/// Whose account is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    Ours,
    Other,
}

impl Account {
    /// The variable of the shell that stands for the key.
    pub(super) const fn variable(self) -> &'static str {
        match self {
            Self::Ours => "$RINGER_API_KEY",
            Self::Other => "$RINGER_OTHER_API_KEY",
        }
    }
}

/// A key as it is sent and as it is shown: what a shell makes the key of, between double quotes.
#[derive(Clone, Debug)]
pub(super) struct Credential {
    pub(super) sent: String,
    pub(super) shown: String,
}

impl Credential {
    pub(super) fn of(key: &Key, who: Account) -> Self {
        Self { sent: key.as_str().to_owned(), shown: who.variable().to_owned() }
    }

    /// One that is no secret.
    pub(super) fn plain(text: &str) -> Self {
        Self { sent: text.to_owned(), shown: text.to_owned() }
    }
}

/// How a POST carries its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Json,
    Form,
}

impl Encoding {
    pub(super) const ALL: [Self; 2] = [Self::Json, Self::Form];

    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }
}

/// What a request carries after its head.
#[derive(Clone, Debug)]
pub(super) enum Body {
    None,
    Parameters(Encoding),
    /// These bytes, as they are; [`KEY`] in them is the key.
    Raw {
        content_type: Option<&'static str>,
        bytes: Vec<u8>,
    },
}

/// Stands in raw bytes for the key.
const KEY: &str = "{key}";

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: &'static str,
    path: &'static str,
    /// Stands in the query, whatever the method.
    query: Vec<(String, String)>,
    query_key: Option<Credential>,
    /// Stands in the query as it is written.
    raw_query: Option<&'static str>,
    body_key: Option<Credential>,
    fields: Vec<(String, Value)>,
    body: Body,
}

impl Request {
    /// A call of an endpoint by its method, with no parameter yet.
    pub(super) fn to(endpoint: Endpoint, encoding: Encoding) -> Self {
        let body = if endpoint.reads_query() { Body::None } else { Body::Parameters(encoding) };
        Self {
            method: endpoint.method(),
            path: endpoint.path(),
            query: Vec::new(),
            query_key: None,
            raw_query: None,
            body_key: None,
            fields: Vec::new(),
            body,
        }
    }

    fn reads_query(&self) -> bool {
        matches!(self.body, Body::None)
    }

    /// With a key where the endpoint reads it.
    pub(super) fn key(mut self, key: Credential) -> Self {
        if self.reads_query() {
            self.query_key = Some(key);
        } else {
            self.body_key = Some(key);
        }
        self
    }

    /// With a key in the query, whatever the endpoint reads.
    pub(super) fn key_in_query(mut self, key: Credential) -> Self {
        self.query_key = Some(key);
        self
    }

    /// With a parameter where the endpoint reads it.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        if self.reads_query() {
            self.query.push((name.to_owned(), plain(&value)));
        } else {
            self.fields.push((name.to_owned(), value));
        }
        self
    }

    /// With text in the query as it is written, percent signs and all.
    pub(super) fn raw_query(mut self, text: &'static str) -> Self {
        self.raw_query = Some(text);
        self
    }

    /// With these bytes for a body.
    pub(super) fn raw_body(
        mut self,
        content_type: Option<&'static str>,
        bytes: impl Into<Vec<u8>>,
    ) -> Self {
        self.body = Body::Raw { content_type, bytes: bytes.into() };
        self
    }

    /// By another method.
    pub(super) fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    /// Whether it may make a rental.
    pub(super) fn is_rent(&self) -> bool {
        self.method == "POST" && self.path == Endpoint::RentNumber.path()
    }

    pub(super) fn url(&self, base: &BaseUrl) -> String {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pair = |name: &str, value: &str| format!("{}={}", encode(name), encode(value));
        let key = self.query_key.iter().map(|key| pair("api_key", &key.sent));
        let query = self.query.iter().map(|(name, value)| pair(name, value));
        let pairs: Vec<String> =
            key.chain(query).chain(self.raw_query.map(str::to_owned)).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", base.at(self.path), pairs.join("&"))
    }

    /// The body as it is sent, with its content type.
    pub(super) fn body(&self) -> Option<(Option<&'static str>, Vec<u8>)> {
        match &self.body {
            Body::None => None,
            Body::Raw { content_type, bytes } => {
                let sent = self.body_key.as_ref().map_or("", |key| &key.sent);
                let sent = match content_type.is_some_and(|kind| kind.ends_with("json")) {
                    true => Value::from(sent).to_string().trim_matches('"').to_owned(),
                    false => utf8_percent_encode(sent, NON_ALPHANUMERIC).to_string(),
                };
                Some((*content_type, around_key(bytes).join(sent.as_bytes())))
            }
            Body::Parameters(encoding) => {
                let key = self.body_key.as_ref().map(|key| key.sent.as_str());
                let bytes = match encoding {
                    Encoding::Json => self.json(key),
                    Encoding::Form => self.form(key),
                };
                Some((Some(encoding.content_type()), bytes.into_bytes()))
            }
        }
    }

    fn json(&self, key: Option<&str>) -> String {
        let mut object = serde_json::Map::new();
        if let Some(key) = key {
            object.insert("api_key".into(), key.into());
        }
        object.extend(self.fields.iter().cloned());
        Value::Object(object).to_string()
    }

    fn form(&self, key: Option<&str>) -> String {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let key = key.map(|key| ("api_key".to_owned(), key.to_owned()));
        let fields = self.fields.iter().map(|(name, value)| (name.clone(), plain(value)));
        let pairs = key.into_iter().chain(fields);
        let pairs = pairs.map(|(name, value)| format!("{}={}", encode(&name), encode(&value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// The line for a shell that sends it again.
    pub(super) fn curl(&self, base: &BaseUrl) -> String {
        let mut line = String::from("curl -s");
        let in_query = self.query_key.is_some() || !self.query.is_empty();
        match (self.reads_query(), self.method) {
            (true, "GET") if in_query => line.push_str(" -G"),
            (true, "GET") | (false, "POST") => {}
            (_, method) => line += &format!(" -X {method}"),
        }
        let shown_query = self.raw_query.map(|query| format!("?{query}")).unwrap_or_default();
        if self.reads_query() && self.method == "GET" {
            line += &format!(" {}", quoted(&format!("{}{shown_query}", base.at(self.path))));
            if let Some(key) = &self.query_key {
                line += &format!(" --data-urlencode \"api_key={}\"", key.shown);
            }
            for (name, value) in &self.query {
                line += &format!(" --data-urlencode {}", quoted(&format!("{name}={value}")));
            }
            return line;
        }
        // The key may have characters that a URL must not have; a shell cannot encode them here.
        let mut bare = self.clone();
        let shown = bare.query_key.take().map(|key| key.shown);
        let url = bare.url(base);
        match shown {
            Some(shown) => {
                let mark = if url.contains('?') { "&" } else { "?" };
                line += &format!(" {}\"{mark}api_key={shown}\"", quoted(&url));
            }
            None => line += &format!(" {}", quoted(&url)),
        }
        line + &self.curl_body()
    }

    fn curl_body(&self) -> String {
        let mut text = String::new();
        match &self.body {
            Body::None => {}
            Body::Parameters(Encoding::Form) => {
                if let Some(key) = &self.body_key {
                    text += &format!(" --data-urlencode \"api_key={}\"", key.shown);
                }
                for (name, value) in &self.fields {
                    let pair = format!("{name}={}", plain(value));
                    text += &format!(" --data-urlencode {}", quoted(&pair));
                }
            }
            Body::Parameters(Encoding::Json) => {
                const HERE: &str = "\u{1}";
                let json = quoted(&self.json(self.body_key.as_ref().map(|_| HERE)));
                let shown = self.body_key.as_ref().map_or("", |key| &key.shown);
                // serde_json writes a control character as an escape.
                let json = json.replace("\\u0001", &format!("'\"{shown}\"'"));
                text += &format!(" -H 'content-type: application/json' -d {json}");
            }
            Body::Raw { content_type, bytes } => {
                text += &format!(" -H 'content-type:{}'", content_type.unwrap_or_default());
                let parts: Vec<String> = around_key(bytes).into_iter().map(ansi_quoted).collect();
                let shown = self.body_key.as_ref().map_or("", |key| &key.shown);
                text += &format!(" --data-binary {}", parts.join(&format!("\"{shown}\"")));
            }
        }
        text
    }
}

/// A parameter where there are only texts.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Raw bytes, parted where the key stands.
fn around_key(bytes: &[u8]) -> Vec<&[u8]> {
    let at = bytes.windows(KEY.len()).position(|window| window == KEY.as_bytes());
    at.map_or_else(|| vec![bytes], |at| vec![&bytes[..at], &bytes[at + KEY.len()..]])
}

/// A word of a shell.
fn quoted(text: &str) -> String {
    if text.chars().any(char::is_control) {
        return ansi_quoted(text.as_bytes());
    }
    format!("'{}'", shortened(text).replace('\'', r"'\''"))
}

/// A word of a shell in which any byte may stand.
fn ansi_quoted(bytes: &[u8]) -> String {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'\'' | b'\\');
    if bytes.iter().all(plain) {
        return quoted(&String::from_utf8_lossy(bytes));
    }
    let escaped = bytes.iter().take(MOST_SHOWN).map(|byte| {
        if plain(byte) { char::from(*byte).to_string() } else { format!("\\x{byte:02x}") }
    });
    let more = if bytes.len() > MOST_SHOWN { "…" } else { "" };
    format!("$'{}{more}'", escaped.collect::<String>())
}

const MOST_SHOWN: usize = 300;

/// A long value says no more than its beginning and its length.
fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length <= MOST_SHOWN {
        return text.to_owned();
    }
    let start: String = text.chars().take(MOST_SHOWN / 2).collect();
    format!("{start}… ({length} characters)")
}
