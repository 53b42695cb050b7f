//! The first getNumbers reply of a run: where it can rent, and at what price.

use std::collections::HashMap;

use serde_json::Value;

use super::case_outcome::NotPassed;
use super::exchange::HttpExchange;
use super::ledger::{amount, money};
use super::reply::HttpReply;
use crate::domain::country::Country;
use crate::domain::money::Money;

pub(super) struct CountryListing {
    pub(super) exchange: HttpExchange,
    prices: HashMap<String, Money>,
    /// Where to rent, in this order: the countries with stock, or only the one of `--country`.
    pub(super) countries: Vec<String>,
}

impl CountryListing {
    pub(super) fn new(exchange: HttpExchange, only: Option<Country>) -> Self {
        let lines = exchange.list("numbers").unwrap_or_default();
        let country = |line: &Value| Some(line.get("country")?.as_str()?.to_owned());
        let price = |line: &Value| line.get("price_per_sms").and_then(amount).and_then(money);
        let has_stock = |line: &&Value| {
            line.get("available").and_then(amount).is_some_and(|available| available >= 1.0)
        };
        let countries = match only {
            Some(country) => vec![country.as_str().to_owned()],
            None => lines.iter().filter(has_stock).filter_map(country).collect(),
        };
        let prices =
            lines.iter().filter_map(|line| Some((country(line)?.to_uppercase(), price(line)?)));
        Self { prices: prices.collect(), countries, exchange }
    }

    /// The price of a rental in a country.
    pub(super) fn price(&self, country: &str) -> Option<Money> {
        self.prices.get(&country.to_uppercase()).copied()
    }

    /// The country to rent in, unless a case needs another.
    pub(super) fn country(&self) -> Result<&str, NotPassed> {
        let none =
            || NotPassed::skipped("no country is listed with stock, and --country names none");
        self.countries.first().map(String::as_str).ok_or_else(none)
    }

    /// A country that is not listed.
    pub(super) fn unlisted(&self) -> Result<Country, NotPassed> {
        self.exchange.list("numbers").map_err(|_| NotPassed::skipped("there is no listing"))?;
        // Try uninhabited places first: nobody sells their numbers.
        let rare = ["AQ", "BV", "HM", "TF", "GS", "UM"].map(|code| Country::try_from(code).ok());
        let mut all = rare.into_iter().flatten().chain(Country::all());
        all.find(|country| line_of(&self.exchange.reply, country.as_str()).is_none())
            .ok_or_else(|| NotPassed::skipped("every country is listed"))
    }
}

/// The line of a country in a getNumbers reply.
pub(super) fn line_of<'a>(reply: &'a HttpReply, country: &str) -> Option<&'a Value> {
    reply.field("numbers").as_array()?.iter().find(|line| is_in(line, country))
}

/// Whether a line of a listing is that of a country, in upper or lower case.
pub(super) fn is_in(line: &Value, country: &str) -> bool {
    let listed = line.get("country").and_then(Value::as_str);
    listed.is_some_and(|listed| listed.eq_ignore_ascii_case(country))
}
