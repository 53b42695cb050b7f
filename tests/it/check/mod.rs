//! `ringer check`: what it says of a right server, of wrong ones, and what it leaves behind.

mod command;
mod docs;
mod hostile;
mod itself;
mod kills;
mod money;
mod mutants;
mod partner;
mod reports;
mod stub;
mod tls;

use std::time::Duration;

use ringer::check::run::run;
use ringer::check::stop_token::StopToken;
use ringer::check::{CaseOutcome, Level, Options, Run, SetupError, SmsSource};
use ringer::scenario::RealDuration;
use ringer::scenario::*;
use ringer::{Server, ServerBuilder};

const KEY: &str = "check-key-one";
const OTHER_KEY: &str = "check-key-two";

/// A server that admits two accounts, and on which half a minute passes in a second.
fn server() -> ServerBuilder {
    let rate = Rate::new(30.0).expect("a rate");
    Server::builder().clock(Clock::scaled(rate)).api_key(KEY).api_key(OTHER_KEY)
}

/// A run that waits for nothing longer than a server on this machine needs.
fn options(url: &str) -> Options {
    let mut options = Options::new(url.parse().expect("a base URL"), KEY.parse().expect("a key"));
    options.timeout = RealDuration::millis(5_000);
    options.cancel_within = RealDuration::ZERO;
    options
}

/// The same with a second account, and with SMS that come by themselves.
fn all_options(url: &str) -> Options {
    let mut options = options(url);
    options.other_api_key = Some(OTHER_KEY.parse().expect("a key"));
    options.sms = Some(SmsSource { within: RealDuration::millis(5_000), command: None });
    options
}

fn check(options: &Options) -> Result<Run, SetupError> {
    run(options, &mut (), &StopToken::default())
}

fn checked(options: &Options) -> Run {
    check(options).unwrap_or_else(|cannot| panic!("{cannot}"))
}

/// The slugs that failed, with all that is said of them.
fn failures(run: &Run) -> Vec<(&'static str, String)> {
    let failed =
        run.results.iter().filter_map(|result| Some((result.case.slug, result.failure()?)));
    failed.map(|(slug, failure)| (slug, format!("{failure:?}"))).collect()
}

/// The slugs that were skipped, with the reasons.
fn skips(run: &Run) -> Vec<(&'static str, String)> {
    let skip = |outcome: &CaseOutcome| match outcome {
        CaseOutcome::Skipped(why) => Some(why.clone()),
        _ => None,
    };
    run.results.iter().filter_map(|one| Some((one.case.slug, skip(&one.outcome)?))).collect()
}

/// Does it in a thread, and gives up on it where it takes longer.
fn within<T: Send + 'static>(limit: Duration, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || done.send(work()));
    wait.recv_timeout(limit).expect("it ends in time")
}

fn fails_at_must(run: &Run, slug: &str) -> bool {
    run.failed(Level::Must).any(|result| result.case.slug == slug)
}
