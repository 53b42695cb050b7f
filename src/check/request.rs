//! A request, as it is sent and as a shell command that repeats it.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::base_url::BaseUrl;
use super::key::Key;
use crate::curl::{Curl, Word};
use crate::domain::endpoint::Endpoint;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    Ours,
    Other,
}

impl Account {
    /// The shell variable that is shown instead of the key.
    pub(super) const fn variable(self) -> &'static str {
        match self {
            Self::Ours => "$RINGER_API_KEY",
            Self::Other => "$RINGER_OTHER_API_KEY",
        }
    }
}

/// A key as it is sent and as it is shown.
#[derive(Clone, Debug)]
pub(super) struct Credential {
    pub(super) sent: String,
    pub(super) shown: Word,
}

impl Credential {
    pub(super) fn secret(key: &Key, account: Account) -> Self {
        Self::shown_as(key.as_str(), account.variable())
    }

    /// `expansion` is what the shell makes the key from.
    pub(super) fn shown_as(sent: &str, expansion: &'static str) -> Self {
        Self { sent: sent.to_owned(), shown: Word::default().expansion(expansion) }
    }

    /// A wrong key, which is no secret.
    pub(super) fn plain(text: &str) -> Self {
        Self { sent: text.to_owned(), shown: text.into() }
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

#[derive(Clone, Debug)]
enum Body {
    None,
    Parameters(Encoding),
    /// [`KEY`] in the bytes stands for the key.
    Raw {
        content_type: Option<&'static str>,
        bytes: Vec<u8>,
    },
}

const KEY: &str = "{key}";

#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: &'static str,
    path: &'static str,
    query: Vec<(String, String)>,
    query_key: Option<Credential>,
    /// Added to the query without encoding.
    raw_query: Option<&'static str>,
    fields: Vec<(String, Value)>,
    body_key: Option<Credential>,
    body: Body,
}

impl Request {
    /// A call of an endpoint by its method, without parameters.
    pub(super) fn to(endpoint: Endpoint, encoding: Encoding) -> Self {
        let body = if endpoint.reads_query() { Body::None } else { Body::Parameters(encoding) };
        Self {
            method: endpoint.method(),
            path: endpoint.path(),
            query: Vec::new(),
            query_key: None,
            raw_query: None,
            fields: Vec::new(),
            body_key: None,
            body,
        }
    }

    fn has_body(&self) -> bool {
        !matches!(self.body, Body::None)
    }

    /// Adds a key where the endpoint reads it.
    pub(super) fn key(mut self, key: Credential) -> Self {
        if self.has_body() {
            self.body_key = Some(key);
            return self;
        }
        self.key_in_query(key)
    }

    /// Adds a key to the query, even if the endpoint reads the body.
    pub(super) fn key_in_query(mut self, key: Credential) -> Self {
        self.query_key = Some(key);
        self
    }

