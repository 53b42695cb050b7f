//! A tour of all that the document lists: each reply is provoked once.

use ringer::scenario::*;
use ringer::{Server, ServerBuilder};
use serde_json::{Value, json};

use super::exchange::Exchange;
use super::{partner_tour, witness};
use crate::control::Admin;
use crate::support::{Client, frozen, start};

/// A reply that was provoked: which operation's, under which name, and what went over the wire.
pub(super) struct Seen {
    pub(super) operation: String,
    pub(super) name: String,
    pub(super) exchange: Exchange,
}

/// A server, and all that it was seen to answer.
pub(super) struct Tour {
    pub(super) server: Server,
    pub(super) seen: Vec<Seen>,
}

/// How a request is sent.
#[derive(Clone, Copy, Default)]
pub(super) struct How<'a> {
    pub(super) kind: &'a str,
    pub(super) header: Option<(&'a str, &'a str)>,
}

impl Tour {
    pub(super) fn on(server: Server) -> Self {
        Self { server, seen: Vec::new() }
    }

    /// Sends a request, and notes what comes back as a reply of this operation.
    #[track_caller]
    pub(super) fn send(
        &mut self,
        name: &str,
        operation: &str,
        request: (&str, &str),
        body: impl AsRef<[u8]>,
        how: How<'_>,
    ) -> Value {
        let ((method, target), sent) = (request, body.as_ref().to_vec());
        let address = self.server.address().to_string();
        let mut request = ureq::http::Request::builder().method(method);
        request = request.uri(format!("http://{address}{target}"));
        if !how.kind.is_empty() {
            request = request.header("content-type", how.kind);
        }
        if let Some((name, value)) = how.header {
            request = request.header(name, value);
        }
        let request = request.body(sent.clone()).expect("a request");
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true);
        let agent = ureq::Agent::new_with_config(config.build());
        let mut reply = agent.run(request).expect("it answers");
        let headers = crate::support::headers(&reply);
        let status = reply.status().as_u16();
        let body = if operation.starts_with("stream") && status == 200 {
            first_event(reply.body_mut().as_reader())
        } else {
            reply.body_mut().read_to_string().expect("it is text")
        };
        let (method, target) = (method.to_owned(), target.to_owned());
        let exchange = Exchange { address, method, target, sent, status, headers, body };
        witness(&exchange);
        let json = exchange.json();
        let (operation, name) = (operation.to_owned(), name.to_owned());
        self.seen.push(Seen { operation, name, exchange });
        json
    }

    /// A call of the control API, with JSON.
    #[track_caller]
    pub(super) fn control(
        &mut self,
        operation: &str,
        request: (&str, &str),
        body: &Value,
    ) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let how = How { kind: "application/json", header: None };
        let (method, path) = request;
        self.send(operation, operation, (method, &format!("/__admin{path}")), body, how)
    }
}

fn first_event(mut stream: impl std::io::Read) -> String {
    let mut text = String::new();
    let mut byte = [0];
    while !text.ends_with("\n\n") {
        assert_eq!(stream.read(&mut byte).expect("it goes on"), 1, "{text}");
        text.push(char::from(byte[0]));
    }
    text
}

/// All of it.
pub(super) fn all() -> Vec<Seen> {
    let mut seen = partner_tour::all();
    let mut tour = Tour::on(start(frozen()));
    life(&mut tour);
    refusals(&mut tour);
    seen.extend(tour.seen);
    seen.extend(guarded());
    seen.extend(crowded());
    seen.extend(unread());
    seen
}

