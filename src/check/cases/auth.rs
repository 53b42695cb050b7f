//! Only the right key is admitted.

use serde_json::{Value, json};

use super::{must, should};
use crate::check::case::{Subject::Auth, TestCase};
use crate::check::case_outcome::Verdict;
use crate::check::fixtures::Fixtures;
use crate::check::request::{Account, Credential, Encoding, Request};
use crate::check::session::Session;
use crate::domain::endpoint::Endpoint::{self, CancelNumber, GetNumbers, GetSms, RentNumber};

const REQUIRED: &str = "All API requests require an api_key parameter.";
const USING: &str = "All API requests require authentication using your API key";
const A_STRING: &str = "api_key: string, required";
const IN_THE_BODY: &str =
    "included in the query string for GET requests and in the request body for POST requests";

pub(super) const CASES: &[TestCase] = &[
    must(Auth, "listing-needs-a-key", "getNumbers without a key is refused")
        .documented(REQUIRED)
        .check(|fixtures| without_key(fixtures, GetNumbers)),
    must(Auth, "rent-needs-a-key", "rentNumber without a key is refused")
        .documented(REQUIRED)
        .with_rental(|fixtures, _| without_key(fixtures, RentNumber)),
    must(Auth, "read-needs-a-key", "getSMS without a key is refused")
        .documented(REQUIRED)
        .with_rental(|fixtures, _| without_key(fixtures, GetSms)),
    must(Auth, "cancel-needs-a-key", "cancelNumber without a key is refused")
        .documented(REQUIRED)
        .with_rental(|fixtures, _| without_key(fixtures, CancelNumber)),
    must(Auth, "listing-refuses-a-wrong-key", "getNumbers with a wrong key is refused")
        .documented(USING)
        .check(|fixtures| wrong_keys(fixtures, GetNumbers)),
    must(Auth, "rent-refuses-a-wrong-key", "rentNumber with a wrong key is refused")
        .documented(USING)
        .with_rental(|fixtures, _| wrong_keys(fixtures, RentNumber)),
    must(Auth, "read-refuses-a-wrong-key", "getSMS with a wrong key is refused")
        .documented(USING)
        .with_rental(|fixtures, _| wrong_keys(fixtures, GetSms)),
    must(Auth, "cancel-refuses-a-wrong-key", "cancelNumber with a wrong key is refused")
        .documented(USING)
        .with_rental(|fixtures, _| wrong_keys(fixtures, CancelNumber)),
    should(Auth, "rent-ignores-a-key-in-the-query", "a POST reads the key in its body only")
        .documented(IN_THE_BODY)
        .with_rental(|fixtures, rental| {
            let (session, country) = (&fixtures.session, rental.country.as_str());
            let request = session.keyless(RentNumber).key_in_query(session.key(Account::Ours));
            let request = request.with("country", country);
            let (made, _) = session.rent_by(&request, Account::Ours, country)?;
            made.require_refusal("no rental, since the body has no api_key")
        }),
    must(Auth, "listing-refuses-a-key-list", "a list is not a key").documented(A_STRING).check(
        |fixtures| {
            for query in ["api_key[]=x", "api_key[$ne]=x", "api_key=&api_key=x"] {
                let request = fixtures.session.keyless(GetNumbers).raw_query(query);
                require_refusal(fixtures, GetNumbers, request)?;
            }
            Ok(())
        },
    ),
    must(Auth, "rent-refuses-a-key-of-another-type", "true, 0 and lists are not keys")
        .documented(A_STRING)
        .with_rental(|fixtures, _| {
            let keys = [json!(true), json!(0), json!(null), json!([]), json!({"$ne": null})];
            odd_keys(fixtures, RentNumber, &keys)
        }),
    must(Auth, "cancel-refuses-a-key-of-another-type", "true, 0 and objects are not keys")
        .documented(A_STRING)
        .with_rental(|fixtures, _| {
            odd_keys(fixtures, CancelNumber, &[json!(true), json!(0), json!({"$gt": ""})])
        }),
];

fn without_key(fixtures: &Fixtures<'_>, endpoint: Endpoint) -> Verdict {
    let keyless = fixtures.session.keyless(endpoint);
    require_refusal(fixtures, endpoint, keyless.clone())?;
    require_refusal(fixtures, endpoint, keyless.key(Credential::plain("")))
}

fn wrong_keys(fixtures: &Fixtures<'_>, endpoint: Endpoint) -> Verdict {
    let session = &fixtures.session;
    all_wrong_keys(session)
        .into_iter()
        .try_for_each(|key| require_refusal(fixtures, endpoint, session.keyless(endpoint).key(key)))
}

fn odd_keys(fixtures: &Fixtures<'_>, endpoint: Endpoint, keys: &[Value]) -> Verdict {
    keys.iter().try_for_each(|key| {
        let request = Request::to(endpoint, Encoding::Json).with("api_key", key.clone());
        require_refusal(fixtures, endpoint, request)
    })
}

/// Completes the request, so that only the key can be a reason to refuse it.
fn require_refusal(fixtures: &Fixtures<'_>, endpoint: Endpoint, request: Request) -> Verdict {
    let session = &fixtures.session;
    let expected = "no success, since there is no right api_key";
    if endpoint == GetNumbers {
        return session.send(&request)?.require_refusal(expected);
    }
    let rental = fixtures.rental()?;
    if endpoint == RentNumber {
        let country = rental.country.as_str();
        let (made, _) =
            session.rent_by(&request.with("country", country), Account::Ours, country)?;
        return made.require_refusal(expected);
    }
    let reply = session.send(&request.with("rental_id", rental.id.clone()))?;
    if endpoint == CancelNumber && reply.reply.is_granted() {
        fixtures.forget(&rental);
    }
    reply.require_refusal(expected)
}

/// A made-up key, near misses of ours, and texts that a careless query takes for any key.
fn all_wrong_keys(session: &Session<'_>) -> Vec<Credential> {
    let options = session.options;
    let key = options.api_key.as_str();
    let [swapped, shorter] = options.api_key.near_misses();
    let [made_up, injection, any, glob] =
        ["ringer-check-wrong-key", "' OR '1'='1", "%", "*"].map(Credential::plain);
    let longer = Credential::shown_as(&format!("{key}x"), "${RINGER_API_KEY}x");
    let swap = "$(printf %s \"$RINGER_API_KEY\" | tr a-zA-Z A-Za-z)";
    let swapped = Credential::shown_as(&swapped, swap);
    let mut wrong = vec![made_up, injection, any, glob, longer, swapped];
    if !shorter.is_empty() {
        wrong.push(Credential::shown_as(&shorter, "${RINGER_API_KEY%?}"));
    }
    let other = options.other_api_key.as_ref().map(|other| other.as_str());
    wrong.retain(|wrong| wrong.sent != key && Some(wrong.sent.as_str()) != other);
    wrong
}
