//! A reply that never comes, and what ends the wait.

use std::time::Duration;

use ringer::FaultId;
use ringer::Server;
use ringer::scenario::*;

use super::socket::*;
use crate::process::{Running, ringer};
use crate::support::{Client, frozen, start};

/// So long that a test which waited for it would never end.
const AGES: Duration = Duration::from_secs(1_000_000);

/// A server with a sandbox `ci` in which every reply hangs.
fn hanging() -> Server {
    let server = start(frozen().shutdown_timeout(AGES));
    with_fault(&server, "ci", fault(Endpoints::ALL, Effect::hang()));
    server
}

/// A connection whose second request hangs. Its first reply is read, unless it is to stay.
fn left_hanging(server: &Server, request: &str, reads: bool) -> Socket {
    let mut socket = Socket::open(server);
    let entries = sandbox(server, "ci").journal().entries().len();
    socket.send(&(get_numbers("other", "") + request));
    if reads {
        assert_eq!(socket.reply().status, 200);
    }
    until("the request hangs", || sandbox(server, "ci").journal().entries().len() > entries);
    socket
}

/// The server's end of a connection, as the system names the open files of this process.
fn its_end(server: &Server, socket: &Socket) -> String {
    let table = std::fs::read_to_string("/proc/self/net/tcp").expect("a table of sockets");
    let [mine, its] = [server.address().port(), socket.port()].map(|port| format!(":{port:04X}"));
    let inodes = table.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let is_pair = fields[1].ends_with(&mine) && fields[2].ends_with(&its);
        is_pair.then(|| format!("socket:[{}]", fields[9]))
    });
    let ends: Vec<String> = inodes.collect();
    assert!(ends.len() == 1 && is_open(&ends[0]), "{ends:?}");
    ends[0].clone()
}

fn is_open(socket: &str) -> bool {
    let files = std::fs::read_dir("/proc/self/fd").expect("a folder of open files");
    let links = files.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
    links.into_iter().any(|link| link.as_os_str() == socket)
}

/// Closes, which is a reset where a reply was not read, and looks whether the server does too.
fn assert_let_go(server: &Server, socket: Socket) {
    let end = its_end(server, &socket);
    drop(socket);
    until("the server lets go of the socket", || !is_open(&end));
}

#[test]
fn a_hanging_request_gets_no_byte_and_no_end() {
    let server = hanging();
    let mut sockets = requests("ci").map(|request| {
        let mut socket = Socket::open(&server);
        socket.send(&request);
        socket
    });
    let [first, rest @ ..] = &mut sockets;
    assert!(first.is_silent_for(Duration::from_millis(300)));
    for socket in rest {
        assert!(socket.is_silent_for(Duration::from_millis(20)));
    }
    let journal = sandbox(&server, "ci").journal().entries();
    assert_eq!(journal.len(), 4);
    for entry in journal {
        assert_eq!((entry.status, entry.code), (None, None));
        assert_eq!(entry.fault, Some(FaultId::Rule(1)));
    }
}

#[test]
fn a_hang_ends_when_the_client_closes_its_side() {
    let server = hanging();
    for request in requests("ci") {
        let mut socket = left_hanging(&server, &request, true);
        // What it still sends is heard by nobody.
        socket.send(&get_numbers("other", "").repeat(100));
        socket.say_no_more();
        assert_eq!(socket.rest(), (vec![], End::Closed));
    }
    assert_eq!(sandbox(&server, "other").journal().entries().len(), 4);
}

#[test]
fn a_hang_ends_when_the_client_closes() {
    let server = hanging();
    for request in requests("ci") {
        assert_let_go(&server, left_hanging(&server, &request, true));
    }
}

#[test]
fn a_hang_ends_when_the_client_resets() {
    let server = hanging();
    for request in requests("ci") {
        assert_let_go(&server, left_hanging(&server, &request, false));
    }
}

#[test]
fn a_dribble_ends_when_the_client_resets() {
    let server = start(frozen());
    let slow = Effect::dribble(RealDuration::MAX);
    let sandbox =
        with_fault(&server, "ci", fault([Endpoint::GetNumbers], slow).phase(Phase::After));
    let mut socket = Socket::open(&server);
    socket.send(&(get_numbers("other", "") + &get_numbers("ci", "")));
    until("the reply dribbles", || sandbox.journal().entries().len() == 1);
    assert_let_go(&server, socket);
}

#[test]
fn a_stopping_server_closes_hanging_connections() {
    let server = hanging();
    let mut sockets = requests("ci").map(|request| left_hanging(&server, &request, true));
    server.stop();
    for socket in &mut sockets {
        assert_eq!(socket.rest(), (vec![], End::Closed));
    }
}

#[test]
fn a_dropped_server_closes_hanging_connections() {
    let server = hanging();
    let mut socket = left_hanging(&server, &get_numbers("ci", ""), true);
    drop(server);
    let (bytes, _) = socket.rest();
    assert!(bytes.is_empty());
}

#[test]
fn a_process_that_gets_sigterm_closes_hanging_connections() {
    let mut command = ringer();
    command.args(["--shutdown-timeout", "100h"]);
    let running = Running::start(command);
    let address = running.address().parse().expect("an address");
    let mut sockets = [(); 3].map(|()| {
        let mut socket = Socket::at(address);
        let hangs = get_numbers("ci", "prefer: fault=HANG\r\n");
        socket.send(&(get_numbers("other", "") + &hangs));
        assert_eq!(socket.reply().status, 200);
        socket
    });
    running.signal("TERM");
    for socket in &mut sockets {
        assert_eq!(socket.rest(), (vec![], End::Closed));
    }
    assert_eq!(running.wait().0, Some(0));
}

#[test]
fn hanging_dribbling_and_delayed_calls_hold_up_no_other_client() {
    let server = start(frozen().workers(1));
    with_fault(&server, "hangs", fault(Endpoints::ALL, Effect::hang()));
    with_fault(&server, "dribbles", fault(Endpoints::ALL, Effect::dribble(RealDuration::MAX)));
    let late = Effect::delay(RealDuration::MAX);
    with_fault(&server, "late", fault(Endpoints::ALL, late).phase(Phase::Before));
    with_fault(&server, "later", fault(Endpoints::ALL, late).phase(Phase::After));
    let mut crowd = Vec::new();
    for key in ["hangs", "dribbles", "late", "later"] {
        for _ in 0..50 {
            let mut socket = Socket::open(&server);
            socket.send(&get_numbers(key, ""));
            crowd.push(socket);
        }
        let is_there = || sandbox(&server, key).faults().list()[0].fired == 50;
        until("all of them are waiting", is_there);
    }
    let client = Client::new(&server, "ci");
    for _ in 0..10 {
        assert_eq!(client.get_numbers().status, 200);
    }
    let delayed = &mut crowd[199];
    assert!(delayed.is_silent_for(Duration::from_millis(1)), "the crowd was served already");
}
