//! The client of another key, which asks getNumbers at a steady rate.

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::client::Connection;
use crate::request;
use crate::server::Server;
use crate::stats::Latencies;

const KEY: &str = "probe";
/// A server deals connections to its workers in turn, so that two in a row reach both.
const CONNECTIONS: usize = 2;
/// Between two requests on a connection.
const PERIOD: Duration = Duration::from_millis(2);

/// The latencies of getNumbers of another key while `act` runs.
pub(super) fn beside(server: &Server, act: impl FnOnce() -> Outcome<()>) -> Outcome<Latencies> {
    let request = request::get_numbers(KEY);
    let mut connections = Vec::new();
    let mut expected = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut connection = server.connect()?;
        expected = connection.call(&request)?.to_vec();
        connections.push(connection);
    }
    let began = Instant::now();
    let over = OnceLock::new();
    thread::scope(|scope| {
        let ask = |connection| ask(connection, &request, &expected, began, &over);
        let probes: Vec<_> =
            connections.into_iter().map(|it| scope.spawn(move || ask(it))).collect();
        let acted = act();
        over.get_or_init(Instant::now);
        let mut latencies = Latencies::default();
        for probe in probes {
            latencies.append(probe.join().map_err(|_| "a probe panicked")??);
        }
        acted.map(|()| latencies)
    })
}

/// Asks on schedule until `over`. A request that a slow reply before it held up counts from when it
/// was due, so that a stall is felt by all who would have asked meanwhile.
fn ask(
    mut connection: Connection,
    request: &[u8],
    expected: &[u8],
    began: Instant,
    over: &OnceLock<Instant>,
) -> Outcome<Latencies> {
    let mut latencies = Latencies::default();
    let mut due = began;
    loop {
        let now = Instant::now();
        // That this thread wakes late is not the server's doing.
        let since = if now < due {
            thread::sleep(due - now);
            Instant::now()
        } else {
            due
        };
        connection.send(request)?;
        let reply = connection.receive()?;
        if reply.status != 200 || reply.body != expected {
            return Err(reply.wrong(&String::from_utf8_lossy(expected)));
        }
        latencies.add(since.elapsed());
        due += PERIOD;
        if over.get().is_some_and(|over| due > *over) {
            return Ok(latencies);
        }
    }
}
