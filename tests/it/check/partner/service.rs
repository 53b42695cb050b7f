//! The four calls. Each defect is where a partner would have made the mistake.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::book::Book;
use super::defect::Defect::{self, *};
use super::params::{Params, Unreadable};
use super::reply::Reply;
use super::rulings::Rulings;
use crate::check::stub::Asked;

pub(super) struct Service {
    pub(super) rulings: Rulings,
    pub(super) defect: Option<Defect>,
    keys: [&'static str; 2],
    pub(super) mailbox: PathBuf,
    state: Mutex<State>,
    /// A rentNumber is in progress.
    pub(super) is_renting: AtomicBool,
}

pub(super) struct State {
    pub(super) book: Book,
    /// How many bytes of the mailbox were read.
    pub(super) read: usize,
    /// A request has broken it for good.
    pub(super) is_broken: bool,
}

/// Long enough for a concurrent call to arrive.
pub(super) const A_MOMENT: Duration = Duration::from_millis(40);

impl Service {
    pub(super) fn new(
        rulings: Rulings,
        defect: Option<Defect>,
        mailbox: PathBuf,
        keys: [&'static str; 2],
    ) -> Self {
        let book = Book::new(rulings.whole_prices);
        let state = Mutex::new(State { book, read: 0, is_broken: false });
        let is_renting = AtomicBool::new(false);
        Self { rulings, defect, keys, mailbox, state, is_renting }
    }

    pub(super) fn has(&self, defect: Defect) -> bool {
        self.defect == Some(defect)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics under it")
    }

    pub(super) fn answer(&self, asked: &Asked) -> Reply {
        self.fetch_mail();
        let mut reply = self.route(asked).unwrap_or_else(|error| error);
        let is_success = reply.body.contains("\"success\"");
        if self.rulings.errors_as_200 && !is_success {
            reply.status = 200;
        }
        if self.rulings.says_more {
            reply.body = reply.body.replacen('{', "{ \"server\": \"switchboard\",", 1);
        }
        self.spoil(asked, reply, is_success)
    }

    fn route(&self, asked: &Asked) -> Result<Reply, Reply> {
        let path = asked.target.split('?').next().unwrap_or_default();
        let method = match path {
            "/getNumbers" | "/getSMS" => "GET",
            "/rentNumber" | "/cancelNumber" => "POST",
            _ => return Err(Reply::error(404, 1, "no such page")),
        };
        if asked.method != method {
            let is_fatal = self.has(WrongMethodBreaks);
            return Err(Reply::error(if is_fatal { 500 } else { 405 }, 2, "no such method"));
        }
        let params = match method {
            "GET" => Params::of_query(asked),
            _ => {
                let is_rent = path == "/rentNumber";
                let json = self.rulings.reads_json && !(is_rent && self.has(JsonNotRead));
                let forms = self.rulings.reads_forms && !(is_rent && self.has(FormsNotRead));
                Params::of_body(asked, json, forms)
            }
        };
        let params = params.map_err(|why| self.unreadable(asked, &why))?;
        self.break_on(asked, &params)?;
        let account = self.account(asked, &params)?;
        match path {
            "/getNumbers" => self.get_numbers(&params),
            "/rentNumber" => self.rent(account, &params),
            "/getSMS" => self.get_sms(account, &params),
            _ => self.cancel(account, &params),
        }
    }

    /// The index of the caller's account.
    fn account(&self, asked: &Asked, params: &Params) -> Result<usize, Reply> {
        let is = |path: &str| asked.is(path);
        let asks_no_key = (is("/getNumbers") && self.has(ListingAsksNoKey))
            || (is("/rentNumber") && self.has(RentAsksNoKey))
            || (is("/getSMS") && self.has(ReadAsksNoKey))
            || (is("/cancelNumber") && self.has(CancelAsksNoKey));
        let sent = params.value("api_key");
        let text = sent.and_then(Value::as_str).unwrap_or_default();
        let is_right = |key: &str| {
            text == key
                || (self.has(KeyComparedByItsStart) && !text.is_empty() && key.starts_with(text))
                || (self.has(KeyMayGoOn) && text.starts_with(key))
                || (self.has(KeyCaseIgnored) && text.eq_ignore_ascii_case(key))
                || (self.has(KeyIsAPattern) && (text == "%" || text == "*"))
        };
        if let Some(account) = self.keys.iter().position(|key| is_right(key)) {
            return Ok(account);
        }
        let is_odd = sent.is_some_and(|sent| !sent.is_string());
        let is_let_in = asks_no_key
            || (self.has(EmptyKeyIsAnyKey) && sent.is_some() && sent == Some(&"".into()))
            || (self.has(NoKeyIsAnyKey) && sent.is_none())
            || (self.has(OddKeyRents) && is("/rentNumber") && is_odd)
            || (self.has(OddKeyCancels) && is("/cancelNumber") && is_odd)
            || (self.has(KeyListIsAnyKey)
                && params.names().any(|name| name.starts_with("api_key[")));
        if is_let_in {
            return Ok(0);
        }
        if self.has(KeyInTheQueryOfAPost)
            && let Ok(query) = Params::of_query(asked)
            && let Some(account) =
                self.keys.iter().position(|key| query.text("api_key") == Some(key))
        {
            return Ok(account);
        }
        Err(Reply::error(403, 3, "who is calling?"))
    }

    pub(super) fn time(&self, seconds: i64) -> String {
        let text = jiff::Timestamp::from_second(seconds).expect("a time").to_string();
        if self.rulings.times_with_offset { text.replace('Z', "+00:00") } else { text }
    }

    fn unreadable(&self, asked: &Asked, why: &Unreadable) -> Reply {
        let is_form =
            asked.content_type.as_deref().is_some_and(|kind| kind.ends_with("urlencoded"));
        let is_fatal = match why {
            Unreadable::NotUtf8 if asked.method == "GET" => self.has(StrangeBytesBreak),
            Unreadable::NotUtf8 if is_form => self.has(BrokenFormBreaks),
            Unreadable::NotUtf8 | Unreadable::NotJson => self.has(BrokenJsonBreaks),
            Unreadable::NoSuchType => self.has(UnknownTypeBreaks),
        };
        match why {
            _ if is_fatal => Reply::error(500, 99, "unhandled exception"),
            Unreadable::NoSuchType => Reply::error(415, 15, "what is that?"),
            _ => Reply::error(400, 16, "that cannot be read"),
        }
    }

    /// What breaks a careless server.
    fn break_on(&self, asked: &Asked, params: &Params) -> Result<(), Reply> {
        let texts = || params.values().filter_map(Value::as_str);
        let is_fatal = match self.defect {
            Some(EmojiInAQueryBreaks) => {
                asked.method == "GET" && texts().any(|text| text.contains('💥'))
            }
            Some(LongTextBreaks) => texts().any(|text| text.len() > 1_000),
            Some(WrongTypeBreaks) => {
                asked.is("/cancelNumber")
                    && params.value("rental_id").is_some_and(|id| !id.is_string())
            }
            Some(OddCountryBreaks) => {
                asked.is("/rentNumber") && params.text("country").is_some_and(|code| code.len() > 2)
            }
            Some(OddServiceBreaks) => params.text("service").is_some_and(|name| name.len() > 64),
            Some(LongTextIsFatal) => {
                let is_long = texts().any(|text| text.len() > 1_000);
                self.state().is_broken |= is_long;
                false
            }
            _ => false,
        };
        if is_fatal { Err(Reply::error(500, 99, "unhandled exception")) } else { Ok(()) }
    }

    /// Defects of every reply.
    fn spoil(&self, asked: &Asked, reply: Reply, is_success: bool) -> Reply {
        let Reply { status, kind, body } = reply;
        match self.defect {
            Some(SuccessIs404) if is_success => Reply { status: 404, kind, body },
            Some(AllIsHtml) => Reply { status, kind: "text/html", body },
            Some(ErrorsArePages) if !is_success => {
                Reply { status, kind: "text/html", body: format!("<h1>Error {status}</h1>") }
            }
            Some(ErrorsAreBareText) if !is_success => Reply { status, kind, body: "\"no\"".into() },
            Some(ErrorsHaveNoStatus) if !is_success => {
                Reply { status, kind, body: body.replace("\"status\"", "\"result\"") }
            }
            Some(ErrorsAreRedirects) if !is_success => Reply { status: 302, kind, body },
            Some(SlowFilter) if asked.target.contains("country=") && asked.method == "GET" => {
                static ONCE: std::sync::Once = std::sync::Once::new();
                ONCE.call_once(|| pause(Duration::from_millis(3_200)));
                Reply { status, kind, body }
            }
            Some(DebugOutputFollows) if asked.is("/getSMS") => {
                Reply { status, kind, body: body + "<!-- 3 queries -->" }
            }
            _ => Reply { status, kind, body },
        }
    }
}

pub(super) fn dollars(cents: u32) -> String {
    match cents % 100 {
        0 => (cents / 100).to_string(),
        _ => format!("{}", f64::from(cents) / 100.0),
    }
}

#[expect(clippy::disallowed_methods, reason = "an independent server runs in real time")]
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_secs()).expect("a time")
}

#[expect(clippy::disallowed_methods, reason = "a race needs a slow party")]
pub(super) fn pause(span: Duration) {
    std::thread::sleep(span);
}
