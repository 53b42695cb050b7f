//! Partner and control calls in every mix, beside a bookkeeper who knows what must come of them.

mod load;
mod model;

use std::collections::HashSet;

use model::{COUNTRIES, Model, law};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use ringer::Server;
use ringer::scenario::Clock;
use serde_json::{Value, json};

use super::Admin;
use crate::support::{Client, start};

#[derive(Clone, Debug)]
enum Act {
    Rent(usize),
    Poll(usize),
    Cancel(usize),
    Advance(u64),
    Next,
    SetStock(usize, u32),
    SetPrice(usize, u32),
    Fault(u32),
    ClearFaults,
    Inject(usize, u64),
    PerPoll(bool),
    Reset,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        6 => (0..2_usize).prop_map(Act::Rent),
        4 => (0..6_usize).prop_map(Act::Poll),
        4 => (0..6_usize).prop_map(Act::Cancel),
        4 => (0..70_u64).prop_map(Act::Advance),
        1 => Just(Act::Next),
        1 => (0..2_usize, 0..4_u32).prop_map(|(country, stock)| Act::SetStock(country, stock)),
        1 => (0..2_usize, 0..900_u32).prop_map(|(country, cents)| Act::SetPrice(country, cents)),
        1 => (1..3_u32).prop_map(Act::Fault),
        1 => Just(Act::ClearFaults),
        2 => (0..6_usize, 0..40_u64).prop_map(|(ago, after)| Act::Inject(ago, after)),
        1 => any::<bool>().prop_map(Act::PerPoll),
        1 => Just(Act::Reset),
    ];
    prop::collection::vec(act, 1..40)
}

struct Play<'a> {
    admin: &'a Admin,
    client: Client,
    path: String,
    model: Model,
}

