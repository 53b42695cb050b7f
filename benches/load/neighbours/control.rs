//! The calls of the control API.

use std::io::Read;

use serde_json::{Value, json};
use ureq::http::{Response, header};
use ureq::{Agent, Body};

use crate::Outcome;
use crate::client::find;
use crate::million;
use crate::server::Server;

/// How each rental of a list begins.
const RENTAL: &[u8] = br#"{"rental_id":"#;

pub(super) struct Control {
    agent: Agent,
    base: String,
}

impl Control {
    pub(super) fn of(server: &Server) -> Control {
        let config = Agent::config_builder().proxy(None).build();
        Control { agent: config.into(), base: format!("http://{}", server.address) }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/__admin{path}", self.base)
    }

    /// Reads a reply to its end.
    pub(super) fn read(&self, path: &str) -> Outcome<()> {
        let reply = self.agent.get(self.url(path)).call()?;
        match count(reply.into_body().as_reader(), RENTAL)?.bytes {
            0 => Err(format!("{path} is empty").into()),
            _ => Ok(()),
        }
    }

    /// Reads all rentals of a sandbox, page by page where there are pages.
    pub(super) fn read_rentals(&self, key: &str, expected: usize) -> Outcome<()> {
        let mut url = self.url(&format!("/sandboxes/{key}/rentals"));
        let mut rentals = 0;
        loop {
            let reply = self.agent.get(&url).call()?;
            let next = next(&reply);
            rentals += count(reply.into_body().as_reader(), RENTAL)?.found;
            match next {
                Some(next) if next.starts_with('/') => url = format!("{}{next}", self.base),
                Some(next) => url = next,
                None if rentals == expected => return Ok(()),
                None => return Err(format!("{rentals} rentals of {expected} are listed").into()),
            }
        }
    }

    /// Makes a sandbox whose clock stands still and that has numbers enough.
    pub(super) fn make_large(&self, key: &str) -> Outcome<()> {
        let what = json!({"scenario": million::scenario(), "clock": {"mode": "frozen"}});
        let request = self.agent.put(self.url(&format!("/sandboxes/{key}")));
        drained(request.content_type("application/json").send(what.to_string())?)
    }

    pub(super) fn delete(&self, key: &str) -> Outcome<()> {
        drained(self.agent.delete(self.url(&format!("/sandboxes/{key}"))).call()?)
    }

    pub(super) fn set_clock(&self, key: &str, clock: &Value) -> Outcome<()> {
        let request = self.agent.put(self.url(&format!("/sandboxes/{key}/clock")));
        drained(request.content_type("application/json").send(clock.to_string())?)
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Outcome<()> {
        let request = self.agent.post(self.url(path)).content_type("application/json");
        drained(request.send(body.to_string())?)
    }
}

fn drained(reply: Response<Body>) -> Outcome<()> {
    count(reply.into_body().as_reader(), RENTAL).map(drop)
}

/// Where the next page is: `Link: <URL>; rel="next"`.
fn next(reply: &Response<Body>) -> Option<String> {
    let links = reply.headers().get_all(header::LINK).iter();
    let links = links.filter_map(|link| link.to_str().ok()).flat_map(|link| link.split(", "));
    links
        .filter_map(|link| link.strip_prefix('<')?.split_once('>'))
        .find(|(_, parameters)| parameters.contains("rel=\"next\""))
        .map(|(url, _)| url.to_owned())
}

struct Counted {
    bytes: usize,
    found: usize,
}

/// Counts what a body holds without keeping it.
fn count(mut body: impl Read, needle: &[u8]) -> Outcome<Counted> {
    let mut buffer = vec![0; 1 << 16];
    let mut counted = Counted { bytes: 0, found: 0 };
    let mut kept = 0;
    loop {
        let read = body.read(&mut buffer[kept..])?;
        if read == 0 {
            return Ok(counted);
        }
        let filled = kept + read;
        let mut rest = &buffer[..filled];
        while let Some(at) = find(rest, needle) {
            counted.found += 1;
            rest = &rest[at + needle.len()..];
        }
        counted.bytes += read;
        // One may begin in this piece and end in the next.
        kept = filled.min(needle.len() - 1);
        buffer.copy_within(filled - kept..filled, 0);
    }
}
