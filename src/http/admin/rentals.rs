//! The rentals of a sandbox.

use actix_web::web::{Bytes, Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Admin;
use super::problem::{Problem, read, read_query};
use crate::domain::rental_id::RentalId;
use crate::domain::span::Span;
use crate::http::openapi::Api;
use crate::insight::life::Life;
use crate::sandbox::control::Injection;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
/// An SMS for a rental. All SMS of a rental, those of its script too, come to at most 1 MiB in one
/// getSMS reply; another one is refused with 409.
#[schemars(rename = "NewMessage")]
struct Message {
    /// Who it is from; may be empty.
    #[serde(default)]
    #[schemars(length(max = 1_600))]
    sender: String,
    /// What it says.
    #[schemars(length(max = 1_600))]
    text: String,
    /// The code that a client should find in it.
    #[serde(default)]
    #[schemars(length(max = 64))]
    expected_code: Option<String>,
    /// How long from now it arrives, in virtual time; at once unless said.
    #[serde(default)]
    after: Span,
}

fn parse(id: &str) -> Result<RentalId, Problem> {
    RentalId::parse(id).ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Problem {
    Problem::not_found(format!("{id:?} is no rental of this sandbox; GET rentals lists them"))
}

/// Which rentals are asked for. Text, so that it can be refused by its name.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RentalFilter")]
pub(super) struct Filter {
    /// Only the newest so many.
    #[schemars(with = "u64")]
    last: Option<String>,
}

pub(super) async fn list(
    admin: Data<Admin>,
    key: Path<String>,
    request: HttpRequest,
) -> Result<Json<Vec<Life>>, Problem> {
    let filter: Filter = read_query(&request)?;
    let last = filter.last.map(|text| {
        let message = format!("{text:?} is not a whole number; last=10 gives the ten newest");
        text.parse::<u64>().map_err(|_| Problem::field("last", message))
    });
    let last = last.transpose()?.and_then(|last| usize::try_from(last).ok());
    Ok(Json(admin.known(&key)?.latest_lives(last.unwrap_or(usize::MAX))))
}

pub(super) async fn show(
    admin: Data<Admin>,
    path: Path<(String, String)>,
) -> Result<Json<Life>, Problem> {
    let (key, id) = path.into_inner();
    let life = admin.known(&key)?.life(parse(&id)?);
    life.map(Json).ok_or_else(|| unknown(&id))
}

pub(super) async fn inject(
    admin: Data<Admin>,
    path: Path<(String, String)>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let (key, id) = path.into_inner();
    let Message { sender, text, expected_code, after } = read(&body)?;
    let sms = Injection { sender, text, expected_code, after };
    sms.check().map_err(|problem| Problem::fields(vec![problem]))?;
    let sandbox = admin.known(&key)?;
    let rental_id = parse(&id)?;
    sandbox.inject(rental_id, sms).map_err(|refusal| match refusal.code.status() {
        404 => unknown(&id),
        _ => Problem::conflict(refusal.message),
    })?;
    let life = sandbox.life(rental_id).ok_or_else(|| unknown(&id))?;
    Ok(HttpResponse::Created().json(life))
}

pub(super) fn describe(api: &mut Api) {
    let path = "/__admin/sandboxes/{key}/rentals";
    super::operation(api, "get", path, "listRentals", "The rentals of a sandbox")
        .query::<Filter>()
        .replies::<Vec<Life>>(
            200,
            "The rentals, each with its messages, what is due, and its story.",
        )
        .shares(400, "BadRequest")
        .shares(404, "NoSuchThing");
    let path = "/__admin/sandboxes/{key}/rentals/{rental_id}";
    super::operation(api, "get", path, "getRental", "A rental, all that is known of it")
        .replies::<Life>(200, "The rental.")
        .shares(404, "NoSuchThing");
    let path = "/__admin/sandboxes/{key}/rentals/{rental_id}/messages";
    super::operation(api, "post", path, "addMessage", "Lets an SMS arrive, now or later")
        .reads::<Message>(true)
        .replies::<Life>(201, "It has arrived, or will. The rental as it is now.")
        .shares(400, "BadRequest")
        .shares(404, "NoSuchThing")
        .shares(409, "Conflict")
        .shares(413, "PayloadTooLarge");
}
