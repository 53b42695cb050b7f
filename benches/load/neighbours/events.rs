//! Who listens while a key is asked as fast as can be, and who has waited and is gone.
//!
//! Judged is what the server could answer with a core to itself: requests per second of its CPU
//! time. On a quiet machine that is the throughput, and on a busy one it still says something.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::table::{self, Row};
use super::waiting;
use crate::Outcome;
use crate::options::Options;
use crate::server::{Cores, Server};
use crate::throughput::{self, Comparison, Workload};

const READERS: usize = 10;
const GONE: usize = 500;
/// The share of the throughput that is to be left.
const LEFT: f64 = 0.9;

pub(super) fn run(options: &Options) -> Outcome<Vec<Row>> {
    // What is pinned here are this thread and those that it starts.
    let cores = Cores::choose();
    throughput::print_heading(options, super::rounds(options));
    let mut rows = vec![gone(options, &cores)?];
    for (of, path) in
        [("another key", "/__admin/sandboxes/listened/events"), ("all", "/__admin/events")]
    {
        let subject = server("listened", &cores)?;
        // The sandbox is there before anybody listens to it.
        subject.connect()?.call(&crate::request::get_numbers("listened"))?;
        let readers = (0..READERS).map(|_| Reader::start(&subject, path));
        let readers = readers.collect::<Outcome<Vec<Reader>>>()?;
        let comparison = compare(subject, options, &cores)?;
        let mut bytes = 0;
        for reader in readers {
            let read = reader.finish()?;
            if read == 0 {
                return Err(format!("a reader of {path} got nothing").into());
            }
            bytes += read;
        }
        let name = format!("{READERS} readers of the events of {of}");
        let note = format!("{:.1} MiB of events were read", bytes as f64 / f64::from(1 << 20));
        rows.push(row(name, &comparison, note));
    }
    Ok(rows)
}

/// Clients that waited and have closed their connections.
fn gone(options: &Options, cores: &Cores) -> Outcome<Row> {
    let clients = options.scale.count(GONE);
    let subject = server("deserted", cores)?;
    let sockets = || subject.sockets().unwrap_or_default();
    let at_first = sockets();
    let waiting = waiting::wait(&subject, clients)?;
    until(|| sockets() >= at_first + clients);
    drop(waiting);
    until(|| sockets() <= at_first);
    let held = sockets().saturating_sub(at_first);
    let comparison = compare(subject, options, cores)?;
    let note = format!("{held} of their sockets are held");
    let mut row = row(format!("{clients} verify whose clients are gone"), &comparison, note);
    // Those of the measurement itself come and go.
    if held > 2 {
        row.verdict = table::verdict(false);
    }
    Ok(row)
}

fn server(name: &'static str, cores: &Cores) -> Outcome<Server> {
    Server::executable(name, &["--workers", "2", "--clock", "frozen"], cores)
}

fn compare(subject: Server, options: &Options, cores: &Cores) -> Outcome<Comparison> {
    let quiet = server("quiet", cores)?;
    let rounds = super::rounds(options);
    throughput::compare(quiet, subject, Workload::GetNumbers, LEFT, options, rounds)
}

fn row(case: String, comparison: &Comparison, note: String) -> Row {
    let [before, during] = comparison.capacities;
    let left = during / before;
    Row {
        case,
        before: format!("{before:.0}/s"),
        during: format!("{during:.0}/s"),
        ratio: left,
        note,
        target: format!("≥ {LEFT}"),
        verdict: table::verdict(left >= LEFT),
    }
}

/// Waits for it, but not for long.
fn until(is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() && began.elapsed() < Duration::from_secs(2) {
        thread::sleep(Duration::from_millis(10));
    }
}

/// A stream of events whose head has come.
pub(super) fn listen(server: &Server, path: &str) -> Outcome<TcpStream> {
    let mut stream = TcpStream::connect(server.address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    match &status {
        b"HTTP/1.1 200" => Ok(stream),
        _ => Err(format!("{path}: {}", String::from_utf8_lossy(&status)).into()),
    }
}

/// Reads events as fast as they come, and gives way to the load on its core: what is measured is
/// what readers cost the server.
struct Reader {
    stream: TcpStream,
    thread: JoinHandle<std::io::Result<usize>>,
}

impl Reader {
    fn start(server: &Server, path: &str) -> Outcome<Reader> {
        let stream = listen(server, path)?;
        let mut source = stream.try_clone()?;
        let thread = thread::spawn(move || {
            rustix::process::nice(19)?;
            let mut buffer = vec![0; 1 << 16];
            let mut bytes = 0;
            loop {
                match source.read(&mut buffer) {
                    Ok(0) => return Ok(bytes),
                    Ok(count) => bytes += count,
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    // The server is stopped once all is measured, whatever is on its way.
                    Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(bytes),
                    Err(error) => return Err(error),
                }
            }
        });
        Ok(Reader { stream, thread })
    }

    /// How many bytes it has read.
    fn finish(self) -> Outcome<usize> {
        // The server may have closed it already.
        let _ = self.stream.shutdown(Shutdown::Both);
        let bytes = self.thread.join().map_err(|_| "a reader panicked")?;
        Ok(bytes?)
    }
}
