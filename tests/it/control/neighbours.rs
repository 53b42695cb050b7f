//! What takes long in one sandbox: it is of one moment, and keeps no other waiting.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use ringer::Server;
use ringer::scenario::{Clock, Country, cents, country, scenario, seconds};
use serde_json::{Value, json};

use super::{Admin, play};
use crate::faults::socket::until;
use crate::process::rerun;
use crate::support::{Client, frozen, start};

fn crowd(server: &Server, rentals: usize) -> Client {
    let client = Client::new(server, "ci");
    for _ in 0..rentals {
        assert_eq!(client.rent("US").status, 200);
    }
    client
}

fn plenty() -> ringer::scenario::Scenario {
    scenario("plenty").country(country(Country::US).available(100_000).price(cents(5)))
}

fn count(report: &Value, endpoint: &str) -> u64 {
    let met = report["coverage"].as_array().expect("a list").iter();
    let met = met.filter(|met| met["endpoint"] == endpoint && met["outcome"] == "success");
    met.filter_map(|met| met["count"].as_u64()).sum()
}

#[test]
fn a_long_read_sees_one_point_in_time_while_clients_continue() {
    let server = start(frozen().scenario(plenty()).workers(2).max_journal_entries(3_000));
    crowd(&server, 700);
    let admin = Admin::new(&server);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            let client = Client::new(&server, "ci");
            let done = &done;
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    let id = client.rent("US").rental_id();
                    client.cancel(&id);
                }
            });
        }
        for _ in 0..4 {
            let report = admin.get("/sandboxes/ci/report").ok();
            let audit = |name: &str| report["audit"][name].as_u64().expect("a number");
            assert_eq!(audit("rentals"), count(&report, "rentNumber"), "{report}");
            assert_eq!(audit("cancelled"), count(&report, "cancelNumber"), "{report}");
            let rentals = admin.get("/sandboxes/ci/rentals?limit=10000").list();
            let live = rentals.iter().filter(|rental| rental["state"] == "live").count();
            assert!((700..=702).contains(&live), "two clients hold one at a time: {live}");
            let capsule = admin.get("/sandboxes/ci/capsule").ok();
            let steps = capsule["steps"].as_array().expect("a list").iter();
            let seqs: Vec<u64> = steps.filter_map(|step| step["seq"].as_u64()).collect();
            assert!(seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]), "no request is missing");
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_poll_that_skips_much_time_is_answered_correctly_and_replays() {
    let server = start(Server::builder().scenario(plenty()).clock(Clock::per_poll(seconds(9))));
    let client = crowd(&server, 4_100);
    let admin = Admin::new(&server);
    let newest = admin.get("/sandboxes/ci/rentals?last=1").list()[0]["rental_id"].clone();
    let id = newest.as_str().expect("an id");
    assert_eq!(client.poll(id).texts().len(), 1, "the first poll passes 4,100 SMS");
    assert_eq!(client.poll(id).texts().len(), 1);
    assert_eq!(admin.get("/sandboxes/ci").ok()["now"], "2026-01-01T00:00:18Z");
    let capsule = admin.get("/sandboxes/ci/capsule").ok();
    let stepped = |step: &&Value| step["request"]["stepped"] == true;
    let steps = capsule["steps"].as_array().expect("a list");
    assert_eq!(steps.iter().filter(stepped).count(), 1);
    assert_eq!(rerun(&capsule), Ok(4_102));
}

#[test]
fn concurrent_polls_that_skip_much_time_lose_no_step() {
    let clock = Clock::per_poll(seconds(3));
    let server = start(Server::builder().scenario(plenty()).clock(clock).workers(2));
    let client = crowd(&server, 3_000);
    let id = client.rent("US").rental_id();
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| assert_eq!(client.poll(&id).status, 200));
        }
    });
    let admin = Admin::new(&server);
    assert_eq!(admin.get("/sandboxes/ci").ok()["now"], "2026-01-01T00:00:18Z");
    assert!(rerun(&admin.get("/sandboxes/ci/capsule").ok()).is_ok());
}

