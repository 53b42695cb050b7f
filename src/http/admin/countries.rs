//! What is on offer in a sandbox.

use actix_web::web::{Bytes, Data, Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Admin;
use super::problem::{Problem, read};
use crate::domain::country::CountryCode;
use crate::domain::money::Money;
use crate::http::openapi::Api;
use crate::registry::Stocked;

/// A country on offer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Stock")]
pub(super) struct View {
    country: CountryCode,
    /// Its English name.
    country_name: &'static str,
    /// How many can be rented.
    available: u32,
    /// How many getNumbers says there are.
    listed: u32,
    price_per_sms: Money,
}

impl From<Stocked> for View {
    fn from(stocked: Stocked) -> Self {
        let Stocked { country, available, listed, price } = stocked;
        Self { country, country_name: country.name(), available, listed, price_per_sms: price }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
/// What is to change; at least one of it.
#[schemars(rename = "StockChanges", extend("minProperties" = 1))]
struct Change {
    /// How many can be rented.
    #[schemars(with = "Option<u32>")]
    #[serde(default)]
    available: Option<u32>,
    /// The price of a rental.
    #[schemars(with = "Option<Money>")]
    #[serde(default)]
    price_per_sms: Option<Money>,
}

pub(super) async fn list(
    admin: Data<Admin>,
    key: Path<String>,
) -> Result<Json<Vec<View>>, Problem> {
    Ok(Json(admin.known(&key)?.countries().into_iter().map(View::from).collect()))
}

pub(super) async fn change(
    admin: Data<Admin>,
    path: Path<(String, String)>,
    body: Bytes,
) -> Result<Json<View>, Problem> {
    let (key, country) = path.into_inner();
    let country = CountryCode::try_from(country.as_str())
        .map_err(|unknown| Problem::not_found(format!("{country:?} is {unknown}")))?;
    let change: Change = read(&body)?;
    if change.available.is_none() && change.price_per_sms.is_none() {
        let message = "changes nothing; send {\"available\": 0}, {\"price_per_sms\": 0.05} or both";
        return Err(Problem::field(".", message));
    }
    let sandbox = admin.open(&key)?;
    let stocked = sandbox
        .set_stock(country, change.available, change.price_per_sms)
        .map_err(|refusal| Problem::not_found(refusal.message))?;
    Ok(Json(stocked.into()))
}

pub(super) fn describe(api: &mut Api) {
    let path = "/__admin/sandboxes/{key}/countries";
    super::operation(api, "get", path, "listCountries", "What is on offer in a sandbox")
        .description("All of it, also what getNumbers lists only when it is asked for by name.")
        .replies::<Vec<View>>(200, "The countries.")
        .shares(404, "NoSuchThing");
    let path = "/__admin/sandboxes/{key}/countries/{country}";
    super::operation(
        api,
        "patch",
        path,
        "changeCountry",
        "Changes the stock or price of a country",
    )
    .description("Rentals that were made keep their price.")
    .reads::<Change>(true)
    .replies::<View>(200, "The country as it is now.")
    .shares(400, "BadRequest")
    .shares(404, "NoSuchThing")
    .shares(413, "PayloadTooLarge");
}