/// What a test does with a sandbox.
fn life(tour: &mut Tour) {
    let nothing = &Value::Null;
    for (operation, method, path) in [
        ("getHealth", "GET", "/health"),
        ("checkHealth", "HEAD", "/health"),
        ("listScenarios", "GET", "/scenarios"),
        ("getScenario", "GET", "/scenarios/rate-limited"),
        ("getScenarioSchema", "GET", "/scenarios/schema"),
        ("listSandboxes", "GET", "/sandboxes"),
    ] {
        tour.control(operation, (method, path), nothing);
    }
    let how = How::default();
    tour.send("the document", "getOpenApi", ("GET", "/openapi.json"), "", how);
    tour.send("the page", "getDocs", ("GET", "/docs"), "", how);
    let own = json!({
        "name": "half-an-hour", "summary": "an SMS after half an hour",
        "catches": "a client that gives up after 20 minutes",
        "countries": [{"country": "DE", "available": 7, "price_per_sms": 0.08}],
        "rental": {"time_to_live": "1h"},
        "scripts": [{"variants": [{"steps": [{"after": "30m", "action": {"sms": {}}}]}]}],
    });
    tour.control("addScenario", ("POST", "/scenarios"), &own);
    tour.control("deleteScenario", ("DELETE", "/scenarios/half-an-hour"), nothing);
    let made = json!({"scenario": "rate-limited", "seed": 42, "clock": {"mode": "frozen"}});
    tour.control("putSandbox", ("PUT", "/sandboxes/ci-1"), &made);
    let rent = json!({"api_key": "ci-1", "country": "DE", "service": "telegram"});
    let json = How { kind: "application/json", header: None };
    let rented =
        tour.send("a rental", "rentNumber", ("POST", "/rentNumber"), rent.to_string(), json);
    let id = rented["rental_id"].as_str().expect("a rental").to_owned();
    let of = |rest: &str| format!("/sandboxes/ci-1{rest}");
    let rental = of(&format!("/rentals/{id}"));
    let sms = json!({"sender": "Bank", "text": "Your TAN is 4711.", "expected_code": "4711", "after": "5s"});
    tour.control("sendSms", ("POST", &format!("{rental}/messages")), &sms);
    tour.control("advanceClock", ("POST", &of("/clock/advance")), &json!({"by": "45s"}));
    tour.control("getRental", ("GET", &rental), nothing);
    let rule = json!({
        "where": ["getSMS"], "when": {"nth": [2]}, "what": {"error": "MAINTENANCE"}, "times": 1
    });
    tour.control("addFault", ("POST", &of("/faults")), &rule);
    let expected =
        json!({"endpoint": "rentNumber", "country": "DE", "count": {"min": 1, "max": 1}});
    tour.control("verify", ("POST", &of("/verify")), &expected);
    tour.control("verify", ("POST", &of("/verify")), &json!({"endpoint": "cancelNumber"}));
    tour.control(
        "updateCountry",
        ("PATCH", &of("/countries/DE")),
        &json!({"available": 0, "price_per_sms": 0.05}),
    );
    for (operation, path) in [
        ("listRentals", "/rentals"),
        ("listCountries", "/countries"),
        ("listFaults", "/faults"),
        ("listRequests", "/requests?endpoint=rentNumber"),
        ("getRequest", "/requests/1"),
        ("getClock", "/clock"),
        ("getReport", "/report?format=json"),
        ("getReport", "/report?format=junit"),
        ("getReport", "/report?format=markdown"),
        ("getCapsule", "/capsule"),
        ("getSandbox", ""),
        ("streamSandboxEvents", "/events"),
    ] {
        tour.control(operation, ("GET", &of(path)), nothing);
    }
    tour.control("streamEvents", ("GET", "/events"), nothing);
    tour.control("getMetrics", ("GET", "/metrics"), nothing);
    tour.control("setClock", ("PUT", &of("/clock")), &json!({"mode": "per_poll", "step": "5s"}));
    tour.control("deleteFault", ("DELETE", &of("/faults/fault_2")), nothing);
    tour.control("clearFaults", ("DELETE", &of("/faults")), nothing);
    tour.control("clearRequests", ("DELETE", &of("/requests")), nothing);
    tour.control("resetSandbox", ("POST", &of("/reset")), nothing);
    tour.control("resetAllSandboxes", ("POST", "/reset"), nothing);
    tour.control("putSandbox", ("PUT", "/sandboxes/ci-9"), &json!({"scenario": "slow-sms"}));
    tour.control("deleteSandbox", ("DELETE", "/sandboxes/ci-9"), nothing);
}

