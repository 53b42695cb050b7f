use std::thread;
use std::time::Duration;

use ringer::scenario::{Money, seconds};

use super::naive::rent_until_told;
use super::socket::{Heard, Socket};
use super::{assert_comes_through, charged, play, play_carefully};
use crate::support::{frozen, start};

/// So many listings at the same time, so that all together take no longer than the slowest.
fn at_once(socket: &Socket, calls: usize) -> Vec<Heard> {
    thread::scope(|scope| {
        let started: Vec<_> =
            (0..calls).map(|_| scope.spawn(|| socket.get("/getNumbers", ""))).collect();
        started.into_iter().map(|call| call.join().expect("it is heard")).collect()
    })
}

#[test]
fn all_replies_come_whole_and_one_in_five_in_little_pieces() {
    let (server, _client, _sandbox) = play("slow-network");
    let heard = at_once(&Socket::new(&server, "ci"), 30);
    for reply in &heard {
        assert_eq!((reply.status(), reply.error), (Some(200), None));
        assert!(reply.json().is_ok() && reply.announced() == reply.body().len());
    }
    let dribbled = heard.iter().filter(|reply| reply.pieces > 5).count();
    assert!((2..=11).contains(&dribbled), "{dribbled} of 30");
}

#[test]
fn hardly_a_reply_begins_within_30_ms_and_some_not_within_300() {
    let (server, _client, sandbox) = play("slow-network");
    let silent = |millis| {
        let heard = at_once(&Socket::new(&server, "ci").read_timeout(millis), 30);
        heard.into_iter().filter(|reply| reply.pieces == 0).count()
    };
    assert!(silent(30) >= 25);
    assert!(silent(300) >= 2);
    // What was drawn, and not what a busy machine made of it.
    let journal = sandbox.journal().entries();
    let slow = journal.iter().filter(|entry| entry.delay().as_millis() > 300).count();
    assert!((4..=50).contains(&slow), "{slow} of 60");
}

#[test]
fn a_client_that_waits_an_eighth_of_a_second_for_a_reply_rents_again_and_again() {
    // With this seed the first rentals are slower than that.
    let server = start(frozen().scenario("slow-network").seed(4));
    let sandbox = server.sandbox("ci").expect("the key is good");
    let socket = Socket::new(&server, "ci").read_timeout(125);
    rent_until_told(&socket, "US");
    let (made, charged) = charged("slow-network", &sandbox);
    assert!(made >= 3, "{made} for one number");
    assert!(charged >= Money::cents(15));
    sandbox.clock().advance(seconds(1_199));
    assert_eq!(sandbox.rentals().live() as usize, made, "all of them live, and it knows of one");
}

#[test]
fn a_client_that_gives_a_reply_a_second_from_its_first_byte_rents_twice() {
    // With this seed the reply to the first rental dribbles.
    let server = start(frozen().scenario("slow-network").seed(1));
    let sandbox = server.sandbox("ci").expect("the key is good");
    let second = Some(Duration::from_secs(1));
    let agent = ureq::Agent::new_with_config(
        ureq::Agent::config_builder().timeout_recv_body(second).build(),
    );
    let url = format!("{}/rentNumber", server.url());
    let read = || {
        let mut reply = agent.post(&url).send_form([("api_key", "ci"), ("country", "US")])?;
        reply.body_mut().read_to_string()
    };
    let in_vain = (0..5).take_while(|_| read().is_err()).count();
    assert!((1..5).contains(&in_vain), "{in_vain} in vain");
    let (made, charged) = charged("slow-network", &sandbox);
    assert_eq!((made, sandbox.rentals().live() as usize), (in_vain + 1, in_vain + 1));
    assert!(charged >= Money::cents(10), "{charged} for one number at 0.05");
}

#[test]
fn a_careful_client_gives_each_reply_the_time_it_takes() {
    let (_server, mut client, sandbox) = play_carefully("slow-network");
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("slow-network", &outcome, &sandbox);
    assert!(outcome.ledger.in_doubt.is_empty());
    assert_eq!(charged("slow-network", &sandbox).0, 1);
}
