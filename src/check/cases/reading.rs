//! getSMS, before any SMS.

use super::{OTHER_KEY, RENTAL, must, should};
use crate::check::case::{Subject::Reading, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::exchange::HttpExchange;
use crate::check::request::Account;
use crate::check::session::Session;
use crate::domain::endpoint::Endpoint::{self, GetSms};

pub(super) const CASES: &[TestCase] = &[
    must(Reading, "read-succeeds-before-an-sms", "a rental can be read as soon as it is made")
        .says("You may need to poll this endpoint until a message is received")
        .needs(RENTAL)
        .check(|session| read(session)?.success().map(drop)),
    must(Reading, "read-messages-is-a-list", "messages is a list, also while it is empty")
        .says(r#""messages": [{…}]"#)
        .needs(RENTAL)
        .check(|session| {
            let read = read(session)?;
            read.success_or_skip("the rental cannot be read")?;
            let is_list = read.reply.field("messages").is_array();
            if is_list { Ok(()) } else { Err(read.fails("messages: a list", read.of("messages"))) }
        }),
    must(Reading, "read-returns-the-number", "number is the one that was rented")
        .says(r#"getSMS: "number": "+14155552671""#)
        .needs(RENTAL)
        .check(|session| {
            let rented = session.rental()?.number().map(str::to_owned);
            let rented = rented.ok_or_else(|| NotPassed::skipped("the rental has no number"))?;
            let read = read(session)?;
            read.success_or_skip("the rental cannot be read")?;
            let is_it = read.reply.field("number") == rented.as_str();
            if is_it {
                Ok(())
            } else {
                Err(read.fails(&format!("number: {rented:?}"), read.of("number")))
            }
        }),
    must(Reading, "read-refuses-an-unknown-rental", "a rental that nobody made cannot be read")
        .says("rental_id: The rental ID returned from rentNumber")
        .check(|session| refuses_unknown(session, GetSms)),
    must(Reading, "read-refuses-a-missing-rental-id", "without a rental_id, nothing can be read")
        .says("rental_id: string, required")
        .check(|session| refuses_missing(session, GetSms)),
    should(Reading, "read-wants-the-exact-id", "an id with something added is not that id")
        .rules("a rental_id is compared as a whole text")
        .needs(RENTAL)
        .check(|session| {
            let rental = session.rental()?;
            let id = rental.id.as_str().ok_or_else(|| NotPassed::skipped("the id is no text"))?;
            for suffix in ["x", ".0", "%"] {
                let request = session.call(GetSms).with("rental_id", format!("{id}{suffix}"));
                session.send(&request)?.refused("no success, since no rental has this id")?;
            }
            Ok(())
        }),
    must(Reading, "read-by-another-account-is-refused", "a rental's messages reach only its owner")
        .says("All API requests require authentication using your API key")
        .needs(OTHER_KEY)
        .check(|session| {
            let rental = session.rental()?;
            let request = session.bare(GetSms).key(session.key(Account::Other));
            let read = session.send(&request.with("rental_id", rental.id.clone()))?;
            read.refused("no success, since the rental is of another account")
        }),
];

fn read(session: &Session<'_>) -> Result<HttpExchange, NotPassed> {
    session.poll(&*session.rental()?)
}

/// Ids that nobody has, some of them such as a careless query takes for many.
pub(super) fn refuses_unknown(session: &Session<'_>, endpoint: Endpoint) -> Verdict {
    let mut ids: Vec<String> =
        ["ringer-check-no-such-rental", "' OR '1'='1", "%", "0", "-1", "null"]
            .map(str::to_owned)
            .into();
    // One that looks like the real ones. Short ones may be somebody's.
    let real =
        session.ledger.all().first().and_then(|rental| rental.id.as_str().map(str::to_owned));
    if let Some(real) = real.filter(|id| id.chars().filter(char::is_ascii_digit).count() >= 8) {
        let turn = |c: char| c.to_digit(10).and_then(|d| char::from_digit(9 - d, 10)).unwrap_or(c);
        ids.push(real.chars().map(turn).collect());
    }
    for id in ids {
        let asked = session.send(&session.call(endpoint).with("rental_id", id))?;
        asked.refused("no success, since no rental has this id")?;
    }
    Ok(())
}

pub(super) fn refuses_missing(session: &Session<'_>, endpoint: Endpoint) -> Verdict {
    let without = session.call(endpoint);
    for request in [without.clone(), without.with("rental_id", "")] {
        session.send(&request)?.refused("no success, since rental_id is required")?;
    }
    Ok(())
}
