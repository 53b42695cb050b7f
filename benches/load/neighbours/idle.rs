//! Readers of all events while nothing happens.

use std::thread;
use std::time::{Duration, Instant};

use super::events;
use super::many::{KEPT, touch};
use super::table::{self, Row};
use crate::Outcome;
use crate::options::Options;
use crate::server::Server;

const READERS: usize = 100;
const SPAN: Duration = Duration::from_secs(5);
/// Percent of a core that idling may cost.
const MOST: f64 = 2.0;

pub(super) fn run(options: &Options) -> Outcome<Vec<Row>> {
    let (sandboxes, readers) = (options.scale.count(KEPT), options.scale.count(READERS));
    let span = options.scale.span(SPAN);
    let server = super::shipped(&[])?;
    touch(&server, "idle", sandboxes)?;
    let before = share(&server, span);
    // What little comes stays in the buffers of their sockets.
    let _readers = (0..readers)
        .map(|_| events::listen(&server, "/__admin/events"))
        .collect::<Outcome<Vec<_>>>()?;
    let during = share(&server, span);
    Ok(vec![Row {
        case: format!("{readers} readers of all, {sandboxes} idle sandboxes"),
        before: format!("CPU {before:.1} %"),
        during: format!("CPU {during:.1} %"),
        ratio: during / before,
        note: "of a core, nobody asks".to_owned(),
        target: format!("≤ {MOST:.0} %"),
        verdict: table::verdict(during <= MOST),
    }])
}

/// The percentage of a core that a server has, for so long.
fn share(server: &Server, span: Duration) -> f64 {
    let (cpu, began) = (server.cpu_time(), Instant::now());
    thread::sleep(span);
    let spent = server.cpu_time().zip(cpu).map(|(after, before)| after - before);
    spent.map_or(f64::NAN, |spent| 100.0 * spent.as_secs_f64() / began.elapsed().as_secs_f64())
}
