//! A sandbox that is made anew, reset or deleted is another at once, for whoever looks.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};

use super::{Admin, one_sms, play};
use crate::faults::socket::until;
use crate::support::Client;

const CI: &str = "/sandboxes/ci";

/// The digits of the ids of the rentals that are listed.
fn listed(admin: &Admin) -> Vec<u64> {
    let rentals = admin.get(&format!("{CI}/rentals")).list();
    let digits = |rental: &Value| rental["rental_id"].as_str()?.strip_prefix("rent_")?.parse().ok();
    rentals.iter().map(|rental| digits(rental).expect("an id")).collect()
}

/// A world of one country and one price; all its rental ids grow from the seed.
fn put(admin: &Admin, round: u64) {
    let mut scenario = serde_json::to_value(one_sms()).expect("it is data");
    let (country, price) = if round.is_multiple_of(2) { ("DE", 0.08) } else { ("SE", 0.1) };
    scenario["countries"][0]["country"] = json!(country);
    scenario["countries"][0]["price_per_sms"] = json!(price);
    scenario["countries"][0]["available"] = json!(100_000);
    admin.put(CI, json!({"scenario": scenario, "seed": round}).to_string()).ok();
}

#[test]
fn every_reply_comes_from_the_old_sandbox_or_the_new_one() {
    let (server, admin, _) = play(one_sms());
    put(&admin, 0);
    let done = AtomicBool::new(false);
    let seen: Vec<HashSet<String>> = thread::scope(|scope| {
        let clients: Vec<_> = (0..3)
            .map(|_| {
                let client = Client::new(&server, "ci");
                let done = &done;
                scope.spawn(move || {
                    let mut seen = HashSet::new();
                    while !done.load(Ordering::Relaxed) {
                        live(&client, &mut seen);
                    }
                    seen
                })
            })
            .collect();
        let watch = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let ids = listed(&admin);
                let mixed = ids.windows(2).find(|pair| pair[0] + 1 != pair[1]);
                assert_eq!(mixed, None, "the ids of one world follow each other");
            }
        });
        for round in 1..120 {
            put(&admin, round);
        }
        done.store(true, Ordering::Relaxed);
        watch.join().expect("it saw no mixture");
        clients.into_iter().map(|client| client.join().expect("it saw no mixture")).collect()
    });
    put(&admin, 1_000);
    let client = Client::new(&server, "ci");
    let old: HashSet<String> = seen.into_iter().flatten().collect();
    assert!(old.len() > 50, "only {} rentals were made", old.len());
    for id in old.iter().take(50) {
        assert_eq!(client.poll(id).code(), "RENTAL_NOT_FOUND", "of an old world");
    }
    assert_eq!(client.get_numbers().available("DE"), 100_000);
}

fn live(client: &Client, seen: &mut HashSet<String>) {
    let listing = client.get_numbers().json["numbers"].clone();
    let [line] = &listing.as_array().expect("a list")[..] else { panic!("{listing}") };
    let price = &line["price_per_sms"];
    assert_eq!(*price == json!(0.08), line["country"] == "DE", "{line}");
    for (country, code, price) in [("DE", "+49", "0.08"), ("SE", "+46", "0.10")] {
        let rented = client.rent(country);
        if rented.status != 200 {
            assert_eq!(rented.code(), "NO_NUMBERS");
            continue;
        }
        let (id, number) = (rented.rental_id(), &rented.json["number"]);
        assert!(number.as_str().is_some_and(|number| number.starts_with(code)), "{rented:?}");
        let read = client.poll(&id);
        assert!(read.code() == "RENTAL_NOT_FOUND" || read.json["number"] == *number, "{read:?}");
        let cancelled = client.cancel(&id);
        let is_gone = cancelled.code() == "RENTAL_NOT_FOUND";
        assert!(is_gone || cancelled.refund() == price, "{cancelled:?}");
        assert!(seen.insert(id), "an id is given once");
    }
}

#[test]
fn a_delayed_call_completes_in_the_sandbox_that_it_entered() {
    let (server, admin, client) = play(one_sms());
    put(&admin, 0);
    let rule = r#"{"where": ["rentNumber"], "what": {"delay": "400ms"}}"#;
    admin.post(&format!("{CI}/faults"), rule);
    let held = {
        let client = client.clone();
        thread::spawn(move || client.rent("DE"))
    };
    until("it is held up", || admin.get(&format!("{CI}/faults")).list()[0]["fired"] == 1);
    let mut events = admin.listen(&format!("{CI}/events"));
    put(&admin, 1);
    let rented = held.join().expect("it ends");
    assert_eq!(rented.json["country"], "DE", "the new world has no such country");
    assert_eq!(client.poll(&rented.rental_id()).code(), "RENTAL_NOT_FOUND");
    assert_eq!(client.get_numbers().available("SE"), 100_000);
    let told = [(); 3].map(|()| events.next().expect("the stream goes on"));
    let told = told.map(|(name, data)| (name, data["endpoint"].clone()));
    let request = |endpoint: &str| ("request".to_owned(), json!(endpoint));
    assert_eq!(
        told,
        [("resync".to_owned(), Value::Null), request("getSMS"), request("getNumbers")],
        "what ends in a world that is over is no news"
    );
    let journal = server.sandbox("ci").expect("the key is good").journal().entries();
    assert_eq!(journal.len(), 2);
}

#[test]
fn reading_does_not_bring_a_deleted_sandbox_back() {
    let (_server, admin, _) = play(one_sms());
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for path in ["/sandboxes", "/metrics", "/sandboxes/ci/rentals", "/sandboxes/ci"] {
            let (admin, done) = (&admin, &done);
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    assert!([200, 404].contains(&admin.get(path).status));
                }
            });
        }
        let mut returned = 0;
        for _ in 0..150 {
            put(&admin, 0);
            assert_eq!(admin.delete(CI).status, 204);
            returned += usize::from(admin.get(CI).status != 404);
        }
        done.store(true, Ordering::Relaxed);
        assert_eq!(returned, 0);
    });
}

#[test]
fn a_reset_of_all_is_atomic() {
    let (server, admin, _) = play(one_sms());
    let open = |n: u32| server.sandbox(&format!("k{n}")).expect("the key is good");
    let sandboxes: Vec<_> = (0..150).map(open).collect();
    for _ in 0..15 {
        for sandbox in &sandboxes {
            sandbox.clock().advance(ringer::scenario::seconds(1));
        }
        thread::scope(|scope| {
            let reset = scope.spawn(|| admin.post("/reset", "").list());
            while !reset.is_finished() {
                let times: HashSet<String> = admin
                    .get("/sandboxes")
                    .list()
                    .iter()
                    .map(|view| view["now"].to_string())
                    .collect();
                assert_eq!(times.len(), 1, "some are reset and some are not: {times:?}");
            }
            assert_eq!(reset.join().expect("it resets").len(), 150);
        });
    }
}
