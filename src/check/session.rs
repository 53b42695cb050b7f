//! What the cases share: the client, the ledger, one rental that is used by many, and what the
//! listing said.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::Value;

use super::cancel_fixture::CancelFixture;
use super::case_outcome::{CaseFailure, NotPassed};
use super::client::Client;
use super::concurrent_fixture::ConcurrentFixture;
use super::exchange::HttpExchange;
use super::ledger::{self, Ledger, RentedNumber};
use super::options::Options;
use super::real_time;
use super::reply::{HttpReply, NoReply};
use super::request::{Account, Credential, Encoding, Request};
use super::sms_fixture::SmsFixture;
use super::stop_token::StopToken;
use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::money::Money;

/// A run in progress. Whatever happens, the rentals that it has made are cancelled when it is
/// dropped.
pub(super) struct Session<'a> {
    pub(super) options: &'a Options,
    pub(super) stop: &'a StopToken,
    pub(super) client: Client,
    pub(super) ledger: Ledger,
    /// The reply to the first getNumbers.
    pub(super) listing: HttpExchange,
    prices: HashMap<String, Money>,
    /// Countries listed with stock, in their order; the one that was asked for, alone.
    pub(super) countries: Vec<String>,
    pub(super) encoding: Mutex<Option<Encoding>>,
    pub(super) shared: Mutex<Option<Arc<RentedNumber>>>,
    pub(super) cannot_rent: AtomicBool,
    pub(super) story: Mutex<Option<Result<Arc<CancelFixture>, NotPassed>>>,
    pub(super) inbox: Mutex<Option<Result<Arc<SmsFixture>, NotPassed>>>,
    pub(super) crowd: Mutex<Option<Result<Arc<ConcurrentFixture>, NotPassed>>>,
    silent: AtomicU32,
    is_gone: AtomicBool,
    pub(super) is_closed: AtomicBool,
}

/// So many requests without a reply in a row, and the server is asked whether it is there at all.
const SILENT: u32 = 3;
/// How often a call that is put off by the server is tried.
const TRIES: usize = 4;

impl<'a> Session<'a> {
    pub(super) fn new(
        options: &'a Options,
        stop: &'a StopToken,
        client: Client,
        first: HttpExchange,
    ) -> Self {
        let lines = first.reply.field("numbers").as_array().cloned().unwrap_or_default();
        let country = |line: &Value| Some(line.get("country")?.as_str()?.to_owned());
        let price =
            |line: &Value| ledger::amount(line.get("price_per_sms")?).and_then(ledger::money);
        let has_stock = |line: &Value| {
            line.get("available").and_then(ledger::amount).is_some_and(|available| available >= 1.0)
        };
        let countries = match options.country {
            Some(country) => vec![country.as_str().to_owned()],
            None => lines.iter().filter(|line| has_stock(line)).filter_map(country).collect(),
        };
        let prices =
            lines.iter().filter_map(|line| Some((country(line)?.to_uppercase(), price(line)?)));
        Self {
            options,
            stop,
            client,
            ledger: Ledger::new(options.max_rentals),
            prices: prices.collect(),
            listing: first,
            countries,
            encoding: Mutex::default(),
            shared: Mutex::default(),
            cannot_rent: AtomicBool::new(false),
            story: Mutex::default(),
            inbox: Mutex::default(),
            crowd: Mutex::default(),
            silent: AtomicU32::new(0),
            is_gone: AtomicBool::new(false),
            is_closed: AtomicBool::new(false),
        }
    }

    /// The price of a rental in this country, as it is listed.
    pub(super) fn price(&self, country: &str) -> Option<Money> {
        self.prices.get(&country.to_uppercase()).copied()
    }

    /// Where most rentals are made.
    pub(super) fn country(&self) -> Result<&str, NotPassed> {
        let none =
            || NotPassed::skipped("no country is listed with stock, and --country names none");
        self.countries.first().map(String::as_str).ok_or_else(none)
    }

    /// A country that is not listed.
    pub(super) fn unlisted(&self) -> Result<Country, NotPassed> {
        let lines = self.listing.reply.field("numbers").as_array();
        let lines = lines.ok_or_else(|| NotPassed::skipped("there is no listing"))?;
        let is_listed = |code: &Country| {
            lines.iter().any(|line| {
                let country = line.get("country").and_then(Value::as_str).unwrap_or_default();
                country.eq_ignore_ascii_case(code.as_str())
            })
        };
        // The last ones of the list first: nobody has numbers of Antarctica.
        let rare = ["AQ", "BV", "HM", "TF", "GS", "UM"].map(|code| Country::try_from(code).ok());
        let mut all = rare.into_iter().flatten().chain(Country::all());
        all.find(|code| !is_listed(code))
            .ok_or_else(|| NotPassed::skipped("every country is listed"))
    }

    pub(super) fn key(&self, who: Account) -> Credential {
        match (who, &self.options.other_api_key) {
            (Account::Other, Some(key)) => Credential::of(key, who),
            _ => Credential::of(&self.options.api_key, Account::Ours),
        }
    }

    /// A call without a key, in the encoding that the server is known to read.
    pub(super) fn bare(&self, endpoint: Endpoint) -> Request {
        Request::to(endpoint, self.encoding.lock().unwrap_or(Encoding::Json))
    }