    /// Adds a parameter where the endpoint reads it.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        match self.has_body() {
            true => self.fields.push((name.to_owned(), value)),
            false => self.query.push((name.to_owned(), text(&value))),
        }
        self
    }

    /// Adds text to the query as it is, percent signs and all.
    pub(super) fn raw_query(mut self, text: &'static str) -> Self {
        self.raw_query = Some(text);
        self
    }

    /// Replaces the body. `{key}` in it stands for the key.
    pub(super) fn raw_body(
        mut self,
        content_type: Option<&'static str>,
        bytes: impl Into<Vec<u8>>,
    ) -> Self {
        self.body = Body::Raw { content_type, bytes: bytes.into() };
        self
    }

    pub(super) fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    /// Whether it may make a rental.
    pub(super) fn is_rent(&self) -> bool {
        self.method == "POST" && self.path == Endpoint::RentNumber.path()
    }

    pub(super) fn url(&self, base: &BaseUrl) -> String {
        let key = self.query_key.iter().map(|key| form_pair("api_key", &key.sent));
        let query = self.query.iter().map(|(name, value)| form_pair(name, value));
        let raw = self.raw_query.map(str::to_owned);
        let pairs: Vec<String> = key.chain(query).chain(raw).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", base.at(self.path), pairs.join("&"))
    }

    /// The body with its content type.
    pub(super) fn body(&self) -> Option<(Option<&'static str>, Vec<u8>)> {
        let key = self.body_key.as_ref().map(|key| key.sent.as_str());
        match &self.body {
            Body::None => None,
            Body::Raw { content_type, bytes } => {
                let key = key.unwrap_or_default();
                let key = match content_type.is_some_and(|kind| kind.ends_with("json")) {
                    true => Value::from(key).to_string().trim_matches('"').to_owned(),
                    false => encoded(key),
                };
                Some((*content_type, around_key(bytes).join(key.as_bytes())))
            }
            Body::Parameters(encoding) => {
                let body = match encoding {
                    Encoding::Json => self.json(key),
                    Encoding::Form => self.form(key),
                };
                Some((Some(encoding.content_type()), body.into_bytes()))
            }
        }
    }

    fn json(&self, key: Option<&str>) -> String {
        let key = key.map(|key| ("api_key".to_owned(), key.into()));
        Value::Object(key.into_iter().chain(self.fields.iter().cloned()).collect()).to_string()
    }

    fn form(&self, key: Option<&str>) -> String {
        let key = key.map(|key| form_pair("api_key", key));
        let fields = self.fields.iter().map(|(name, value)| form_pair(name, &text(value)));
        key.into_iter().chain(fields).collect::<Vec<_>>().join("&")
    }

    /// A shell command that sends it again, with variables for secret keys.
    pub(super) fn curl(&self, base: &BaseUrl) -> String {
        let curl = Curl::new().flag("-s");
        if !self.has_body() && self.method == "GET" {
            let is_empty = self.query_key.is_none() && self.query.is_empty();
            let curl = if is_empty { curl } else { curl.flag("-G") };
            let raw = self.raw_query.map(|query| format!("?{query}")).unwrap_or_default();
            let curl = curl.argument(base.at(self.path) + &raw);
            let query = self.query.iter().map(|(name, value)| (name.as_str(), value.clone()));
            return with_pairs(curl, self.query_key.as_ref(), query).to_string();
        }
        let curl = match (self.has_body(), self.method) {
            (true, "POST") => curl,
            (_, method) => curl.option("-X", method),
        };
        // The shell cannot percent-encode the key here.
        let url = Self { query_key: None, ..self.clone() }.url(base);
        let url = match &self.query_key {
            None => url.into(),
            Some(key) => {
                let mark = if url.contains('?') { '&' } else { '?' };
                Word::from(format!("{url}{mark}api_key=")).word(&key.shown)
            }
        };
        self.curl_body(curl.argument(url)).to_string()
    }

    fn curl_body(&self, curl: Curl) -> Curl {
        let shown = self.body_key.as_ref().map(|key| key.shown.clone()).unwrap_or_default();
        match &self.body {
            Body::None => curl,
            Body::Parameters(Encoding::Form) => {
                let fields = self.fields.iter().map(|(name, value)| (name.as_str(), text(value)));
                with_pairs(curl, self.body_key.as_ref(), fields)
            }
            Body::Parameters(Encoding::Json) => {
                // Cannot occur in JSON, which escapes control characters.
                const MARK: &str = "\u{1}";
                let json = self.json(self.body_key.as_ref().map(|_| MARK));
                let parts: Vec<&str> = json.split("\\u0001").collect();
                curl.option("-H", "content-type: application/json")
                    .option("-d", joined(&parts, &shown))
            }
            Body::Raw { content_type, bytes } => {
                let header = format!("content-type:{}", content_type.unwrap_or_default());
                curl.option("-H", header)
                    .option("--data-binary", joined(&around_key(bytes), &shown))
            }
        }
    }
}

fn with_pairs<'a>(
    curl: Curl,
    key: Option<&Credential>,
    pairs: impl Iterator<Item = (&'a str, String)>,
) -> Curl {
    let curl = match key {
        Some(key) => curl.option("--data-urlencode", Word::from("api_key=").word(&key.shown)),
        None => curl,
    };
    pairs.fold(curl, |curl, (name, value)| {
        curl.option("--data-urlencode", format!("{name}={value}"))
    })
}

/// The parts with the key between them.
fn joined(parts: &[impl AsRef<[u8]>], key: &Word) -> Word {
    let mut parts = parts.iter();
    let first = parts.next().map_or_else(Word::default, Word::from);
    parts.fold(first, |word, part| word.word(key).literal(part))
}

/// Raw bytes, split where the key stands.
fn around_key(bytes: &[u8]) -> Vec<&[u8]> {
    let at = bytes.windows(KEY.len()).position(|window| window == KEY.as_bytes());
    at.map_or_else(|| vec![bytes], |at| vec![&bytes[..at], &bytes[at + KEY.len()..]])
}

fn form_pair(name: &str, value: &str) -> String {
    format!("{}={}", encoded(name), encoded(value))
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A parameter as text, for a query or a form.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