impl Play<'_> {
    fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.admin.post(&format!("{}{path}", self.path), body.to_string());
        assert!(answer.status < 300, "{answer:?}");
        answer.json
    }

    fn perform(&mut self, act: &Act) {
        match *act {
            Act::Rent(country) => {
                let reply = self.client.rent(COUNTRIES[country]);
                match self.model.rent(country) {
                    Ok(()) => {
                        let number = reply.json["number"].as_str().expect("a number").to_owned();
                        self.model.rented(country, reply.rental_id(), number);
                    }
                    Err(code) => assert_eq!(reply.code(), code),
                }
            }
            Act::Poll(ago) => {
                let Some(index) = self.model.ago(ago) else { return };
                let reply = self.client.poll(&self.model.rentals[index].id);
                self.model.polled();
                let rental = &self.model.rentals[index];
                assert_eq!(reply.json["number"], rental.number.as_str());
                assert_eq!(reply.texts().len(), self.model.arrived(index));
            }
            Act::Cancel(ago) => {
                let Some(index) = self.model.ago(ago) else { return };
                let reply = self.client.cancel(&self.model.rentals[index].id);
                match self.model.cancel(index) {
                    Some(refund) => assert_eq!(reply.refund(), refund.to_string()),
                    None => assert_eq!(reply.code(), "RENTAL_EXPIRED"),
                }
            }
            Act::Advance(seconds) => {
                self.post("/clock/advance", &json!({"by": seconds}));
                self.model.advance(seconds * 1_000);
            }
            Act::Next => {
                let moved = self.post("/clock/advance", &json!({"to": "next"}));
                let (due, count) = self.model.next_due();
                assert_eq!(moved["fired"].as_array().map(Vec::len), Some(count), "{moved}");
                self.model.advance(due - self.model.now);
            }
            Act::SetStock(country, stock) => {
                let path = format!("{}/countries/{}", self.path, COUNTRIES[country]);
                self.admin.patch(&path, json!({"available": stock}).to_string()).ok();
                self.model.offers[country].0 = stock;
            }
            Act::SetPrice(country, cents) => {
                let path = format!("{}/countries/{}", self.path, COUNTRIES[country]);
                let price = ringer::scenario::cents(cents);
                self.admin.patch(&path, format!("{{\"price_per_sms\": {price}}}")).ok();
                self.model.offers[country].1 = price;
            }
            Act::Fault(times) => {
                let rule = json!({"where": ["rentNumber"], "what": {"error": "MAINTENANCE"}, "times": times});
                self.post("/faults", &rule);
                self.model.faults.push(times);
            }
            Act::ClearFaults => {
                assert_eq!(self.admin.delete(&format!("{}/faults", self.path)).status, 204);
                self.model.faults.clear();
            }
            Act::Inject(ago, after) => {
                let Some(index) = self.model.ago(ago) else { return };
                let path =
                    format!("{}/rentals/{}/messages", self.path, self.model.rentals[index].id);
                // Milliseconds of its own, so that nothing else is due at that moment.
                let after = after * 1_000 + 7;
                let body = json!({"text": "x", "after": format!("{after}ms")});
                let status = self.admin.post(&path, body.to_string()).status;
                assert_eq!(status, if self.model.inject(index, after) { 201 } else { 409 });
            }
            Act::PerPoll(yes) => {
                let mode = if yes { "per_poll" } else { "frozen" };
                let body = json!({"mode": mode}).to_string();
                self.admin.put(&format!("{}/clock", self.path), body).ok();
                self.model.step = if yes { 5_000 } else { 0 };
            }
            Act::Reset => {
                self.post("/reset", &json!({}));
                self.model = Model::default();
            }
        }
    }

    fn check(&self) {
        let get = |path: &str| self.admin.get(&format!("{}{path}", self.path)).ok();
        let countries = get("/countries");
        for (index, (stock, price)) in self.model.offers.iter().enumerate() {
            assert_eq!(countries[index]["available"], *stock, "{countries}");
            assert_eq!(countries[index]["price_per_sms"].as_f64(), price.to_string().parse().ok());
        }
        let rentals = get("/rentals");
        let rentals = rentals.as_array().expect("a list");
        assert_eq!(rentals.len(), self.model.rentals.len());
        let mut live = HashSet::new();
        for (index, rental) in rentals.iter().enumerate() {
            assert_eq!(rental["rental_id"], self.model.rentals[index].id.as_str());
            assert_eq!(rental["state"], self.model.state(index), "{rental}");
            let is_new = rental["state"] != "live" || live.insert(rental["number"].clone());
            assert!(is_new, "a number is rented to one at a time: {rental}");
        }
        let audit = get("/report")["audit"].clone();
        for state in ["live", "sold", "cancelled", "expired"] {
            let count = (0..rentals.len()).filter(|i| self.model.state(*i) == state).count();
            assert_eq!(audit[state], count, "{state} in {audit}");
        }
        assert_eq!(audit["rentals"], rentals.len());
        let (charged, refunded) = self.model.sums();
        assert_eq!(audit["charged"].as_f64(), charged.to_string().parse().ok(), "{audit}");
        assert_eq!(audit["refunded"].as_f64(), refunded.to_string().parse().ok(), "{audit}");
    }
}

#[test]
fn whatever_is_asked_and_changed_the_totals_agree() {
    let server = start(Server::builder().scenario(law()).clock(Clock::frozen()));
    let admin = Admin::new(&server);
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let case = std::cell::Cell::new(0);
    let lives = TestRunner::new(config).run(&acts(), |acts| {
        case.set(case.get() + 1);
        let key = format!("law-{}", case.get());
        let path = format!("/sandboxes/{key}");
        let client = Client::new(&server, &key);
        client.get_numbers();
        let mut play = Play { admin: &admin, client, path, model: Model::default() };
        for act in &acts {
            play.perform(act);
            play.check();
        }
        Ok(())
    });
    lives.unwrap_or_else(|broken| panic!("{broken}"));
}
