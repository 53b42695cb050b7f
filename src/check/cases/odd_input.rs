//! No input may break the server: every request gets a complete reply below 500.

use serde_json::{Value, json};

use super::{RENTAL, RESTFUL, must};
use crate::check::case::{Subject::Protocol, TestCase};
use crate::check::case_outcome::Verdict;
use crate::check::request::{Account, Credential, Encoding, Request};
use crate::check::session::Session;
use crate::domain::endpoint::Endpoint::{self, CancelNumber, GetNumbers, GetSms, RentNumber};

pub(super) const CASES: &[TestCase] = &[
    must(Protocol, "odd-query-is-no-server-error", "any text in a query causes no 5xx")
        .documented(RESTFUL)
        .check(|fixtures| {
            let session = &fixtures.session;
            for (endpoint, name) in [(GetNumbers, "country"), (GetSms, "rental_id")] {
                for text in ODD_TEXTS {
                    survives(session, session.request(endpoint).with(name, text))?;
                }
            }
            Ok(())
        }),
    must(Protocol, "non-utf8-query-is-no-server-error", "invalid UTF-8 in a query causes no 5xx")
        .documented(RESTFUL)
        .check(|fixtures| {
            let session = &fixtures.session;
            for query in
                ["country=%FF%FE", "country=%C3%28", "country=%", "country[]=US&country[]=DE"]
            {
                survives(session, session.request(GetNumbers).raw_query(query))?;
            }
            for query in ["rental_id=%FF%FE", "rental_id=%ED%A0%80", "rental_id[a]=1"] {
                survives(session, session.request(GetSms).raw_query(query))?;
            }
            Ok(())
        }),
    must(Protocol, "long-value-is-no-server-error", "a value of 2,000 characters causes no 5xx")
        .documented(RESTFUL)
        .check(|fixtures| {
            let (session, long) = (&fixtures.session, "9".repeat(2_000));
            survives(session, session.request(GetNumbers).with("country", long.as_str()))?;
            survives(session, session.request(GetSms).with("rental_id", long.as_str()))?;
            survives(session, session.request(CancelNumber).with("rental_id", long.as_str()))?;
            survives(session, session.keyless(GetNumbers).key(Credential::plain(&long)))
        }),
    must(Protocol, "broken-json-is-no-server-error", "a body that is not JSON causes no 5xx")
        .documented(RESTFUL)
        .check(|fixtures| {
            let deep = "[".repeat(2_000);
            let bodies: [&[u8]; 8] = [
                b"",
                b"{",
                b"{\"api_key\":\"{key}\",\"rental_id\":",
                b"{\"api_key\":\"{key}\",\"rental_id\":\"\xff\xfe\"}",
                b"[]",
                b"null",
                b"42",
                deep.as_bytes(),
            ];
            survives_bodies(&fixtures.session, Encoding::Json, &bodies)
        }),
    must(Protocol, "broken-form-is-no-server-error", "any bytes as a form cause no 5xx")
        .documented(RESTFUL)
        .check(|fixtures| {
            let bodies: [&[u8]; 5] = [
                b"",
                b"=&=&&",
                b"api_key={key}&rental_id=%&country=%",
                b"api_key={key}&rental_id=\xff\xfe&country=\xff",
                b"api_key={key}&rental_id[]=1&country[]=2",
            ];
            survives_bodies(&fixtures.session, Encoding::Form, &bodies)
        }),
    must(Protocol, "wrong-type-is-no-server-error", "a parameter of a wrong type causes no 5xx")
        .documented("rental_id: string, required; country: string, required")
        .check(|fixtures| survives_values(&fixtures.session, CancelNumber, "rental_id")),
    must(Protocol, "odd-country-is-no-server-error", "any country causes no 5xx")
        .documented("country: ISO country code (e.g., US, GB, DE)")
        .needs(RENTAL)
        .check(|fixtures| {
            let session = &fixtures.session;
            for text in ODD_TEXTS {
                survives(session, session.request(RentNumber).with("country", text))?;
            }
            survives_values(session, RentNumber, "country")
        }),
    must(Protocol, "odd-service-is-no-server-error", "any service causes no 5xx")
        .documented("service: Optional service identifier for specific platforms")
        .with_rental(|fixtures, rental| {
            let (session, country) = (&fixtures.session, rental.country.as_str());
            for text in ["facebook", "💥'\";\u{0}", &"x".repeat(300)] {
                let request = session.request(RentNumber).with("country", country);
                survives(session, request.with("service", text))?;
            }
            Ok(())
        }),
    must(Protocol, "unknown-encoding-is-no-server-error", "a body of unknown type causes no 5xx")
        .documented(RESTFUL)
        .check(|fixtures| {
            let session = &fixtures.session;
            for kind in
                [None, Some("text/plain"), Some("application/xml"), Some("multipart/form-data")]
            {
                survives(session, session.request(CancelNumber).raw_body(kind, "<rental/>"))?;
            }
            Ok(())
        }),
    must(Protocol, "wrong-method-is-no-server-error", "a wrong method causes no 5xx but 501")
        .documented("GET getNumbers, POST rentNumber, GET getSMS, POST cancelNumber")
        .check(|fixtures| {
            let session = &fixtures.session;
            for endpoint in Endpoint::ALL {
                let other = if endpoint.reads_query() { "POST" } else { "GET" };
                for method in [other, "DELETE"] {
                    let request = session.keyless(endpoint).raw_query("x=1").method(method);
                    let exchange = session.send(&request)?;
                    // HTTP has 501 for a method that a server does not know.
                    let reply = &exchange.reply;
                    let is_right = !reply.is_server_error() || reply.status == 501;
                    exchange.require(is_right, "a status below 500, or 501")?;
                }
            }
            Ok(())
        }),
];

const ODD_TEXTS: [&str; 9] = [
    "",
    " ",
    "💥",
    "ÄÖ",
    "'; DROP TABLE rentals; --",
    "../../etc/passwd",
    "a\u{0}b\u{1b}\r\n",
    "%00",
    "-1",
];

fn odd_values() -> [Value; 9] {
    [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(18_446_744_073_709_551_615_u64),
        json!(1e300),
        json!([]),
        json!(["US"]),
        json!({"a": {"b": []}}),
    ]
}

/// If the request makes a rental, the cleanup cancels it.
fn survives(session: &Session<'_>, request: Request) -> Verdict {
    let exchange = session.send(&request)?;
    exchange.require(!exchange.reply.is_server_error(), "a status below 500")
}

fn survives_bodies(session: &Session<'_>, encoding: Encoding, bodies: &[&[u8]]) -> Verdict {
    for endpoint in [CancelNumber, RentNumber] {
        for body in bodies {
            let request = session.request(endpoint);
            survives(session, request.raw_body(Some(encoding.content_type()), *body))?;
        }
    }
    Ok(())
}

fn survives_values(session: &Session<'_>, endpoint: Endpoint, name: &str) -> Verdict {
    for value in odd_values() {
        let request = Request::to(endpoint, Encoding::Json).key(session.key(Account::Ours));
        survives(session, request.with(name, value))?;
    }
    Ok(())
}
