//! A client that sees all of a reply: its headers, and redirects as they come.

use ringer::Server;
use ringer::scenario::Endpoint;
use serde_json::{Value, json};

use crate::document::{self, Exchange};
use crate::support;

/// A client with one api_key.
pub(crate) struct Caller {
    agent: ureq::Agent,
    url: String,
    key: String,
}

/// A reply as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    headers: ureq::http::HeaderMap,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        assert!(self.headers.get_all(name).iter().count() < 2, "{name} comes twice: {self:?}");
        self.headers.get(name).map(|value| value.to_str().expect("it is text"))
    }

    /// The `code` of an error reply; empty on success.
    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// The `rental_id` of a rentNumber reply.
    pub(crate) fn id(&self) -> &str {
        self.json["rental_id"].as_str().unwrap_or_else(|| panic!("no rental: {self:?}"))
    }
}

impl Caller {
    pub(crate) fn new(server: &Server, key: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent = ureq::Agent::new_with_config(config.build());
        Self { agent, url: server.url(), key: key.to_owned() }
    }

    /// The same, with another key.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self { agent: self.agent.clone(), url: self.url.clone(), key: key.to_owned() }
    }

    pub(crate) fn call(&self, endpoint: Endpoint, parameters: &[(&str, &str)]) -> Seen {
        self.prefer(endpoint, parameters, &[])
    }

    /// With these `Prefer` headers.
    pub(crate) fn prefer(
        &self,
        endpoint: Endpoint,
        parameters: &[(&str, &str)],
        preferences: &[&str],
    ) -> Seen {
        self.try_call(endpoint, parameters, preferences).expect("the server answers")
    }

    /// The same, where there may be no reply.
    pub(crate) fn try_call(
        &self,
        endpoint: Endpoint,
        parameters: &[(&str, &str)],
        preferences: &[&str],
    ) -> Result<Seen, ureq::Error> {
        let key = [("api_key", self.key.as_str())];
        let key = key.into_iter().filter(|(_, key)| !key.is_empty());
        let parameters: Vec<(&str, &str)> = key.chain(parameters.iter().copied()).collect();
        let url = format!("{}{}", self.url, endpoint.path());
        let mut reply = if endpoint.reads_query() {
            let mut request = self.agent.get(url).query_pairs(parameters);
            for preference in preferences {
                request = request.header("prefer", *preference);
            }
            request.call()?
        } else {
            let mut request = self.agent.post(url);
            for preference in preferences {
                request = request.header("prefer", *preference);
            }
            request.send_form(parameters)?
        };
        let text = reply.body_mut().read_to_string()?;
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
        document::witness(&Exchange {
            address: self.url.trim_start_matches("http://").to_owned(),
            method: endpoint.method().to_owned(),
            target: endpoint.path().to_owned(),
            // Which parameters stand where is the endpoint's own business.
            sent: json!({"api_key": self.key}).to_string().into_bytes(),
            status,
            headers: support::headers(&reply),
            body: text.clone(),
        });
        Ok(Seen { status, headers, text, json })
    }

    pub(crate) fn rent(&self, country: &str) -> Seen {
        self.call(Endpoint::RentNumber, &[("country", country)])
    }

    pub(crate) fn poll(&self, id: &str) -> Seen {
        self.call(Endpoint::GetSms, &[("rental_id", id)])
    }

    pub(crate) fn cancel(&self, id: &str) -> Seen {
        self.call(Endpoint::CancelNumber, &[("rental_id", id)])
    }

    pub(crate) fn list(&self) -> Seen {
        self.call(Endpoint::GetNumbers, &[])
    }
}
