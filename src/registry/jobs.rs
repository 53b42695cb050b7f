//! Work that is kept off the threads that answer the partner API: all that the control API does to
//! sandboxes.
//!
//! The jobs of one key run one after another, and the keys take turns, so that a key that asks for
//! much waits for itself. Short jobs and long ones have a thread each: a long job of one key does
//! not hold up a short one of another.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use log::error;
use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

/// How long a job may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobLength {
    /// Well below a millisecond.
    Short,
    /// It grows with what a sandbox holds, or with the number of sandboxes.
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

/// The jobs that wait or run. Its threads start with the first job, and end with it.
#[derive(Debug, Default)]
pub(crate) struct Jobs(Arc<JobQueues>);

#[derive(Debug, Default)]
struct JobQueues {
    state: Mutex<Queues>,
    /// Tells the thread of each [`JobLength`] that something is ready for it.
    is_ready: [Condvar; 2],
}

#[derive(Debug, Default)]
struct Queues {
    queues: HashMap<Box<str>, Queue>,
    /// The keys whose first job is of this length, and of which none runs.
    ready: [VecDeque<Box<str>>; 2],
    has_threads: bool,
    is_closed: bool,
}

/// The jobs of one key.
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
    /// Runs a job after those of the same key that came before. A job whose caller has gone before
    /// its turn is dropped.
    ///
    /// Gives `None` where the job panicked, or no thread can be started.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        key: &str,
        length: JobLength,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = oneshot::channel();
        self.add(key, length, move || {
            if !sender.is_closed() {
                // That the caller goes meanwhile is no error.
                let _ = sender.send(job());
            }
        });
        receiver.await.ok()
    }

    /// Adds a job whose end nobody waits for.
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

    /// Runs the jobs of this length, one key after the other.
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
                // The panic itself was reported when it happened; whoever waits learns of it.
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

/// Lets this thread run after those that answer, where both want the same core. On Linux a thread
/// has a priority of its own; elsewhere it would be that of the whole process.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(reason) = rustix::process::nice(10) {
        log::debug!("long jobs run at the usual priority: {reason}");
    }
}
