//! Streams the events of sandboxes as server-sent events.
//!
//! A reader that falls behind stays connected: it loses events and receives a `resync`, after which
//! it has to fetch the current state again. Under load, events are sent in batches, so that readers
//! take little time from clients of the partner API.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Bytes, BytesMut, Path};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream::unfold;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{Sleep, timeout};

use super::problem::{HandlerResult, Problem};
use super::state::State;
use crate::http::socket::{Connection, client_disconnected};
use crate::registry::Registry;
use crate::registry::event_bus::{self, PublishedEvent, Update};
use crate::registry::jobs::JobLength;
use crate::sandbox::event::EventKind;

/// The silence after which a comment is sent, so that nothing takes the connection for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// How many batches a reader gets without a pause between them.
const BURST: u32 = 16;
const PAUSE: Duration = Duration::from_millis(50);
/// The size that ends a batch, so that steady publishing cannot extend it for ever.
const BATCH_BYTES: usize = 64 << 10;

struct EventStream {
    state: State,
    news: event_bus::Subscription,
    connection: Option<Connection>,
    /// How many more batches to send without a pause.
    credit: u32,
}

pub(super) async fn all(state: State, request: HttpRequest) -> HttpResponse {
    let news = state.registry.event_bus().subscribe();
    stream(state, news, &request)
}

pub(super) async fn of_one(state: State, key: Path<String>, request: HttpRequest) -> HandlerResult {
    // A page may subscribe before the client creates the sandbox.
    let api_key = key.clone();
    let listen = move |registry: &Arc<Registry>| {
        registry.check_key(&api_key)?;
        Ok(registry.subscribe_to(&api_key))
    };
    let news: Result<event_bus::Subscription, Problem> =
        state.run(&key, JobLength::Short, listen).await?;
    Ok(stream(state, news?, &request))
}

fn stream(state: State, news: event_bus::Subscription, request: &HttpRequest) -> HttpResponse {
    let connection = request.conn_data::<Connection>().cloned();
    let listener = EventStream { state, news, connection, credit: BURST };
    let first = Bytes::from_static(b": still here\n\n");
    let events = unfold((Some(first), listener), |(first, mut listener)| async move {
        let bytes = match first {
            Some(first) => first,
            None => listener.next().await?,
        };
        Some((Ok::<Bytes, std::convert::Infallible>(bytes), (None, listener)))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header(("cache-control", "no-store"))
        .streaming(events)
}

impl EventStream {
    /// The next events; `None` once the server stops or the reader disconnects.
    async fn next(&mut self) -> Option<Bytes> {
        let Self { state, news, connection, credit } = self;
        tokio::select! {
            biased;
            () = state.stopping.notified() => None,
            () = client_disconnected(connection.as_ref()) => None,
            batch = next_batch(news, credit) => batch,
        }
    }
}

/// All events since the last batch; `None` once there will be no more.
async fn next_batch(news: &mut event_bus::Subscription, credit: &mut u32) -> Option<Bytes> {
    let mut waiting = Err(TryRecvError::Empty);
    if *credit == 0 {
        pause().await;
        waiting = news.try_recv();
        if matches!(waiting, Err(TryRecvError::Empty)) {
            *credit = BURST;
        }
    }
    let mut batch = BytesMut::new();
    if matches!(waiting, Err(TryRecvError::Empty)) {
        waiting = match timeout(KEEP_ALIVE, news.recv()).await {
            Err(_) => return Some(Bytes::from_static(b": still here\n\n")),
            Ok(Ok(item)) => Ok(item),
            Ok(Err(RecvError::Lagged(missed))) => Err(TryRecvError::Lagged(missed)),
            Ok(Err(RecvError::Closed)) => return None,
        };
    }
    *credit = credit.saturating_sub(1);
    loop {
        match waiting {
            Ok(item) => {
                batch.extend_from_slice(item.encoded.get_or_init(|| encode(&item)));
                if batch.len() > BATCH_BYTES {
                    return Some(batch.freeze());
                }
            }
            Err(TryRecvError::Lagged(missed)) => {
                // A reader that fetches the current state needs no older events.
                let missed = missed + news.skip_to_newest();
                batch.clear();
                let data = json!({"missed": missed});
                batch.extend_from_slice(format!("event: resync\ndata: {data}\n\n").as_bytes());
            }
            Err(TryRecvError::Empty | TryRecvError::Closed) => return Some(batch.freeze()),
        }
        waiting = news.try_recv();
    }
}

#[expect(clippy::disallowed_methods, reason = "readers live in real time")]
fn pause() -> Pin<Box<Sleep>> {
    Box::pin(tokio::time::sleep(PAUSE))
}

fn encode(item: &PublishedEvent) -> Bytes {
    let json = |value: serde_json::Result<Value>| value.unwrap_or_default();
    let (name, what) = match &item.update {
        Update::Request(entry) => ("request", json(serde_json::to_value(entry))),
        Update::Rental { rental_id, state } => {
            ("rental", json!({"rental_id": rental_id, "state": state}))
        }
        Update::Event(what) => {
            let name = match what {
                EventKind::Sms { .. } => "sms",
                EventKind::Expiry { .. } => "expiry",
                // Readers see a revocation as a rental that has ended.
                EventKind::Revocation { .. } => "rental",
                EventKind::Stock { .. } => "stock",
            };
            (name, json(serde_json::to_value(what)))
        }
        Update::Clock(clock) => ("clock", json(serde_json::to_value(clock))),
        Update::Fault { id, what } => ("fault", json!({"fault": id, "what": what})),
        Update::Reset => ("resync", json!({})),
    };
    let mut data = json!({"api_key": item.api_key.as_str(), "at": item.at});
    if let (Value::Object(data), Value::Object(what)) = (&mut data, what) {
        data.extend(what);
    }
    format!("event: {name}\ndata: {data}\n\n").into()
}

/// How soon an event that falls due reaches subscribers of a sandbox that receives no requests.
const TICK: Duration = Duration::from_millis(250);

/// Keeps sandboxes with subscribers up to date, as long as the server runs.
pub(crate) async fn tick_watched_sandboxes(registry: Arc<Registry>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        registry.bring_up_watched();
    }
}