/// What is refused where nobody is kept out.
fn refusals(tour: &mut Tour) {
    let nothing = &Value::Null;
    for (operation, method, path) in [
        ("getScenario", "GET", "/scenarios/rate-limit"),
        ("deleteScenario", "DELETE", "/scenarios/rate-limit"),
        ("deleteScenario", "DELETE", "/scenarios/rate-limited"),
        ("getSandbox", "GET", "/sandboxes/nobody"),
        ("deleteSandbox", "DELETE", "/sandboxes/nobody"),
        ("resetSandbox", "POST", "/sandboxes/live_key/reset"),
        ("getClock", "GET", "/sandboxes/nobody/clock"),
        ("listCountries", "GET", "/sandboxes/nobody/countries"),
        ("listRentals", "GET", "/sandboxes/nobody/rentals"),
        ("getRental", "GET", "/sandboxes/ci-1/rentals/rent_1"),
        ("listFaults", "GET", "/sandboxes/nobody/faults"),
        ("clearFaults", "DELETE", "/sandboxes/nobody/faults"),
        ("deleteFault", "DELETE", "/sandboxes/ci-1/faults/fault_9"),
        ("listRequests", "GET", "/sandboxes/nobody/requests"),
        ("getRequest", "GET", "/sandboxes/ci-1/requests/0"),
        ("listRentals", "GET", "/sandboxes/ci-1/rentals?last=few"),
        ("clearRequests", "DELETE", "/sandboxes/nobody/requests"),
        ("getReport", "GET", "/sandboxes/nobody/report"),
        ("getCapsule", "GET", "/sandboxes/nobody/capsule"),
        ("listRequests", "GET", "/sandboxes/ci-1/requests?endpoint=getSms"),
        ("getReport", "GET", "/sandboxes/ci-1/report?format=html"),
        ("streamSandboxEvents", "GET", "/sandboxes/live_key/events"),
        ("listScenarios", "GET", "/scenarios?limit=all"),
        ("listSandboxes", "GET", "/sandboxes?limit=all"),
        ("listCountries", "GET", "/sandboxes/ci-1/countries?after=Germany"),
        ("listFaults", "GET", "/sandboxes/ci-1/faults?after=first"),
        ("resetAllSandboxes", "POST", "/reset?limit=all"),
    ] {
        tour.control(operation, (method, path), nothing);
    }
    let taken = json!({"name": "slow-sms", "countries": [{"country": "DE"}]});
    tour.control("addScenario", ("POST", "/scenarios"), &taken);
    let sms = json!({"text": "Hello"});
    tour.control("sendSms", ("POST", "/sandboxes/ci-1/rentals/rent_1/messages"), &sms);
    let stock = json!({"available": 1});
    tour.control("updateCountry", ("PATCH", "/sandboxes/ci-1/countries/AQ"), &stock);
    let rule = json!({"where": ["getSMS"], "what": {"error": "NO_NUMBERS"}});
    let count = 1_000 - tour.server.sandbox("ci-1").expect("it is there").faults().list().len();
    for _ in 0..count {
        let rule = FaultRule::from_json(&rule.to_string()).expect("a rule");
        tour.server
            .sandbox("ci-1")
            .expect("it is there")
            .faults()
            .add(rule)
            .expect("there is room");
    }
    tour.control("addFault", ("POST", "/sandboxes/ci-1/faults"), &rule);
    let rented = json!({"api_key": "ci-2", "country": "DE"}).to_string();
    let json = How { kind: "application/json", header: None };
    let rented = tour.send("a rental", "rentNumber", ("POST", "/rentNumber"), rented, json);
    let id = rented["rental_id"].as_str().expect("a rental").to_owned();
    tour.control("advanceClock", ("POST", "/sandboxes/ci-2/clock/advance"), &json!({"by": "1h"}));
    tour.control("sendSms", ("POST", &format!("/sandboxes/ci-2/rentals/{id}/messages")), &sms);
    let huge = format!("{{\"x\": \"{}\"}}", "x".repeat(1024 * 1024));
    for (operation, method, path, wrong) in READERS {
        tour.control(operation, (method, path), &serde_json::from_str(wrong).expect("JSON"));
        tour.send("too large", operation, (method, &format!("/__admin{path}")), &huge, json);
    }
}

/// What is refused where the memory is used up.
fn crowded() -> Vec<Seen> {
    let server = start(small());
    let scenario = serde_json::to_value(scenario("own").country(country(Country::US).available(1)));
    let scenario = json!({"scenario": scenario.expect("it is data")});
    // Blanks are counted too.
    let padded = format!("{}{scenario}", " ".repeat(1_000_000));
    let admin = Admin::new(&server);
    for key in ["one", "two"] {
        admin.put(&format!("/sandboxes/{key}"), padded.clone()).ok();
    }
    let mut tour = Tour::on(server);
    tour.control("putSandbox", ("PUT", "/sandboxes/three"), &scenario);
    tour.seen
}

fn small() -> ServerBuilder {
    frozen().max_memory("32MiB".parse().expect("an amount"))
}

