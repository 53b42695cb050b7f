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
    /// `{key}` in the bytes stands for the key.
    Raw {
        content_type: Option<&'static str>,
        bytes: Vec<u8>,
    },
}

#[derive(Clone, Debug)]
struct Parameter {
    name: String,
    value: Value,
    /// How the value is shown, if it is a key.
    shown: Option<Word>,
}

impl Parameter {
    fn key(key: Credential) -> Self {
        Self { name: "api_key".to_owned(), value: key.sent.into(), shown: Some(key.shown) }
    }

    /// The value for a query or a form.
    fn text(&self) -> String {
        self.value.as_str().map_or_else(|| self.value.to_string(), str::to_owned)
    }

    fn encoded(&self) -> String {
        format!("{}={}", encode(&self.name), encode(&self.text()))
    }
}

#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: &'static str,
    path: &'static str,
    query: Vec<Parameter>,
    /// Added to the query without encoding.
    raw_query: Option<&'static str>,
    fields: Vec<Parameter>,
    body: Body,
}

impl Request {
    /// A call of an endpoint by its method, without parameters.
    pub(super) fn to(endpoint: Endpoint, encoding: Encoding) -> Self {
        Self {
            method: endpoint.method(),
            path: endpoint.path(),
            query: Vec::new(),
            raw_query: None,
            fields: Vec::new(),
            body: if endpoint.reads_query() { Body::None } else { Body::Parameters(encoding) },
        }
    }

    /// The parameters that the endpoint reads.
    fn parameters(&mut self) -> &mut Vec<Parameter> {
        if matches!(self.body, Body::None) { &mut self.query } else { &mut self.fields }
    }

    /// Adds a key where the endpoint reads it.
    pub(super) fn key(mut self, key: Credential) -> Self {
        self.parameters().insert(0, Parameter::key(key));
        self
    }

    /// Adds a key to the query, even if the endpoint reads the body.
    pub(super) fn key_in_query(mut self, key: Credential) -> Self {
        self.query.push(Parameter::key(key));
        self
    }

    /// Adds a parameter where the endpoint reads it.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let parameter = Parameter { name: name.to_owned(), value: value.into(), shown: None };
        self.parameters().push(parameter);
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
        let pairs = self.query.iter().map(Parameter::encoded);
        let pairs: Vec<String> = pairs.chain(self.raw_query.map(str::to_owned)).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", base.at(self.path), pairs.join("&"))
    }

    /// The body with its content type.
    pub(super) fn body(&self) -> Option<(Option<&'static str>, Vec<u8>)> {
        match &self.body {
            Body::None => None,
            Body::Parameters(encoding) => {
                let body = match encoding {
                    Encoding::Json => self.json(|field| field.value.clone()).into_bytes(),
                    Encoding::Form => {
                        let pairs: Vec<String> =
                            self.fields.iter().map(Parameter::encoded).collect();
                        pairs.join("&").into_bytes()
                    }
                };
                Some((Some(encoding.content_type()), body))
            }
            Body::Raw { content_type, bytes } => {
                let key = self.fields.first().map(Parameter::text).unwrap_or_default();
                let key = match content_type.is_some_and(|kind| kind.ends_with("json")) {
                    true => Value::from(key).to_string().trim_matches('"').to_owned(),
                    false => encode(&key),
                };
                Some((*content_type, around_key(bytes).join(key.as_bytes())))
            }
        }
    }

    fn json(&self, value: impl Fn(&Parameter) -> Value) -> String {
        let fields = self.fields.iter().map(|field| (field.name.clone(), value(field)));
        Value::Object(fields.collect()).to_string()
    }

    /// A shell command that sends it again, with variables for secret keys.
    pub(super) fn curl(&self, base: &BaseUrl) -> String {
        let curl = Curl::new().flag("-s");
        if let (Body::None, "GET") = (&self.body, self.method) {
            let curl = if self.query.is_empty() { curl } else { curl.flag("-G") };
            let raw = self.raw_query.map(|query| format!("?{query}")).unwrap_or_default();
            return encoded_by_curl(curl.argument(base.at(self.path) + &raw), &self.query);
        }
        let curl = match (&self.body, self.method) {
            (Body::Parameters(_) | Body::Raw { .. }, "POST") => curl,
            (_, method) => curl.option("-X", method),
        };
        let curl = curl.argument(self.shown_url(base));
        let key = self.fields.first().and_then(|field| field.shown.clone()).unwrap_or_default();
        match &self.body {
            Body::None => curl.to_string(),
            Body::Parameters(Encoding::Form) => encoded_by_curl(curl, &self.fields),
            Body::Parameters(Encoding::Json) => {
                // Cannot occur in JSON, which escapes control characters.
                let value = |field: &Parameter| match &field.shown {
                    Some(_) => "\u{1}".into(),
                    None => field.value.clone(),
                };
                let json = self.json(value);
                let parts: Vec<&str> = json.split("\\u0001").collect();
                let curl = curl.option("-H", "content-type: application/json");
                curl.option("-d", joined(&parts, &key)).to_string()
            }
            Body::Raw { content_type, bytes } => {
                let header = format!("content-type:{}", content_type.unwrap_or_default());
                let body = joined(&around_key(bytes), &key);
                curl.option("-H", header).option("--data-binary", body).to_string()
            }
        }
    }

    /// The shell cannot percent-encode a key here, so it stands as it is.
    fn shown_url(&self, base: &BaseUrl) -> Word {
        let query = self.query.iter().filter(|one| one.shown.is_none()).cloned().collect();
        let url = Self { query, ..self.clone() }.url(base);
        match self.query.iter().find_map(|one| one.shown.as_ref()) {
            None => url.into(),
            Some(key) => {
                let mark = if url.contains('?') { '&' } else { '?' };
                Word::from(format!("{url}{mark}api_key=")).word(key)
            }
        }
    }
}

