//! rentNumber.

use super::{RENTAL, must, should};
use crate::check::case::{Subject::Renting, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::ledger::RentedNumber;
use crate::check::request::{Account, Encoding, Request};
use crate::check::session::Session;
use crate::check::timestamps::ParsedTimestamp;
use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint::RentNumber;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::virtual_duration::VirtualDuration;

pub(super) const CASES: &[TestCase] = &[
    must(Renting, "rent-succeeds", "a number can be rented in a country that is listed with stock")
        .says("Rents a phone number from your service for SMS verification.")
        .needs(RENTAL)
        .check(|session| session.first_rental()?.made.success().map(drop)),
    must(Renting, "rent-returns-a-rental-id", "rental_id is a text that is not empty")
        .says(r#""rental_id": "rent_12345""#)
        .needs(RENTAL)
        .check(|session| session.rental()?.made.text("rental_id").map(drop)),
    must(Renting, "rent-returns-e164-number", "number is an E.164 number with its +")
        .says(r#""number": "+14155552671""#)
        .needs(RENTAL)
        .check(|session| is_e164(&*session.rental()?)),
    must(Renting, "rent-returns-expires-at", "expires_at is an RFC 3339 time")
        .says(r#""expires_at": "2023-06-15T15:30:45Z""#)
        .needs(RENTAL)
        .check(|session| expires_at(&*session.rental()?).map(drop)),
    must(Renting, "rent-expires-in-the-future", "expires_at is later than now")
        .says(r#""expires_at": "2023-06-15T15:30:45Z""#)
        .needs(RENTAL)
        .check(|session| {
            let rental = session.rental()?;
            let moment =
                expires_at(&rental).map_err(|_| NotPassed::skipped("there is no such time"))?;
            let now = rental.asked_at;
            let right = format!("a time after {now}, when it was rented");
            rental.made.require(latest(moment) > now, &right)
        }),
    must(Renting, "rent-returns-the-country", "country is the one that was asked for")
        .says(r#"country: ISO country code (e.g., US, GB, DE); "country": "US""#)
        .needs(RENTAL)
        .check(|session| has_the_country(&*session.rental()?)),
    must(Renting, "rent-heeds-the-country", "a rental in another country is in that country")
        .says("country: ISO country code (e.g., US, GB, DE)")
        .needs(RENTAL)
        .check(|session| {
            session.rental()?;
            let other = session.countries.get(1);
            let other = other.ok_or_else(|| NotPassed::skipped("there is no second country"))?;
            let rental = session.rent_in(other, Account::Ours)?;
            session.release(&rental);
            has_the_country(&rental)?;
            is_e164(&rental)
        }),
    must(Renting, "live-numbers-are-unique", "a number is rented to one at a time")
        .says("Rents a phone number from your service; receive SMS messages on a rented number")
        .needs(RENTAL)
        .check(|session| {
            let first = session.rental()?;
            let second = session.another()?;
            session.release(&second);
            let right = "another number than that of a live rental";
            let numbers = first.number().zip(second.number());
            let numbers = numbers.ok_or_else(|| NotPassed::skipped("a rental has no number"))?;
            second.made.require(numbers.0 != numbers.1, right)
        }),
    must(Renting, "rental-ids-are-unique", "each rental has an id of its own")
        .says("Remember to store the rental_id for retrieving SMS messages")
        .needs(RENTAL)
        .check(|session| {
            let first = session.rental()?;
            if session.ledger.all().len() < 2 {
                session.release(&*session.another()?);
            }
            let all = session.ledger.all();
            let count =
                |rental: &RentedNumber| all.iter().filter(|other| other.id == rental.id).count();
            let twin = all.iter().find(|rental| count(rental) > 1);
            let suspect = twin.unwrap_or(&first);
            suspect.made.require(twin.is_none(), "an id that no other rental of this run has")
        }),
    should(Renting, "rent-time-has-a-zone", "expires_at says its zone")
        .rules("times are RFC 3339 with their zone, best in UTC with Z")
        .needs(RENTAL)
        .check(|session| {
            let rental = session.rental()?;
            let moment =
                expires_at(&rental).map_err(|_| NotPassed::skipped("there is no such time"))?;
            rental.made.require(moment.has_zone, "expires_at: with Z or an offset at its end")
        }),
    should(
        Renting,
        "rent-number-has-the-calling-code",
        "number begins with its country's calling code",
    )
    .rules("a number in a country begins with the calling code of that country")
    .needs(RENTAL)
    .check(|session| {
        let rentals = session.rental().map(|_| session.ledger.all())?;
        let known = rentals.iter().filter_map(|rental| {
            let country = Country::parse(&rental.country).ok()?;
            Some((rental, country.code, rental.number()?))
        });
        for (rental, country, number) in known {
            let right = format!("+{} for {country}", country.calling_code());
            let begins = number.trim_start_matches('+');
            let is_right = begins.starts_with(&country.calling_code().to_string());
            rental.made.require(is_right, &right)?;
        }
        Ok(())
    }),
    should(Renting, "rent-takes-json", "a POST in JSON is understood")
        .rules("a POST may be application/json and application/x-www-form-urlencoded")
        .needs(RENTAL)
        .check(|session| takes(session, Encoding::Json)),
    should(Renting, "rent-takes-a-form", "a POST as a form is understood")
        .rules("a POST may be application/json and application/x-www-form-urlencoded")
        .needs(RENTAL)
        .check(|session| takes(session, Encoding::Form)),
    should(
        Renting,
        "rent-refuses-an-unlisted-country",
        "a country without numbers cannot be rented in",
    )
    .rules("what getNumbers does not list cannot be rented")
    .needs(RENTAL)
    .check(|session| {
        session.rental()?;
        let country = session.unlisted()?;
        let request = session.call(RentNumber).with("country", country.as_str());
        let (made, _) = session.rent_by(&request, Account::Ours, country.as_str())?;
        made.refused("no rental, since the country is not listed")
    }),
    should(Renting, "rent-refuses-a-missing-country", "without a country, nothing is rented")
        .rules("country is required, so that nobody pays for a number that is of no use")
        .needs(RENTAL)
        .check(|session| {
            session.rental()?;
            let (made, _) = session.rent_by(&session.call(RentNumber), Account::Ours, "")?;
            made.refused("no rental, since country is missing")
        }),
];

fn is_e164(rental: &RentedNumber) -> Verdict {
    let is_right = rental.number().is_some_and(|number| PhoneNumber::parse(number).is_ok());
    if is_right {
        return Ok(());
    }
    let right = "number: + and 7 to 15 digits, such as \"+14155552671\"";
    Err(rental.made.fails(right, rental.made.of("number")))
}

fn expires_at(rental: &RentedNumber) -> Result<ParsedTimestamp, NotPassed> {
    let moment = rental.made.reply.field("expires_at").as_str().and_then(ParsedTimestamp::read);
    let right = "expires_at: RFC 3339, such as \"2023-06-15T15:30:45Z\"";
    moment.ok_or_else(|| rental.made.fails(right, rental.made.of("expires_at")))
}

/// The latest moment that may be meant, where no zone is said: 14 hours is the widest one.
fn latest(moment: ParsedTimestamp) -> crate::domain::timestamp::Timestamp {
    if moment.has_zone { moment.at } else { moment.at.plus(VirtualDuration::seconds(14 * 3_600)) }
}

fn has_the_country(rental: &RentedNumber) -> Verdict {
    let country = rental.made.text("country")?;
    let is_right = country.eq_ignore_ascii_case(&rental.country);
    rental.made.require(is_right, &format!("country: {:?}", rental.country))
}

/// The encoding of the first rental is proven by it.
fn takes(session: &Session<'_>, encoding: Encoding) -> Verdict {
    let country = session.rental()?.country.clone();
    if *session.encoding.lock() == Some(encoding) {
        return Ok(());
    }
    let request = Request::to(RentNumber, encoding).key(session.key(Account::Ours));
    let request = request.with("country", country.as_str());
    let (made, rental) = session.rent_by(&request, Account::Ours, &country)?;
    match rental {
        Some(rental) => session.release(&rental),
        None => session.skip_if_sold_out(&country)?,
    }
    made.require(made.reply.is_success(), &format!("a rental by {}", encoding.content_type()))
}
