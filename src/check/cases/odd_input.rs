//! No input may break the server: whatever comes, a whole reply below 500.

use serde_json::{Value, json};

use super::{RENTAL, must};
use crate::check::case::{Subject::Protocol, TestCase};
use crate::check::case_outcome::Verdict;
use crate::check::request::{Account, Encoding, Request};
use crate::check::session::Session;
use crate::domain::endpoint::Endpoint::{self, CancelNumber, GetNumbers, GetSms, RentNumber};

const RESTFUL: &str = "Our API follows RESTful principles and returns responses in JSON format.";

pub(super) const CASES: &[TestCase] = &[
    must(Protocol, "odd-query-is-no-server-error", "a query of any text is answered below 500")
        .says(RESTFUL)
        .check(|session| {
            for (endpoint, name) in [(GetNumbers, "country"), (GetSms, "rental_id")] {
                for text in odd_texts() {
                    hold(session, session.call(endpoint).with(name, text))?;
                }
            }
            Ok(())
        }),
    must(
        Protocol,
        "non-utf8-query-is-no-server-error",
        "bytes that are no UTF-8 are answered below 500",
    )
    .says(RESTFUL)
    .check(|session| {
        for query in ["country=%FF%FE", "country=%C3%28", "country=%", "country[]=US&country[]=DE"]
        {
            hold(session, session.call(GetNumbers).raw_query(query))?;
        }
        for query in ["rental_id=%FF%FE", "rental_id=%ED%A0%80", "rental_id[a]=1"] {
            hold(session, session.call(GetSms).raw_query(query))?;
        }
        Ok(())
    }),
    must(
        Protocol,
        "long-value-is-no-server-error",
        "a value of 2,000 characters is answered below 500",
    )
    .says(RESTFUL)
    .check(|session| {
        let long = "9".repeat(2_000);
        hold(session, session.call(GetNumbers).with("country", long.as_str()))?;
        hold(session, session.call(GetSms).with("rental_id", long.as_str()))?;
        hold(session, session.call(CancelNumber).with("rental_id", long.as_str()))?;
        hold(session, session.bare(GetNumbers).key(crate::check::request::Credential::plain(&long)))
    }),
    must(
        Protocol,
        "broken-json-is-no-server-error",
        "a body that is no JSON is answered below 500",
    )
    .says(RESTFUL)
    .check(|session| {
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
        for endpoint in [CancelNumber, RentNumber] {
            for body in bodies {
                let request = session.call(endpoint).raw_body(Some("application/json"), body);
                hold(session, request)?;
            }
        }
        Ok(())
    }),
    must(Protocol, "broken-form-is-no-server-error", "a form of any bytes is answered below 500")
        .says(RESTFUL)
        .check(|session| {
            let bodies: [&[u8]; 5] = [
                b"",
                b"=&=&&",
                b"api_key={key}&rental_id=%&country=%",
                b"api_key={key}&rental_id=\xff\xfe&country=\xff",
                b"api_key={key}&rental_id[]=1&country[]=2",
            ];
            for endpoint in [CancelNumber, RentNumber] {
                for body in bodies {
                    let kind = Some("application/x-www-form-urlencoded");
                    hold(session, session.call(endpoint).raw_body(kind, body))?;
                }
            }
            Ok(())
        }),
    must(
        Protocol,
        "wrong-type-is-no-server-error",
        "a parameter of a wrong type is answered below 500",
    )
    .says("rental_id: string, required; country: string, required")
    .check(|session| {
        for value in odd_values() {
            let cancel = Request::to(CancelNumber, Encoding::Json).key(session.key(Account::Ours));
            hold(session, cancel.with("rental_id", value))?;
        }
        Ok(())
    }),
    must(
        Protocol,
        "odd-country-is-no-server-error",
        "a country of any value is answered below 500",
    )
    .says("country: ISO country code (e.g., US, GB, DE)")
    .needs(RENTAL)
    .check(|session| {
        for text in odd_texts() {
            hold(session, session.call(RentNumber).with("country", text))?;
        }
        for value in odd_values() {
            let rent = Request::to(RentNumber, Encoding::Json).key(session.key(Account::Ours));
            hold(session, rent.with("country", value))?;
        }
        Ok(())
    }),
    must(Protocol, "odd-service-is-no-server-error", "a service of any text is answered below 500")
        .says("service: Optional service identifier for specific platforms")
        .needs(RENTAL)
        .check(|session| {
            let country = session.rental()?.country.clone();
            for text in ["facebook".to_owned(), "💥'\";\u{0}".to_owned(), "x".repeat(300)] {
                let request = session.call(RentNumber).with("country", country.as_str());
                hold(session, request.with("service", text))?;
            }
            Ok(())
        }),
    must(
        Protocol,
        "unknown-encoding-is-no-server-error",
        "a body of an unknown type is answered below 500",
    )
    .says(RESTFUL)
    .check(|session| {
        for kind in [None, Some("text/plain"), Some("application/xml"), Some("multipart/form-data")]
        {
            hold(session, session.call(CancelNumber).raw_body(kind, "<rental/>"))?;
        }
        Ok(())
    }),
    must(Protocol, "wrong-method-is-no-server-error", "a wrong method is answered below 500")
        .says("GET getNumbers, POST rentNumber, GET getSMS, POST cancelNumber")
        .check(|session| {
            for endpoint in Endpoint::ALL {
                let other = if endpoint.reads_query() { "POST" } else { "GET" };
                for method in [other, "DELETE"] {
                    let request = session.bare(endpoint).raw_query("x=1").method(method);
                    let sent = session.send(&request)?;
                    // 501 is what HTTP has for a method that a server knows nothing of.
                    let is_right = !sent.reply.is_server_error() || sent.reply.status == 501;
                    sent.require(is_right, "a status below 500, or 501")?;
                }
            }
            Ok(())
        }),
];

fn odd_texts() -> Vec<String> {
    [
        "",
        " ",
        "💥",
        "ÄÖ",
        "'; DROP TABLE rentals; --",
        "../../etc/passwd",
        "a\u{0}b\u{1b}\r\n",
        "%00",
        "-1",
    ]
    .map(str::to_owned)
    .into()
}

fn odd_values() -> Vec<Value> {
    vec![
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

/// A rental that such a request makes is cancelled in the end, like any other.
fn hold(session: &Session<'_>, request: Request) -> Verdict {
    let sent = session.send(&request)?;
    sent.require(!sent.reply.is_server_error(), "a status below 500")
}
