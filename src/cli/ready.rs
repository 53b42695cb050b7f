//! `ringer ready`.

use std::time::Duration;

use clap::Args;

use super::Failure;
use crate::domain::span::Span;
use crate::registry::real_time::RealClock;

/// Which server, and how long to wait for it.
#[derive(Args, Debug)]
pub(super) struct ReadyArguments {
    /// The base URL of the server
    #[arg(long, env = "RINGER_URL", default_value = "http://127.0.0.1:7464")]
    url: String,
    /// How long to wait, in real time
    #[arg(long, env = "RINGER_TIMEOUT", value_name = "SPAN", default_value = "30s")]
    timeout: Span,
}

/// How long after a vain try the next one comes.
const PAUSE: Duration = Duration::from_millis(20);

/// Waits until the server says that it is healthy.
pub(super) fn run(arguments: &ReadyArguments) -> Result<(), Failure> {
    let url = arguments.url.trim_end_matches('/');
    if !url.starts_with("http://") {
        return Err(Failure::usage(format!(
            "--url {url:?} is not the URL of a ringer; write it like http://127.0.0.1:7464"
        )));
    }
    let clock = RealClock::start();
    let waits = arguments.timeout.as_millis();
    let mut reason = "nothing answered".to_owned();
    loop {
        let left = waits.saturating_sub(clock.micros_since_start() / 1_000);
        if left == 0 {
            let message = format!("{url} was not ready within {}: {reason}", arguments.timeout);
            return Err(Failure::checked(message));
        }
        match ask(url, Duration::from_millis(left)) {
            Ok(()) => return Ok(()),
            // That our time is over says less than what went wrong before.
            Err(ureq::Error::Timeout(_)) => {}
            Err(ureq::Error::StatusCode(404)) => {
                reason = "something answers there, but it is not ringer (404)".into();
            }
            Err(error) => reason = error.to_string(),
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "another process sends us no event to wait for"
        )]
        std::thread::sleep(PAUSE);
    }
}

fn ask(url: &str, timeout: Duration) -> Result<(), ureq::Error> {
    let config = ureq::Agent::config_builder().timeout_global(Some(timeout)).build();
    let reply = ureq::Agent::new_with_config(config).get(format!("{url}/__admin/health")).call();
    reply.map(drop)
}
