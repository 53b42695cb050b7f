//! A conversation with the server that is checked.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use parking_lot::Mutex;

use super::case_outcome::{CaseFailure, NotPassed};
use super::client::Client;
use super::exchange::HttpExchange;
use super::ledger::{Ledger, RentedNumber};
use super::listing::{CountryListing, line_of};
use super::options::Options;
use super::reply::{HttpReply, NoReply};
use super::request::{Account, Credential, Encoding, Request};
use super::stop_token::StopToken;
use crate::domain::endpoint::Endpoint;

/// Sends requests for the cases, obeys `Retry-After`, notices when the server is gone, and records
/// every rental.
pub(super) struct Session<'a> {
    pub(super) options: &'a Options,
    pub(super) stop: &'a StopToken,
    pub(super) client: Client,
    pub(super) ledger: Ledger,
    pub(super) listing: CountryListing,
    /// The encoding of a POST that the first rental has shown to work.
    pub(super) encoding: Mutex<Option<Encoding>>,
    /// How many requests in a row got no reply.
    silences: AtomicU32,
    is_gone: AtomicBool,
}

/// After this many silences the server is asked whether it is still there.
const MAX_SILENCES: u32 = 3;
/// How often to send a call that the server postpones.
const MAX_TRIES: usize = 4;

impl<'a> Session<'a> {
    pub(super) fn new(
        options: &'a Options,
        stop: &'a StopToken,
        client: Client,
        listing: CountryListing,
    ) -> Self {
        Self {
            options,
            stop,
            client,
            ledger: Ledger::new(options.max_rentals.into()),
            listing,
            encoding: Mutex::default(),
            silences: AtomicU32::new(0),
            is_gone: AtomicBool::new(false),
        }
    }

    pub(super) fn key(&self, account: Account) -> Credential {
        match (account, &self.options.other_api_key) {
            (Account::Other, Some(key)) => Credential::secret(key, account),
            _ => Credential::secret(&self.options.api_key, Account::Ours),
        }
    }

    /// A request without a key.
    pub(super) fn keyless(&self, endpoint: Endpoint) -> Request {
        Request::to(endpoint, self.encoding.lock().unwrap_or(Encoding::Json))
    }

    /// A request with our key.
    pub(super) fn request(&self, endpoint: Endpoint) -> Request {
        self.keyless(endpoint).key(self.key(Account::Ours))
    }

    /// Sends a request, again if the server asks to wait a little.
    ///
    /// # Errors
    /// A failure if there is no reply; a skip if the run is stopped or the wait is too long.
    pub(super) fn send(&self, request: &Request) -> Result<HttpExchange, NotPassed> {
        if request.is_rent() {
            return Ok(self.rent_by(request, Account::Ours, "")?.0);
        }
        self.try_send(request)?.map_err(|no_reply| self.no_reply(request, &no_reply))
    }

    pub(super) fn no_reply(&self, request: &Request, no_reply: &NoReply) -> NotPassed {
        NotPassed::Failed(CaseFailure {
            expected: "a reply".into(),
            actual: format!("no reply: {}", no_reply.why),
            request: request.curl(&self.options.base_url),
        })
    }

    pub(super) fn try_send(
        &self,
        request: &Request,
    ) -> Result<Result<HttpExchange, NoReply>, NotPassed> {
        for _ in 0..MAX_TRIES {
            if self.stop.is_stopped() {
                return Err(NotPassed::skipped("the run was interrupted"));
            }
            if self.is_gone() {
                return Err(NotPassed::skipped("the server no longer replies"));
            }
            let reply = match self.client.send(request) {
                Ok(reply) => reply,
                Err(no_reply) => {
                    self.note_silence();
                    return Ok(Err(no_reply));
                }
            };
            self.silences.store(0, Ordering::Relaxed);
            match reply.postponed_by() {
                None => return Ok(Ok(redacted_exchange(self.options, request, reply))),
                Some(wait) if wait <= self.options.timeout.to_std() => self.stop.pause(wait),
                Some(_) => break,
            }
        }
        Err(NotPassed::skipped("the server postpones calls (HTTP 429, or 503 with Retry-After)"))
    }

    /// If the server is gone, every remaining request would cost a time-out.
    fn note_silence(&self) {
        if self.silences.fetch_add(1, Ordering::Relaxed) + 1 < MAX_SILENCES {
            return;
        }
        let is_there = self.client.send(&self.request(Endpoint::GetNumbers)).is_ok();
        self.silences.store(0, Ordering::Relaxed);
        self.is_gone.store(!is_there, Ordering::Relaxed);
    }

    pub(super) fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Relaxed)
    }

    /// A getSMS by the owner of a rental.
    pub(super) fn read(&self, rental: &RentedNumber) -> Result<HttpExchange, NotPassed> {
        let request = self.keyless(Endpoint::GetSms).key(self.key(rental.account));
        self.send(&request.with("rental_id", rental.id.clone()))
    }

    /// How many numbers getNumbers lists in a country; `None` if it has no usable count.
    pub(super) fn stock(&self, country: &str) -> Result<Option<u64>, NotPassed> {
        let request = self.request(Endpoint::GetNumbers).with("country", country);
        let listed = self.send(&request)?;
        let line = line_of(&listed.reply, country);
        Ok(line.and_then(|line| line.get("available")?.as_u64()))
    }
}

/// A request with its reply, without the keys.
pub(super) fn redacted_exchange(
    options: &Options,
    request: &Request,
    reply: HttpReply,
) -> HttpExchange {
    let shown = redacted(options, &reply.to_string());
    HttpExchange { request: request.curl(&options.base_url), reply, shown }
}

/// Text from the server, which may have repeated a key.
pub(super) fn redacted(options: &Options, text: &str) -> String {
    let text = options.api_key.redact(text, Account::Ours.variable());
    match &options.other_api_key {
        Some(other) => other.redact(&text, Account::Other.variable()),
        None => text,
    }
}