/// What is refused where somebody does not read what is sent to him.
fn unread() -> Vec<Seen> {
    let text = "x".repeat(1_500);
    let script = (1..=20).fold(steps(), |script, n| script.sms(seconds(n), sms().text(&text)));
    let world = Country::all().fold(scenario("long"), |world, code| {
        world.country(country(code).available(1_000).price(cents(5)))
    });
    let server = start(small().scenario(world.script(script)));
    let client = Client::new(&server, "ci-1");
    (0..160).for_each(|_| assert_eq!(client.rent("US").status, 200));
    let sandbox = server.sandbox("ci-1").expect("the key is good");
    sandbox.clock().advance(seconds(20));
    for n in 0..40 {
        sandbox
            .faults()
            .add(fault([Endpoint::GetSms], Effect::error(ErrorCode::NoNumbers)))
            .expect("there is room");
        server.sandbox(&format!("key-{n}")).expect("the key is good");
    }
    // More than the sockets take while nobody reads.
    let slow = Admin::new(&server).begin("GET", "/sandboxes/ci-1/rentals", "");
    crate::faults::socket::until("its reply is on its way", || {
        Admin::new(&server).get("/sandboxes/ci-1/rentals").status == 503
    });
    let mut tour = Tour::on(server);
    for (operation, method, path) in [
        ("listScenarios", "GET", "/scenarios"),
        ("getScenario", "GET", "/scenarios/long"),
        ("listSandboxes", "GET", "/sandboxes"),
        ("listCountries", "GET", "/sandboxes/ci-1/countries"),
        ("listFaults", "GET", "/sandboxes/ci-1/faults"),
        ("listRentals", "GET", "/sandboxes/ci-1/rentals"),
        ("listRequests", "GET", "/sandboxes/ci-1/requests"),
        ("getReport", "GET", "/sandboxes/ci-1/report?final=true"),
        ("getCapsule", "GET", "/sandboxes/ci-1/capsule"),
        ("resetAllSandboxes", "POST", "/reset"),
    ] {
        tour.control(operation, (method, path), &Value::Null);
    }
    drop(slow);
    let admin = Admin::new(&tour.server);
    crate::faults::socket::until("there is room again", || admin.get("/sandboxes").status == 200);
    tour.seen
}

/// Every operation of the control API that reads a body, and a body that makes no sense there.
const READERS: [(&str, &str, &str, &str); 8] = [
    ("addScenario", "POST", "/scenarios", r#"{"name": "own", "country": []}"#),
    ("putSandbox", "PUT", "/sandboxes/ci-1", r#"{"scenario": "slow-smss"}"#),
    ("setClock", "PUT", "/sandboxes/ci-1/clock", r#"{"mode": "scaled", "rate": 0}"#),
    ("advanceClock", "POST", "/sandboxes/ci-1/clock/advance", r#"{"by": "soon"}"#),
    ("updateCountry", "PATCH", "/sandboxes/ci-1/countries/DE", r#"{"available": -1}"#),
    ("sendSms", "POST", "/sandboxes/ci-1/rentals/rent_1/messages", r#"{"texts": "Hello"}"#),
    (
        "addFault",
        "POST",
        "/sandboxes/ci-1/faults",
        r#"{"where": ["getSMS"], "what": {"error": "NO_NUMBER"}}"#,
    ),
    ("verify", "POST", "/sandboxes/ci-1/verify", r#"{"endpoint": "getSms"}"#),
];

/// What each operation says to those it keeps out, and to other methods.
fn guarded() -> Vec<Seen> {
    let mut tour = Tour::on(start(frozen().admin_token("s3cret")));
    let mut without_token = Tour::on(start(frozen()));
    let values = [("{key}", "ci-1"), ("{name}", "happy-path"), ("{country}", "DE")];
    let values = values.into_iter().chain([("{rental_id}", "rent_1"), ("{fault_id}", "fault_1")]);
    for (path, method, operation) in super::BOOK.operations() {
        let id = operation["operationId"].as_str().expect("an id");
        let path = values.clone().fold(path, |path, (name, value)| path.replace(name, value));
        let mut how = How::default();
        if operation["security"].is_array() {
            tour.send("no token", id, (&method, &path), "", how);
            how.header = Some(("host", "elsewhere.example"));
            without_token.send("a foreign Host", id, (&method, &path), "", how);
        }
        how.header = Some(("authorization", "Bearer s3cret"));
        tour.send("another method", id, ("OPTIONS", &path), "", how);
    }
    let how = How { header: Some(("authorization", "Bearer s3cret")), ..How::default() };
    tour.send("stopping", "shutdown", ("POST", "/__admin/shutdown"), "", how);
    tour.seen.extend(without_token.seen);
    tour.seen
}
