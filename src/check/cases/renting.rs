//! rentNumber.

use super::{RENTAL, RENTS_TO_ONE, must, should};
use crate::check::case::{Subject::Renting, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::fixtures::Fixtures;
use crate::check::ledger::RentedNumber;
use crate::check::request::{Account, Encoding, Request};
use crate::check::timestamps::ParsedTimestamp;
use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint::RentNumber;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::virtual_duration::VirtualDuration;

const BOTH_ENCODINGS: &str = "a POST may be application/json and application/x-www-form-urlencoded";

pub(super) const CASES: &[TestCase] = &[
    must(Renting, "rent-succeeds", "a number can be rented in a country that is listed with stock")
        .documented("Rents a phone number from your service for SMS verification.")
        .needs(RENTAL)
        .check(|fixtures| fixtures.first_rental()?.made.require_success()),
    must(Renting, "rent-returns-a-rental-id", "rental_id is a non-empty string")
        .documented(r#""rental_id": "rent_12345""#)
        .with_rental(|_, rental| rental.made.text("rental_id").map(drop)),
    must(Renting, "rent-returns-e164-number", "number is an E.164 number with its +")
        .documented(r#""number": "+14155552671""#)
        .with_rental(|_, rental| is_e164(rental)),
    must(Renting, "rent-returns-expires-at", "expires_at is an RFC 3339 time")
        .documented(r#""expires_at": "2023-06-15T15:30:45Z""#)
        .with_rental(|_, rental| expires_at(rental).map(drop)),
    must(Renting, "rent-expires-in-the-future", "expires_at is in the future")
        .documented(r#""expires_at": "2023-06-15T15:30:45Z""#)
        .with_rental(|_, rental| {
            let expires_at = expires_at(rental).map_err(|wrong| wrong.into_skip(NO_SUCH_TIME))?;
            // Without a zone, the latest time that may be meant: the widest zone is 14 hours.
            let slack = if expires_at.has_zone { 0 } else { 14 * 3_600 };
            let latest = expires_at.at.plus(VirtualDuration::seconds(slack));
            let now = rental.requested_at;
            rental.made.require(latest > now, &format!("a time after {now}, when it was rented"))
        }),
    must(Renting, "rent-returns-the-country", "country is the one that was requested")
        .documented(r#"country: ISO country code (e.g., US, GB, DE); "country": "US""#)
        .with_rental(|_, rental| has_the_country(rental)),
    must(Renting, "rent-heeds-the-country", "a rental in another country is in that country")
        .documented("country: ISO country code (e.g., US, GB, DE)")
        .with_rental(|fixtures, _| {
            let session = &fixtures.session;
            let other = session.listing.countries.get(1);
            let other = other.ok_or_else(|| NotPassed::skipped("there is no second country"))?;
            let rental = session.rent_in(other, Account::Ours)?;
            session.release(&rental);
            has_the_country(&rental)?;
            is_e164(&rental)
        }),
    must(Renting, "live-numbers-are-unique", "a number has one live rental at a time")
        .documented(RENTS_TO_ONE)
        .with_rental(|fixtures, first| {
            let second = fixtures.another_rental()?;
            fixtures.session.release(&second);
            let numbers = first.number().zip(second.number());
            let numbers = numbers.ok_or_else(|| NotPassed::skipped("a rental has no number"))?;
            second.made.require(numbers.0 != numbers.1, "another number than that of a live rental")
        }),
    must(Renting, "rental-ids-are-unique", "each rental has an id of its own")
        .documented("Remember to store the rental_id for retrieving SMS messages")
        .with_rental(|fixtures, first| {
            let session = &fixtures.session;
            if session.ledger.all().len() < 2 {
                session.release(&*fixtures.another_rental()?);
            }
            let all = session.ledger.all();
            let has_twin = |rental: &RentedNumber| {
                all.iter().filter(|other| other.id == rental.id).count() > 1
            };
            let twin = all.iter().find(|rental| has_twin(rental));
            let expected = "an id that no other rental of this run has";
            twin.unwrap_or(first).made.require(twin.is_none(), expected)
        }),
    should(Renting, "rent-time-has-a-zone", "expires_at has a time zone")
        .ruled("times are RFC 3339 with their zone, best in UTC with Z")
        .with_rental(|_, rental| {
            let expires_at = expires_at(rental).map_err(|wrong| wrong.into_skip(NO_SUCH_TIME))?;
            rental.made.require(expires_at.has_zone, "expires_at: with Z or an offset at its end")
        }),
    should(Renting, "rent-number-has-the-calling-code", "number has the country's calling code")
        .ruled("a number in a country begins with the calling code of that country")
        .with_rental(|fixtures, _| {
            for rental in fixtures.session.ledger.all() {
                let country = Country::parse(&rental.country).ok();
                let Some((country, number)) = country.zip(rental.number()) else { continue };
                let (country, code) = (country.code, country.code.calling_code().to_string());
                let is_right = number.trim_start_matches('+').starts_with(&code);
                rental.made.require(is_right, &format!("+{code} for {country}"))?;
            }
            Ok(())
        }),
    should(Renting, "rent-takes-json", "a POST in JSON is accepted")
        .ruled(BOTH_ENCODINGS)
        .with_rental(|fixtures, rental| accepts(fixtures, rental, Encoding::Json)),
    should(Renting, "rent-takes-a-form", "a POST as a form is accepted")
        .ruled(BOTH_ENCODINGS)
        .with_rental(|fixtures, rental| accepts(fixtures, rental, Encoding::Form)),
    should(Renting, "rent-refuses-an-unlisted-country", "an unlisted country has nothing to rent")
        .ruled("only what getNumbers lists can be rented")
        .with_rental(|fixtures, _| {
            let session = &fixtures.session;
            let country = session.listing.unlisted()?;
            let request = session.request(RentNumber).with("country", country.as_str());
            let (made, _) = session.rent_by(&request, Account::Ours, country.as_str())?;
            made.require_refusal("no rental, since the country is not listed")
        }),
    should(Renting, "rent-refuses-a-missing-country", "rentNumber without a country is refused")
        .ruled("country is required, so that nobody pays for a useless number")
        .with_rental(|fixtures, _| {
            let session = &fixtures.session;
            let (made, _) = session.rent_by(&session.request(RentNumber), Account::Ours, "")?;
            made.require_refusal("no rental, since country is missing")
        }),
];

const NO_SUCH_TIME: &str = "there is no such time";

fn is_e164(rental: &RentedNumber) -> Verdict {
    let is_right = rental.number().is_some_and(|number| PhoneNumber::parse(number).is_ok());
    let expected = "+ and 7 to 15 digits, such as \"+14155552671\"";
    rental.made.require_field(is_right, "number", expected)
}

fn expires_at(rental: &RentedNumber) -> Result<ParsedTimestamp, NotPassed> {
    let text = rental.made.reply.field("expires_at").as_str();
    let expected = "RFC 3339, such as \"2023-06-15T15:30:45Z\"";
    text.and_then(ParsedTimestamp::parse)
        .ok_or_else(|| rental.made.wrong_field("expires_at", expected))
}

fn has_the_country(rental: &RentedNumber) -> Verdict {
    let country = rental.made.text("country")?;
    let is_right = country.eq_ignore_ascii_case(&rental.country);
    rental.made.require(is_right, &format!("country: {:?}", rental.country))
}

/// The first rental has already shown that its encoding works.
fn accepts(fixtures: &Fixtures<'_>, rental: &RentedNumber, encoding: Encoding) -> Verdict {
    let (session, country) = (&fixtures.session, rental.country.as_str());
    if *session.encoding.lock() == Some(encoding) {
        return Ok(());
    }
    let request = Request::to(RentNumber, encoding).key(session.key(Account::Ours));
    let request = request.with("country", country);
    let (made, rental) = session.rent_by(&request, Account::Ours, country)?;
    match rental {
        Some(rental) => session.release(&rental),
        None => session.skip_if_sold_out(country)?,
    }
    made.require(made.reply.is_success(), &format!("a rental by {}", encoding.content_type()))
}
