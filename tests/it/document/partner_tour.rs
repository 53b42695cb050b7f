//! The part of the tour that leads through the partner API: each code of each endpoint, by a scenario
//! where it comes by itself, else on demand.

use ringer::ScenarioChoice;
use ringer::scenario::*;
use serde_json::{Value, json};

use super::tour::{How, Seen, Tour};
use crate::support::{frozen, start};

fn begin(scenario: impl Into<ScenarioChoice>) -> Tour {
    Tour::on(start(frozen().scenario(scenario)))
}

impl Tour {
    /// A call of an endpoint with these parameters, as JSON or in the query.
    #[track_caller]
    fn call(&mut self, name: &str, endpoint: Endpoint, parameters: &Value) -> Value {
        self.prefer(name, endpoint, parameters, "")
    }

    #[track_caller]
    fn prefer(&mut self, name: &str, endpoint: Endpoint, parameters: &Value, wish: &str) -> Value {
        let header = (!wish.is_empty()).then_some(("prefer", wish));
        let request = (endpoint.method(), endpoint.path());
        if !endpoint.reads_query() {
            let how = How { kind: "application/json", header };
            return self.send(name, endpoint.name(), request, parameters.to_string(), how);
        }
        let how = How { header, ..How::default() };
        self.send(name, endpoint.name(), (request.0, &with_query(request.1, parameters)), "", how)
    }

    fn rent(&mut self) -> String {
        let rented = self.call(
            "a rental",
            Endpoint::RentNumber,
            &json!({"api_key": "ci-1", "country": "US"}),
        );
        rented["rental_id"].as_str().expect("a rental").to_owned()
    }

    fn advance(&self, span: VirtualDuration) {
        self.server.sandbox("ci-1").expect("it is there").clock().advance(span);
    }
}

fn with_query(path: &str, parameters: &Value) -> String {
    let pairs = parameters.as_object().expect("parameters").iter();
    let pairs = pairs.map(|(name, value)| format!("{name}={}", value.as_str().expect("a text")));
    format!("{path}?{}", pairs.collect::<Vec<String>>().join("&"))
}

/// All of it.
pub(super) fn all() -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut tour = begin("happy-path");
    life(&mut tour);
    encodings(&mut tour);
    refusals(&mut tour);
    seen.extend(tour.seen);
    for (scenario, play) in stories() {
        let mut tour = begin(scenario);
        let id = tour.rent();
        let rental = json!({"api_key": "ci-1", "rental_id": id});
        play(&mut tour, &rental);
        seen.extend(tour.seen);
    }
    seen
}

/// From the listing to the cancel.
fn life(tour: &mut Tour) {
    let key = json!({"api_key": "ci-1"});
    tour.call("all countries", Endpoint::GetNumbers, &key);
    tour.call("one country", Endpoint::GetNumbers, &json!({"api_key": "ci-1", "country": "DE"}));
    let rent = json!({"api_key": "ci-1", "country": "US", "service": "telegram"});
    let rented = tour.call("for telegram", Endpoint::RentNumber, &rent);
    let rental = json!({"api_key": "ci-1", "rental_id": rented["rental_id"]});
    tour.call("nothing yet", Endpoint::GetSms, &rental);
    tour.advance(seconds(8));
    tour.call("an SMS", Endpoint::GetSms, &rental);
    let rented = tour.call("for telegram", Endpoint::RentNumber, &rent);
    let rental = json!({"api_key": "ci-1", "rental_id": rented["rental_id"]});
    tour.call("before an SMS", Endpoint::CancelNumber, &rental);
}

/// The other two ways of writing a body.
fn encodings(tour: &mut Tour) {
    for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=X"] {
        let write = |fields: [(&str, &str); 2]| match kind.starts_with("multipart") {
            true => {
                let part = |(name, value): (&str, &str)| {
                    let head = "content-disposition: form-data; name=";
                    format!("--X\r\n{head}\"{name}\"\r\n\r\n{value}\r\n")
                };
                fields.map(part).concat() + "--X--\r\n"
            }
            false => fields.map(|(name, value)| format!("{name}={value}")).join("&"),
        };
        let how = How { kind, header: None };
        let name = if kind.starts_with("multipart") { "as multipart" } else { "as a form" };
        let body = write([("api_key", "ci-1"), ("country", "GB")]);
        let rented = tour.send(name, "rentNumber", ("POST", "/rentNumber"), body, how);
        let id = rented["rental_id"].as_str().expect("a rental");
        let body = write([("api_key", "ci-1"), ("rental_id", id)]);
        tour.send(name, "cancelNumber", ("POST", "/cancelNumber"), body, how);
    }
}