fn encoded_by_curl(curl: Curl, parameters: &[Parameter]) -> String {
    let add = |curl: Curl, parameter: &Parameter| {
        let value = parameter.shown.clone().unwrap_or_else(|| parameter.text().into());
        let pair = Word::from(format!("{}=", parameter.name)).word(&value);
        curl.option("--data-urlencode", pair)
    };
    parameters.iter().fold(curl, add).to_string()
}

/// The parts with the key between them.
fn joined(parts: &[impl AsRef<[u8]>], key: &Word) -> Word {
    let mut parts = parts.iter();
    let first = parts.next().map_or_else(Word::default, Word::from);
    parts.fold(first, |word, part| word.word(key).literal(part))
}

/// Raw bytes, split where the key stands.
fn around_key(bytes: &[u8]) -> Vec<&[u8]> {
    const KEY: &[u8] = b"{key}";
    let at = bytes.windows(KEY.len()).position(|window| window == KEY);
    at.map_or_else(|| vec![bytes], |at| vec![&bytes[..at], &bytes[at + KEY.len()..]])
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::{Credential, Encoding, Request};
    use crate::domain::endpoint::Endpoint;

    #[test]
    fn the_shell_command_names_the_variable_of_a_key_wherever_it_stands() {
        let key = || Credential::shown_as("secret", "$KEY");
        let base = "http://h".parse().expect("a base URL");
        let to = |endpoint| Request::to(endpoint, Encoding::Form);
        for (request, curl) in [
            (
                to(Endpoint::GetSms).key(key()).with("rental_id", "a b"),
                r#"curl -s -G http://h/getSMS --data-urlencode api_key="$KEY" --data-urlencode 'rental_id=a b'"#,
            ),
            (
                to(Endpoint::RentNumber).key(key()).with("country", "DE"),
                r#"curl -s http://h/rentNumber --data-urlencode api_key="$KEY" --data-urlencode country=DE"#,
            ),
            (
                Request::to(Endpoint::CancelNumber, Encoding::Json).key(key()).with("rental_id", 1),
                r#"curl -s http://h/cancelNumber -H 'content-type: application/json' -d '{"api_key":"'"$KEY"'","rental_id":1}'"#,
            ),
            (
                to(Endpoint::RentNumber).key_in_query(key()),
                r#"curl -s 'http://h/rentNumber?api_key='"$KEY""#,
            ),
            (
                to(Endpoint::CancelNumber).key(key()).raw_body(None, *b"{key}\xff"),
                r#"curl -s http://h/cancelNumber -H content-type: --data-binary ''"$KEY"$'\xff'"#,
            ),
            (
                to(Endpoint::GetNumbers).raw_query("x=1").method("DELETE"),
                "curl -s -X DELETE 'http://h/getNumbers?x=1'",
            ),
        ] {
            assert_eq!(request.curl(&base), curl);
        }
    }
}
