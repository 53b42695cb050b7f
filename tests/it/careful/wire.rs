//! What goes over the wire, and what can be made of that which comes back.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ringer::scenario::Money;
use serde_json::{Value, json};
use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body};

use crate::document::{self, Exchange};
use crate::support;

/// What the partner said.
#[derive(Debug)]
pub(crate) enum Said {
    /// The body says success, and is whole.
    Success(Value),
    /// It refused; an HTTP status without a code of the API is `HTTP_503` or the like.
    Refused { code: String, retry_after: Option<u64> },
    /// Nothing that could be understood: whether the request took effect is unknown.
    Unclear,
}

pub(crate) struct Wire {
    agent: Agent,
    url: String,
    key: String,
}

impl Wire {
    pub(crate) fn new(url: &str, key: &str) -> Self {
        let agent = agent(Duration::from_secs(10));
        Self { agent, url: url.to_owned(), key: key.to_owned() }
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.agent = agent(timeout);
    }

    pub(crate) fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Said {
        let mut request = self.agent.get(format!("{}{path}", self.url)).query("api_key", &self.key);
        for (name, value) in parameters {
            request = request.query(name, value);
        }
        request.call().map_or(Said::Unclear, |reply| self.understand("GET", path, reply))
    }

    /// A redirected POST is sent again with its body, where most HTTP clients would make a GET of
    /// it or drop the body; and never to another host, for the body holds the key.
    pub(crate) fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Said {
        let form: Vec<_> = [("api_key", self.key.as_str())]
            .into_iter()
            .chain(parameters.iter().copied())
            .collect();
        let mut target = format!("{}{path}", self.url);
        for _ in 0..4 {
            let Ok(reply) = self.agent.post(&target).send_form(form.clone()) else {
                return Said::Unclear;
            };
            if !matches!(reply.status().as_u16(), 301 | 302 | 307 | 308) {
                return self.understand("POST", path, reply);
            }
            let to = header(reply.headers(), "location").unwrap_or_default();
            match to.strip_prefix(&self.url).unwrap_or(to) {
                path if path.starts_with('/') && !path.starts_with("//") => {
                    target = format!("{}{path}", self.url);
                }
                _ => return Said::Unclear,
            }
        }
        Said::Unclear
    }
}

/// A connection of its own for each request: what a broken reply left behind in a kept one cannot
/// spoil the next. A status is no error, and a redirect is not followed unseen.
fn agent(timeout: Duration) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(timeout))
        .max_idle_connections(0)
        .http_status_as_error(false)
        .max_redirects(0);
    Agent::new_with_config(config.build())
}

impl Wire {
    /// The body decides and not the status: some partners send every error under 200, and a proxy
    /// sends an error in HTML.
    fn understand(&self, method: &str, path: &str, mut reply: Response<Body>) -> Said {
        let status = reply.status().as_u16();
        let retry_after = retry_after(reply.headers());
        let headers = support::headers(&reply);
        let text = reply.body_mut().read_to_string();
        let text = if let Ok(text) = text {
            document::witness(&Exchange {
                address: self.url.trim_start_matches("http://").to_owned(),
                method: method.to_owned(),
                target: path.to_owned(),
                sent: json!({"api_key": self.key}).to_string().into_bytes(),
                status,
                headers,
                body: text.clone(),
            });
            text
        } else {
            String::new()
        };
        let json: Value = serde_json::from_str(&text).unwrap_or_default();
        match json["code"].as_str() {
            _ if json["status"] == "success" && status < 300 => Said::Success(json),
            Some(code) => Said::Refused { code: code.to_owned(), retry_after },
            None if status >= 400 => Said::Refused { code: format!("HTTP_{status}"), retry_after },
            None => Said::Unclear,
        }
    }
}

/// How many seconds to wait. A date is counted from the reply's own `Date`, not from our clock.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let told = header(headers, "retry-after")?;
    let dated = || {
        let seconds = |name| http_date(header(headers, name)?);
        u64::try_from(seconds("retry-after")? - seconds("date")?).ok()
    };
    told.parse().ok().or_else(dated)
}

fn http_date(text: &str) -> Option<i64> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    parser.parse_timestamp(text).ok().map(Timestamp::as_second)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// An amount as a number or as text; never by way of a float, which would lose a cent some day.
pub(crate) fn money(value: &Value) -> Option<Money> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// A time in whole seconds, with any offset; one without is meant in UTC. Only to be compared with
/// other times of the same partner.
pub(crate) fn moment(value: &Value) -> Option<i64> {
    let text = value.as_str()?;
    let naive = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    let moment = text.parse::<Timestamp>().ok().or_else(|| Some(naive()?.timestamp()))?;
    Some(moment.as_second())
}