#[test]
fn what_a_client_adds_during_a_reset_of_all_stays() {
    let server = start(frozen().workers(2));
    let admin = Admin::new(&server);
    for n in 0..300 {
        Client::new(&server, &format!("old-{n}")).get_numbers();
    }
    thread::scope(|scope| {
        let resets = scope.spawn(|| (0..5).for_each(|_| drop(admin.post("/reset", "").ok())));
        let mut made = 0;
        // More would exceed the server's limit on sandboxes.
        while !resets.is_finished() && made < 5_000 {
            Client::new(&server, &format!("new-{made}")).get_numbers();
            made += 1;
        }
        resets.join().expect("it does not panic");
        let keys = admin.get("/sandboxes?limit=10000").list().len();
        assert_eq!(keys, 300 + made, "none is lost, and none comes twice");
    });
    let sandboxes = admin.post("/reset?limit=10000", "").list();
    assert!(sandboxes.iter().all(|sandbox| sandbox["requests"] == 0));
}

#[test]
fn a_wait_ends_when_its_client_disconnects() {
    let mut command = crate::process::ringer();
    command.args(["--workers", "2"]);
    let running = crate::process::Running::start(command);
    let files = || {
        let path = format!("/proc/{}/fd", running.child.id());
        std::fs::read_dir(path).expect("it runs").count()
    };
    let admin = Admin::at(&running.address());
    admin.put("/sandboxes/ci", "").ok();
    let before = files();
    let body = json!({"endpoint": "getSMS", "timeout": "1h"}).to_string();
    let waiting: Vec<_> =
        (0..50).map(|_| admin.begin("POST", "/sandboxes/ci/verify", &body)).collect();
    // The socket of the request before may close meanwhile.
    until("all of them wait", || files() + 1 >= before + 50);
    drop(waiting);
    until("their sockets are closed", || files() <= before + 1);
}

#[test]
fn a_subscriber_creates_no_sandbox_and_gets_the_events_of_a_later_one() {
    let (_server, admin, client) = play("happy-path");
    let mut events = admin.listen("/sandboxes/ci/events");
    assert_eq!(admin.get("/sandboxes").list().len(), 0);
    admin.get("/sandboxes/ci").problem(404);
    client.rent("US");
    assert_eq!(events.until("request")["endpoint"], "rentNumber");
    admin.delete("/sandboxes/ci");
    events.until("resync");
    assert_eq!(admin.get("/sandboxes").list().len(), 0, "it does not come back for a listener");
    client.get_numbers();
    assert_eq!(events.until("request")["endpoint"], "getNumbers");
    admin.post("/reset", "").ok();
    events.until("resync");
    client.get_numbers();
    assert_eq!(events.until("request")["seq"], 1);
}

#[test]
fn a_subscriber_to_one_key_gets_no_events_of_another() {
    let (server, admin, client) = play("happy-path");
    let mut events = admin.listen("/sandboxes/ci/events");
    for _ in 0..50 {
        Client::new(&server, "other").get_numbers();
    }
    client.get_numbers();
    let (name, data) = events.next().expect("the stream goes on");
    assert_eq!((name.as_str(), &data["api_key"]), ("request", &json!("ci")));
}

#[test]
fn events_that_fall_due_reach_subscribers_to_all_keys_and_to_one() {
    let clock: Clock = "scaled:600".parse().expect("a clock");
    let server = start(Server::builder().clock(clock));
    let admin = Admin::new(&server);
    let mut all = admin.listen("/events");
    let mut one = admin.listen("/sandboxes/ci/events");
    let id = Client::new(&server, "ci").rent("US").rental_id();
    for events in [&mut all, &mut one] {
        assert_eq!(events.until("sms")["rental_id"], json!(id));
        assert_eq!(events.until("expiry")["rental_id"], json!(id));
    }
}
