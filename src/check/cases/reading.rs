//! getSMS before an SMS has arrived.

use super::{OTHER_KEY, must, should};
use crate::check::case::{Subject::Reading, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::request::Account;
use crate::check::session::Session;
use crate::domain::endpoint::Endpoint::{self, GetSms};

pub(super) const CASES: &[TestCase] = &[
    must(Reading, "read-succeeds-before-an-sms", "a rental can be read as soon as it is made")
        .documented("You may need to poll this endpoint until a message is received")
        .with_rental(|fixtures, rental| fixtures.session.read(rental)?.require_success()),
    must(Reading, "read-messages-is-a-list", "messages is a list, even if it is empty")
        .documented(r#""messages": [{…}]"#)
        .with_rental(|fixtures, rental| {
            let read = fixtures.session.read(rental)?;
            read.skip_unless_success("the rental cannot be read")?;
            read.list("messages").map(drop)
        }),
    must(Reading, "read-returns-the-number", "number is the one that was rented")
        .documented(r#"getSMS: "number": "+14155552671""#)
        .with_rental(|fixtures, rental| {
            let rented = rental.number();
            let rented = rented.ok_or_else(|| NotPassed::skipped("the rental has no number"))?;
            let read = fixtures.session.read(rental)?;
            read.skip_unless_success("the rental cannot be read")?;
            let is_right = read.reply.field("number") == rented;
            read.require_field(is_right, "number", &format!("{rented:?}"))
        }),
    must(Reading, "read-refuses-an-unknown-rental", "an unknown rental cannot be read")
        .documented("rental_id: The rental ID returned from rentNumber")
        .check(|fixtures| refuses_unknown(&fixtures.session, GetSms)),
    must(Reading, "read-refuses-a-missing-rental-id", "a missing rental_id is refused")
        .documented("rental_id: string, required")
        .check(|fixtures| refuses_missing(&fixtures.session, GetSms)),
    should(Reading, "read-wants-the-exact-id", "a rental_id with something appended is unknown")
        .ruled("a rental_id is compared as a whole")
        .with_rental(|fixtures, rental| {
            let (session, id) = (&fixtures.session, rental.id.as_str());
            let id = id.ok_or_else(|| NotPassed::skipped("the rental_id is not a string"))?;
            for suffix in ["x", ".0", "%"] {
                let request = session.request(GetSms).with("rental_id", format!("{id}{suffix}"));
                session
                    .send(&request)?
                    .require_refusal("no success, since no rental has this id")?;
            }
            Ok(())
        }),
    must(Reading, "read-by-another-account-is-refused", "only its owner can read a rental")
        .documented("All API requests require authentication using your API key")
        .needs(OTHER_KEY)
        .with_rental(|fixtures, rental| {
            let session = &fixtures.session;
            let request = session.keyless(GetSms).key(session.key(Account::Other));
            let read = session.send(&request.with("rental_id", rental.id.clone()))?;
            read.require_refusal("no success, since the rental belongs to another account")
        }),
];

/// Sends ids that no rental has, among them some that a careless query takes for many.
pub(super) fn refuses_unknown(session: &Session<'_>, endpoint: Endpoint) -> Verdict {
    let ids = ["ringer-check-no-such-rental", "' OR '1'='1", "%", "0", "-1", "null"];
    let mut ids = ids.map(str::to_owned).to_vec();
    // One that resembles a real id. A short one might belong to somebody.
    let real =
        session.ledger.all().first().and_then(|rental| rental.id.as_str().map(str::to_owned));
    if let Some(real) = real.filter(|id| id.chars().filter(char::is_ascii_digit).count() >= 8) {
        let turn = |c: char| c.to_digit(10).and_then(|d| char::from_digit(9 - d, 10)).unwrap_or(c);
        ids.push(real.chars().map(turn).collect());
    }
    for id in ids {
        let reply = session.send(&session.request(endpoint).with("rental_id", id))?;
        reply.require_refusal("no success, since no rental has this id")?;
    }
    Ok(())
}

pub(super) fn refuses_missing(session: &Session<'_>, endpoint: Endpoint) -> Verdict {
    let without = session.request(endpoint);
    for request in [without.clone(), without.with("rental_id", "")] {
        session.send(&request)?.require_refusal("no success, since rental_id is required")?;
    }
    Ok(())
}
