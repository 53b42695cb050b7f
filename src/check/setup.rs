//! Before the first case: whether there is anything to check at all.

use super::client::Client;
use super::exchange::HttpExchange;
use super::options::Options;
use super::request::{Account, Credential, Encoding, Request};
use super::session::{Session, exchange, retry_after};
use super::setup_error::SetupError;
use super::stop_token::StopToken;
use crate::domain::endpoint::Endpoint;

/// How often a server that puts the first call off is asked again.
const TRIES: usize = 4;

/// Opens a session with a server that answers, knows the key and has something to rent.
pub(super) fn open<'a>(
    options: &'a Options,
    stop: &'a StopToken,
) -> Result<Session<'a>, SetupError> {
    let client = Client::new(options);
    let first = ask(&client, options, stop, Endpoint::GetNumbers)?;
    if first.reply.is_redirect() {
        return Err(SetupError::Redirected {
            base_url: options.base_url.clone(),
            reply: first.shown,
        });
    }
    if !first.reply.is_success() {
        // Whether it is only this endpoint that is broken, the others tell.
        let read = ask(&client, options, stop, Endpoint::GetSms)?;
        let cancel = ask(&client, options, stop, Endpoint::CancelNumber)?;
        let (base_url, reply) = (options.base_url.clone(), first.shown.clone());
        let all = [&first, &read, &cancel].map(|asked| &asked.reply);
        if all.iter().all(|reply| reply.json.is_none() && !reply.is_server_error()) {
            return Err(SetupError::NotTheApi { base_url, reply });
        }
        if all.iter().all(|reply| reply.is_refusal() && reply.kind() == first.reply.kind()) {
            return Err(SetupError::Refused { base_url, reply });
        }
    }
    // What is listed wrongly is told by a case, and then the rest cannot rent.
    let lines = first.reply.field("numbers").as_array().filter(|_| first.reply.is_success());
    let is_listing = lines.is_some_and(|lines| lines.iter().all(|line| line["available"].is_u64()));
    let reply = first.shown.clone();
    let session = Session::new(options, stop, client, first);
    if is_listing && session.countries.is_empty() && !options.read_only {
        return Err(SetupError::NoStock { reply });
    }
    Ok(session)
}

/// One call with the right key, and of no harm.
fn ask(
    client: &Client,
    options: &Options,
    stop: &StopToken,
    endpoint: Endpoint,
) -> Result<HttpExchange, SetupError> {
    let request =
        Request::to(endpoint, Encoding::Json).key(Credential::of(&options.api_key, Account::Ours));
    let request = match endpoint {
        Endpoint::GetNumbers => request,
        _ => request.with("rental_id", "ringer-check-no-such-rental"),
    };
    let mut tries = 1;
    loop {
        let reply = client.send(&request).map_err(|no_reply| SetupError::NoReply {
            base_url: options.base_url.clone(),
            why: no_reply.why,
        })?;
        let wait = retry_after(&reply).filter(|_| matches!(reply.status, 429 | 503));
        match wait.filter(|wait| *wait <= options.timeout.to_std() && tries < TRIES) {
            None => return Ok(exchange(options, &request, reply)),
            Some(wait) => stop.pause(wait),
        }
        tries += 1;
    }
}
