//! What the sandboxes may take: one flag bounds it.

use std::time::Duration;

use ringer::NewSms;
use ringer::scenario::{Country, Scenario, cents, country, scenario, seconds, sms, steps};
use ringer::{Server, ServerBuilder};
use serde_json::json;

use crate::control::Admin;
use crate::faults::socket::until;
use crate::support::{Client, frozen, start};

fn plenty() -> Scenario {
    scenario("plenty").country(country(Country::US).available(1_000_000).price(cents(5)))
}

fn small() -> ServerBuilder {
    let size = "32MiB".parse().expect("an amount");
    frozen().scenario(plenty()).max_memory(size)
}

/// Fills a sandbox with rentals and long messages until nothing more is taken. Gives what is said
/// then.
fn fill(server: &Server, key: &str) -> String {
    let (client, sandbox) = (Client::new(server, key), server.sandbox(key).expect("it is good"));
    let text = "\u{20ac}".repeat(1_600);
    let sms = NewSms { sender: String::new(), text, expected_code: None, after: seconds(1) };
    for _ in 0..1_000 {
        let rented = client.rent("US");
        if rented.status != 200 {
            assert_eq!((rented.status, rented.code()), (429, "TOO_MANY_ACTIVE_RENTALS"));
            assert_eq!(rented.retry_after, None);
            return rented.message().to_owned();
        }
        let id = ringer::RentalId::parse(&rented.rental_id()).expect("it is one");
        while sandbox.rentals().send_sms(id, sms.clone()).is_ok() {}
    }
    panic!("there is no end to it");
}

#[test]
fn a_sandbox_that_takes_all_the_memory_is_refused_with_the_flag_and_the_small_ones_go_on() {
    let server = start(small());
    let told = fill(&server, "greedy");
    assert!(told.contains("--max-memory 32MiB"), "{told}");
    let other = Client::new(&server, "modest");
    let id = other.rent("US").rental_id();
    assert_eq!(other.poll(&id).status, 200);

    let admin = Admin::new(&server);
    let newest = admin.get("/sandboxes/greedy/rentals?last=1").list()[0]["rental_id"].clone();
    let newest = newest.as_str().expect("an id");
    let greedy = Client::new(&server, "greedy");
    assert_eq!(greedy.poll(newest).status, 200, "what it has goes on");
    for (path, body) in [
        (format!("rentals/{newest}/messages"), json!({"text": "more"})),
        ("faults".to_owned(), json!({"where": ["getSMS"], "what": {"error": "NO_NUMBERS"}})),
    ] {
        let told = admin.post(&format!("/sandboxes/greedy/{path}"), body.to_string());
        assert!(told.problem(409).contains("--max-memory 32MiB"), "{told:?}");
    }
    assert_eq!(admin.delete("/sandboxes/greedy").status, 204);
    until("its memory is free", || greedy.rent("US").status == 200);
}

#[test]
fn what_was_idle_longest_goes_first_where_the_memory_is_used_up() {
    let server = start(small().evict_idle_after(Duration::ZERO));
    let admin = Admin::new(&server);
    let scenario = json!({"scenario": serde_json::to_value(plenty()).expect("it is data")});
    // Blanks are counted too: each takes about 12 MiB of 24.
    let body = format!("{}{scenario}", " ".repeat(800_000));
    for key in ["first", "second"] {
        admin.put(&format!("/sandboxes/{key}"), &body).ok();
    }
    let status = |key: &str| admin.get(&format!("/sandboxes/{key}")).status;
    Client::new(&server, "first").rent("US");
    until("the one that nobody used for longest goes", || status("second") == 404);
    assert_eq!(status("first"), 200);
    admin.put("/sandboxes/third", &body).ok();
    Client::new(&server, "third").rent("US");
    until("the next goes", || status("first") == 404);
    assert_eq!(status("third"), 200);
}

#[test]
fn nothing_goes_that_was_used_a_moment_ago() {
    let server = start(small());
    Client::new(&server, "modest").rent("US");
    fill(&server, "greedy");
    let admin = Admin::new(&server);
    assert_eq!(admin.get("/sandboxes/modest").ok()["active_rentals"], 1);
}

#[test]
fn a_journal_of_long_replies_keeps_fewer_of_them() {
    let text = "x".repeat(1_600);
    let script = (0..50).fold(steps(), |script, _| script.sms(seconds(1), sms().text(&text)));
    let server = start(frozen().scenario(plenty().script(script)).max_journal_entries(500));
    let client = Client::new(&server, "ci");
    let ids: Vec<String> = (0..40).map(|_| client.rent("US").rental_id()).collect();
    let sandbox = server.sandbox("ci").expect("the key is good");
    sandbox.clock().advance(seconds(1));
    for id in &ids {
        assert_eq!(client.poll(id).texts().len(), 50);
    }
    let kept = sandbox.journal().entries().len();
    assert!((2..40).contains(&kept), "{kept} replies of 80 KB where half a megabyte may be kept");
    let admin = Admin::new(&server);
    assert_eq!(admin.get("/sandboxes/ci/capsule").ok()["complete"], false);
}

#[test]
fn an_amount_of_memory_is_a_number_with_a_unit() {
    use ringer::MemorySize;
    for (text, bytes) in [("32MiB", 32 << 20), ("2GiB", 2 << 30), ("65536kib", 64 << 20)] {
        assert_eq!(text.parse::<MemorySize>().map(MemorySize::bytes), Ok(bytes), "{text}");
    }
    for (text, says) in [
        ("1024", "512MiB or 2GiB is right"),
        ("1.5GiB", "512MiB or 2GiB is right"),
        ("1GB", "512MiB or 2GiB is right"),
        ("-1GiB", "512MiB or 2GiB is right"),
        ("99999999999999GiB", "512MiB or 2GiB is right"),
        ("31MiB", "32MiB is the least"),
    ] {
        let told = text.parse::<MemorySize>().expect_err(text);
        assert!(told.contains(says), "{told}");
    }
    for text in ["1GiB", "48MiB", "40960KiB"] {
        let size: MemorySize = text.parse().expect("an amount");
        assert_eq!(size.to_string().parse(), Ok(size));
    }
}
