//! Tests that wait for what does not come.

use std::thread;
use std::time::{Duration, Instant};

use super::case::Case;
use super::table::Row;
use crate::Outcome;
use crate::client::Connection;
use crate::options::Options;
use crate::request;
use crate::server::Server;

const KEY: &str = "awaited";
const WAITING: usize = 200;
const JOURNAL: usize = 10_000;
/// Between two requests of the key that is waited for.
const PERIOD: Duration = Duration::from_millis(10);

pub(super) fn run(options: &Options) -> Outcome<Vec<Row>> {
    let waiting = options.scale.count(WAITING);
    let mut case = Case::new(format!("{waiting} waiting verify, a full journal"));
    for _ in 0..super::rounds(options) {
        // A new server each time, for those of the last round may still wait.
        let server = super::shipped(&[])?;
        let mut connection = server.connect()?;
        let call = request::get_numbers(KEY);
        for _ in 0..options.scale.count(JOURNAL) {
            connection.call(&call)?;
        }
        let mut waiters = Vec::new();
        case.round(&server, options.round, || {
            waiters = wait(&server, waiting)?;
            let began = Instant::now();
            while began.elapsed() < options.round {
                connection.call(&call)?;
                thread::sleep(PERIOD);
            }
            Ok(())
        })?;
        // None was answered by mistake.
        for mut waiter in waiters {
            waiter.expect_silence(Duration::from_millis(1))?;
        }
    }
    Ok(vec![case.row()])
}

/// So many clients that wait for more requests than there will be. Each request is one of those
/// that they count.
pub(super) fn wait(server: &Server, clients: usize) -> Outcome<Vec<Connection>> {
    let expectation = r#"{"endpoint":"getNumbers","count":{"min":4000000000},"timeout":"1h"}"#;
    let path = format!("/__admin/sandboxes/{KEY}/verify");
    let verify = request::post(&path, expectation);
    let send = |_| {
        let mut connection = server.connect()?;
        connection.send(&verify)?;
        Ok(connection)
    };
    (0..clients).map(send).collect()
}
