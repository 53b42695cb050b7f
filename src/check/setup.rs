//! Before the first case: is there anything to check?

use super::client::Client;
use super::exchange::HttpExchange;
use super::listing::CountryListing;
use super::options::Options;
use super::request::{Account, Credential, Encoding, Request};
use super::session::{Session, redacted_exchange};
use super::setup_error::SetupError;
use super::stop_token::StopToken;
use crate::domain::endpoint::Endpoint;

/// How often to send the first call if the server postpones it.
const MAX_TRIES: usize = 4;

/// Opens a session with a server that replies, accepts the key and has something to rent.
pub(super) fn open<'a>(
    options: &'a Options,
    stop: &'a StopToken,
) -> Result<Session<'a>, SetupError> {
    let client = Client::new(options);
    let send = |endpoint| send(&client, options, stop, endpoint);
    let first = send(Endpoint::GetNumbers)?;
    let (base_url, reply) = (options.base_url.clone(), first.shown.clone());
    if first.reply.is_redirect() {
        return Err(SetupError::Redirected { base_url, reply });
    }
    if !first.reply.is_success() {
        // If only getNumbers is broken, the cases can report that.
        let (read, cancel) = (send(Endpoint::GetSms)?, send(Endpoint::CancelNumber)?);
        let mut all = [&first, &read, &cancel].map(|exchange| &exchange.reply).into_iter();
        if all.clone().all(|reply| reply.json.is_none() && !reply.is_server_error()) {
            return Err(SetupError::NotTheApi { base_url, reply });
        }
        if all.all(|reply| reply.is_refusal() && reply.kind() == first.reply.kind()) {
            return Err(SetupError::Refused { base_url, reply });
        }
    }
    // If the listing is malformed, a case fails for it, and those that need a rental are skipped.
    let lines = first.list("numbers").ok().filter(|_| first.reply.is_success());
    let is_valid = lines.is_some_and(|lines| lines.iter().all(|line| line["available"].is_u64()));
    let listing = CountryListing::new(first, options.country);
    if is_valid && listing.countries.is_empty() && !options.read_only {
        return Err(SetupError::NoStock { reply });
    }
    Ok(Session::new(options, stop, client, listing))
}

/// Sends a harmless call with the right key.
fn send(
    client: &Client,
    options: &Options,
    stop: &StopToken,
    endpoint: Endpoint,
) -> Result<HttpExchange, SetupError> {
    let key = Credential::secret(&options.api_key, Account::Ours);
    let request = Request::to(endpoint, Encoding::Json).key(key);
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
        let wait = reply.retry_after().filter(|_| matches!(reply.status, 429 | 503));
        match wait.filter(|wait| *wait <= options.timeout.to_std() && tries < MAX_TRIES) {
            None => return Ok(redacted_exchange(options, &request, reply)),
            Some(wait) => stop.pause(wait),
        }
        tries += 1;
    }
}
