//! Runs the control API's work on sandboxes off the threads that answer the partner API.
//!
//! Jobs of one key run one after another, and keys take turns, so that a busy key only delays
//! itself. Short and long jobs have a thread each, so that no short job waits for a long one of
//! another key.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use log::error;
use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobLength {
    /// Well below a millisecond.
    Short,
    /// Grows with the content of a sandbox, or with the number of sandboxes.
    Long,
}

impl JobLength {
    const ALL: [Self; 2] = [Self::Short, Self::Long];

    const fn thread_name(self) -> &'static str {
        match self {
            Self::Short => "ringer-short-jobs",
            Self::Long => "ringer-long-jobs",
        }
    }
}

/// The job queues. The threads start with the first job and end when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Jobs(Arc<JobQueues>);

#[derive(Debug, Default)]
struct JobQueues {
    state: Mutex<Queues>,
    /// One for the thread of each [`JobLength`].
    is_ready: [Condvar; 2],
}

#[derive(Debug, Default)]
struct Queues {
    queues: HashMap<Box<str>, Queue>,
    /// By length: the keys whose next job has this length, and none of whose jobs is running.
    ready: [VecDeque<Box<str>>; 2],
    has_threads: bool,
    is_closed: bool,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(JobLength, Job)>,
    is_running: bool,
}

type Job = Box<dyn FnOnce() + Send>;

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Queue({} waiting)", self.waiting.len())
    }
}

impl Jobs {
    /// Runs a job after all earlier ones of the same key. If the caller has gone by its turn, the
    /// job is dropped.
    ///
    /// Returns `None` if the job panicked, or if its thread cannot be started.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        key: &str,
        length: JobLength,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = oneshot::channel();
        self.add(key, length, move || {
            if !sender.is_closed() {
                // It fails only if the caller has gone meanwhile.
                let _ = sender.send(job());
            }
        });
        receiver.await.ok()
    }

    /// Adds a job that nobody waits for.
    pub(crate) fn add(&self, key: &str, length: JobLength, job: impl FnOnce() + Send + 'static) {
        let mut state = self.0.state.lock();
        if !state.has_threads {
            state.has_threads = true;
            for length in JobLength::ALL {
                let shared = Arc::clone(&self.0);
                let thread = std::thread::Builder::new().name(length.thread_name().into());
                if let Err(reason) = thread.spawn(move || shared.work(length)) {
                    error!("cannot start the thread {}: {reason}", length.thread_name());
                    state.has_threads = false;
                    return;
                }
            }
        }
        let queue = state.queues.entry(key.into()).or_default();
        queue.waiting.push_back((length, Box::new(job)));
        if queue.waiting.len() == 1 && !queue.is_running {
            self.0.make_ready(&mut state, key.into(), length);
        }
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.0.state.lock().is_closed = true;
        for is_ready in &self.0.is_ready {
            is_ready.notify_all();
        }
    }
}

impl JobQueues {
    fn make_ready(&self, state: &mut Queues, key: Box<str>, length: JobLength) {
        state.ready[length as usize].push_back(key);
        self.is_ready[length as usize].notify_one();
    }

    fn work(&self, length: JobLength) {
        if length == JobLength::Long {
            give_way();
        }
        let mut state = self.state.lock();
        while !state.is_closed {
            let Some(key) = state.ready[length as usize].pop_front() else {
                self.is_ready[length as usize].wait(&mut state);
                continue;
            };
            let job = state.queues.get_mut(&key).and_then(|queue| {
                queue.is_running = true;
                queue.waiting.pop_front()
            });
            drop(state);
            if let Some((_, job)) = job {
                // The panic hook has reported it; the caller gets `None`.
                let _ = catch_unwind(AssertUnwindSafe(job));
            }
            state = self.state.lock();
            let next = state.queues.get_mut(&key).and_then(|queue| {
                queue.is_running = false;
                queue.waiting.front().map(|(length, _)| *length)
            });
            match next {
                Some(length) => self.make_ready(&mut state, key, length),
                None => drop(state.queues.remove(&key)),
            }
        }
    }
}

/// Lowers this thread's priority below that of the threads that answer. Only on Linux: elsewhere it
/// would change the whole process.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(reason) = rustix::process::nice(10) {
        log::debug!("long jobs run at the usual priority: {reason}");
    }
}
