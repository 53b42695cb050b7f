//! Sends a request, and reads the reply whatever it is.
//!
//! Each request has a connection of its own, so that one which the server has just closed is not
//! taken for a fault; nothing is followed, nothing is sent twice; time and bytes have a bound.

use std::time::Duration;

use parking_lot::Mutex;
use ureq::tls::{RootCerts, TlsConfig};

use super::options::Options;
use super::real_time::Stopwatch;
use super::reply::{HttpReply, NoReply};
use super::request::Request;
use crate::domain::real_duration::RealDuration;

/// The most bytes of a body that are read.
const MOST_BYTES: u64 = 1_024 * 1_024;

/// A client of the server that is checked.
pub(super) struct Client {
    agent: ureq::Agent,
    base_url: super::base_url::BaseUrl,
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
            // A proxy would look for it on its own machine.
            config = config.proxy(None);
        }
        if !options.trusted.is_empty() {
            let roots = RootCerts::new_with_certs(&options.trusted);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Self {
            agent: ureq::Agent::new_with_config(config.build()),
            base_url: options.base_url.clone(),
            timeout: options.timeout,
            slowest: Mutex::new(None),
        }
    }

    /// Sends it once.
    pub(super) fn send(&self, request: &Request) -> Result<HttpReply, NoReply> {
        let watch = Stopwatch::start();
        let no_reply = |error| NoReply::from_error(&error, self.timeout, MOST_BYTES);
        let mut reply = self.start(request).map_err(no_reply)?;
        let header = |name: &str| {
            let value = reply.headers().get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let (content_type, location) = (header("content-type"), header("location"));
        let retry_after = header("retry-after");
        let status = reply.status().as_u16();
        let bytes = reply.body_mut().with_config().limit(MOST_BYTES).read_to_vec();
        let bytes = bytes.map_err(no_reply)?;
        let took = watch.elapsed();
        self.note(took, request);
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
        let builder = ureq::http::Request::builder().method(request.method).uri(url);
        match request.body() {
            None => self.agent.run(builder.body(())?),
            Some((content_type, bytes)) => {
                let builder = match content_type {
                    Some(content_type) => builder.header("content-type", content_type),
                    None => builder,
                };
                self.agent.run(builder.body(bytes)?)
            }
        }
    }

    fn note(&self, took: Duration, request: &Request) {
        let mut slowest = self.slowest.lock();
        if slowest.as_ref().is_none_or(|(before, _)| *before < took) {
            *slowest = Some((took, request.curl(&self.base_url)));
        }
    }

    /// The slowest reply so far, with its request as a line for a shell.
    pub(super) fn slowest(&self) -> Option<(Duration, String)> {
        self.slowest.lock().clone()
    }
}
