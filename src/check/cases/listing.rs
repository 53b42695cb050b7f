//! getNumbers.

use serde_json::Value;

use super::{must, should};
use crate::check::case::{Subject::Listing, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::exchange::HttpExchange;
use crate::check::session::{Session, line_of};
use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint::GetNumbers;

pub(super) const CASES: &[TestCase] = &[
    must(Listing, "listing-succeeds", "getNumbers with the right key is a success")
        .says(r#"Returns available numbers, countries, and quantities; "status": "success""#)
        .check(|session| session.listing.success().map(drop)),
    must(Listing, "listing-has-numbers", "numbers is a list of objects")
        .says(r#""numbers": [{…}]"#)
        .check(|session| each(session, "an object", Value::is_object)),
    must(Listing, "listing-country-is-two-letters", "country is a code of two letters")
        .says(r#"ISO country code (e.g., US, GB, DE); "country": "US""#)
        .check(|session| {
            each_field(session, "country", "two letters, such as \"US\"", |country| {
                let text = country.as_str().unwrap_or_default();
                text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
            })
        }),
    must(Listing, "listing-has-country-names", "country_name is a text")
        .says(r#""country_name": "United States""#)
        .check(|session| {
            each_field(session, "country_name", "a text that is not empty", |name| {
                name.as_str().is_some_and(|name| !name.trim().is_empty())
            })
        }),
    must(
        Listing,
        "listing-available-is-a-whole-number",
        "available is a whole JSON number, 0 or more",
    )
    .says(r#""available": 5000"#)
    .check(|session| {
        each_field(session, "available", "a whole number, such as 5000", Value::is_u64)
    }),
    must(Listing, "listing-price-is-a-number", "price_per_sms is a JSON number, 0 or more")
        .says(r#""price_per_sms": 0.05"#)
        .check(|session| {
            each_field(session, "price_per_sms", "a number, such as 0.05", |price| {
                price.as_f64().is_some_and(|price| price >= 0.0)
            })
        }),
    must(Listing, "listing-filters-by-country", "with a country, only that country is listed")
        .says("Optional ISO country code to filter results (e.g., US, GB, DE)")
        .check(|session| {
            // Where only one is listed, a filter that is ignored would not be seen.
            let asked = session.country().map(str::to_owned).or_else(|_| any_country(session))?;
            only(&filtered(session, &asked)?, &asked)
        }),
    must(
        Listing,
        "listing-filter-knows-its-country",
        "with a country that is listed, it is listed",
    )
    .says("Optional ISO country code to filter results (e.g., US, GB, DE)")
    .check(|session| {
        let asked = any_country(session)?;
        let listed = filtered(session, &asked)?;
        listed.success()?;
        let line = line_of(&listed.reply, &asked);
        let whole = line_of(&session.listing.reply, &asked);
        let name = |line: Option<&Value>| line.and_then(|line| line.get("country_name")).cloned();
        let is_same = line.is_some() && name(line) == name(whole);
        listed.require(is_same, &format!("{asked} as in the whole listing"))
    }),
    must(
        Listing,
        "listing-filter-of-an-unlisted-country",
        "a country without numbers lists no other",
    )
    .says("Optional ISO country code to filter results (e.g., US, GB, DE)")
    .check(|session| {
        let asked = session.unlisted()?;
        let listed = filtered(session, asked.as_str())?;
        if listed.reply.is_success() { only(&listed, asked.as_str()) } else { Ok(()) }
    }),
    should(Listing, "listing-names-a-country-once", "each country is listed once")
        .rules("a country has one line in getNumbers, so that its stock is what its line says")
        .check(|session| {
            let mut codes: Vec<String> = countries(session);
            let count = codes.len();
            codes.sort_unstable();
            codes.dedup();
            session.listing.require(codes.len() == count, "each country once")
        }),
    should(
        Listing,
        "listing-country-is-an-iso-code",
        "country is an ISO 3166-1 code in upper case",
    )
    .rules("countries are ISO 3166-1 alpha-2 codes in upper case: GB, and neither gb nor UK")
    .check(|session| {
        each_field(session, "country", "an ISO 3166-1 code, such as \"GB\"", |country| {
            let text = country.as_str().unwrap_or_default();
            // Kosovo has none, and everybody writes XK.
            text == "XK" || Country::try_from(text).is_ok()
        })
    }),
];

fn lines<'a>(session: &'a Session<'_>) -> Result<&'a [Value], NotPassed> {
    let listing = &session.listing;
    let lines = listing.reply.field("numbers").as_array();
    lines.map(Vec::as_slice).ok_or_else(|| listing.fails("numbers: a list", listing.of("numbers")))
}

fn each(session: &Session<'_>, right: &str, is_right: fn(&Value) -> bool) -> Verdict {
    let wrong = lines(session)?.iter().find(|line| !is_right(line));
    match wrong {
        None => Ok(()),
        Some(line) => Err(session.listing.fails(right, session.listing.shown_of("numbers", line))),
    }
}

fn each_field(
    session: &Session<'_>,
    name: &str,
    right: &str,
    is_right: impl Fn(&Value) -> bool,
) -> Verdict {
    let lines = lines(session).map_err(|_| NotPassed::skipped("there is no listing"))?;
    if lines.is_empty() {
        return Err(NotPassed::skipped("the listing is empty"));
    }
    let wrong = lines.iter().find(|line| !is_right(&line[name]));
    wrong.map_or(Ok(()), |line| {
        let actual = format!("{} in {line}", session.listing.shown_of(name, &line[name]));
        Err(session.listing.fails(&format!("{name}: {right}"), actual))
    })
}

fn countries(session: &Session<'_>) -> Vec<String> {
    let lines = lines(session).unwrap_or_default();
    lines.iter().filter_map(|line| Some(line["country"].as_str()?.to_uppercase())).collect()
}

/// A country that is listed, best not the first.
fn any_country(session: &Session<'_>) -> Result<String, NotPassed> {
    let none = || NotPassed::skipped("no country is listed");
    countries(session).pop().ok_or_else(none)
}

fn filtered(session: &Session<'_>, country: &str) -> Result<HttpExchange, NotPassed> {
    session.send(&session.call(GetNumbers).with("country", country))
}

fn only(listed: &HttpExchange, country: &str) -> Verdict {
    listed.success()?;
    let lines = listed.reply.field("numbers").as_array();
    let lines = lines.ok_or_else(|| listed.fails("numbers: a list", listed.of("numbers")))?;
    let is_it = |line: &Value| {
        line["country"].as_str().is_some_and(|listed| listed.eq_ignore_ascii_case(country))
    };
    listed.require(lines.iter().all(is_it), &format!("no country but {country}"))
}
