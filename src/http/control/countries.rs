//! The stock of a sandbox.

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::paging::PageQuery;
use super::parse;
use super::problem::{HandlerResult, Problem};
use super::state::State;
use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::registry::jobs::JobLength;
use crate::registry::{CountryStock, Sandbox};

/// A country on offer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Stock")]
pub(super) struct StockView {
    country: Country,
    /// Its English name.
    country_name: &'static str,
    /// How many can be rented.
    available: u32,
    /// How many getNumbers claims.
    listed: u32,
    price_per_sms: Money,
}

impl From<CountryStock> for StockView {
    fn from(stocked: CountryStock) -> Self {
        let CountryStock { country, available, listed, price } = stocked;
        Self { country, country_name: country.name(), available, listed, price_per_sms: price }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
/// The change; at least one field.
#[schemars(rename = "StockChanges", extend("minProperties" = 1))]
pub(super) struct StockUpdate {
    /// How many can be rented.
    available: Option<u32>,
    /// The price of a rental.
    price_per_sms: Option<Money>,
}

pub(super) async fn list(state: State, key: Path<String>, request: HttpRequest) -> HandlerResult {
    let paging = parse::query::<PageQuery>(&request)?;
    let countries =
        state.with_known(&key, JobLength::Short, |sandbox| sandbox.stock().countries()).await?;
    let countries: Vec<StockView> = countries.into_iter().map(StockView::from).collect();
    let page = paging.cut(countries, |country| country.country.to_string())?;
    page.send(&request, &state.body_budget)
}

pub(super) async fn change(
    state: State,
    path: Path<(String, String)>,
    body: Bytes,
) -> HandlerResult<Json<StockView>> {
    let (key, country) = path.into_inner();
    let country = Country::try_from(country.as_str())
        .map_err(|unknown| Problem::not_found(format!("{country:?} is {unknown}")))?;
    let change: StockUpdate = parse::body(&body)?;
    if change.available.is_none() && change.price_per_sms.is_none() {
        let message = "changes nothing; send {\"available\": 0}, {\"price_per_sms\": 0.05} or both";
        return Err(Problem::field(".", message));
    }
    let StockUpdate { available, price_per_sms } = change;
    let set = move |sandbox: &Sandbox| sandbox.stock().change(country, available, price_per_sms);
    let stocked = state.with_open(&key, set).await?;
    Ok(Json(stocked?.into()))
}
