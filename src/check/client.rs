//! Sends one request and reads the reply, whatever it is.
//!
//! Each request opens a connection, so that one which the server has just closed does not look like
//! a failure. The client follows no redirect, retries nothing, and bounds time and bytes.

use std::time::Duration;

use parking_lot::Mutex;
use ureq::tls::TlsConfig;

use super::base_url::BaseUrl;
use super::options::Options;
use super::real_time::Stopwatch;
use super::reply::{HttpReply, NoReply};
use super::request::Request;
use crate::domain::real_duration::RealDuration;

/// The most bytes of a body that are read.
const MAX_BODY: u64 = 1_024 * 1_024;

pub(super) struct Client {
    agent: ureq::Agent,
    base_url: BaseUrl,
    timeout: RealDuration,
    slowest: Mutex<Option<(Duration, String)>>,
}

impl Client {
    pub(super) fn new(options: &Options) -> Self {
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .timeout_global(Some(options.timeout.to_std()))
            .user_agent(concat!("ringer-check/", env!("CARGO_PKG_VERSION")))
            .accept("application/json");
        if options.base_url.is_loopback() {
            // A proxy would look for the server on its own machine.
            config = config.proxy(None);
        }
        if let Some(trusted) = &options.trusted {
            let tls = TlsConfig::builder().root_certs(trusted.roots());
            config = config.tls_config(tls.build());
        }
        Self {
            agent: ureq::Agent::new_with_config(config.build()),
            base_url: options.base_url.clone(),
            timeout: options.timeout,
            slowest: Mutex::new(None),
        }
    }

    /// Sends a request once.
    pub(super) fn send(&self, request: &Request) -> Result<HttpReply, NoReply> {
        let watch = Stopwatch::start();
        let no_reply = |error| no_reply(&error, self.timeout);
        let mut reply = self.start(request).map_err(no_reply)?;
        let header = |name: &str| {
            let value = reply.headers().get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let (content_type, location) = (header("content-type"), header("location"));
        let retry_after = header("retry-after");
        let status = reply.status().as_u16();
        let bytes = reply.body_mut().with_config().limit(MAX_BODY).read_to_vec();
        let bytes = bytes.map_err(no_reply)?;
        self.note_time(watch.elapsed(), request);
        Ok(HttpReply {
            status,
            content_type,
            retry_after,
            location,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            json: serde_json::from_slice(&bytes).ok(),
        })
    }

    fn start(&self, request: &Request) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let url = request.url(&self.base_url);
        let mut builder = ureq::http::Request::builder().method(request.method).uri(url);
        let Some((content_type, bytes)) = request.body() else {
            return self.agent.run(builder.body(())?);
        };
        if let Some(content_type) = content_type {
            builder = builder.header("content-type", content_type);
        }
        self.agent.run(builder.body(bytes)?)
    }

    fn note_time(&self, took: Duration, request: &Request) {
        let mut slowest = self.slowest.lock();
        if slowest.as_ref().is_none_or(|(before, _)| *before < took) {
            *slowest = Some((took, request.curl(&self.base_url)));
        }
    }

    /// How long the slowest reply took, with its request as a shell command.
    pub(super) fn slowest(&self) -> Option<(Duration, String)> {
        self.slowest.lock().clone()
    }
}

fn no_reply(error: &ureq::Error, timeout: RealDuration) -> NoReply {
    use std::io::ErrorKind;
    use ureq::Error;

    let before = |why: String| NoReply { why, was_sent: false };
    let after = |why: String| NoReply { why, was_sent: true };
    let text = error.to_string();
    let is_timeout = match error {
        Error::Timeout(_) => true,
        Error::Io(error) => error.kind() == ErrorKind::TimedOut,
        _ => false,
    };
    match error {
        Error::HostNotFound => before("the host name is unknown".into()),
        // Other platforms and libraries word it in their own errors.
        _ if text.contains("failed to lookup address") => before("the host name is unknown".into()),
        Error::ConnectionFailed => before("no connection could be made".into()),
        _ if is_timeout => after(format!("no complete reply arrived within {timeout}")),
        Error::BodyExceedsLimit(_) => after(format!("the body is larger than {MAX_BODY} bytes")),
        Error::LargeResponseHeader(..) => after("the head of the reply is too large".into()),
        _ if text.contains("certificate") => before(format!(
            "the certificate of the server is not trusted ({text}); if your own authority signed \
             it, name that with --ca-file"
        )),
        _ if text.contains("InvalidContentType") || text.contains("corrupt message") => {
            before("the server does not speak TLS; is it http:// instead of https://?".into())
        }
        Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
            before("nothing listens there (connection refused)".into())
        }
        Error::Io(_) => after(format!("the connection broke before the reply ended ({text})")),
        Error::Protocol(_) => after(format!("what arrived is not an HTTP reply ({text})")),
        _ => after(text),
    }
}
