//! What happens in the sandboxes, live, as server-sent events.
//!
//! A reader that is too slow is never disconnected: it loses some events and is told so by a
//! `resync`, after which it asks for the whole state once more.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Path};
use futures_util::stream::unfold;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior};

use super::Admin;
use super::problem::Problem;
use crate::http::openapi::Api;
use crate::registry::feed::{self, Item, News};
use crate::sandbox::event::Happening;

/// How often a sandbox that is watched is brought up to now: what is due then shows at once, where
/// else it would show with the next request.
const LOOK: Duration = Duration::from_millis(250);
/// How many looks without an event before something is sent, so that nobody takes the connection
/// for dead.
const LOOKS_OF_SILENCE: u32 = 40;

struct Listener {
    admin: Data<Admin>,
    api_key: Option<String>,
    news: feed::Listener,
    clock: Interval,
    silent: u32,
}

pub(super) async fn all(admin: Data<Admin>) -> HttpResponse {
    stream(admin, None)
}

pub(super) async fn of_one(admin: Data<Admin>, key: Path<String>) -> Result<HttpResponse, Problem> {
    // A page may listen before the client comes.
    admin.open(&key)?;
    Ok(stream(admin, Some(key.into_inner())))
}

fn stream(admin: Data<Admin>, api_key: Option<String>) -> HttpResponse {
    let news = admin.registry.feed().listen();
    let mut clock = tokio::time::interval(LOOK);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let listener = Listener { admin, api_key, news, clock, silent: LOOKS_OF_SILENCE };
    let events = unfold(listener, |mut listener| async move {
        let bytes = listener.next().await?;
        Some((Ok::<Bytes, std::convert::Infallible>(bytes), listener))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header(("cache-control", "no-store"))
        .streaming(events)
}

impl Listener {
    /// The next event; `None` once the server stops.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let heard = tokio::select! {
                biased;
                () = self.admin.stopping.notified() => return None,
                heard = self.news.recv() => heard,
                _ = self.clock.tick() => {
                    self.look();
                    self.silent += 1;
                    if self.silent < LOOKS_OF_SILENCE {
                        continue;
                    }
                    self.silent = 0;
                    return Some(Bytes::from_static(b": still here\n\n"));
                }
            };
            let is_ours =
                |item: &Item| self.api_key.as_ref().is_none_or(|key| item.api_key.as_str() == key);
            match heard {
                Ok(item) if !is_ours(&item) => {}
                Ok(item) => {
                    self.silent = 0;
                    return Some(written(&item));
                }
                Err(RecvError::Lagged(missed)) => {
                    let data = json!({"missed": missed});
                    return Some(format!("event: resync\ndata: {data}\n\n").into());
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Brings what is watched up to now; what happens comes in as news.
    fn look(&self) {
        match &self.api_key {
            Some(key) => drop(self.admin.registry.known(key).map(|sandbox| sandbox.now())),
            None => drop(self.admin.registry.standings()),
        }
    }
}

fn written(item: &Item) -> Bytes {
    let json = |value: serde_json::Result<Value>| value.unwrap_or_default();
    let (name, what) = match &item.news {
        News::Request(entry) => ("request", json(serde_json::to_value(entry))),
        News::Rental { rental_id, state } => {
            ("rental", json!({"rental_id": rental_id, "state": state}))
        }
        News::Happened(what) => {
            let name = match what {
                Happening::Sms { .. } => "sms",
                Happening::Expiry { .. } => "expiry",
                // Told as a rental that has ended.
                Happening::Revocation { .. } => "rental",
                Happening::Stock { .. } => "stock",
            };
            (name, json(serde_json::to_value(what)))
        }
        News::Clock(clock) => ("clock", json(serde_json::to_value(clock))),
        News::Fault { id, what } => ("fault", json!({"fault": id, "what": what})),
        News::Sandbox => ("resync", json!({})),
    };
    let mut data = json!({"api_key": item.api_key.as_str(), "at": item.at});
    if let (Value::Object(data), Value::Object(what)) = (&mut data, what) {
        data.extend(what);
    }
    format!("event: {name}\ndata: {data}\n\n").into()
}

pub(super) fn describe(api: &mut Api) {
    const ABOUT: &str = "An event each: `request`, `rental`, `sms`, `expiry`, `stock`, `clock` or \
        `fault`, with JSON as its data: `api_key`, `at` and what happened. A reader that is too slow is \
        never disconnected: it gets a `resync`, and asks for the whole state once more.";
    super::operation(
        api,
        "get",
        "/__admin/events",
        "listen",
        "What happens in all sandboxes, live",
    )
    .description(ABOUT)
    .sends(200, "text/event-stream", "The events, until one side ends the connection.");
    let path = "/__admin/sandboxes/{key}/events";
    super::operation(api, "get", path, "listenToSandbox", "What happens in a sandbox, live")
        .description(ABOUT)
        .sends(200, "text/event-stream", "The events, until one side ends the connection.")
        .shares(400, "BadRequest");
}
