//! The server in a user's own process: under any runtime, stopped when it is dropped.

use std::net::TcpStream;

use ringer::Server;
use ringer::scenario::*;

use crate::support::{Client, start};

#[test]
fn a_dropped_server_frees_its_port_at_once() {
    let server = start(Server::builder());
    let address = server.address();
    assert!(TcpStream::connect(address).is_ok());
    drop(server);
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_stopped_server_answers_what_is_in_flight_and_closes_idle_connections() {
    let server = start(Server::builder());
    let address = server.address();
    let client = Client::new(&server, "ci");
    assert_eq!(client.get_numbers().status, 200);
    server.stop();
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_server_can_be_started_and_used_inside_a_tokio_and_an_actix_runtime() {
    let use_it = || {
        let server = start(Server::builder());
        assert_eq!(Client::new(&server, "ci").rent("US").status, 200);
    };
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
        .block_on(async { use_it() });
    actix_web::rt::System::new().block_on(async { use_it() });
}

#[test]
fn a_scenario_of_ones_own_is_played_and_can_be_asked_for_by_name() {
    let own = || {
        scenario("own")
            .country(country(Country::SE).available(1).price(cents(7)))
            .script(steps().sms(seconds(1), sms().text("{service} {code}").code("AB-##")))
    };
    let server = start(Server::builder().scenario(own()).clock(Clock::frozen()));
    let client = Client::new(&server, "ci");
    let id = client.rent_for("SE", "olx").rental_id();
    server.sandbox("ci").expect("the key is good").clock().advance(seconds(1));
    assert!(client.poll(&id).texts()[0].starts_with("OLX AB-"));

    let server = start(Server::builder().with_scenarios([own()]));
    assert_eq!(Client::new(&server, "ci@own").get_numbers().available("SE"), 1);
}

#[test]
fn settings_that_make_no_sense_are_refused_with_what_would_be_right() {
    let reason = |builder: ringer::ServerBuilder| {
        builder.start().map(|server| server.url()).expect_err("it does not start").to_string()
    };
    assert!(
        reason(Server::builder().scenario("hapy-path")).contains(r#"did you mean "happy-path"?"#)
    );
    assert!(
        reason(Server::builder().scenario(scenario("own"))).contains("countries: offers nothing")
    );
    assert!(reason(Server::builder().api_key("")).starts_with("api_key: api_key is empty"));
    let hurried = Server::builder().request_timeout(std::time::Duration::from_millis(10));
    assert!(reason(hurried).contains("10ms is too short; it must be 1s or more"));
    let taken = start(Server::builder());
    let reason = reason(Server::builder().port(taken.address().port()));
    assert!(
        reason.contains("cannot listen on 127.0.0.1:")
            && reason.contains("port 0 takes a free port"),
        "{reason}"
    );
}

#[test]
fn a_sandbox_that_a_key_may_not_open_is_refused_to_the_process_too() {
    let server = start(Server::builder().api_key("alpha"));
    assert!(server.sandbox("beta").is_err());
    assert!(server.sandbox("alpha").is_ok());
}

#[test]
fn ended_rentals_and_journal_entries_are_bounded() {
    let builder =
        Server::builder().clock(Clock::frozen()).max_ended_rentals(2).max_journal_entries(3);
    let server = start(builder);
    let client = Client::new(&server, "ci");
    let ids: Vec<String> = (0..4)
        .map(|_| {
            let id = client.rent("US").rental_id();
            client.cancel(&id);
            id
        })
        .collect();
    let found: Vec<u16> = ids.iter().map(|id| client.poll(id).status).collect();
    assert_eq!(found, [404, 404, 200, 200], "the oldest are forgotten first");
    let journal = server.sandbox("ci").expect("the key is good").journal().entries();
    assert_eq!(journal.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [10, 11, 12]);
}
