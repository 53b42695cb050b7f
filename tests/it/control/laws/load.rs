//! The same laws while many clients and tests work on one sandbox at a time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use ringer::Server;
use ringer::scenario::{Clock, Country, cents, country, scenario, steps};
use serde_json::json;

use crate::control::Admin;
use crate::support::{Client, start};

const STOCK: u64 = 12;

#[test]
fn many_clients_and_a_busy_test_lose_no_number_and_no_money() {
    let only_cancels = scenario("load")
        .country(country(Country::DE).available(STOCK as u32).price(cents(8)))
        .script(steps());
    let server = start(Server::builder().scenario(only_cancels).clock(Clock::frozen()).workers(2));
    let admin = Admin::new(&server);
    let done = AtomicBool::new(false);
    let made: Vec<u64> = thread::scope(|scope| {
        let busy = scope.spawn(|| {
            let rule =
                json!({"where": ["rentNumber"], "what": {"error": "MAINTENANCE"}, "times": 3});
            while !done.load(Ordering::Relaxed) {
                admin.post("/sandboxes/ci/faults", rule.to_string());
                admin.post("/sandboxes/ci/clock/advance", r#"{"by": "1ms"}"#).ok();
                one_holder_each(&admin);
                admin.delete("/sandboxes/ci/faults");
            }
        });
        let clients: Vec<_> = (0..4)
            .map(|_| {
                let client = Client::new(&server, "ci");
                scope.spawn(move || (0..60).map(|_| rent_and_cancel(&client)).sum())
            })
            .collect();
        let made = clients.into_iter().map(|client| client.join().expect("it keeps the laws"));
        let made = made.collect();
        done.store(true, Ordering::Relaxed);
        busy.join().expect("it keeps the laws");
        made
    });
    let made: u64 = made.into_iter().sum();
    assert!(made > 100, "only {made} rentals were made");
    let client = Client::new(&server, "ci");
    assert_eq!(client.get_numbers().available("DE"), STOCK);
    let audit = admin.get("/sandboxes/ci/report").ok()["audit"].clone();
    assert_eq!((&audit["rentals"], &audit["cancelled"]), (&json!(made), &json!(made)));
    assert_eq!(audit["charged"], audit["refunded"]);
    assert_eq!(audit["live"], 0);
}

/// Gives how many rentals it made.
fn rent_and_cancel(client: &Client) -> u64 {
    let rented = client.rent("DE");
    if rented.status != 200 {
        assert!(["MAINTENANCE", "NO_NUMBERS"].contains(&rented.code()), "{rented:?}");
        return 0;
    }
    let id = rented.rental_id();
    assert_eq!(client.poll(&id).json["number"], rented.json["number"]);
    assert_eq!(client.cancel(&id).refund(), "0.08");
    assert_eq!(client.cancel(&id).refund(), "0.08", "the same reply, and no second refund");
    1
}

/// A listing is one moment: no number stands in it twice, and no more live than there are.
fn one_holder_each(admin: &Admin) {
    let answer = admin.get("/sandboxes/ci/rentals");
    let rentals = answer.list();
    let live = rentals.iter().filter(|rental| rental["state"] == "live");
    let mut holders = HashMap::new();
    for rental in live {
        let number = rental["number"].as_str().expect("a number").to_owned();
        assert_eq!(holders.insert(number, &rental["rental_id"]), None, "{rental}");
    }
    assert!(holders.len() as u64 <= STOCK, "{holders:?}");
}
