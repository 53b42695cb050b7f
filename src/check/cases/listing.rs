//! getNumbers.

use serde_json::Value;

use super::{must, should};
use crate::check::case::{Subject::Listing, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::exchange::HttpExchange;
use crate::check::listing::{is_in, line_of};
use crate::check::session::Session;
use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint::GetNumbers;

const LISTS: &str = r#"Returns available numbers, countries, and quantities; "status": "success""#;
const FILTERS: &str = "Optional ISO country code to filter results (e.g., US, GB, DE)";

pub(super) const CASES: &[TestCase] = &[
    must(Listing, "listing-succeeds", "getNumbers with the right key is a success")
        .documented(LISTS)
        .check(|fixtures| fixtures.session.listing.exchange.require_success()),
    must(Listing, "listing-has-numbers", "numbers is a list of objects")
        .documented(r#""numbers": [{…}]"#)
        .check(|fixtures| {
            let listing = &fixtures.session.listing.exchange;
            let wrong = listing.list("numbers")?.iter().find(|line| !line.is_object());
            wrong.map_or(Ok(()), |line| {
                Err(listing.failure("an object", listing.describe("numbers", line)))
            })
        }),
    must(Listing, "listing-country-is-two-letters", "country is a code of two letters")
        .documented(r#"ISO country code (e.g., US, GB, DE); "country": "US""#)
        .check(|fixtures| {
            each_field(&fixtures.session, "country", "two letters, such as \"US\"", |country| {
                let text = country.as_str().unwrap_or_default();
                text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
            })
        }),
    must(Listing, "listing-has-country-names", "country_name is a non-empty string")
        .documented(r#""country_name": "United States""#)
        .check(|fixtures| {
            each_field(&fixtures.session, "country_name", "a non-empty string", |name| {
                name.as_str().is_some_and(|name| !name.trim().is_empty())
            })
        }),
    must(Listing, "listing-available-is-a-whole-number", "available is a whole number, 0 or more")
        .documented(r#""available": 5000"#)
        .check(|fixtures| {
            let expected = "a whole number, such as 5000";
            each_field(&fixtures.session, "available", expected, Value::is_u64)
        }),
    must(Listing, "listing-price-is-a-number", "price_per_sms is a JSON number, 0 or more")
        .documented(r#""price_per_sms": 0.05"#)
        .check(|fixtures| {
            each_field(&fixtures.session, "price_per_sms", "a number, such as 0.05", |price| {
                price.as_f64().is_some_and(|price| price >= 0.0)
            })
        }),
    must(Listing, "listing-filters-by-country", "with a country, only that country is listed")
        .documented(FILTERS)
        .check(|fixtures| {
            let session = &fixtures.session;
            let country = session.listing.country().map(str::to_owned);
            let country = country.or_else(|_| any_country(session))?;
            lists_only(&filtered(session, &country)?, &country)
        }),
    must(Listing, "listing-filter-knows-its-country", "with a listed country, it is listed")
        .documented(FILTERS)
        .check(|fixtures| {
            let session = &fixtures.session;
            let country = any_country(session)?;
            let listed = filtered(session, &country)?;
            listed.require_success()?;
            let line = line_of(&listed.reply, &country);
            let whole = line_of(&session.listing.exchange.reply, &country);
            let name =
                |line: Option<&Value>| line.and_then(|line| line.get("country_name")).cloned();
            let is_same = line.is_some() && name(line) == name(whole);
            listed.require(is_same, &format!("{country} as in the whole listing"))
        }),
    must(Listing, "listing-filter-of-an-unlisted-country", "an unlisted country lists no other")
        .documented(FILTERS)
        .check(|fixtures| {
            let country = fixtures.session.listing.unlisted()?;
            let listed = filtered(&fixtures.session, country.as_str())?;
            if listed.reply.is_success() { lists_only(&listed, country.as_str()) } else { Ok(()) }
        }),
    should(Listing, "listing-names-a-country-once", "each country is listed once")
        .ruled("a country has one line in getNumbers, so that this line tells its stock")
        .check(|fixtures| {
            let mut codes = countries(&fixtures.session);
            let count = codes.len();
            codes.sort_unstable();
            codes.dedup();
            let listing = &fixtures.session.listing.exchange;
            listing.require(codes.len() == count, "each country once")
        }),
    should(Listing, "listing-country-is-an-iso-code", "country is an upper-case ISO 3166-1 code")
        .ruled("countries are ISO 3166-1 alpha-2 codes in upper case: GB, and neither gb nor UK")
        .check(|fixtures| {
            let expected = "an ISO 3166-1 code, such as \"GB\"";
            each_field(&fixtures.session, "country", expected, |country| {
                let text = country.as_str().unwrap_or_default();
                // Kosovo has no code, and everybody writes XK.
                text == "XK" || Country::try_from(text).is_ok()
            })
        }),
];

fn each_field(
    session: &Session<'_>,
    name: &str,
    expected: &str,
    is_right: impl Fn(&Value) -> bool,
) -> Verdict {
    let listing = &session.listing.exchange;
    let lines = listing.list("numbers").map_err(|_| NotPassed::skipped("there is no listing"))?;
    if lines.is_empty() {
        return Err(NotPassed::skipped("the listing is empty"));
    }
    listing.require_each(lines, name, expected, is_right)
}

/// The listed codes in upper case.
fn countries(session: &Session<'_>) -> Vec<String> {
    let lines = session.listing.exchange.list("numbers").unwrap_or_default();
    lines.iter().filter_map(|line| Some(line["country"].as_str()?.to_uppercase())).collect()
}

/// The last listed country: a filter that always shows the first one would go unnoticed with that.
fn any_country(session: &Session<'_>) -> Result<String, NotPassed> {
    countries(session).pop().ok_or_else(|| NotPassed::skipped("no country is listed"))
}

fn filtered(session: &Session<'_>, country: &str) -> Result<HttpExchange, NotPassed> {
    session.send(&session.request(GetNumbers).with("country", country))
}

fn lists_only(listed: &HttpExchange, country: &str) -> Verdict {
    listed.require_success()?;
    let is_filtered = listed.list("numbers")?.iter().all(|line| is_in(line, country));
    listed.require(is_filtered, &format!("no country but {country}"))
}
