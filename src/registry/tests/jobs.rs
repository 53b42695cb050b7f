//! Work that is kept off the threads that answer the partner API.

use std::sync::{Arc, mpsc};
use std::thread;

use crate::registry::jobs::{JobLength, Jobs};

/// Waits for what a job gives.
fn run<T: Send + 'static>(
    jobs: &Jobs,
    key: &str,
    length: JobLength,
    job: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
        .block_on(jobs.run(key, length, job))
}

#[test]
fn a_long_job_of_one_key_holds_up_its_own_and_no_short_one_of_another() {
    let jobs = Arc::new(Jobs::default());
    let (release, released) = mpsc::channel::<()>();
    let (started, has_started) = mpsc::channel();
    let (log, logged) = mpsc::channel();
    let first = log.clone();
    jobs.add("a", JobLength::Long, move || {
        started.send(()).expect("somebody waits");
        released.recv().expect("it is let go");
        first.send("long of a").expect("somebody reads");
    });
    has_started.recv().expect("it runs");
    jobs.add("a", JobLength::Short, move || log.send("short of a").expect("somebody reads"));
    assert_eq!(run(&jobs, "b", JobLength::Short, || 7), Some(7), "another key is not held up");
    assert!(logged.try_recv().is_err(), "its own second job waits");
    release.send(()).expect("it waits");
    assert_eq!([logged.recv(), logged.recv()], [Ok("long of a"), Ok("short of a")]);
}

#[test]
fn the_keys_take_turns() {
    let jobs = Jobs::default();
    let (release, released) = mpsc::channel::<()>();
    let (log, logged) = mpsc::channel();
    jobs.add("first", JobLength::Long, move || released.recv().expect("it is let go"));
    for key in ["a", "a", "a", "b", "b", "c"] {
        let log = log.clone();
        jobs.add(key, JobLength::Long, move || log.send(key).expect("somebody reads"));
    }
    release.send(()).expect("it waits");
    let order: Vec<&str> = (0..6).map(|_| logged.recv().expect("it runs")).collect();
    assert_eq!(order, ["a", "b", "c", "a", "b", "a"]);
}

#[test]
fn a_job_that_panics_is_told_of_and_the_next_one_runs() {
    let jobs = Jobs::default();
    let panics: fn() -> u8 = || panic!("on purpose");
    assert_eq!(run(&jobs, "a", JobLength::Short, panics), None);
    assert_eq!(run(&jobs, "a", JobLength::Short, || 1), Some(1));
}

#[test]
fn a_job_whose_caller_has_gone_before_its_turn_is_dropped() {
    let jobs = Jobs::default();
    let (release, released) = mpsc::channel::<()>();
    let (log, logged) = mpsc::channel();
    jobs.add("a", JobLength::Short, move || released.recv().expect("it is let go"));
    let gone = log.clone();
    let caller = jobs.run("a", JobLength::Short, move || gone.send("of one who has gone"));
    // Asked for, and then left.
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(async {
        tokio::select! { biased; _ = caller => {} () = std::future::ready(()) => {} }
    });
    jobs.add("a", JobLength::Short, move || log.send("the last").expect("somebody reads"));
    release.send(()).expect("it waits");
    assert_eq!(logged.recv(), Ok("the last"));
}

#[test]
fn the_threads_end_with_it() {
    let jobs = Jobs::default();
    assert_eq!(
        run(&jobs, "a", JobLength::Long, || thread::current().name().map(str::to_owned)),
        Some(Some("ringer-long-jobs".to_owned()))
    );
    let (alive, ended) = mpsc::channel::<()>();
    jobs.add("a", JobLength::Long, move || drop(alive));
    drop(jobs);
    assert!(ended.recv().is_err(), "it is dropped, run or not");
}