/// What every endpoint can answer, and what needs no story.
fn refusals(tour: &mut Tour) {
    for endpoint in Endpoint::ALL {
        let with_key = |key: &str| match endpoint {
            Endpoint::GetNumbers => json!({"api_key": key}),
            Endpoint::RentNumber => json!({"api_key": key, "country": "US"}),
            Endpoint::GetSms | Endpoint::CancelNumber => {
                json!({"api_key": key, "rental_id": "rent_12345"})
            }
        };
        tour.call("", endpoint, &json!({"country": "US"}));
        for key in ["test_bad", "test_banned", "test_ratelimited", "test_maintenance"] {
            tour.call("", endpoint, &with_key(key));
        }
        for wish in ["INTERNAL_ERROR", "BAD_GATEWAY", "GATEWAY_TIMEOUT"] {
            tour.prefer("", endpoint, &with_key("ci-1"), &format!("error={wish}"));
        }
        let long = "x".repeat(65);
        let wrong = match endpoint {
            Endpoint::GetNumbers => json!({"api_key": "ci-1", "country": long}),
            Endpoint::RentNumber => json!({"api_key": "ci-1", "country": "US", "service": long}),
            Endpoint::GetSms | Endpoint::CancelNumber => json!({"api_key": "ci-1"}),
        };
        tour.call("", endpoint, &wrong);
        if matches!(endpoint, Endpoint::GetNumbers | Endpoint::RentNumber) {
            tour.call("", endpoint, &json!({"api_key": "ci-1", "country": "USA"}));
        } else {
            tour.call("", endpoint, &with_key("ci-1"));
        }
        let target = with_query(endpoint.path(), &with_key("ci-1"));
        let target = if endpoint.reads_query() { &target } else { endpoint.path() };
        let huge = vec![b' '; 20_000];
        let how = How { kind: "text/plain", header: None };
        tour.send("", endpoint.name(), (endpoint.method(), target), huge, how);
        if !endpoint.reads_query() {
            tour.send("", endpoint.name(), (endpoint.method(), target), "Hello", how);
        }
        tour.send("", endpoint.name(), ("PUT", endpoint.path()), "", how);
    }
    tour.call("", Endpoint::RentNumber, &json!({"api_key": "test_nobalance", "country": "US"}));
    tour.call("", Endpoint::RentNumber, &json!({"api_key": "ci-1", "country": "XN"}));
}

type Play = fn(&mut Tour, &Value);

/// What needs a rental that has lived through something.
fn stories() -> Vec<(ScenarioChoice, Play)> {
    let usual = |name: &str| scenario(name).countries(usual_countries());
    let gone = usual("gone").rental(rental().after_end(AfterEnd::Gone));
    let one_at_a_time = usual("one-at-a-time").rental(rental().max_active(1));
    vec![
        ("early-cancel-denied".into(), |tour, rental| {
            tour.call("", Endpoint::CancelNumber, rental);
        }),
        ("cancel-after-sms-refused".into(), |tour, rental| {
            tour.advance(seconds(8));
            tour.call("", Endpoint::CancelNumber, rental);
        }),
        ("double-cancel-refused".into(), |tour, rental| {
            tour.call("", Endpoint::CancelNumber, rental);
            tour.call("", Endpoint::CancelNumber, rental);
        }),
        ("no-sms-expires".into(), |tour, rental| {
            tour.advance(minutes(20));
            tour.call("", Endpoint::CancelNumber, rental);
        }),
        (gone.clone().into(), |tour, rental| {
            tour.advance(minutes(20));
            tour.call("", Endpoint::GetSms, rental);
        }),
        (gone.into(), |tour, rental| {
            tour.call("", Endpoint::CancelNumber, rental);
            tour.call("", Endpoint::GetSms, rental);
        }),
        (one_at_a_time.into(), |tour, _| {
            tour.call("", Endpoint::RentNumber, &json!({"api_key": "ci-1", "country": "US"}));
        }),
    ]
}
