//! Where log lines go: env_logger writes them, a thread of its own carries them to stderr.
//!
//! A request never waits for whoever reads stderr. Where nobody does, lines beyond a bound are
//! dropped and counted.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use log::LevelFilter;
use parking_lot::{Condvar, Mutex};

use crate::registry::real_time::RealClock;

/// Starts logging. Dropping the guard writes what is left.
///
/// # Errors
/// When the filter is none.
pub(super) fn start(filter: &str) -> Result<Guard, String> {
    let pipe = Arc::new(Pipe::default());
    let mut builder = env_logger::Builder::new();
    match filter.parse::<LevelFilter>() {
        // One word is meant for us: of the libraries below, only warnings are worth a line.
        Ok(level) => {
            builder.filter_level(level.min(LevelFilter::Warn)).filter_module("ringer", level);
            builder.filter_module("actix_http", LevelFilter::Off);
        }
        Err(_) if filter.contains('=') => {
            builder.parse_filters(filter);
        }
        Err(_) => {
            return Err(format!(
                "--log {filter:?} is no filter; use off, error, warn, info, debug, or \
                 MODULE=LEVEL pairs such as ringer=info,actix_http=debug"
            ));
        }
    }
    let clock = RealClock::start();
    builder.format(move |line, record| {
        let seconds = clock.now().0 / 1_000 % 86_400_000;
        let (hours, minutes) = (seconds / 3_600_000, seconds / 60_000 % 60);
        let (seconds, millis) = (seconds / 1_000 % 60, seconds % 1_000);
        write!(line, "{hours:02}:{minutes:02}:{seconds:02}.{millis:03} ")?;
        if record.level() <= log::Level::Warn {
            write!(line, "{} ", record.level())?;
        }
        writeln!(line, "{}", record.args())
    });
    builder.target(env_logger::Target::Pipe(Box::new(Sender(Arc::clone(&pipe)))));
    // A second logger in one process is a test's affair; the first one goes on.
    let _ = builder.try_init();
    let carrier = Arc::clone(&pipe);
    let thread = std::thread::Builder::new().name("log".into()).spawn(move || carrier.carry());
    Ok(Guard { pipe, started: thread.is_ok() })
}

/// Writes what is left when it is dropped.
pub(super) struct Guard {
    pipe: Arc<Pipe>,
    started: bool,
}

impl Guard {
    const PATIENCE: Duration = Duration::from_secs(1);
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.pipe.waiting.lock().closed = true;
        self.pipe.changed.notify_one();
        // Whoever does not read stderr must not keep us from ending.
        if self.started {
            let mut waiting = self.pipe.waiting.lock();
            self.pipe.written.wait_while_for(&mut waiting, |waiting| !waiting.done, Self::PATIENCE);
        }
    }
}

#[derive(Default)]
struct Pipe {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    /// Told once all is written after the end.
    written: Condvar,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    dropped: u64,
    closed: bool,
    done: bool,
}

impl Pipe {
    const MOST_BYTES: usize = 4 * 1_024 * 1_024;
    /// Lines that come close together are written together.
    const TOGETHER: Duration = Duration::from_millis(10);

    fn send(&self, line: &[u8]) {
        let mut waiting = self.waiting.lock();
        if waiting.bytes.len() + line.len() > Self::MOST_BYTES {
            waiting.dropped += 1;
            return;
        }
        let first = waiting.bytes.is_empty();
        waiting.bytes.extend_from_slice(line);
        drop(waiting);
        if first {
            self.changed.notify_one();
        }
    }

    fn carry(&self) {
        let mut batch = Vec::new();
        loop {
            let mut waiting = self.waiting.lock();
            while waiting.bytes.is_empty() && !waiting.closed {
                self.changed.wait(&mut waiting);
            }
            if !waiting.closed {
                self.changed.wait_for(&mut waiting, Self::TOGETHER);
            }
            std::mem::swap(&mut batch, &mut waiting.bytes);
            let dropped = std::mem::take(&mut waiting.dropped);
            let closed = waiting.closed;
            drop(waiting);
            if dropped > 0 {
                batch.extend(
                    format!("{dropped} lines were dropped: stderr is read too slowly\n").bytes(),
                );
            }
            // Where stderr is gone there is nobody to tell.
            let _ = io::stderr().write_all(&batch);
            batch.clear();
            if closed {
                self.waiting.lock().done = true;
                self.written.notify_all();
                return;
            }
        }
    }
}

struct Sender(Arc<Pipe>);

impl Write for Sender {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.send(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
