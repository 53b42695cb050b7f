//! What the tests share: a server of their own each, and a client as a company would write it.

use std::panic::{UnwindSafe, catch_unwind};

use ringer::scenario::Clock;
use ringer::{Server, ServerBuilder};
use serde_json::Value;

use crate::document::{self, Exchange};

/// A server with a frozen clock, so that a test's own hands move the time.
pub(crate) fn frozen() -> ServerBuilder {
    Server::builder().clock(Clock::frozen())
}

/// Starts a server; a test cannot go on without one.
pub(crate) fn start(builder: ServerBuilder) -> Server {
    builder.start().expect("the server starts")
}

/// A reply as the client sees it.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u64>,
    pub(crate) allow: Option<String>,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Reply {
    /// The `code` of an error reply; empty on success.
    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// The `message` of an error reply.
    pub(crate) fn message(&self) -> &str {
        self.json["message"].as_str().unwrap_or_default()
    }

    /// The `rental_id` of a rentNumber reply.
    pub(crate) fn rental_id(&self) -> String {
        self.json["rental_id"].as_str().unwrap_or_else(|| panic!("no rental: {self:?}")).to_owned()
    }

    /// The texts of the messages of a getSMS reply, in their order.
    pub(crate) fn texts(&self) -> Vec<String> {
        let messages = self.json["messages"].as_array();
        let messages = messages.unwrap_or_else(|| panic!("no messages: {self:?}"));
        messages.iter().map(|sms| sms["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// `refund_amount` as it is written.
    pub(crate) fn refund(&self) -> String {
        let (_, rest) = self.text.split_once("\"refund_amount\":").unwrap_or_default();
        rest.trim_end_matches('}').to_owned()
    }

    /// What getNumbers says is available in a country.
    pub(crate) fn available(&self, country: &str) -> u64 {
        let lines = self.json["numbers"].as_array().expect("a listing");
        let line = lines.iter().find(|line| line["country"] == country);
        line.and_then(|line| line["available"].as_u64()).expect("the country is listed")
    }
}

/// A client with one api_key.
#[derive(Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    url: String,
    key: String,
}

impl Client {
    pub(crate) fn new(server: &Server, key: &str) -> Self {
        Self::at(&server.url(), key)
    }

    pub(crate) fn at(url: &str, key: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let agent = ureq::Agent::new_with_config(config);
        Self { agent, url: url.to_owned(), key: key.to_owned() }
    }

    pub(crate) fn get(&self, path_and_query: &str) -> Reply {
        self.read("GET", path_and_query, b"", self.agent.get(self.at_path(path_and_query)).call())
    }

    pub(crate) fn get_with_header(&self, path: &str, name: &str, value: &str) -> Reply {
        let reply = self.agent.get(self.at_path(path)).header(name, value).call();
        self.read("GET", path, b"", reply)
    }

    pub(crate) fn get_with_body(&self, path: &str, content_type: &str, body: &str) -> Reply {
        let request = self.agent.get(self.at_path(path)).force_send_body();
        self.read("GET", path, body.as_bytes(), request.content_type(content_type).send(body))
    }

    pub(crate) fn post(&self, path: &str, content_type: &str, body: impl AsRef<[u8]>) -> Reply {
        let request = self.agent.post(self.at_path(path)).content_type(content_type);
        self.read("POST", path, body.as_ref(), request.send(body.as_ref()))
    }

    pub(crate) fn post_json(&self, path: &str, body: &Value) -> Reply {
        self.post(path, "application/json", body.to_string())
    }

    pub(crate) fn get_numbers(&self) -> Reply {
        self.get(&format!("/getNumbers?api_key={}", self.key))
    }

    pub(crate) fn rent(&self, country: &str) -> Reply {
        self.post_json("/rentNumber", &serde_json::json!({"api_key": self.key, "country": country}))
    }

    pub(crate) fn rent_for(&self, country: &str, service: &str) -> Reply {
        let body = serde_json::json!({"api_key": self.key, "country": country, "service": service});
        self.post_json("/rentNumber", &body)
    }

    pub(crate) fn poll(&self, rental_id: &str) -> Reply {
        self.get(&format!("/getSMS?api_key={}&rental_id={rental_id}", self.key))
    }

    pub(crate) fn cancel(&self, rental_id: &str) -> Reply {
        let body = serde_json::json!({"api_key": self.key, "rental_id": rental_id});
        self.post_json("/cancelNumber", &body)
    }
}

/// The headers of a reply as text.
pub(crate) fn headers(reply: &ureq::http::Response<ureq::Body>) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers = reply.headers().iter();
    headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
}

impl Client {
    fn at_path(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    #[track_caller]
    fn read(
        &self,
        method: &str,
        target: &str,
        sent: &[u8],
        reply: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Reply {
        let mut reply = reply.expect("the server answers");
        let exchange = Exchange {
            address: self.url.trim_start_matches("http://").to_owned(),
            method: method.to_owned(),
            target: target.to_owned(),
            sent: sent.to_owned(),
            status: reply.status().as_u16(),
            headers: headers(&reply),
            body: reply.body_mut().read_to_string().expect("the body is text"),
        };
        document::witness(&exchange);
        Reply::of(&exchange)
    }
}

impl Reply {
    fn of(exchange: &Exchange) -> Self {
        let header = |name: &str| exchange.header(name).map(str::to_owned);
        let (retry_after, allow) = (header("retry-after"), header("allow"));
        let (status, text, json) = (exchange.status, exchange.body.clone(), exchange.json());
        let retry_after = retry_after.map(|value| value.parse().expect("whole seconds"));
        Self { status, retry_after, allow, text, json }
    }
}

/// What a panic says.
#[track_caller]
pub(crate) fn panic_of<T>(make: impl FnOnce() -> T + UnwindSafe) -> String {
    let Err(payload) = catch_unwind(make) else { panic!("no panic") };
    payload.downcast_ref::<String>().expect("a formatted message").clone()
}
