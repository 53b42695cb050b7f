//! Success only with a right key: no key, and wrong ones.

use super::{RENTAL, must, should};
use crate::check::case::{Subject::Auth, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::exchange::HttpExchange;
use crate::check::request::{Account, Credential, Request};
use crate::check::session::Session;
use crate::domain::endpoint::Endpoint::{self, CancelNumber, GetNumbers, GetSms, RentNumber};

const REQUIRED: &str = "All API requests require an api_key parameter.";
const USING: &str = "All API requests require authentication using your API key";

pub(super) const CASES: &[TestCase] = &[
    must(Auth, "listing-needs-a-key", "getNumbers without a key is refused")
        .says(REQUIRED)
        .check(|session| without_key(session, GetNumbers)),
    must(Auth, "rent-needs-a-key", "rentNumber without a key is refused")
        .says(REQUIRED)
        .needs(RENTAL)
        .check(|session| without_key(session, RentNumber)),
    must(Auth, "read-needs-a-key", "getSMS without a key is refused")
        .says(REQUIRED)
        .needs(RENTAL)
        .check(|session| without_key(session, GetSms)),
    must(Auth, "cancel-needs-a-key", "cancelNumber without a key is refused")
        .says(REQUIRED)
        .needs(RENTAL)
        .check(|session| without_key(session, CancelNumber)),
    must(Auth, "listing-refuses-a-wrong-key", "getNumbers with a wrong key is refused")
        .says(USING)
        .check(|session| wrong_keys(session, GetNumbers)),
    must(Auth, "rent-refuses-a-wrong-key", "rentNumber with a wrong key is refused")
        .says(USING)
        .needs(RENTAL)
        .check(|session| wrong_keys(session, RentNumber)),
    must(Auth, "read-refuses-a-wrong-key", "getSMS with a wrong key is refused")
        .says(USING)
        .needs(RENTAL)
        .check(|session| wrong_keys(session, GetSms)),
    must(Auth, "cancel-refuses-a-wrong-key", "cancelNumber with a wrong key is refused")
        .says(USING)
        .needs(RENTAL)
        .check(|session| wrong_keys(session, CancelNumber)),
    should(Auth, "rent-ignores-a-key-in-the-query", "a POST reads the key in its body only")
        .says("included in the query string for GET requests and in the request body for POST requests")
        .needs(RENTAL)
        .check(|session| {
            let country = session.rental()?.country.clone();
            let request = session.bare(RentNumber).key_in_query(session.key(Account::Ours));
            let request = request.with("country", country.as_str());
            let (made, _) = session.rent_by(&request, Account::Ours, &country)?;
            made.refused("no rental, since the body has no api_key")
        }),
];

fn without_key(session: &Session<'_>, endpoint: Endpoint) -> Verdict {
    let bare = session.bare(endpoint);
    for request in [bare.clone(), bare.key(Credential::plain(""))] {
        refuses(session, endpoint, request)?;
    }
    Ok(())
}

fn wrong_keys(session: &Session<'_>, endpoint: Endpoint) -> Verdict {
    for key in session.wrong_keys() {
        refuses(session, endpoint, session.bare(endpoint).key(key))?;
    }
    Ok(())
}

/// The call is otherwise right, so that only the key can be the reason.
pub(super) fn refuses(session: &Session<'_>, endpoint: Endpoint, request: Request) -> Verdict {
    let right = "no success, since there is no right api_key";
    match endpoint {
        GetNumbers => session.send(&request)?.refused(right),
        RentNumber => {
            let country = session.rental()?.country.clone();
            let request = request.with("country", country.as_str());
            session.rent_by(&request, Account::Ours, &country)?.0.refused(right)
        }
        GetSms => {
            let rental = session.rental()?;
            session.send(&request.with("rental_id", rental.id.clone()))?.refused(right)
        }
        CancelNumber => refuses_cancel(session, request, right),
    }
}

fn refuses_cancel(session: &Session<'_>, request: Request, right: &str) -> Verdict {
    let rental = session.rental()?;
    let cancel: Result<HttpExchange, NotPassed> =
        session.send(&request.with("rental_id", rental.id.clone()));
    if cancel.as_ref().is_ok_and(|cancel| cancel.reply.gives()) {
        session.forget(&rental);
    }
    cancel?.refused(right)
}

impl Session<'_> {
    /// Keys that are not ours: a made-up one, near misses, and texts that a careless query takes
    /// for any key.
    fn wrong_keys(&self) -> Vec<Credential> {
        let key = self.key(Account::Ours).sent;
        let mut wrong: Vec<Credential> =
            ["ringer-check-wrong-key", "' OR '1'='1", "%", "*"].map(Credential::plain).into();
        wrong.push(Credential { sent: format!("{key}x"), shown: "${RINGER_API_KEY}x".into() });
        let [swapped, shorter] = self.options.api_key.near_misses();
        let shown = "$(printf %s \"$RINGER_API_KEY\" | tr a-zA-Z A-Za-z)".to_owned();
        wrong.push(Credential { sent: swapped, shown });
        if !shorter.is_empty() {
            wrong.push(Credential { sent: shorter, shown: "${RINGER_API_KEY%?}".into() });
        }
        let other = self.options.other_api_key.as_ref().map(|other| other.as_str());
        wrong.retain(|wrong| wrong.sent != key && Some(wrong.sent.as_str()) != other);
        wrong
    }
}