    /// A call with our key.
    pub(super) fn call(&self, endpoint: Endpoint) -> Request {
        self.bare(endpoint).key(self.key(Account::Ours))
    }

    /// Sends it. A server that asks to wait a little is obeyed.
    ///
    /// # Errors
    /// A failure where there was no reply; a skip where the run ends, or the wait is too long.
    pub(super) fn send(&self, request: &Request) -> Result<HttpExchange, NotPassed> {
        if request.is_rent() {
            return Ok(self.rent_by(request, Account::Ours, "")?.0);
        }
        let no_reply = |no: NoReply| {
            NotPassed::Failed(CaseFailure {
                expected: "a reply".into(),
                actual: format!("no reply: {}", no.why),
                request: request.curl(&self.options.base_url),
            })
        };
        self.deliver(request)?.map_err(no_reply)
    }

    pub(super) fn deliver(
        &self,
        request: &Request,
    ) -> Result<Result<HttpExchange, NoReply>, NotPassed> {
        for _ in 0..TRIES {
            if self.stop.is_stopped() {
                return Err(NotPassed::skipped("the run was interrupted"));
            }
            if self.is_gone.load(Ordering::Relaxed) {
                return Err(NotPassed::skipped("the server answers no more"));
            }
            let reply = match self.client.send(request) {
                Ok(reply) => reply,
                Err(no_reply) => {
                    self.note_silence();
                    return Ok(Err(no_reply));
                }
            };
            self.silent.store(0, Ordering::Relaxed);
            match wait_asked_for(&reply) {
                None => return Ok(Ok(self.exchange(request, reply))),
                Some(wait) if wait <= self.options.timeout.to_std() => self.stop.pause(wait),
                Some(_) => break,
            }
        }
        Err(NotPassed::skipped("the server puts calls off (HTTP 429, or 503 with Retry-After)"))
    }

    /// A server that is gone would cost a time-out for every request that is left.
    fn note_silence(&self) {
        if self.silent.fetch_add(1, Ordering::Relaxed) + 1 < SILENT {
            return;
        }
        let is_there = self.client.send(&self.call(Endpoint::GetNumbers)).is_ok();
        self.silent.store(0, Ordering::Relaxed);
        self.is_gone.store(!is_there, Ordering::Relaxed);
    }

    pub(super) fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Relaxed)
    }

    pub(super) fn exchange(&self, request: &Request, reply: HttpReply) -> HttpExchange {
        exchange(self.options, request, reply)
    }

    /// A getSMS of a rental by its owner.
    pub(super) fn poll(&self, rental: &RentedNumber) -> Result<HttpExchange, NotPassed> {
        let request = self.bare(Endpoint::GetSms).key(self.key(rental.who));
        self.send(&request.with("rental_id", rental.id.clone()))
    }

    /// What getNumbers says is available in a country; `None` where it says nothing of use.
    pub(super) fn stock(&self, country: &str) -> Result<Option<u64>, NotPassed> {
        let listed = self.send(&self.call(Endpoint::GetNumbers).with("country", country))?;
        let line = line_of(&listed.reply, country);
        Ok(line.and_then(|line| line.get("available")?.as_u64()))
    }

    /// A text that no other run has sent, in characters that every network carries.
    pub(super) fn unique_text(&self, serial: u32) -> String {
        let (process, millis) = (std::process::id(), real_time::now().as_unix_millis());
        let code = (millis + i64::from(serial)) % 100_000;
        format!("ringer check {process}-{millis}-{serial}: your code is 0{code:05}")
    }
}

/// A request with its reply, without the keys.
pub(super) fn exchange(options: &Options, request: &Request, reply: HttpReply) -> HttpExchange {
    let shown = redacted(options, &reply.to_string());
    HttpExchange { request: request.curl(&options.base_url), reply, shown }
}

/// Text from the server, should it have repeated a key.
pub(super) fn redacted(options: &Options, text: &str) -> String {
    let text = options.api_key.redact(text, Account::Ours.variable());
    let other = options.other_api_key.as_ref();
    other.map_or_else(|| text.clone(), |other| other.redact(&text, Account::Other.variable()))
}

/// The line of a country in a listing.
pub(super) fn line_of<'a>(reply: &'a HttpReply, country: &str) -> Option<&'a Value> {
    let is_it = |line: &&Value| {
        let listed = line.get("country").and_then(Value::as_str);
        listed.is_some_and(|listed| listed.eq_ignore_ascii_case(country))
    };
    reply.field("numbers").as_array()?.iter().find(is_it)
}

/// How long the server asks to wait before the call is sent again, if it does.
fn wait_asked_for(reply: &HttpReply) -> Option<Duration> {
    let asked = retry_after(reply);
    match reply.status {
        429 => Some(asked.unwrap_or(Duration::from_secs(1))),
        503 => asked,
        _ => None,
    }
}

/// What `Retry-After` says, from now on.
pub(super) fn retry_after(reply: &HttpReply) -> Option<Duration> {
    let text = reply.retry_after.as_ref()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    let millis = date.timestamp().as_millisecond() - real_time::now().as_unix_millis();
    Some(Duration::from_millis(u64::try_from(millis).unwrap_or(0)))
}
