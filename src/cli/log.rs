//! Logging: env_logger formats the lines, and a thread of its own writes them to stderr.
//!
//! No request waits for the reader of stderr. If nobody reads it, lines beyond a bound are dropped
//! and counted.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use log::LevelFilter;
use parking_lot::{Condvar, Mutex};

use crate::registry::real_time::RealClock;

/// Starts logging. Dropping the guard flushes it.
///
/// # Errors
/// The filter is not a valid one.
pub(super) fn start(filter: &str) -> Result<Guard, String> {
    let pipe = Arc::new(Pipe::default());
    let mut builder = env_logger::Builder::new();
    match filter.parse::<LevelFilter>() {
        // A bare level is for ringer itself; libraries only log warnings.
        Ok(level) => {
            builder.filter_level(level.min(LevelFilter::Warn)).filter_module("ringer", level);
            builder.filter_module("actix_http", LevelFilter::Off);
        }
        Err(_) if filter.contains('=') => {
            builder.parse_filters(filter);
        }
        Err(_) => {
            return Err(format!(
                "--log {filter:?} is not a filter; use off, error, warn, info, debug, or \
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
    // A process can only have one logger; in tests, the first one stays.
    let _ = builder.try_init();
    let writer = Arc::clone(&pipe);
    let thread = std::thread::Builder::new().name("log".into()).spawn(move || writer.write_lines());
    Ok(Guard { pipe, started: thread.is_ok() })
}

/// Flushes the log when it is dropped.
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
        // A reader that does not read must not keep the process from ending.
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
    /// Notified when everything is written after the end.
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
    /// Lines within this time are written together.
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

    fn write_lines(&self) {
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
            // If stderr is gone, nobody could read the error.
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
