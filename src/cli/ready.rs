//! `ringer ready`.

use std::time::Duration;

use clap::Args;
use serde::Deserialize;

use super::Failure;
use crate::check::base_url::BaseUrl;
use crate::domain::virtual_duration::VirtualDuration;
use crate::registry::real_time::RealClock;

#[derive(Args, Debug)]
pub(super) struct ReadyArguments {
    /// The base URL of the server
    #[arg(long, env = "RINGER_URL", default_value = "http://127.0.0.1:7464", value_parser = url)]
    url: BaseUrl,
    /// How long to wait, in real time
    #[arg(long, env = "RINGER_READY_TIMEOUT", value_name = "SPAN", default_value = "30s")]
    timeout: VirtualDuration,
}

fn url(text: &str) -> Result<BaseUrl, String> {
    text.parse().map_err(|reason: String| format!("{reason}, or http://127.0.0.1:7464"))
}

/// How long to wait before the next try.
const PAUSE: Duration = Duration::from_millis(20);

/// The result of one try.
enum Try {
    Ready,
    /// It may still become ready.
    NotYet(String),
    /// It will never become ready.
    Never(String),
}

/// Waits until the server reports that it is healthy.
pub(super) fn run(arguments: &ReadyArguments) -> Result<(), Failure> {
    let url = &arguments.url;
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
            Ok(reply) => match judge(reply) {
                Try::Ready => return Ok(()),
                Try::NotYet(why) => reason = why,
                Try::Never(why) => return Err(never(url, &why)),
            },
            // The earlier reason says more than the end of our own timeout.
            Err(ureq::Error::Timeout(_)) => {}
            Err(error) if is_tls(&error) => {
                let hint = "ringer itself speaks http:// only";
                return Err(never(url, &format!("{error}; {hint}")));
            }
            Err(error) => reason = error.to_string(),
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "another process sends no event to wait for"
        )]
        std::thread::sleep(PAUSE);
    }
}

fn never(url: &BaseUrl, why: &str) -> Failure {
    Failure::checked(format!("{url} will not become ready: {why}"))
}

fn ask(url: &BaseUrl, timeout: Duration) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
    let mut config =
        ureq::Agent::config_builder().timeout_global(Some(timeout)).http_status_as_error(false);
    if url.is_loopback() {
        // A proxy would call its own machine.
        config = config.proxy(None);
    }
    ureq::Agent::new_with_config(config.build()).get(format!("{url}/__admin/health")).call()
}

/// Whether the certificate is wrong, or the server does not speak TLS.
fn is_tls(error: &ureq::Error) -> bool {
    let text = error.to_string();
    matches!(error, ureq::Error::Tls(_) | ureq::Error::Rustls(_))
        || ["certificate", "InvalidContentType", "corrupt message"]
            .iter()
            .any(|it| text.contains(it))
}

fn judge(mut reply: ureq::http::Response<ureq::Body>) -> Try {
    const MOST_BYTES: u64 = 64 * 1_024;

    let status = reply.status().as_u16();
    // The body only makes the message better; a broken one changes nothing.
    let body = reply.body_mut().with_config().limit(MOST_BYTES).read_to_string();
    let body = body.unwrap_or_default();
    let told: Told = serde_json::from_str(&body).unwrap_or_default();
    if reply.status().is_success() {
        let is_healthy = told.status.is_some_and(|status| status == "healthy");
        return match is_healthy || body.is_empty() {
            true => Try::Ready,
            false => Try::Never("another server than ringer answers there".into()),
        };
    }
    let is_partner_api = told.code.is_some();
    match (status, told.detail.or(told.message)) {
        (404, Some(told)) if is_partner_api => Try::Never(format!(
            "HTTP 404: {told}; if the control API has its own address (--admin-addr), use that one"
        )),
        // The server is busy or still starting, or a proxy cannot reach it yet.
        (408 | 425 | 429 | 500.., told) => Try::NotYet(
            told.map_or(format!("HTTP {status}"), |told| format!("HTTP {status}: {told}")),
        ),
        (404, None) => Try::Never("another server than ringer answers there (HTTP 404)".into()),
        (_, Some(told)) => Try::Never(format!("HTTP {status}: {told}")),
        (_, None) => Try::Never(format!("HTTP {status}")),
    }
}

/// The reply of the control API, or the partner API's 404.
#[derive(Default, Deserialize)]
struct Told {
    status: Option<serde_json::Value>,
    code: Option<String>,
    detail: Option<String>,
    message: Option<String>,
}
